"""Tables of PDF files: seen by the rulings drawn around their cells, or by the gaps between them.

Owns: all that is known about tables on a page. How a row reads is said in ``rag.load.tables``. The way goes down this
list:

    grids        rulings to cells, and the glyphs in each
    pieces       lines to what stands between two gaps, and pieces that stand beside each other
    regions      which lines are the rows of a table without rulings
    not_tables   what looks like a table and is none
    columns      where its columns begin and end
    names        the names above its columns
    spans        which columns a name stands above
    rows         lines to rows: cells and labels of several lines
    find         the tables of a page, from all of these
    write        rows to blocks, each cell behind its names
    captions     what is said of a whole table, and the sections of its rows
    records      the places of the cells in the document, and names that go on over a page

Interface: ``find.find_tables`` and ``find.grid_blocks`` for ``blocks``; ``captions.set_headers``;
``records.TableRecords`` and ``records.carry_names`` for ``reader``.
"""
