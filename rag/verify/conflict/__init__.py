"""Do two sources disagree? Pure.

Owns: finding two sentences that say different things of the same. Knows nothing about retrieval or how an answer is
shown.

Interface: ``disagreement.find_disagreement`` for two spans, ``disagreement.find_conflicts`` for many.

    vocabulary     word lists
    slots          a sentence as a row of dates, numbers, names and words
    pairing        two rows side by side: what stands in the place of what, and what only one of them has
    asked          what a question asks for, and what it names
    contraries     negation and opposite words
    same_thing     whether a difference is one between two things, of which both may be true
    disagreement   what two spans say differently
"""
