"""The command line ``rag``.

Owns: arguments, output on a terminal and exit codes. Everything it does is a call of a lower stage.

Interface: ``app.app``, the Typer application.
"""
