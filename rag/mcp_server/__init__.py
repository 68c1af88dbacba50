"""The MCP server: Footnote's indexes as tools of an assistant.

Owns: the tools and the two transports. Adds nothing to how a question is answered.

Interface: ``server.make_server`` puts the server together from ``served.Served``, which opens indexes and the language
model when they are needed; ``stdio.serve_stdio`` and ``http.serve_http`` serve it. ``tools.TOOLS`` are the tools:

    arguments    what each takes
    results      what each returns to a program; wording says it to an assistant
    answering, finding, reading, verifying    what each does, given a ``call.Call``
    resources    documents by address
"""
