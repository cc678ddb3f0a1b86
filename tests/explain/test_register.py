"""Every code that the package uses has an entry, and every entry a use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import vtlsim
from vtlsim.explain.register import ENTRIES, WIDTH, find, near, page

PACKAGE = Path(vtlsim.__file__).parent
FAMILIES = ("VTL", "GW", "CFG", "CTL", "SRV", "LOG")
CODE = re.compile(rf"\b(?:{'|'.join(FAMILIES)})\d{{3}}\b")


def used(folder: Path = PACKAGE) -> set[str]:
    files = [path for path in folder.rglob("*.py") if "register" not in path.name]
    return {code for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_in_use_has_an_entry_and_every_entry_a_use():
    assert {entry.code for entry in ENTRIES} == used()


@pytest.mark.parametrize(("family", "room"), [("CTL", "control"), ("SRV", "server")])
def test_the_codes_of_a_surface_stand_beside_its_switches(family, room):
    entries = {entry.code for entry in ENTRIES if entry.code.startswith(family)}
    assert entries
    assert {code for code in used(PACKAGE / "surfaces" / room) if code.startswith(family)} == entries


def test_codes_are_unique_and_in_order():
    codes = [entry.code for entry in ENTRIES]
    assert len(set(codes)) == len(codes)
    for family in FAMILIES:
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
