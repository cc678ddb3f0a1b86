"""The generator reaches every node in every place, and most of what it writes renders."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import pytest

from reference.generator import VARIABLES, Generator, census
from reference.shrinking import shrink
from reference.soup import soup
from vtlsim.velocity.dialect import APACHE
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.parser import parse
from vtlsim.velocity.source import Source

if TYPE_CHECKING:
    from reference import Case, Reference

STATEMENTS = (
    *("Text", "Reference", "SetDirective", "IfDirective", "ForeachDirective", "DefineDirective", "BreakDirective"),
    *("StopDirective", "EvaluateDirective", "ResourceDirective", "FailingDirective", "LiteralDirective"),
    *("MacroDefinition", "MacroCall"),
)
PARAMETERS = (
    *("Reference", "StringLiteral", "Interpolation", "IntegerLiteral", "FloatLiteral", "BooleanLiteral"),
    *("ListLiteral", "MapLiteral", "RangeLiteral"),
)
EXPRESSIONS = (*PARAMETERS, "Group", "Not", "Binary")
PLACES = {
    **dict.fromkeys(("template", "Branch.body", "IfDirective.otherwise", "ForeachDirective.body"), STATEMENTS),
    **dict.fromkeys(
        ("DefineDirective.body", "MacroDefinition.body", "MacroCall.body", "Interpolation.body"), STATEMENTS
    ),
    **dict.fromkeys(("SetDirective.value", "Branch.condition", "Binary.left", "Binary.right"), EXPRESSIONS),
    **dict.fromkeys(("ListLiteral.items", "MapLiteral.entries", "Call.arguments"), PARAMETERS),
    **dict.fromkeys(("ForeachDirective.iterable", "MacroCall.arguments"), PARAMETERS),
    "Group.inner": EXPRESSIONS,
    "Not.operand": (*PARAMETERS, "Group", "Not"),
    "Index.argument": ("Reference", "StringLiteral", "Interpolation", "IntegerLiteral", "BooleanLiteral"),
    "RangeLiteral.first": ("Reference", "IntegerLiteral"),
    "RangeLiteral.last": ("Reference", "IntegerLiteral"),
    "Reference.steps": ("Property", "Call", "Index"),
    "SetDirective.target": ("Reference",),
    "EvaluateDirective.arguments": ("Reference", "StringLiteral", "Interpolation"),
}
"""Where each kind of node may stand: what a long enough run must have counted."""


def test_every_node_stands_in_every_place() -> None:
    counted: Counter[tuple[str, str]] = Counter()
    wanted = {(place, kind) for place, kinds in PLACES.items() for kind in kinds}
    for text in islice(Generator("census"), 40_000):
        try:
            counted += census(parse(Source(text), APACHE))
        except TemplateSyntaxError:
            continue
        if wanted <= counted.keys():
            break
    assert not sorted(wanted - counted.keys())


def test_a_seed_is_a_sequence() -> None:
    assert list(islice(Generator("a"), 50)) == list(islice(Generator("a"), 50))
    assert list(islice(Generator("a"), 50)) != list(islice(Generator("b"), 50))
    assert list(islice(soup(1), 50)) == list(islice(soup(1), 50))


def test_odd_characters_stand_next_to_everything() -> None:
    together = "".join(islice(Generator("odd"), 10_000))
    for odd in "$#\\'\"{}":
        followers = {after for before, after in pairwise(together) if before == odd}
        assert followers >= set("$#\\'\"{}()[].! \n\ta1"), odd


@pytest.mark.reference
@pytest.mark.parametrize("profile", ["apache", "api-gateway"])
def test_most_templates_render(reference: Reference, profile: str) -> None:
    texts = islice(Generator(profile), 1_000)
    cases: list[Case] = [{"profile": profile, "template": text, "vars": VARIABLES} for text in texts]
    rendered = sum(result.out is not None for result in reference.render_all(cases))
    assert rendered > 600


def test_shrinking_keeps_what_fails_and_little_else() -> None:
    assert shrink("a lot of text with $x in it and }", lambda text: "$" in text and "}" in text) == "$}"
    assert shrink("abc", lambda text: True) == ""
