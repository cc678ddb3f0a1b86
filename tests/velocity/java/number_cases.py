"""Texts read as numbers, and BigDecimals reckoned with, by chance.

A case is (how the receiver is made, method, arguments); receivers and arguments are strings, ints, or a BigDecimal as
[number, scale].
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from velocity.java.calls import Answer, comparable, java_answer
from vtlsim.values.numbers import Byte, Float, Long, Short, scaled
from vtlsim.values.objects import JavaException
from vtlsim.values.text import class_name, text
from vtlsim.velocity import methods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reference.harness import Case, Reference, Result

NumberCase = tuple[Any, str, tuple[Any, ...]]

TEXTS = (
    *("1_000", "1e", ".", " ", "", "+.5e-3f", "0x1p3", "0x1.8p1", "0x.8p0", "0x1.p2", "0x1p", "0x1", " 1 ", "\xa01"),
    *("NaN", "-NaN", "+NaN", "+Infinity", "-Infinity", "infinity", "1d", "1fd", "1F", "٣", "1e400", "-1e400", "1e-400"),
    *("0x1p1024", "0x1.fffffffffffff8p1023", "4.9e-324", "2.4703282292062328e-324", "1.7976931348623159e308", "5"),
    *("+5", "-", "+", "--5", "５", "0b1", "1e3", "-0", "0x1F", "-0x1F", "#FF", "-#1", "0", "00", "08", "+010", "0x"),
    *("-0x", "#", "+-5", "2147483648", "-2147483648", "9223372036854775808", "zz", "TRUE", "1.0000001", "16777217"),
    *("0.1f", "1e38f", "3.4028236e38", "\t7\n", "7\x00", "\u20007", "18446744073709551615", "99999999999999999999"),
)
READERS = {
    "Double": ("$d", 1.5, ("parseDouble", "valueOf")),
    "Float": ("$d.floatValue()", Float(1.5), ("parseFloat",)),
    "Integer": ("$i", 3, ("parseInt", "decode", "valueOf", "parseUnsignedInt")),
    "Long": ("$i.longValue()", Long(3), ("parseLong", "decode", "parseUnsignedLong")),
    "Byte": ("$i.byteValue()", Byte(3), ("parseByte", "decode")),
    "Short": ("$i.shortValue()", Short(3), ("valueOf",)),
    "Boolean": ("$t", True, ("parseBoolean",)),
}
_ONE = (
    *("negate", "abs", "stripTrailingZeros", "toPlainString", "toEngineeringString", "toString", "precision", "scale"),
    *("signum", "unscaledValue", "toBigInteger", "toBigIntegerExact", "intValue", "longValue", "ulp", "hashCode"),
    *("intValueExact", "longValueExact", "shortValue", "byteValue", "plus"),
)
_TWO = (
    "add",
    "subtract",
    "multiply",
    "divide",
    "remainder",
    "divideToIntegralValue",
    "compareTo",
    "equals",
    "min",
    "max",
)
_MOVES = ("pow", "movePointLeft", "movePointRight", "scaleByPowerOfTen")


def reading_cases() -> Iterator[NumberCase]:
    """Every reader with every text."""
    for kind, (_, _, names) in READERS.items():
        for name in names:
            yield from ((kind, name, (word,)) for word in TEXTS)


def _decimal(chance: Random) -> list[int]:
    wide = chance.choice((10**6, 10**18))
    number = chance.choice((0, 1, -1, 5, 25, -125, 7, chance.randint(-wide, wide), chance.randint(-99, 99) * 10**5))
    return [number, chance.choice((0, 0, 1, 2, 3, -1, -3, 5, 10, -8))]


def decimal_cases(seed: int, count: int) -> Iterator[NumberCase]:
    """BigDecimals by chance."""
    chance = Random(seed)
    for _ in range(count):
        one, other, kind = _decimal(chance), _decimal(chance), chance.random()
        if kind < 0.25:
            yield one, chance.choice(_ONE), ()
        elif kind < 0.6:
            yield one, chance.choice(_TWO), (other,)
        elif kind < 0.7:
            yield one, "divide", (other, chance.randint(0, 8))
        elif kind < 0.8:
            yield one, "divide", (other, chance.randint(-3, 12), chance.randint(0, 8))
        elif kind < 0.9:
            yield one, "setScale", (chance.randint(-4, 8), chance.randint(0, 8))
        else:
            yield one, chance.choice(_MOVES), (chance.randint(-2, 9),)


def case(question: NumberCase) -> Case:
    """The template that asks Java."""
    on, name, args = question
    values: dict[str, Any] = {"d": 1.5, "i": 3, "t": True, "big": 10**25}
    if isinstance(on, str):
        values["s"] = args[0]
        setup, call = f"#set($on = {READERS[on][0]})", f"$on.{name}($s)"
    else:
        values["n"] = on[0]
        setup = f"#set($any = $big + 0.5)#set($on = $any.valueOf($n, {on[1]}))"
        shown = []
        for arg in args:
            if isinstance(arg, list):
                values["m"] = arg[0]
                setup += f"#set($other = $any.valueOf($m, {arg[1]}))"
            shown.append("$other" if isinstance(arg, list) else str(arg))
        call = f"$on.{name}({', '.join(shown)})"
    return {"template": f"{setup}#set($answer = {call})$answer§§$!answer.class.name§§", "vars": values}


def java_words(result: Result) -> list[str | None]:
    """What Java printed, its class, its exception."""
    answer = comparable(java_answer(result))
    return [answer.text, answer.kind, answer.error]


def our_words(question: NumberCase) -> list[str | None]:
    """What we say."""
    on, name, args = question
    receiver = READERS[on][1] if isinstance(on, str) else scaled(*on)
    try:
        found = methods.call(receiver, name, [scaled(*arg) if isinstance(arg, list) else arg for arg in args])
    except JavaException as problem:
        return [None, None, comparable(Answer(error=str(problem))).error]
    if found is None:
        return [None, None, None]
    answer = comparable(Answer(text(found), class_name(found)))
    return [answer.text, answer.kind, None]


def rows(reference: Reference) -> Iterator[list[Any]]:
    """[receiver, method, arguments, text, class, error]"""
    questions = [*reading_cases(), *decimal_cases(1, 1_200)]
    for question, result in zip(questions, reference.render_all(map(case, questions)), strict=True):
        yield [*question, *java_words(result)]
