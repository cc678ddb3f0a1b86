import pytest

from vtlsim.jsonpath import compile, explain_missing  # noqa: A004 - its name
from vtlsim.values.json_reader import read

DOCUMENT = read('{"items": [{"sku": "a", "qty": 1}, {"sku": "b", "price": 3}], "o": {"x": [], "n": null}}')


@pytest.mark.parametrize(
    "path, step, name, before, found, names, length",
    [
        ("$.itms[0]", "['itms']", "itms", "$", ("object",), ("items", "o"), None),
        ("$.items[0].skuu", "['skuu']", "skuu", "$['items'][0]", ("object",), ("sku", "qty"), None),
        ("$.items[*].skuu", "['skuu']", "skuu", "$['items'][*]", ("object",), ("sku", "qty", "price"), None),
        ("$.items[7].sku", "[7]", None, "$['items']", ("array",), (), 2),
        ("$.items.sku", "['sku']", "sku", "$['items']", ("array",), (), 2),
        ("$.items[?(@.qty > 5)].sku", "[?]", None, "$['items']", ("array",), (), 2),
        ("$.o.x[0]", "[0]", None, "$['o']['x']", ("array",), (), 0),
        ("$.o.n.y", "['y']", "y", "$['o']['n']", ("null",), (), None),
        ("$.o.*.y", "['y']", "y", "$['o'][*]", ("array", "null"), (), None),
        ("$.items[0].sku.x", "['x']", "x", "$['items'][0]['sku']", ("string",), (), None),
        ("$..sk", "..['sk']", "sk", "$", ("object",), ("items", "o", "sku", "qty", "price", "x", "n"), None),
        ("$.o.length().x", "[')']", ")", "$['o'].length()", ("number",), (), None),
    ],
)
def test_the_first_step_that_finds_nothing(path, step, name, before, found, names, length):
    gap = explain_missing(compile(path), DOCUMENT)
    assert gap == (step, name, before, found, names, length)


@pytest.mark.parametrize("path", ["$", "$.items[0].sku", "$.items[*].sku", "$.items.nope()", "$.o.x.append(1).y"])
def test_nothing_to_say(path):
    assert explain_missing(compile(path), DOCUMENT) is None
    assert DOCUMENT["o"]["x"] == []


def test_null_document():
    assert explain_missing(compile("$.a"), None) is None
