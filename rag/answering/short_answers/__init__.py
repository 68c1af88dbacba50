"""The short answer: the phrase that answers a question by itself, cut out of the source's own words. Pure.

Owns: which phrases of the evidence may answer a question, and whether one is sure enough to be shown. Knows nothing
about retrieval, models, or how an answer is shown.

    asked      what a question asks for, as far as the form of the answer goes
    phrases    the phrases of a sentence that have the form: dates, amounts, names
    cells      the cells of a table row
    copula     what "X is Y" says of X
    features   what tells whether a phrase answers a question
    choice     the one phrase that is sure enough
    weak       what a weak model proposes, held against the evidence
    strong     the short answer in a strong model's draft
"""
