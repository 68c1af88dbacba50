"""Any text against any sources. Pure.

Owns: what the marks of a text and its list of sources name, and the spans that a sentence could rest on. Knows nothing
about stored indexes or models.

Interface: ``document.verify_text(text, sources, checker)``.
"""
