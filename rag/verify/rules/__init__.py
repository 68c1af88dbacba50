"""The rules by which a sentence is compared with its source, a module for each thing that is compared. Pure.

Owns: the rules. A rule returns in words what is wrong, or "" where nothing is. Its docstring has examples,
``sentence | source``: those behind "Fires:" give a reason, those behind "Silent:" do not. Knows nothing about verdicts;
``compare`` says which rules are asked, and in which order.

Interface: a rule takes what it compares, parsed, and returns a reason or "".

    module        what is compared                          contradictions                doubts
    quotation     words between quotation marks             mismatched_quotation
    number        values, units, labels; what they count    mismatched_number             unit_on_one_side,
                                                                                          misattributed_number
    date          dates and days of the week                mismatched_date
    name          names, and what stands beside them        mismatched_name               misplaced_name
    negation      "not", "never", "refuse"                  contradicted_negation         doubtful_negation,
                                                                                          double_negation
    direction     "rose" and "fell", "he" and "she",        opposite_word                 opposite_beside_same_words,
                  "on" and "off"                                                          contrasting_word,
                                                                                          opposite_particle
    bound         "at least", "before", "about"             opposite_bound                different_bound
    qualifier     modality: "must", "may";                  contrary_modal,               different_modal,
                  quantity: "all", "some"                   contrary_quantifier           different_quantifier
    condition     "if", "unless", "any"                                                   left_out_condition,
                                                                                          existence_left_open
    word_order    who does what to whom                                                   swapped_names, swapped_parts
"""
