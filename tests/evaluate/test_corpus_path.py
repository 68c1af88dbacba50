"""Where the documents of a suite may lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.suite.corpus_path import flag_for
from rag.evaluate.suite.file import load_suite

CASES = "cases:\n- {id: a, question: What?}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with documents, beside others that are not the suite's."""
    for name in ("suite/docs", "secret"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.md").write_text("The toll is 3 crowns.\n")
    (tmp_path / "suite" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "suite" / "loop").symlink_to(tmp_path / "suite" / "loop")
    return tmp_path / "suite"


def write(folder: Path, corpus: str) -> Path:
    path = folder / "suite.yaml"
    path.write_text(f"schema_version: 1\nsuite: s\ncorpus: {{path: {corpus!r}}}\n{CASES}")
    return path


@pytest.mark.parametrize("corpus", ["docs", "docs/a.md", ".", "docs/../docs", "./docs"])
def test_documents_in_the_folder_of_the_suite_are_read(folder: Path, corpus: str) -> None:
    assert load_suite(write(folder, corpus)).corpus == folder / corpus


@pytest.mark.parametrize(
    "corpus", ["..", "../secret", "docs/../../secret", "link", "link/a.md", "ABSOLUTE", "/", "~/x"]
)
def test_documents_elsewhere_are_refused_in_one_sentence(folder: Path, corpus: str) -> None:
    path = write(folder, corpus.replace("ABSOLUTE", str(folder.parent / "secret")))
    with pytest.raises(UsageError) as refused:
        load_suite(path)
    message = str(refused.value)
    assert message.startswith(f"{path}:3: the corpus ")
    if corpus != "~/x":
        assert "lies outside the folder of the suite" in message
        assert message.endswith("add --corpus-anywhere if you trust the suite.")


@pytest.mark.parametrize("corpus", ["../secret", "link"])
def test_the_flag_lets_a_suite_read_elsewhere(folder: Path, corpus: str) -> None:
    suite = load_suite(write(folder, corpus), corpus_anywhere=True)
    assert suite.corpus.resolve() == folder.parent / "secret"


def test_a_refusal_does_not_tell_what_exists_elsewhere(folder: Path) -> None:
    messages = []
    for corpus in ("../secret", "../absent"):
        with pytest.raises(UsageError) as refused:
            load_suite(write(folder, corpus))
        messages.append(str(refused.value).replace(corpus, "X"))
    assert messages[0] == messages[1]


@pytest.mark.parametrize("corpus", ["loop", "a" * 5000, "none"])
def test_a_path_that_leads_nowhere_is_one_sentence(folder: Path, corpus: str) -> None:
    with pytest.raises(UsageError, match=r"suite.yaml:3: the corpus .*(does not exist|no path that can be read)"):
        load_suite(write(folder, corpus))


def test_a_suite_whose_folder_is_itself_behind_a_link_reads_its_documents(folder: Path) -> None:
    (folder.parent / "also").symlink_to(folder)
    write(folder, "docs")
    assert load_suite(folder.parent / "also").corpus.is_dir()


def test_a_command_is_given_the_flag_where_it_needs_it(folder: Path) -> None:
    assert flag_for(folder / "suite.yaml", folder / "docs") == ""
    assert flag_for(folder / "suite.yaml", folder.parent / "secret") == " --corpus-anywhere"
