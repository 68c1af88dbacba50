"""Evidence to an answer whose every sentence shows what it rests on.

Owns: the course of one answer, from quotes or a model's draft to checked sentences with numbered citations. Knows
nothing about how passages are found or how an answer is shown.

Interface: ``pipeline.answer(index, question, model=)`` yields ``Answer`` snapshots; the last one is done.

    pipeline                    the steps of one answer, in order
    options, context            what the steps are told, and what they share
    quotes                      which words of the sources are quoted
    weak_model, strong_model    the two ways in which a language model writes
    checkers, shipped_checkers  what checks a model's sentences: which there are, and those that ask a model
    cross_encoder_checker       a cross-encoder as the judge        evidence_windows   what it reads at once
    draft                       what becomes of a model's sentences under a policy
    contradictions              the words of a source that say otherwise than a claim
    composer                    the text that is shown, and its numbered citations
    closing                     the last steps: conflicts, what is missing, boxes, total time
"""
