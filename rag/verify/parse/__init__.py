"""What one sentence or line says, in parts that can be compared. Pure.

Owns: words, numbers, dates, names, cells of tables, and the lines that a source is cut into. Knows nothing about
comparing two texts.

Interface: ``parsed_text.parse_text(text)`` and ``source_lines.source_lines(quote)``.
"""
