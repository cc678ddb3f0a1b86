import subprocess
import sys

import pytest

from vtlsim.jsonpath import EvaluationError, InvalidPathError, PathNotFoundError, engine
from vtlsim.jsonpath.jsonpath_ng_engine import NgPath
from vtlsim.values.collections import JSONArray
from vtlsim.values.json_reader import read

DOCUMENT = read('{"items": [{"sku": "a", "qty": 1}, {"sku": "b"}], "e": [], "n": null}')


@pytest.mark.parametrize(
    "path, definite, value",
    [
        ("$", True, DOCUMENT),
        ("$.items[0].sku", True, "a"),
        ("$.items[-1].sku", True, "b"),
        ("$.n", True, None),
        ("items[0].qty", True, 1),
        ("$.items.`len`", True, 2),
        ("$.items[*].sku", False, ["a", "b"]),
        ("$..sku", False, ["a", "b"]),
        ("$.items[?(@.qty > 0)].sku", False, ["a"]),
        ("$.items[0:1].sku", False, ["a"]),
        ("$.items[0]['sku','qty']", False, ["a", 1]),
        ("$.e[*]", False, []),
        ("$.nope[*]", False, []),
    ],
)
def test_values(path, definite, value):
    compiled = engine("jsonpath-ng")(path)
    assert compiled.definite is definite
    assert compiled.path == path
    found = compiled.read(DOCUMENT)
    assert found == value
    assert definite or type(found) is JSONArray


@pytest.mark.parametrize("path", ["$.nope", "$.items[9].sku", "$.n.x"])
def test_a_definite_path_that_finds_nothing(path):
    with pytest.raises(PathNotFoundError) as caught:
        engine("jsonpath-ng")(path).read(DOCUMENT)
    assert caught.value.path == path


@pytest.mark.parametrize("path, position", [("$.a b", 4), ("$.é", 2), ("$..", 3), ("", 0), ("$.a[?(@.x", 9)])
def test_a_path_that_does_not_parse(path, position):
    with pytest.raises(InvalidPathError) as caught:
        engine("jsonpath-ng")(path)
    assert (caught.value.path, caught.value.position) == (path, position)
    assert caught.value.message


def test_faults_while_reading():
    class Faulty:
        def find(self, document):
            raise KeyError("x")

    path = NgPath("$.a")
    path._expression = Faulty()
    with pytest.raises(EvaluationError) as caught:
        path.read({})
    assert (caught.value.java_class, caught.value.message) == ("KeyError", "'x'")


def test_deprecated_operators_are_no_warning_of_ours():
    assert engine("jsonpath-ng")("$.items[?(@.qty > 0 & @.sku == 'a')].sku").read(DOCUMENT) == ["a"]


def test_paths_are_kept():
    assert engine("jsonpath-ng")("$.kept") is engine("jsonpath-ng")("$.kept")


def test_the_package_is_imported_when_asked_for():
    code = (
        "import sys; from vtlsim.jsonpath import compile, engine; compile('$..a[?(@.b == 1)]').read({});"
        "assert 'jsonpath_ng' not in sys.modules; engine('jsonpath-ng'); assert 'jsonpath_ng' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
