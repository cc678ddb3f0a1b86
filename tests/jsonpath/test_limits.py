"""A short path or a large document must not take the machine."""

import time

import pytest

from vtlsim.jsonpath import LimitError, PathNotFoundError, compile
from vtlsim.values.collections import JSONArray


def nested(levels, make):
    value = "end"
    for _ in range(levels):
        value = make(value)
    return value


@pytest.mark.parametrize("rules", ["2.9", "2.0"])
def test_deep_documents(rules):
    document = nested(50_000, lambda value: {"a": value})
    assert len(compile("$..a", rules).read(document)) == 50_000
    assert compile("$" + ".a" * 200, rules).read(document)
    arrays = nested(50_000, lambda value: JSONArray([value]))
    assert len(compile("$..[0]", rules).read(arrays)) == 50_000
    assert len(compile("$..*", rules).read(arrays)) == 50_000


def test_long_plain_paths():
    document = nested(5_000, lambda value: {"a": value})
    assert compile("$" + ".a" * 5_000).read(document) == "end"
    with pytest.raises(PathNotFoundError) as caught:
        compile("$" + ".a" * 4_999 + ".b").read(document)
    assert caught.value.message.endswith("['a']['b']")


@pytest.mark.parametrize("rules", ["2.9", "2.0"])
@pytest.mark.parametrize("path", ["$" + "[0,0]" * 60, "$" + "..*" * 8])
def test_paths_that_multiply(path, rules):
    document = nested(60, lambda value: JSONArray([value]))
    began = time.perf_counter()
    with pytest.raises(LimitError):
        compile(path, rules).read(document)
    assert time.perf_counter() - began < 30


@pytest.mark.parametrize("rules", ["2.9", "2.0"])
def test_patterns_that_take_long(rules):
    document = JSONArray(["a" * 40 + "!"])
    began = time.perf_counter()
    with pytest.raises(LimitError, match="took too long"):
        compile("$[?(@ =~ /(a|aa)+b?(a|aa)+$/)]", rules).read(document)
    assert time.perf_counter() - began < 5


def test_slices_beyond_the_array():
    document = JSONArray([1, 2, 3])
    assert compile("$[-2147483648:2147483647]").read(document) == [1, 2, 3, 1, 2, 3]
    assert compile("$[-2147483648:]").read(document) == [1, 2, 3]
    assert compile("$[:2147483647]").read(document) == [1, 2, 3]


def test_scans_grow_linearly():
    def took(size):
        document = JSONArray([{"a": {"b": number}} for number in range(size)])
        path = compile("$..b")
        began = time.perf_counter()
        assert len(path.read(document)) == size
        return time.perf_counter() - began

    small = min(took(5_000) for _ in range(3))
    large = min(took(50_000) for _ in range(3))
    assert large < 40 * small


def test_a_message_is_not_made_unless_asked_for():
    document = {"a": {f"k{number}": "x" * 1000 for number in range(2_000)}}
    path = compile("$.a[0]")
    began = time.perf_counter()
    for _ in range(2_000):
        with pytest.raises(PathNotFoundError):
            path.read(document)
    assert time.perf_counter() - began < 5
