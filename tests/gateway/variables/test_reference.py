"""Random templates over the variables against the live reference: `$input`, `$util`, `$context`, `$stageVariables`.

Paths are simple and definite, by the rules of Jayway 2.0, which is the Jayway that the reference has.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from vtlsim.gateway.variables.input import Input
from vtlsim.gateway.variables.util import Util
from vtlsim.jsonpath import engine
from vtlsim.values.collections import QuietMap
from vtlsim.velocity import API_GATEWAY, Template, VelocityError

if TYPE_CHECKING:
    from reference import Case, Reference

BODIES = [
    {
        "a": 1,
        "b": "x",
        "c": {"d": [1, 2.5, None], "e": {"f": True}},
        "items": [{"sku": "a/b", "qty": 2}, {"sku": 'q"t'}],
    },
    {"a": None, "b": "", "c": {}, "items": [], "s": "it's <b> & é 日 \U0001f600", "n": -7, "big": 12345678901234567890},
    {"a": [["x"], []], "b": "a+b=c&d e%20", "c": {"d": "line\nbreak\ttab\\"}, "t": False, "json": '{"k": [1, "v"]}'},
    [1, "two", {"a": 3}],
    "plain",
]
PARAMS = {
    "path": {"id": "7", "proxy": "a/b"},
    "querystring": {"q": "x y", "id": "8", "empty": ""},
    "header": {"X-Tenant": "t'1", "Accept": "*/*"},
}
CONTEXT = {
    "stage": "prod",
    "requestId": "r-1",
    "identity": {"sourceIp": "10.0.0.1", "user": None},
    "requestTimeEpoch": 17,
}
STAGE = {"table": "orders", "flag": "true"}
PATHS = [
    *("$", "$.a", "$.b", "$.c", "$.c.d", "$.c.d[0]", "$.c.d[1]", "$.c.e.f", "$.items", "$.items[0]", "$.items[0].sku"),
    *(
        "$.items[1].qty",
        "$.s",
        "$.n",
        "$.big",
        "$.t",
        "$.json",
        "$.missing",
        "$.missing.x",
        "$['b']",
        "$[1]",
        "$.a[0][0]",
    ),
]


class Writer:
    """Templates from a seed."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> str:
        choose = self.random.choice
        path = f"$input.path('{choose(PATHS)}')"
        kinds = [
            path,
            f"{path}.{choose(['a', 'sku', 'size()', 'd', 'length()', 'nope', 'get(0)', 'keySet()'])}",
            f"$input.json('{choose(PATHS)}')",
            f"$input.params('{choose(['id', 'q', 'X-Tenant', 'x-tenant', 'nope', 'empty', 'proxy'])}')",
            f"$input.params().{choose(['path.id', 'querystring.q', 'header.Accept', 'path', 'get(' + chr(39) + 'header' + chr(39) + ')'])}",
            "$input.body",
            f"$context.{choose(['stage', 'requestId', 'identity', 'identity.sourceIp', 'identity.user', 'nope', 'nope.x'])}",
            f"$context.{choose(['keySet()', 'identity.keySet()', 'requestTimeEpoch'])}",
            f"$stageVariables.{choose(['table', 'flag', 'nope', 'keySet()'])}",
            f"$stageVariables['{choose(['table', 'nope'])}']",
        ]
        if depth < 2:
            function = choose(["escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "parseJson"])
            inner = self.value(depth + 1)
            kinds += [f"$util.{function}({inner})", f"$util.{function}({inner}).{choose(['k', 'length()', 'a'])}"]
            kinds += [f"$util.base64Decode($util.base64Encode({inner}))", f'$util.{function}("{inner}")']
        return choose(kinds)

    def template(self) -> str:
        choose, parts = self.random.choice, []
        for _ in range(choose((1, 2, 4))):
            value = self.value()
            parts.append(
                choose(
                    [
                        f'"k": "{value}", ',
                        f"#set($x = {value})[$x|$!x.a]",
                        f"#if({value})yes#{{else}}no#end ",
                        f"#if({value} == {self.value()})same#end ",
                        f'#if({value} != "")[{value}]#end ',
                        f"#foreach($i in {value})$i#if($foreach.hasNext),#end#end ",
                        f"#set($o = $input.path('$'))#set($o.new = {value})$input.json('$') ",
                        f'#set($s = "<{value}>")$s.length() ',
                    ]
                )
            )
        return "".join(parts)


def quiet(values: dict[str, Any]) -> QuietMap:
    """A map as the reference makes it: put by put, which decides the order of its keys."""
    made = QuietMap()
    for name, value in values.items():
        made[name] = quiet(value) if isinstance(value, dict) else value
    return made


def ours(template: str, body: str) -> str | None:
    variables = {
        "input": Input(body, PARAMS, engine("jayway-2.0")),
        "util": Util(),
        "context": quiet(CONTEXT),
        "stageVariables": quiet(STAGE),
    }
    try:
        return Template(template, "t", API_GATEWAY).render(variables)
    except VelocityError:
        return None


def decided_otherwise(error: str | None) -> bool:
    """A text that ``$util.parseJson`` cannot read ends the reference's rendering; to users it was nothing (GW005)."""
    return error is not None and "method 'parseJson'" in error and "InvalidJsonException" in error


@pytest.mark.reference
@pytest.mark.parametrize("seed", ["one", "two", None])
def test_random_templates_over_the_variables(reference: Reference, seed: str | None) -> None:
    chosen = seed or f"{random.SystemRandom().getrandbits(32):08x}"
    writer = Writer(chosen)
    bodies = [json.dumps(body, ensure_ascii=False) for body in BODIES]
    questions = [(writer.template(), writer.random.choice(bodies)) for _ in range(700)]
    cases: list[Case] = [
        {
            "profile": "api-gateway",
            "template": template,
            "body": body,
            "params": PARAMS,
            "context": CONTEXT,
            "stageVariables": STAGE,
        }
        for template, body in questions
    ]
    wrong = [
        (template, body, mine, result.out, result.error)
        for (template, body), result in zip(questions, reference.render_all(cases), strict=True)
        if (mine := ours(template, body)) != result.out and not decided_otherwise(result.error)
    ]
    # A fresh seed may find one of a class that nobody knows yet; the fixed ones may not.
    assert len(wrong) <= (1 if seed is None else 0), (chosen, wrong[:3])
