"""Why a reference prints nothing."""

from __future__ import annotations

import pytest

from vtlsim.explain.why import NotAReferenceError, evaluate, why
from vtlsim.surfaces.repl.situation import Situation

BODY = '{"items": [{"sku": "a", "price": null}], "empty": ""}'


@pytest.fixture(scope="module")
def scope():
    situation = Situation()
    situation.set("body", BODY)
    variables = situation.variables()
    variables["x"] = evaluate("$input.path('$.items[0]')", variables)
    return variables


STORIES = [
    ("$x.sku", ["$x.sku is a (java.lang.String)"]),
    ("x.sku", ["$x.sku is a (java.lang.String)"]),
    ("$x.price", ["$x.price is there, and is null"]),
    ("$x.prize", ["$x has no prize: it is {sku=a, price=null} (java.util.LinkedHashMap)", "  did you mean $x.price?",
                  "  there are sku, price"]),
    ("$!{x.prize}", ["did you mean $x.price?"]),
    ("$y", ["there is no variable $y", "  did you mean $x?"]),
    ("$x.sku.length()", ["$x.sku.length() is 1 (java.lang.Integer)"]),
    ("$x.sku.lenght()", ["$x.sku has no method lenght with 0 arguments", "  did you mean $x.sku.length?"]),
    ("$x.sku.substring(9)", ["$x.sku.substring(9) throws: "]),
    ("$x.get('no').b", ["$x.get(…) gives null"]),
    ("$input.path('$.itms')", ["$.itms finds nothing: $ has no ['itms']", "  did you mean items?"]),
    ("$input.path('$.items')[5].sku", ["$input.path('$.items')[5] throws: java.lang.IndexOutOfBoundsException"]),
    ("$x['prize']", ["$x has nothing at that index: it is a java.util.LinkedHashMap"]),
    ("$context.requestid", ["$context has no requestid", "  did you mean $context.requestId?"]),
    ("$context.identity", ["$context.identity is a java.util.HashMap, which prints as nothing"]),
    ("$input.path('$.empty')", ["is an empty string"]),
    ("$util.toJson($x)", ["$util has no method toJson with 1 argument"]),
]  # fmt: skip


@pytest.mark.parametrize("text, said", STORIES)
def test_stories(scope, text, said):
    story = "\n".join(why(text, scope))
    for part in said:
        assert part in story


@pytest.mark.parametrize("text", ["$x $x", "text", "$", "#set($x = 1)", "$x.foo(", "$!"])
def test_what_is_no_reference(scope, text):
    if text == "text":
        assert why(text, scope) == why("$text", scope)
    else:
        with pytest.raises(NotAReferenceError):
            why(text, scope)


def test_asking_leaves_the_variables_alone(scope):
    before = set(scope)
    why("$x.sku", scope)
    assert set(scope) == before
