"""Plain text, Markdown and source code: text that is its own canonical text, and is only cut into blocks.

Owns: one linear scan over the lines for each of the three. Knows nothing about files, and never changes the text.

Interface: the readers in ``formats``; ``plain.plain_blocks(text)``, ``markdown.markdown_structure(text)`` and
``code.code_blocks(text)``.
"""
