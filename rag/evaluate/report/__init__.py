"""The results of an evaluation for people and for other programs.

Owns: one module a form: JUnit XML, CSV, Markdown, a self-contained page, lines for a terminal. Each is a function from
results to text. Nothing here computes a figure.

Interface: ``junit.junit``, ``table.table``, ``markdown.markdown``, ``page.page`` and ``console.lines``.

    view                 what every form says of a case, and how a number is written
    junit, table, markdown, console
    conversations        what every form says of a conversation
    page, case, plots    what the HTML page shows; its elements stand in ``templates``
    rendering            the templates' environment, which escapes
    excerpts             spans marked in the text they stand in
"""
