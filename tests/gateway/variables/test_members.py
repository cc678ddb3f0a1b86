from __future__ import annotations

import pytest

from vtlsim.gateway.variables.members import nearest_name, override_writes, unknown_members
from vtlsim.velocity.template import Template


def found(text: str) -> list[tuple[str, str, str | None, bool]]:
    template = Template(text)
    return [
        (each.root, each.name, each.nearest, each.appsync)
        for each in unknown_members(template.tree, template.source, {"leaf": "green"})
    ]


@pytest.mark.parametrize(
    "text, unknown",
    [
        ("$util.toJson($x)", [("util", "toJson", None, True)]),
        ("$util.qr($x.put('a', 1))", [("util", "qr", None, True)]),
        ("$util.escapeJavascript('x')", [("util", "escapeJavascript", "escapeJavaScript", False)]),
        ("$util.base64('x')", [("util", "base64", "base64Encode", False)]),
        ("$input.jsn('$')", [("input", "jsn", "json", False)]),
        ("$input.Body", [("input", "Body", "body", False)]),
        ("$context.requestid", [("context", "requestid", "requestId", False)]),
        ("$context['requestid']", [("context", "requestid", "requestId", False)]),
        ("$context.get('requestid')", [("context", "requestid", "requestId", False)]),
        ("$context.identity.sourceIP", [("context.identity", "sourceIP", "sourceIp", False)]),
        ("$context.requestOverride.headers.X", [("context.requestOverride", "headers", "header", False)]),
        ("$context.arguments.id", [("context", "arguments", None, True)]),
        ("$stageVariables.laef", [("stageVariables", "laef", "leaf", False)]),
        ("$method.request.headers.X", [("method.request", "headers", "header", False)]),
        ("$ctx.args", [("", "ctx", "context", True)]),
        ("#if($util.toJson('x') == 1)$utils.x#end", [("util", "toJson", None, True), ("", "utils", "util", True)]),
        (
            '"$util.toJson(1)" #set($y = "$context.nope")',
            [("util", "toJson", None, True), ("context", "nope", None, False)],
        ),
    ],
)
def test_unknown(text: str, unknown: list[tuple[str, str, str | None, bool]]) -> None:
    assert [(root, name, appsync) for root, name, _, appsync in found(text)] == [
        (root, name, appsync) for root, name, _, appsync in unknown
    ]
    assert [near for *_, near, _ in found(text)] == [near for *_, near, _ in unknown]


@pytest.mark.parametrize(
    "text",
    [
        "$input.body $input.json('$') $input.path('$').anything $input.params().x $input.params('x')",
        "$util.escapeJavaScript('x').replaceAll('a', 'b')",
        "$context.identity.clientCert.subjectDN $context.authorizer.anything.goes $context.responseOverride.custom",
        "$context.keySet() $context.identity.keySet() $stageVariables.get($x) $stageVariables.leaf",
        "#set($context.mine = 1)$context.mine",
        "#set($util = {'a': 1})$util.a",
        "#foreach($input in [1])$input.x#end",
        "#set($ctx = $context)$ctx.anything",
        "$method.request.multivaluequerystring.leaf",
        "$other.toJson $utility",
    ],
)
def test_known(text: str) -> None:
    assert found(text) == []


def test_places() -> None:
    template = Template("a\n  $util.toJson(1)", "orders.vtl")
    (each,) = unknown_members(template.tree, template.source, {})
    assert (each.position.line, template.source.slice(each.span)) in [(2, ".toJson(1)"), (2, "toJson(1)")]


def test_writes_of_overrides() -> None:
    text = (
        "#set($context.requestOverride.header.X = 1)$context.requestOverride.header.X"
        "#set($context.requestOverride.header['X'] = 2)$context.requestOverride.header.put('X', 3)"
        "#set($context.responseOverride.status = 404)"
    )
    tree = Template(text).tree
    assert len(override_writes(tree, "requestOverride", "header", "X")) == 3
    assert len(override_writes(tree, "responseOverride", "status", "status")) == 1
    assert override_writes(tree, "requestOverride", "querystring", "X") == ()


@pytest.mark.parametrize("name, near", [("requestid", "requestId"), ("zzz", None), ("", None)])
def test_nearest_name(name: str, near: str | None) -> None:
    assert nearest_name(name, {"requestId", "requestTime"}) == near
