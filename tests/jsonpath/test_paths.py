import sys
import threading

import pytest

import vtlsim.jsonpath
from vtlsim.jsonpath import EvaluationError, InvalidPathError, JsonPath, PathNotFoundError, compile, engine  # noqa: A004 - its name
from vtlsim.jsonpath.limits import CACHED_PATHS
from vtlsim.jsonpath.paths import _PATHS
from vtlsim.values.collections import HashMap, JavaArray, JSONArray, LazyRange
from vtlsim.values.json_reader import read

DOCUMENT = read('{"a": {"b": [{"c": 1}, {"c": null}], "e": []}, "s": "text", "n": null}')


def test_a_definite_path_gives_the_value_itself():
    path = compile("$.a.b")
    assert path.definite
    assert path.read(DOCUMENT) is DOCUMENT["a"]["b"]
    assert compile("$").read(DOCUMENT) is DOCUMENT


def test_an_indefinite_path_gives_a_json_array():
    found = compile("$.a.b[*].c").read(DOCUMENT)
    assert type(found) is JSONArray
    assert found == [1, None]
    assert not compile("$.a.b[*].c").definite


def test_null_is_a_value():
    assert compile("$.n").read(DOCUMENT) is None
    assert compile("$.a.b[1].c").read(DOCUMENT) is None


@pytest.mark.parametrize(
    "path, message",
    [
        ("$.x", "No results for path: $['x']"),
        ("$.x.y", "Missing property in path $['x']"),
        ("$.a.b[7]", "No results for path: $['a']['b'][7]"),
        ("$.n.x", "Expected to find an object with property ['x'] in path $['n'] but found 'null'."),
        ("$.s.x", "but found 'java.lang.String'. This is not a json object according to the JsonProvider: "),
        ("$.s[0]", "Filter: [0] can only be applied to arrays. Current context is: text"),
        ("$.n[0]", "The path $['n'] is null"),
        ("$.a[0].b", "Filter: [0]['b'] can only be applied to arrays. Current context is: {b="),
        ("$.x[*]", "Missing property in path $['x']"),
    ],
)
def test_nothing_is_not_found(path, message):
    with pytest.raises(PathNotFoundError) as caught:
        compile(path).read(DOCUMENT)
    assert caught.value.path == path
    assert message in caught.value.message
    assert str(caught.value) == caught.value.message


@pytest.mark.parametrize("path", ["$.a.b[*].x", "$..x", "$.a.b[?(@.c == 9)]", "$.a.e[*]", "$.a.b[5:]", "$.a.b[7,8]"])
def test_an_indefinite_path_that_finds_nothing_gives_an_empty_array(path):
    assert compile(path).read(DOCUMENT) == []


@pytest.mark.parametrize("path", ["$", "$.a", "$..a"])
@pytest.mark.parametrize("rules", ["2.9", "2.0"])
def test_null_is_no_document(path, rules):
    with pytest.raises(EvaluationError) as caught:
        compile(path, rules).read(None)
    assert caught.value.java_class == "java.lang.IllegalArgumentException"


def test_scalar_documents():
    assert compile("$").read("text") == "text"
    with pytest.raises(PathNotFoundError):
        compile("$[0]").read("text")
    with pytest.raises(PathNotFoundError):
        compile("$.a").read(7)


def test_other_maps_and_lists():
    document = {"m": HashMap({"k": [1, 2]}), "r": LazyRange(5, 7), "j": JavaArray(["x"])}
    assert compile("$.m.k[1]").read(document) == 2
    assert compile("$.m.*").read(document) == [[1, 2]]
    assert compile("$.r[-1]").read(document) == 7
    assert compile("$.r[?(@ > 5)]").read(document) == [6, 7]
    with pytest.raises(PathNotFoundError):  # an array is no java.util.List
        compile("$.j[0]").read(document)


def test_a_key_that_is_no_string_is_no_index():
    with pytest.raises(PathNotFoundError):
        compile("$[1]").read({1: "one"})


def test_rules_differ():
    assert compile("$.a.b[-1].c").read(DOCUMENT) is None
    with pytest.raises(PathNotFoundError):
        compile("$.a.b[-1].c", "2.0").read(DOCUMENT)
    with pytest.raises(ValueError, match="no such rules"):
        compile("$", "1.2")


def test_a_path_prints_as_jayway_prints_it():
    assert str(compile("a.b[0]..c[?(@.d)]")) == "$['a']['b'][0]..['c'][?]"
    assert str(compile("$..a.length()")) == "$.length()"
    assert str(compile("$['a','b']", "2.0")) == "$['a', 'b']"


def test_parsed_paths_are_kept():
    assert compile("$.kept[*]") is compile("$.kept[*]")
    assert engine("jayway")("$.kept[*]") is compile("$.kept[*]")
    assert engine("jayway-2.0")("$.kept[*]") is compile("$.kept[*]", "2.0")
    assert compile("$.kept[*]") is not compile("$.kept[*]", "2.0")


def test_not_more_than_so_many_are_kept():
    for number in range(CACHED_PATHS + 50):
        compile(f"$.many{number}")
    assert len(_PATHS["2.9"]) == CACHED_PATHS


def test_what_does_not_parse_is_not_kept():
    with pytest.raises(InvalidPathError):
        compile("$.a b c")
    assert "$.a b c" not in _PATHS["2.9"]


def test_threads_may_share_the_cache():
    faults = []

    def work(offset):
        try:
            for number in range(1500):
                assert compile(f"$.t{(number + offset) % 700}").definite
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the test fails
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(offset * 97,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_engines_have_names():
    with pytest.raises(ValueError, match="no such JsonPath engine"):
        engine("jsonpath")


def test_unknown_names_of_the_room():
    with pytest.raises(AttributeError):
        _ = vtlsim.jsonpath.nothing


def test_plain_paths_need_neither_parser_nor_other_packages():
    import subprocess

    code = (
        "import sys; from vtlsim.jsonpath import compile; from vtlsim.values.collections import JSONArray;"
        "assert compile('$.a[0]').read({'a': JSONArray([1])}) == 1;"
        "heavy = {'regex', 'decimal', 'json', 'jsonpath_ng', 'dataclasses', 'vtlsim.jsonpath.evaluate', "
        "'vtlsim.jsonpath.parser', 'vtlsim.jsonpath.nodes'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_equal_text_equal_path():
    assert isinstance(compile("$.a"), JsonPath)
    assert repr(compile("$.a")) == "JsonPath('$.a', '2.9')"
