"""Word, Excel and PowerPoint files of the kinds that are zip packages of XML: DOCX, XLSX and PPTX.

Owns: a reader for each. Knows nothing about unpacking: it is handed packages that ``zip_package`` has made safe.

Interface: the readers in ``formats``, those of workbooks in ``sheets``; ``word.read_docx`` and ``powerpoint.read_pptx``
append a package to a ``Builder``.
"""
