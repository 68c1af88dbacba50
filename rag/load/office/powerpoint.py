"""Read PowerPoint presentations.

Owns: the reading of PPTX; each slide is a page. Knows nothing about how a slide looks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pptx import Presentation

from rag.errors import SkipFile
from rag.load.builder import Builder
from rag.load.tables import add_table, text_rows
from rag.notices import Notice


def read_pptx(package: io.BytesIO, builder: Builder, max_pages: int) -> str:
    """Append each slide, its tables and its speaker's notes.

    Args:
        package: The unpacked presentation.
        builder: What the slides are appended to, each as a page.
        max_pages: The most slides that a file may have.

    Returns:
        The title that the properties give, or "".

    Raises:
        SkipFile: When there are too many slides.
    """
    presentation = Presentation(package)
    if len(presentation.slides) > max_pages:
        raise SkipFile(Notice("file-too-many-slides", {"slides": max_pages}))
    for slide in presentation.slides:
        builder.begin_page()
        title = slide.shapes.title
        if title is not None and title.has_text_frame:
            builder.add("heading", " ".join(title.text_frame.text.split()), 1)
        for shape in _all_shapes(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                _add_shape(shape, builder)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.strip()
            if notes:
                builder.add("paragraph", f"Notes: {notes}")
    return str(presentation.core_properties.title or "")


def _all_shapes(shapes: Any) -> Iterator[Any]:
    """Yield every shape, also those inside groups."""
    stack = list(reversed(list(shapes)))
    while stack:
        shape = stack.pop()
        if hasattr(shape, "shapes"):
            stack.extend(reversed(list(shape.shapes)))
        else:
            yield shape


def _add_shape(shape: Any, builder: Builder) -> None:
    if getattr(shape, "has_table", False):
        add_table(builder, text_rows(tuple(cell.text for cell in row.cells) for row in shape.table.rows))
    elif getattr(shape, "has_text_frame", False):
        is_list = len([paragraph for paragraph in shape.text_frame.paragraphs if paragraph.text.strip()]) > 1
        for paragraph in shape.text_frame.paragraphs:
            builder.add("item" if is_list else "paragraph", paragraph.text.replace("\v", "\n"))
