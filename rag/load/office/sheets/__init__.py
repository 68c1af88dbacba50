"""Workbooks of every kind: XLSX and its kin, XLS, XLSB, ODS.

Owns: sheets to tables, and values to what the sheet shows. Knows nothing about how tables read.

    formats      a number by its format code: 7 as "00007", 1.25 days as "30:15"
    format_codes the pieces of a format code
    moments      a day number as a date or a time
    types        what a sheet is, whatever file it comes from
    write        sheets to blocks of a document
    xlsx, xls, xls_objects, xlsb, values, ods    each kind of file to sheets
    readers      what each kind is recognised by

Interface: the readers in ``readers``; ``xlsx.read_xlsx``, ``xls.read_xls``, ``xlsb.read_xlsb`` and ``ods.read_ods``
append a workbook to a ``Builder``; ``formats.shown`` shows a number as its cell does.
"""
