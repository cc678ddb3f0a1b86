"""java.lang.Double and Float: their methods as of JDK 17.

What may live here: functions of floats of these types and the two tables of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import text as texts
from vtlsim.values.numbers import INTEGER_MAX, INTEGER_MIN, LONG_MAX, LONG_MIN, Float, long
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java import floating
from vtlsim.velocity.java.integers import byte, short
from vtlsim.velocity.java.problems import class_cast, null_pointer
from vtlsim.velocity.java.strings import described

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.java.introspection import Table


def truncated(value: float, low: int, high: int) -> int:
    """A cast to an integer: towards zero, the nearest that there is, NaN to 0."""
    if value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return 0
    if value <= low:
        return low
    return high if value >= high else int(value)


def int_value(value: float) -> int:
    """``intValue()``"""
    return truncated(value, INTEGER_MIN, INTEGER_MAX)


def long_value(value: float) -> int:
    """``longValue()``"""
    return long(truncated(value, LONG_MIN, LONG_MAX))


def compare(one: float, other: float) -> int:
    """``compare``: -0.0 before 0.0, NaN after all"""
    if one < other:
        return -1
    if one > other:
        return 1
    first, second = floating.bits(one), floating.bits(other)
    return (first > second) - (first < second)


def _comparison(kind: str) -> Callable[[float, object], int]:
    def compare_to(value: float, other: object) -> int:
        if other is None:
            raise null_pointer()
        name = texts.class_name(other)
        if name != f"java.lang.{kind}":
            raise class_cast(name, f"java.lang.{kind}")
        return compare(value, other)  # type: ignore[arg-type]

    return compare_to


def _less(one: float, other: float) -> float:
    if one != one or other != other:  # noqa: PLR0124 - NaN is what differs from itself
        return float("nan")
    return one if compare(one, other) <= 0 else other


def _more(one: float, other: float) -> float:
    if one != one or other != other:  # noqa: PLR0124 - NaN is what differs from itself
        return float("nan")
    return one if compare(one, other) >= 0 else other


def _is_infinite(value: float) -> bool:
    return value in (float("inf"), float("-inf"))


def _is_nan(value: float) -> bool:
    return value != value  # noqa: PLR0124 - NaN is what differs from itself


def _is_finite(value: float) -> bool:
    return not _is_infinite(value) and not _is_nan(value)


def _common(kind: str, wrap: Callable[[Any], float]) -> dict[str, Callable[..., Any]]:
    primitive = kind.lower()

    def parsed(text: str | None) -> float:
        return wrap(floating.parse(text))

    return {
        "equals(Object)": java_equals,
        f"static toString({primitive})": texts.text,
        "toString()": texts.text,
        f"static hashCode({primitive})": java_hash,
        "hashCode()": java_hash,
        f"static min({primitive},{primitive})": lambda one, other: wrap(_less(one, other)),
        f"static max({primitive},{primitive})": lambda one, other: wrap(_more(one, other)),
        f"compareTo({kind})": _comparison(kind),
        "compareTo(Object)": _comparison(kind),
        f"static compare({primitive},{primitive})": compare,
        "byteValue()": lambda value: byte(int_value(value)),
        "shortValue()": lambda value: short(int_value(value)),
        "intValue()": int_value,
        "longValue()": long_value,
        "floatValue()": Float,
        "doubleValue()": float,
        "static valueOf(String)": parsed,
        f"static valueOf({primitive})": wrap,
        "resolveConstantDesc(MethodHandles$Lookup)": lambda value, _: value,
        "describeConstable()": described,
        "isNaN()": _is_nan,
        f"static isNaN({primitive})": _is_nan,
        f"static sum({primitive},{primitive})": lambda one, other: wrap(float(one) + float(other)),
        "isInfinite()": _is_infinite,
        f"static isInfinite({primitive})": _is_infinite,
        f"static isFinite({primitive})": _is_finite,
        f"static parse{kind}(String)": parsed,
    }


def _hexadecimal(value: float) -> str:
    return floating.special(value) or floating.hexadecimal(value)


DOUBLE: Final[Table] = {
    **_common("Double", float),
    "static doubleToRawLongBits(double)": lambda value: long(floating.bits(value, raw=True)),
    "static doubleToLongBits(double)": lambda value: long(floating.bits(value)),
    "static longBitsToDouble(long)": floating.from_bits,
    "static toHexString(double)": _hexadecimal,
}

FLOAT: Final[Table] = {
    **_common("Float", Float),
    "static floatToRawIntBits(float)": floating.single_bits,
    "static floatToIntBits(float)": floating.single_bits,
    "static intBitsToFloat(int)": lambda number: Float(floating.single_from_bits(number)),
    "static toHexString(float)": floating.single_hexadecimal,
}
