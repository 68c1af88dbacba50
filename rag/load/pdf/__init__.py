"""PDF files: their text in blocks, where each of its characters stands, and pictures of their pages.

Owns: all that is known about PDF. ``read_pdf`` goes down this list, a page at a time:

    pdfium       open files and pages with PDFium, behind its one lock
    glyphs       the characters of a page and their boxes; leaves out those of ``visibility``
    lines        glyphs to lines and their cells
    rulings      the lines that are drawn on a page
    tables       the tables of a page, with rulings or without
    joining      lines to one text, broken words made whole
    blocks       lines to paragraphs, list items and table rows
    headings     which paragraphs are headings
    margins      running heads and feet, page numbers, tables of contents
    ocr          the text of a scanned page, where tesseract is installed

Interface: the reader in ``formats``; ``reader.read_pdf(data, builder, max_pages)`` appends the text;
``boxes.span_boxes(…)`` gives the boxes of a span; ``render.render_page(source, page, scale)`` the picture of a page.
"""
