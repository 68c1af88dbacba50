"""Is a sentence supported by the exact words of its sources? Pure: no file, index or model is read here.

Owns: parsing a sentence into numbers, dates, names and words; comparing them with a source's; the verdict. Knows
nothing about retrieval or how an answer is shown.

Interface: ``verdict.check_sentence(sentence, quotes)`` for one sentence, ``rule_checker`` for claims with their
evidence, ``document.verify_text(text, sources, checker)`` for a whole text,
``conflict.disagreement.find_conflicts`` for sources that disagree.

    lexicon        word lists
    quantities     numbers with their units          dates       dates
    digits         raised digits, list numbers       scale       "in millions" above a table
    parsed_text    what one sentence or line says
    calculation/   numbers that follow from others
    source_lines   where a source is cut into the lines that a sentence is compared with
    known_numbers  the numbers of some lines, scaled and rounded
    one_change     lines that say the same but for one number or date
    scope/         what denies, asks, supposes, reports, forbids or orders a sentence there
    names          names that a source lacks
    shared         the parts of a sentence that stand in a line
    align          the lines of the source that a sentence rests on
    units          the words of a text in order, with the small words before each
    roles          what small words and forms tell of a word's role
    near_copy      are these lines and the sentence the same but for parts left out
    table_row      and a row of a table
    rule           what a rule is                    rules/      what is compared, a module each
    compare        which rules are asked, in which order
    verdict        the verdict on one sentence
    claims         marks, and the spans that support a claim
    checker        what a checker of claims is       rule_checker   the rules as one, and others behind them
    neighbours     what stands beside a span in its document
    guarded_checker  one that never raises
    document       any text against any sources      conflict/   do two sources disagree
    source_index   the spans and pieces of sources that are most similar to a sentence
    source_list    the list of sources of a text, and what its marks name
"""
