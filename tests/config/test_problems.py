"""Problems: their order, their places, and the nearest valid name."""

from __future__ import annotations

import pytest

from config.documents import loaded, marked
from vtlsim.config.marked import Mapping, Scalar, Within
from vtlsim.config.problems import MOST, Problems, nearest


@pytest.mark.parametrize(
    "name, valid, expected",
    [
        ("heder", ("header", "path", "querystring"), "header"),
        ("requestTemplate", ("requestTemplates", "requestParameters"), "requestTemplates"),
        ("REQUESTTEMPLATES", ("requestTemplates", "requestParameters"), "requestTemplates"),
        ("PSOT", ("POST", "PUT", "GET"), "POST"),
        ("Uir", ("Uri", "Type"), "Uri"),
        ("zzz", ("header", "path"), None),
        ("x", ("y",), "y"),
        ("x", (), None),
        ("", ("header",), None),
        ("a" * 5000, ("header",), None),
    ],
)
def test_the_nearest_valid_name(name, valid, expected):
    assert nearest(name, valid) == expected


def test_problems_come_in_the_order_of_their_places_and_once_each():
    node, _ = marked("a: 1\nb: 2\n")
    assert isinstance(node, Mapping)
    problems = Problems()
    problems.error(node.key("b"), "second", code="x")
    problems.warning(node.key("a"), "first", code="x")
    problems.error(node.key("b"), "second", code="x")
    found = problems.all()
    assert [(each.message, each.line, each.column, each.text) for each in found] == [
        ("first", 1, 1, "a"),
        ("second", 2, 1, "b"),
    ]
    assert problems.any_error


def test_a_problem_inside_a_string_points_inside_it():
    node, _ = marked("a: |\n  one two\n")
    assert isinstance(node, Mapping)
    value = node.get("a")
    assert isinstance(value, Scalar)
    problems = Problems()
    problems.error(Within(value, 4, 7), "here", code="x")
    (found,) = problems.all()
    assert (found.line, found.column, found.text) == (2, 7, "two")
    assert str(found) == "d:2:7: error: here"
    assert found.source is not None
    assert found.source.line(2) == "  one two"


def test_there_is_an_end_to_what_is_kept():
    fields = ",".join(f'"field{n}": 1' for n in range(MOST + 50))
    found = loaded('{"type": "MOCK", "uri": "x", ' + fields + "}")
    assert len(found.problems) == MOST
    assert found.left_out == 50
