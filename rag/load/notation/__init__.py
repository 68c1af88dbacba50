"""Texts that are written with marks and read without them: notebooks, captions, reStructuredText, Org and TeX.

Owns: a reader for each. Their canonical text is what a person reads, not what stands in the file. Markdown stays as it
is written and has its place beside plain text.

Interface: the readers in ``formats``; ``captions.read_captions``, ``notebook.read_notebook``, ``rst.rst_html``,
``org.org_html`` and ``tex.tex_html``; what ends in ``html`` writes a page that ``markup.html`` then reads.
"""
