"""Word, Excel and PowerPoint files that are zip packages of XML; texts and slides of OpenDocument; RTF.

Owns: a reader for each. Knows nothing about unpacking: it is handed packages that ``zip_package`` has made safe.

    formats, open_formats       the readers, and what each is recognised by
    word, word_*                DOCX: stories, paragraphs, styles, list numbers, tables
    powerpoint, powerpoint_*    PPTX: slides, and the words of a shape
    odf, odf_*                  ODT and ODP; odf_flat for the same in one text
    rtf, rtf_*                  RTF: tokens, head, groups, tables
    sheets                      workbooks: XLSX, XLS, XLSB, ODS
    package, xml_parts          parts of a package and their relations, small things of XML
    inline, counting, symbols, math_xml, drawings, placement    what several of them share

Interface: the readers in ``formats`` and ``open_formats``; ``word.read_docx``,
``powerpoint.read_pptx``, ``odf.read_odt``, ``odf.read_odp`` and ``rtf.read_rtf`` append a file to a ``Builder``.
"""
