"""Files to documents: their canonical text, its blocks and pages. Every format's reader, and the process they run in.

Owns: all that is known about file formats. Knows nothing about indexes or models.

    loader       read a file's bytes once, and have them parsed
    walk         the files of a folder
    readers      the table of all readers, also those of other packages
    sniff        the reader of a file, by what ``file`` tells of it; mislabelled for text under another name,
                 refusals for kinds that are not read
    parse        a document from a reader; citable checks those from other packages
    builder      what a reader appends blocks to; tables for tables, text for encodings, titles for titles
    pdf          PDF, and the boxes of a span and the picture of a page
    pictures     scans, photos and screenshots; recognition finds their words
    office       Word, Excel, PowerPoint, OpenDocument, RTF
    markup       HTML, MHTML, XML, EPUB
    mail         messages and mailboxes
    notation     notebooks, captions, reStructuredText, Org, TeX
    plain_text   plain text, Markdown, source code
    data         CSV, TSV, JSON, JSON Lines
    sandbox      the child process in which readers run; worker is its program
    page_lane    the child processes that draw and read single pages of PDF files; page_worker is their program
    child        how a child is started and ended; messages is the pipe to it, and its limits

Interface: ``loader.Loader.load(path, name)`` returns a ``Loaded``; ``walk.walk(root)`` yields the files of a folder;
``pdf`` offers its own.
"""
