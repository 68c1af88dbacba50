"""The command line ``rag``.

Owns: arguments, output on a terminal and exit codes. Everything it does is a call of a lower stage.

    app               the Typer application and the order of its commands
    index_commands    rag ingest, sources, show, remove, status, doctor
    ask               rag ask, retrieve
    chat, models      rag chat; rag models list, pull
    conversations     rag conversations export, import
    check             rag verify, calibrate
    evaluate          rag eval: the group; eval_run, eval_compare, eval_sweep and eval_suites hold its commands
    eval_corpus, eval_reports  what these share: the suite with its index, and the reports
    options, opening  the options that several commands share, and how each opens settings, indexes and models
    questions         the questions of a command: its words, a pipe or what is typed
    lines, one_line   results as lines of text, as a pipe gets them
    screen            the terminal: its width, its colours, and how text is wrapped
    answer_screen, verification_screen, table, excerpt  results as a terminal shows them
    terminal, progress, streamed  what is shown while work goes on
    help, mistakes, advice  help pages, and what is said of a mistake
    desktop           whether a browser may be opened

Interface: ``app.app``, the Typer application.
"""
