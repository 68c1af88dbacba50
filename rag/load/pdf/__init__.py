"""PDF files: their text in blocks, where each of its characters stands, and pictures of their pages.

Owns: all that is known about PDF. ``read_pdf`` goes down this list, a page at a time:

    pdfium         open files and pages with PDFium, behind its one lock
    calls          calls of PDFium that are made many at a time
    glyph_data     what PDFium knows about the glyphs of a page, read at once
    tex_fonts      letters that TeX's fonts give as control codes
    page_objects   what a page draws, by kind
    glyphs         words and their boxes; leaves out those of ``visibility``
    bidi           Arabic and Hebrew lines in the order of reading
    raised_glyphs  powers, marks of notes and indices on the line
    strikes        words that are struck out
    directions     words that run in another direction than most
    gutters        columns that are drawn row by row, one after the other
    annotations    filled fields, typed words and comments, put at their labels by ``overlays``
    lines          glyphs to lines and their cells
    blocks         lines to paragraphs, list items and table rows
    rulings        the lines that are drawn on a page
    tables         the tables of a page, with rulings or without
    joining        lines to one text, broken words made whole
    pictures       which pages are pictures, and whose letters cannot be told
    headings       which paragraphs are headings
    margins        running heads and feet, page numbers, tables of contents

Interface: the reader in ``formats``; ``reader.read_pdf(data, builder, max_pages)`` appends the text;
``boxes.span_boxes(…)`` gives the boxes of a span; ``words.page_words(document, number)`` places the words of a page;
``render.render_page(source, page, scale)`` gives the picture of a page.
"""
