"""Faults that the tests show, each a part of ``proved.toml``: what is done, what comes of it, and the tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.torture.faults import FAULTS, Fault

for _name, _fault in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items():
    assert _name not in FAULTS
    _tests = tuple(f"tests/{one}" for one in _fault["tests"])
    FAULTS[_name] = Fault(_name, _fault["done"], None, _fault["outcome"], _tests)
