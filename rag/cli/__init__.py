"""The command line ``rag``.

Owns: arguments, output on a terminal and exit codes. Everything it does is a call of a lower stage.

    app               the Typer application and the order of its commands
    index_commands    rag ingest, sources, show, remove, status, doctor
    ask               rag ask, retrieve
    chat, models      rag chat; rag models list, pull
    conversations     rag conversations export, import
    check             rag verify, calibrate
    evaluate          rag eval: the group; eval_run and eval_suites hold its commands
    options, opening  the options that several commands share, and how each opens settings, indexes and models
    lines, one_line   results as lines of text
    terminal, progress, streamed  what is shown while work goes on

Interface: ``app.app``, the Typer application.
"""
