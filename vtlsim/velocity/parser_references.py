"""What a reference's first token says: its name, its backslashes, what it prints without a value.

What may live here: text to the fields of a Reference. Velocity takes them all from the first token's image, and leaves
a shortened image behind, which literals, ``#set`` and ``#define`` then see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.velocity.nodes import Property, Reference
from vtlsim.velocity.parser_tokens import new
from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from vtlsim.velocity.nodes import Step
    from vtlsim.velocity.parser_tokens import Tokens
    from vtlsim.velocity.tokens import Token


def properties(image: str, start: int) -> tuple[Step, ...]:
    """The steps of ``.name.name``, which begins at an offset into the template."""
    steps: list[Step] = []
    for name in image[1:].split("."):
        end = start + 1 + len(name)
        steps.append(new(Property, (new(Span, (start, end)), name)))
        start = end
    return tuple(steps)


def plain_reference(span: Span, name: str, steps: tuple[Step, ...], quiet: bool, literal: str) -> Reference:
    """A reference with nothing odd about it."""
    shown = "" if quiet else literal
    return new(Reference, (span, name, steps, quiet, False, "", "", shown, True, False, literal))


def reference(tokens: Tokens, first: Token, last: Token, steps: tuple[Step, ...]) -> Reference:
    """The reference that runs from one token to another."""
    image = first.image
    span = tokens.span(first.start, last.end)
    if image[0] == "$" and image.rfind("$") == 0 and "\\" not in image:
        literal = tokens.literal(first, last)
        if image[1] == "!":
            name = _following(first) if image[2] == "{" else image[2:]
            return plain_reference(span, name, steps, True, literal)
        name = _following(first) if image[1] == "{" else image[1:]
        return plain_reference(span, name, steps, False, literal)
    return _odd(tokens, first, last, steps)


def _odd(tokens: Tokens, first: Token, last: Token, steps: tuple[Step, ...]) -> Reference:
    """A reference with backslashes, with other text before its last dollar sign, or without any dollar sign."""
    span = tokens.span(first.start, last.end)
    image = first.image
    if "\\!" in image:
        shown = _without_one_backslash(image)
        literal = tokens.literal(first, last)
        return Reference(span, shown, steps, False, False, "", "", shown, False, False, literal)

    unescaped = image.lstrip("\\")
    slashes = len(image) - len(unescaped)
    dollar = max(unescaped.rfind("$"), 0)
    more_prefix, image = unescaped[:dollar], unescaped[dollar:]
    if image != first.image:
        first.image = image
        tokens.lexer.irregular = max(tokens.lexer.irregular, first.start)

    literal = null_string = tokens.literal(first, last)
    escaped = slashes % 2 == 1
    quiet, runt = image.startswith("$!"), not image.startswith("$")
    if quiet:
        name = _following(first) if image.startswith("$!{") else image[2:]
        if not escaped:
            null_string = ""
    elif image == "${":
        name = _following(first)
    else:
        name = image[0 if runt else 1 :]
    return Reference(
        span,
        name,
        steps,
        quiet,
        escaped,
        "\\" * (slashes // 2),
        more_prefix,
        null_string,
        computable=True,
        runt=runt,
        literal=literal,
    )


def _following(first: Token) -> str:
    """The name in ``${name}``: the token after the bracket."""
    assert first.next is not None
    return first.next.image


def _without_one_backslash(image: str) -> str:
    r"""``$\!x`` as it prints: one of the backslashes after the first dollar sign fewer."""
    start = image.find("\\", image.index("$"))
    return image[:start] + image[start + 1 :]
