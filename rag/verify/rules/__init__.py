"""The rules by which a sentence is compared with its source, a module for each thing that is compared. Pure.

Owns: the rules. The docstring of a rule has examples, ``sentence | source``: those behind "Fires:" make it object,
those behind "Silent:" do not. Knows nothing about verdicts; ``rag.verify.compare`` gives each rule its id and its
severity, and says in which order they are asked.

Interface: a rule takes a ``Comparison``, and returns the values of its reason where it objects, else None.

    module        what is compared                          contradiction, objection       doubt
    quotation     words between quotation marks             quotation_absent
    number        values, units, labels; what they count    number_contradicted,           different_label,
                                                            number_absent                  unit_on_one_side,
                                                                                           misattributed_number
    other_number  another scale, currency, sign or period   scale_left_out,
                                                            currency_contradicted,
                                                            sign_contradicted,
                                                            period_contradicted
    date          dates and days of the week                date_contradicted, date_absent weekday_absent
    scope         what denies, asks, supposes, reports or                                  scope
                  forbids
    negation      "not", "never", "without"                                                contradicted_negation
    direction     "rose" and "fell", "open" and "closed"                                   opposite_word
    bound         "at least", "before", "about"                                            opposite_bound,
                                                                                           different_bound
    qualifier     modality: "must", "may";                                                 contrary_modal,
                  quantity: "all", "some"                                                  contrary_quantifier,
                                                                                           different_modal,
                                                                                           different_quantifier
    condition     "if", "unless", "any"                                                    condition_left_out,
                                                                                           existence_left_open
"""
