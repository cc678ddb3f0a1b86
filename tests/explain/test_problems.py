"""All problems of a definition on one page, each with its place."""

from __future__ import annotations

from vtlsim.config.problems import Problem
from vtlsim.explain.problems import block, page
from vtlsim.velocity.source import Source

SOURCE = Source('{\n  "type": "HTPT"\n}', "orders.json")
WRONG_TYPE = Problem(
    "error",
    "unknown type 'HTPT'",
    "orders.json",
    2,
    11,
    '"HTPT"',
    ("HTTP", "AWS"),
    "HTTP",
    "unknown-type",
    SOURCE,
)
NO_FILE = Problem("warning", "it is empty", "orders.json", 0, 0, code="CFG001")


def test_a_problem_has_its_place_its_line_and_the_nearest_name():
    assert block(WRONG_TYPE) == (
        "orders.json:2:11: error: unknown type 'HTPT'\n"
        '   2 |   "type": "HTPT"\n'
        "     |           ^^^^^^\n"
        "  help: did you mean HTTP? (valid: HTTP or AWS)"
    )


def test_a_problem_of_a_whole_file_has_no_line_and_register_codes_are_named():
    assert block(NO_FILE) == "orders.json: warning: it is empty\n  note: vtlsim explain CFG001"


def test_a_page_counts_what_it_holds():
    assert page((WRONG_TYPE, WRONG_TYPE, NO_FILE)).splitlines()[-1] == "2 errors, 1 warning"
    assert page(()) == ""


def test_a_long_list_of_names_is_not_printed():
    many = WRONG_TYPE._replace(expected=tuple("abcdefghijklmnop"), nearest=None)
    assert "help" not in block(many)
