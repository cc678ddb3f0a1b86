"""What 2.0 answers is recorded from Java in fixtures/jsonpath/corpus.json."""

import pytest

from vtlsim.jsonpath import EvaluationError, InvalidPathError, PathNotFoundError, compile  # noqa: A004 - its name
from vtlsim.values.json_reader import read

DOCUMENT = read('{"items": [{"sku": "a", "qty": 1}, {"sku": "b", "qty": 12}, {"x": null}], "s": "t"}')


@pytest.mark.parametrize(
    "path, found",
    [
        ("$.items[(@.length-1)].x", None),
        ("$.items[?(@.qty > 5)].sku", ["b"]),
        ("$.items[?(@.qty > '5')].sku", ["b"]),
        ("$.items[?(@.sku =~ /B/i)].qty", [12]),
        ("$.items[?(@.sku == 'a' || @.qty == 12)].sku", ["a", "b"]),
        ("$.items[?(@.sku == 'a' && @.qty == 12)].sku", []),
        ("$.items[?(!@.sku)]", [{"x": None}]),
        ("$.items[?(@.x)]", []),
        ("$.items[*].sku", ["a", "b"]),
        ("$.items[*]['sku','qty']", [{"sku": "a", "qty": 1}, {"sku": "b", "qty": 12}, {}]),
    ],
)
def test_values(path, found):
    assert compile(path, "2.0").read(DOCUMENT) == found


def test_faults_while_reading():
    with pytest.raises(InvalidPathError) as caught:
        compile("$.s[0]", "2.0").read(DOCUMENT)
    assert caught.value.position is None
    with pytest.raises(PathNotFoundError):
        compile("$.items[0:2].nope", "2.0").read(DOCUMENT)
    with pytest.raises(EvaluationError) as thrown:
        compile("$.items[?(@.qty == 'x')]", "2.0").read(DOCUMENT)
    assert thrown.value.java_class == "java.lang.NumberFormatException"
    with pytest.raises(EvaluationError) as thrown:
        compile("$.items[?]", "2.0").read(DOCUMENT)
    assert thrown.value.java_class == "java.lang.NullPointerException"
