import pytest

from jsonpath.generator import Generator
from vtlsim.jsonpath import PathNotFoundError, compile  # noqa: A004 - its name
from vtlsim.jsonpath.evaluate import Reader
from vtlsim.jsonpath.parser import parse
from vtlsim.jsonpath.plain import plain_steps, plain_steps_of
from vtlsim.jsonpath.reading import Bounds, NotFound, Reading
from vtlsim.values.collections import JSONArray
from vtlsim.values.json_reader import read


@pytest.mark.parametrize("text", ["$", "$.a", "$.a.b-c[0].d_1[12]", "$[0][1]", "$._x.Y9"])
def test_the_simplest_spelling_gives_the_parser_s_steps(text):
    assert plain_steps_of(text) == plain_steps(parse(text))


@pytest.mark.parametrize(
    "text", ["", "$.", "$.a b", "$[-1]", "$.1a", "$.é", "$['a']", "$.a[*]", "$.a()", "a", "$.a.", "$.a\n"]
)
def test_everything_else_is_the_parser_s(text):
    assert plain_steps_of(text) is None


def test_kinds_of_steps():
    assert plain_steps_of("$.a[3]") == ((dict, "a"), (JSONArray, 3))


def outcome(call, *arguments):
    try:
        value = call(*arguments)
    except NotFound as missing:
        return "missing", missing.message()
    except PathNotFoundError as missing:
        return "missing", missing.message
    return "value", id(value)


def test_the_loop_answers_as_the_evaluator_does():
    maker = Generator("plain")
    found = 0
    for _ in range(400):
        document = read(maker.document())
        for _ in range(10):
            text = maker.definite()
            wanted = outcome(Reader(parse(text)).read, document, Reading(document, Bounds()))
            given = outcome(compile(text).read, document)
            assert given == wanted
            found += given[0] == "value"
    assert found > 500
