"""Is a sentence supported by the exact words of its sources? Pure: no file, index or model is read here.

Owns: parsing a sentence into numbers, dates, names and words; comparing them with a source's; the verdict. Knows
nothing about retrieval or how an answer is shown.

Interface: ``verdict.check_sentence(sentence, quotes)`` for one sentence, ``rule_checker`` for claims with their
evidence, ``texts.document.verify_text(text, sources, checker)`` for a whole text,
``conflict.disagreement.find_conflicts`` for sources that disagree.

    parse/         what one sentence or line says: words, numbers, dates, names, cells of tables
    known_numbers  the numbers of some lines, scaled and rounded
    one_change     lines that say the same but for one number or date
    calculation/   numbers that follow from others
    scope/         what denies, asks, supposes, reports, forbids or orders a sentence there
    copies/        the lines that a sentence rests on, and whether it is a near-copy of them
    absence        statements that the documents do not hold something
    courtesy       polite words that state nothing
    layout         code, headings, tables and rules
    rule           what a rule is                    rules/      what is compared, a module each
    compare        which rules are asked, in which order
    verdict        the verdict on one sentence by the rules
    claims         marks, and the spans that support a claim
    neighbours     what stands beside a span in its document
    checker        what a checker of claims is       rule_checker   the rules as one, and others behind them
    guarded_checker  one that never raises
    judge          what a judge is asked, and how its reply is read
    settle         what becomes of a verdict once a judge was asked
    texts/         any text against any sources      conflict/   do two sources disagree
"""
