"""A question to passages, evidence, and whether the documents answer it.

Owns: query rewriting, search and fusion, the choice of evidence, and the confidence. Writes no answer.

Interface: ``passages.retrieve(index, question, k)`` returns passages; ``search.search_and_select`` the evidence as well.
"""
