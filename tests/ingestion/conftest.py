"""What the tests of ingestion share."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.models.encoder import SentenceEncoder
from rag.precision import INT8
from tests.models.test_onnx import write_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of seeded weights with its exports."""
    folder = write_model(tmp_path_factory.mktemp("model") / "model")
    SentenceEncoder("m", folder, 1, precision=INT8).encode_question("noon")
    return folder
