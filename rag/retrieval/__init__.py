"""A question to passages, evidence, and whether the documents answer it.

Owns: search and fusion, the choice of evidence, and the confidence. Writes no answer.

Interface: ``passages.retrieve(index, question, k)`` returns passages; ``search.search_and_select`` the evidence, too.

    search             the path from the question to its evidence
    passages, fusion   hybrid retrieval: dense and keyword rankings, fused and reranked
    table_passages     places among them for tables that the question names; table_rows tells which rows it names
    row_records        the recorded cells of a row; cells reads them, written_rows those of a row without a record
    chunk_rows         the lines of a chunk that may be rows, kept for later questions
    evidence           the sentences of the passages, ranked
    closeness          how close a sentence comes by its vectors; sentence_vectors keeps those for later questions
    missing            what of the question the documents do not mention
    answerability      whether they answer the question
    calibration        a threshold for an index, chosen on questions with known answers
"""
