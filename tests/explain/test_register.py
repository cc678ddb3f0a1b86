"""Every code that the package uses has an entry, and every entry a use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import vtlsim
from vtlsim.explain.register import ENTRIES, WIDTH, find, near, page

PACKAGE = Path(vtlsim.__file__).parent
CODE = re.compile(r"\b(?:VTL|GW|CFG)\d{3}\b")


def used() -> set[str]:
    files = [path for path in PACKAGE.rglob("*.py") if "register" not in path.name]
    return {code for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_in_use_has_an_entry_and_every_entry_a_use():
    assert {entry.code for entry in ENTRIES} == used()


def test_codes_are_unique_and_in_order():
    codes = [entry.code for entry in ENTRIES]
    assert len(set(codes)) == len(codes)
    for family in ("VTL", "GW", "CFG"):
        own = [code for code in codes if code.startswith(family)]
        assert own == sorted(own)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_an_entry_is_complete(entry):
    assert len(entry.title) <= 80
    assert not entry.title.endswith(".")
    for text in (entry.rule, entry.evidence, entry.settled_by):
        assert text.endswith(".")
    assert all(len(line) <= WIDTH for line in page(entry).splitlines())


def test_a_code_is_found_in_either_case_and_the_nearest_is_told():
    assert find("gw003") == find("GW003")
    assert find("GW999") is None
    assert near("VTLL001").code == "VTL001"
    assert near("zzz") is None
