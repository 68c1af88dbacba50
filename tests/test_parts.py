"""Parts that ship and parts from outside: `rag.parts`. The packages that bring them are folders made by the tests."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

import pytest

import rag.parts
from rag.errors import UsageError
from rag.parts import OutsidePart, PartFailed, Parts, Unfit, absent_members, calling, outside_parts, warn_once


@runtime_checkable
class Dish(Protocol):
    """What a part must do in these tests."""

    price: int

    def cook(self) -> str: ...


class Soup:
    price = 3

    def cook(self) -> str:
        return "soup"


Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package: ``install("tapas", "1.0", code, olives="tapas:Olives")`` brings the dish ``olives``."""
    loaded = set(sys.modules)
    rag.parts._installed.cache_clear()
    rag.parts.warn_once.cache_clear()
    monkeypatch.setattr(sys, "path", list(sys.path))

    def install_(package: str, version: str, code: str, **dishes: str) -> None:
        folder = tmp_path / package
        info = folder / f"{package}-{version}.dist-info"
        info.mkdir(parents=True)
        (folder / f"{package}.py").write_text(code)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        entries = "".join(f"{name} = {value}\n" for name, value in dishes.items())
        (info / "entry_points.txt").write_text(f"[footnote.side_dishs]\n{entries}")
        sys.path.append(str(folder))
        rag.parts._installed.cache_clear()

    yield install_
    rag.parts._installed.cache_clear()
    for name in set(sys.modules) - loaded:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def dishes() -> Parts[Dish]:
    return Parts("side dish", {"soup": f"{__name__}:Soup"}, Dish)


DISHES = dishes()
DRINKS: Parts[Dish] = Parts("drink", {})
# What a slow package and the test that installs it tell each other.
SLOW: dict[str, threading.Event] = {}

OLIVES = """
class Olives:
    price = 2
    def cook(self):
        return "olives"
"""


def test_a_part_that_ships_is_made_once() -> None:
    table = dishes()
    assert table.names() == ["soup"]
    assert isinstance(table.get("soup"), Soup)
    assert table.get("soup") is table.get("soup")
    assert table.get("pie") is None
    assert table.problem("soup") is table.problem("pie") is None


def test_parts_from_outside_come_last_and_in_order_of_their_names(install: Install) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives", almonds="tapas:Olives")
    table = dishes()
    assert table.names() == ["soup", "almonds", "olives"]
    assert [(name, part.cook()) for name, part in table.items()] == [
        ("soup", "soup"),
        ("almonds", "olives"),
        ("olives", "olives"),
    ]
    assert [name for name, _ in table.shipped()] == ["soup"]
    assert [name for name, _ in table.from_outside()] == ["almonds", "olives"]
    assert table.describe_outside() == [
        OutsidePart("side dish", "almonds", "tapas 1.0"),
        OutsidePart("side dish", "olives", "tapas 1.0"),
    ]


def test_a_package_is_imported_when_its_part_is_first_asked_for(install: Install) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives")
    table = dishes()
    assert table.names() == ["soup", "olives"]
    assert isinstance(table.get("soup"), Soup)
    assert "tapas" not in sys.modules
    assert table.get("olives") is not None
    assert "tapas" in sys.modules


def test_a_part_from_outside_cannot_take_the_place_of_one_that_ships(
    install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    install("tapas", "1.0", OLIVES, soup="tapas:Olives")
    table = dishes()
    assert table.names() == ["soup"]
    assert isinstance(table.get("soup"), Soup)
    assert "tapas" not in sys.modules
    (described,) = table.describe_outside()
    assert described.problem == (
        "The side dish 'soup' of tapas 1.0 has the name of one that Footnote ships and is left out; its package must "
        "name it otherwise."
    )
    assert caplog.messages == [described.problem], "the warning must be given once"
    assert table.problem("soup") is None, "the one that ships can be used"


@pytest.mark.parametrize(
    ("code", "value", "cause"),
    [
        ("import no_such_library", "tapas:Olives", "ModuleNotFoundError)"),
        ("raise SystemExit(3)", "tapas:Olives", "SystemExit)"),
        ("class Olives(:", "tapas:Olives", "SyntaxError)"),
        ("", "tapas:Olives", "AttributeError)"),
        ("", "peanuts:Olives", "ModuleNotFoundError)"),
        ("Olives = 3", "tapas:Olives", "it is neither a class nor a function)"),
        ("class Olives:\n    def __init__(self, oil): ...", "tapas:Olives", "TypeError)"),
        ("class Olives:\n    price = 2", "tapas:Olives", "it has no cook)"),
        ("def Olives():\n    return None", "tapas:Olives", "it has no cook, price)"),
        ("def Olives():\n    raise ValueError('two\\nlines')", "tapas:Olives", "ValueError)"),
    ],
)
def test_a_part_that_cannot_be_used_is_left_out_with_one_sentence(
    install: Install, caplog: pytest.LogCaptureFixture, code: str, value: str, cause: str
) -> None:
    install("tapas", "1.0", code, olives=value)
    install("bread", "2.1", OLIVES.replace("Olives", "Bread"), bread="bread:Bread")
    table = dishes()
    with caplog.at_level(logging.WARNING):
        assert [name for name, _ in table.items()] == ["soup", "bread"], "the rest must work"
        assert table.get("olives") is None
        assert [name for name, _ in table.items()] == ["soup", "bread"]
    problem = str(table.problem("olives"))
    assert problem.startswith(f"The side dish 'olives' of tapas 1.0 cannot be used ({cause}")
    assert problem.endswith("; update that package, or remove it with: pip uninstall tapas")
    assert "\n" not in problem
    notice = table.problem("olives")
    assert notice is not None
    assert notice.code == "part-unusable"
    german = notice.text("de")
    assert "„olives“ von tapas 1.0 lässt sich nicht benutzen (" in german
    assert german.endswith("; aktualisieren Sie dieses Paket, oder entfernen Sie es mit: pip uninstall tapas")
    assert caplog.messages == [problem], "the warning must be given once"
    assert [(part.name, part.problem) for part in table.describe_outside()] == [("bread", ""), ("olives", problem)]


def test_without_a_protocol_the_attribute_itself_is_the_part(install: Install) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives", stone="tapas:__doc__")
    table: Parts[Callable[[], Dish]] = Parts("side dish", {"soup": f"{__name__}:Soup"})
    make = table.get("olives")
    assert make is not None
    assert make().cook() == "olives"
    assert table.get("soup") is Soup
    assert "neither a class nor a function" in str(table.problem("stone"))


def test_of_two_packages_with_one_name_the_first_on_the_path_counts(
    install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives")
    install("mezze", "1.0", OLIVES, olives="mezze:Olives")
    table = dishes()
    assert table.package("olives") == "tapas 1.0"
    assert [(part.name, part.package, part.problem) for part in table.describe_outside()] == [
        ("olives", "tapas 1.0", ""),
        (
            "olives",
            "mezze 1.0",
            "The side dish 'olives' of mezze 1.0 has the name of one that tapas 1.0 brings and is left out; remove one "
            "of the two packages.",
        ),
    ]
    assert caplog.messages == [table.describe_outside()[1].problem], "the warning must be given once"


def test_a_package_that_lies_on_the_path_twice_is_no_rival_of_itself(install: Install, tmp_path: Path) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives")
    sys.path.append(f"{tmp_path / 'tapas'}/.")
    assert [part.problem for part in dishes().describe_outside()] == [""]


@pytest.mark.parametrize(
    ("entries", "metadata", "problem"),
    [
        (b"[footnote.side_dishs]\nbeans\n", True, "the package bad cannot be read"),
        (b"[console_scripts]\nbeans\n[footnote.side_dishs]\nbeans = bad:Beans\n", True, "the package bad cannot"),
        (b"[console_scripts]\nbeans\n", True, ""),
        (b"[console_scripts]\n\xff\xfe = bad:beans\n", True, "the package bad cannot be read"),
        (b"[footnote.side_dishs]\nbeans\n", False, "an unknown package cannot be read"),
    ],
)
def test_damaged_entry_points_cost_no_other_package_its_parts(
    install: Install, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, entries: bytes, metadata: bool, problem: str
) -> None:
    install("bad", "1.0", "")
    install("tapas", "1.0", OLIVES, olives="tapas:Olives")
    (tmp_path / "bad" / "bad-1.0.dist-info" / "entry_points.txt").write_bytes(entries)
    if not metadata:
        (tmp_path / "bad" / "bad-1.0.dist-info" / "METADATA").unlink()
    monkeypatch.setattr(rag.parts, "_TABLES", {"side dish": f"{__name__}:DISHES"})
    assert dishes().names() == ["soup", "olives"]
    described = [part.problem for part in outside_parts() if part.kind == "package"]
    assert len(described) == bool(problem)
    assert problem in "".join(described)


def test_a_part_of_a_package_without_a_name_is_of_an_unknown_package(install: Install, tmp_path: Path) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives", peanuts="tapas:Peanuts")
    (tmp_path / "tapas" / "tapas-1.0.dist-info" / "METADATA").unlink()
    table = dishes()
    assert table.package("olives") == "an unknown package"
    assert str(table.problem("peanuts")) == (
        "The side dish 'peanuts' of an unknown package cannot be used (AttributeError); update or remove the package "
        "that brings it"
    )


def test_a_name_that_no_part_may_have_is_left_out(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    install("tapas", "1.0", OLIVES, salt="tapas:Olives", olives="tapas:Olives")
    check_name = {"salt": "it is no dish"}
    table: Parts[Dish] = Parts("side dish", {}, Dish, check_name=lambda name: check_name.get(name, ""))
    assert table.names() == ["olives"]
    assert table.split_name("salt:sea") == ("", "salt:sea")
    (problem,) = [part.problem for part in table.describe_outside() if part.name == "salt"]
    assert problem == (
        "The side dish 'salt' of tapas 1.0 has a name that it may not have (it is no dish) and is left out; its "
        "package must name it otherwise."
    )
    assert caplog.messages == [problem], "the warning must be given once"


def test_what_a_package_prints_when_it_is_imported_is_no_result(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install("tapas", "1.0", f"print('welcome')\n{OLIVES}", olives="tapas:Olives")
    assert dishes().get("olives") is not None
    print("olives")
    assert capsys.readouterr() == ("olives\n", "welcome\n")


def test_an_import_that_hangs_holds_up_no_other_part(install: Install) -> None:
    started, go_on = threading.Event(), threading.Event()
    SLOW.update(started=started, go_on=go_on)
    code = f"from {__name__} import SLOW\nSLOW['started'].set()\nSLOW['go_on'].wait(300)\n{OLIVES}"
    install("tapas", "1.0", code, olives="tapas:Olives")
    install("bread", "1.0", OLIVES, bread="bread:Olives")
    table = dishes()
    output = sys.stdout
    hanging = threading.Thread(target=table.get, args=("olives",))
    hanging.start()
    try:
        assert started.wait(60)
        other = threading.Thread(target=table.get, args=("bread",))
        other.start()
        other.join(60)
        assert not other.is_alive(), "it waits for a part that it did not ask for"
    finally:
        go_on.set()
        hanging.join(60)
    assert sys.stdout is output


def test_ctrl_c_while_a_package_is_imported_ends_the_program(install: Install) -> None:
    install("tapas", "1.0", "raise KeyboardInterrupt", olives="tapas:Olives")
    with pytest.raises(KeyboardInterrupt):
        dishes().get("olives")


def test_what_an_object_lacks_is_named() -> None:
    assert absent_members(Soup(), Dish) == []
    assert absent_members(object(), Dish) == ["cook", "price"]


def test_the_parts_of_every_kind_are_told(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives", peanuts="tapas:Peanuts")
    monkeypatch.setattr(rag.parts, "_TABLES", {"side dish": f"{__name__}:DISHES", "drink": f"{__name__}:DRINKS"})
    assert [(part.kind, part.name, bool(part.problem)) for part in outside_parts()] == [
        ("side dish", "olives", False),
        ("side dish", "peanuts", True),
    ]


def test_the_tables_of_all_kinds_lie_where_they_are_looked_up() -> None:
    for kind, path in rag.parts._TABLES.items():
        assert rag.parts._table(path).kind == kind


@pytest.mark.parametrize("raised", [SystemExit("my-key"), ValueError("my-key"), MemoryError(), Unfit("it is cold")])
def test_what_a_part_raises_becomes_one_error_without_its_words(
    raised: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    cause = "it is cold" if isinstance(raised, Unfit) else type(raised).__name__
    with caplog.at_level(logging.WARNING), pytest.raises(PartFailed) as caught, calling("dish", "olives", "tapas 1.0"):
        raise raised
    failed = caught.value
    assert (failed.kind, failed.name, failed.package, failed.cause) == ("dish", "olives", "tapas 1.0", cause)
    assert str(failed) == f"The dish 'olives' of tapas 1.0 failed ({cause})"
    assert not caplog.messages
    assert str(PartFailed("dish", "olives", "", "it is cold")) == "The dish 'olives' failed (it is cold)"


@pytest.mark.parametrize("raised", [UsageError("Name another."), KeyboardInterrupt(), GeneratorExit()])
def test_a_sentence_and_the_wish_to_end_go_on(raised: BaseException) -> None:
    with pytest.raises(type(raised)), calling("dish", "olives"):
        raise raised


def test_the_traceback_of_what_a_part_raises_is_in_the_debug_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "rag.parts"), pytest.raises(PartFailed), calling("dish", "olives"):
        raise ValueError("too salty")
    assert "too salty" in caplog.text


def test_a_table_knows_which_package_it_calls(install: Install) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives")
    table = dishes()
    assert (table.package("olives"), table.package("soup"), table.package("pie")) == ("tapas 1.0", "", "")
    with pytest.raises(PartFailed, match=r"'olives' of tapas 1\.0 failed .SystemExit"), table.calling("olives"):
        sys.exit(3)


def test_a_part_that_its_table_finds_wrong_is_left_out(install: Install) -> None:
    install("tapas", "1.0", OLIVES, olives="tapas:Olives")
    table: Parts[Dish] = Parts("side dish", {}, Dish, lambda dish: "it is too cheap" if dish.price < 3 else "")
    assert table.get("olives") is None
    assert "cannot be used (it is too cheap); " in str(table.problem("olives"))
    broken: Parts[Dish] = Parts("side dish", {}, Dish, lambda dish: str(1 / 0))
    assert "cannot be used (ZeroDivisionError); " in str(broken.problem("olives"))


def test_a_warning_is_given_once(caplog: pytest.LogCaptureFixture) -> None:
    warn_once("The soup is cold.")
    warn_once("The soup is cold.")
    assert caplog.messages == ["The soup is cold."]
