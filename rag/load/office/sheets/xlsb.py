"""Read Excel workbooks of binary parts: XLSB.

Owns: which part holds the properties.
"""

from __future__ import annotations

import io

from rag.load.builder import Builder
from rag.load.office.sheets.parts import Parts, day_of, property_of
from rag.load.office.sheets.values import add_values
from rag.notices import Notice


def read_xlsb(package: io.BytesIO, builder: Builder) -> str:
    """Append each sheet: its name and its tables. The formats of numbers are not read, which is said.

    Args:
        package: The unpacked workbook.
        builder: What the sheets are appended to.

    Returns:
        The title that the properties give, or "".
    """
    properties = Parts(package).xml("docProps/core.xml")
    builder.date = day_of(property_of(properties, "modified"), property_of(properties, "created"))
    package.seek(0)
    add_values(package, builder)
    builder.warn(Notice("reading-number-formats"))
    return property_of(properties, "title")
