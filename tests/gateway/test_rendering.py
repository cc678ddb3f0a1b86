from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway.findings import BodyRendered, RenderFailed
from vtlsim.gateway.model import MethodRequest, Overrides, Surroundings, TemplateText
from vtlsim.gateway.rendering import Scene, render

SCENE = Scene(MethodRequest(), "/", "r", {"id": "7"}, {"leaf": "green"}, Overrides(), None)


def run(text: str, body: str | bytes = "{}", **around: Any) -> Any:
    return render(TemplateText(text, "tea.vtl"), "request", body, SCENE, Surroundings(**around))


@pytest.mark.parametrize(
    "text, body, fault, line, also",
    [
        ("a\n#if(", "{}", "syntax", 2, None),
        ("a\n$input.path('$.[')", "{}", "render", 2, None),
        ("$input.path('$')", "{a", "unreadable_body", 1, None),
        ("#parse('x')", "{}", "render", 1, None),
        ("$util.base64Decode('a b')", "{}", "render", 1, None),
        ("x", b"{}", "binary_body", None, None),
        (
            "#set($context.requestOverride.header.X = 1)\n\n#set($context.requestOverride.header.X = 2)",
            "{}",
            "override_twice",
            3,
            1,
        ),
        (
            "#set($k = 'X')#set($context.requestOverride.header[$k] = 1)\n$context.requestOverride.header.put('X', 2)",
            "{}",
            "override_twice",
            2,
            None,
        ),
        (
            "#set($context.responseOverride.status = 1)\n#set($context.responseOverride.status = 2)",
            "{}",
            "override_twice",
            2,
            1,
        ),
    ],
)
def test_ways_to_fail(text: str, body: str | bytes, fault: str, line: int | None, also: int | None) -> None:
    found = run(text, body)
    assert isinstance(found, RenderFailed)
    assert found.fault == fault
    assert (None if found.position is None else found.position.line) == line
    if also is not None:
        assert found.also is not None
        assert found.also.line == also


def test_a_payload_that_no_path_reads_is_not_parsed() -> None:
    assert run("[$input.body]", "{a").text == "[{a]"


def test_a_limit_is_told_apart() -> None:
    text = "#foreach($a in [1..1000])" * 3 + "x" + "#end" * 3
    found = run(text)
    assert isinstance(found, RenderFailed)
    assert found.fault == "limit"


@pytest.mark.parametrize(
    "text, codes",
    [
        ("$input.json('$.none')", ("GW003",)),
        ("$input.json('$')", ()),
        ("$input", ("GW004",)),
        ("$util.parseJson('{a')", ("GW005",)),
        ("$method.request.path.id", ("GW007",)),
        ("$context.stage", ()),
    ],
)
def test_register_codes(text: str, codes: tuple[str, ...]) -> None:
    assert run(text).codes == codes


def test_other_jsonpath_engines_say_so() -> None:
    assert run("$input.path('$')", jsonpath="jayway-2.0").codes == ("GW009",)
    assert run("$input.json('$.a[*]')", '{"a":[1,2]}', jsonpath="jsonpath-ng").text == "[1,2]"


def test_what_it_finds() -> None:
    found = run(
        "$util.toJson(1) [$util.parseJson('{a')]#set($context.requestOverride.header.X = ['a'])$stageVariables.leaf"
    )
    assert isinstance(found, BodyRendered)
    assert found.text == " []green"
    assert [each.name for each in found.unknown] == ["toJson"]
    assert len(found.unreadable) == 1
    assert found.overrides.request["header"] == {"X": ["a"]}


def test_variables_of_the_caller() -> None:
    assert run("$tea $input.body", "{}", variables={"tea": "green"}).text == "green {}"


def test_watched_renderings_have_sightings() -> None:
    assert run("$input.body").sightings == ()
    assert run("$input.body", watched=True).sightings


def test_notices() -> None:
    (notice,) = run("#foreach($i in [1..1001])x#end").notices
    assert notice.code == "VTL004"


def test_overrides_of_an_earlier_rendering_are_kept_when_the_template_does_not_touch_them() -> None:
    scene = SCENE._replace(overrides=Overrides({"header": {"X": "1"}}, {}))
    found = render(TemplateText("x"), "response", "", scene, Surroundings())
    assert isinstance(found, BodyRendered)
    assert found.overrides is scene.overrides


def test_airspeed() -> None:
    found = run("$input.path('$').tea $util.urlEncode('a b')", '{"tea": "green"}', engine="airspeed")
    assert isinstance(found, BodyRendered)
    assert (found.engine, found.text) == ("airspeed", "green a+b")
    failed = run("#foreach($i in )x#end", engine="airspeed")
    assert isinstance(failed, RenderFailed)
    assert failed.fault == "syntax"


def test_the_same_twice() -> None:
    text = "#set($x = $input.path('$'))#set($x.a = 1)$input.json('$')$context.requestTime"
    assert run(text) == run(text)
