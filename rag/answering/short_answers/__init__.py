"""The short answer: the phrase that answers a question by itself, cut out of the source's own words. Pure.

Interface: ``evidence_answer.short_answer``, ``weak_answer.proposed_answer``, ``strong_answer.short_answer_of_draft``.

Owns: which phrases of the evidence may answer a question, and whether one is sure enough to be shown. Knows nothing
about retrieval, models, or how an answer is shown.

    types            the record
    words            lists of words, English and German
    asked            what a question asks for, as far as the form of the answer goes
    phrases          the phrases of a sentence that have the form: dates, amounts, names
    copula           what "X is Y" says of X, and "X is in Y"
    gaps             what fills the gap of a question in a sentence with its words
    places           how far an address reaches
    yes_no           when "yes" is certain
    features         what tells whether a phrase answers a question, and how likely it does
    choice           the phrases of the evidence, each with its probability
    evidence_answer  the short answer without a model
    proposal         where a model's words stand in the sentences that it was given
    weak_answer      the phrase that a weak model proposes, held against the evidence
    strong_answer    the short answer in a strong model's draft
"""
