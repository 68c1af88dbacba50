"""A question to passages, evidence, and whether the documents answer it.

Owns: query rewriting, search and fusion, the choice of evidence, and the confidence. Writes no answer.

Interface: ``passages.retrieve(index, question, k)`` returns passages; ``search.search_and_select`` the evidence, too.

    query_rewriting    a follow-up question is made to stand alone
    question           what it asks: its parts, terms, names and times
    search             the path from the question to its evidence
    passages, fusion   hybrid retrieval: dense and keyword rankings, fused and reranked
    evidence           the sentences of the passages, ranked
    answerability      whether they answer the question
    calibration        a threshold for an index, chosen on questions with known answers
"""
