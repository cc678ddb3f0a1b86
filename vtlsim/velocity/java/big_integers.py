"""java.math.BigInteger: its methods as of JDK 17.

What may live here: functions of ints that are BigIntegers, and the table of them. A result of more digits than
:data:`vtlsim.values.numbers.DIGITS` is Java's own exception for an overflow, and is refused before it is computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import text as texts
from vtlsim.values.collections import JavaArray
from vtlsim.values.numbers import (
    DIGITS,
    INTEGER_MAX,
    INTEGER_MIN,
    LONG_MAX,
    LONG_MIN,
    Float,
    big_integer,
    integer,
    integer_text,
    long,
    overflow,
)
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java.integers import byte, digits, short
from vtlsim.velocity.java.problems import (
    arithmetic,
    class_cast,
    null_pointer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.java.introspection import Table

_BITS: Final = DIGITS * 10 // 3
_SLOW_BITS: Final = 200_000
"""Bits of a number up to which Python finds common divisors and inverses in a moment."""
_WORK: Final = 20_000
"""Bits of a number up to which it is shown in a radix for which Python has no fast way."""


def given(value: Any) -> Any:
    """An argument that may not be null."""
    if value is None:
        raise null_pointer()
    return value


def bounded(bits: int) -> None:
    """Refuse a result of so many bits before it is computed."""
    if bits > _BITS:
        raise overflow()


def _pow(value: int, exponent: int) -> int:
    if exponent < 0:
        raise arithmetic("Negative exponent")
    if abs(value) > 1:
        bounded(value.bit_length() * exponent - exponent + 1)
    return big_integer(int(value) ** exponent)


def _multiply(value: int, other: int | None) -> int:
    bounded(value.bit_length() + given(other).bit_length() - 1)
    return big_integer(int(value) * int(given(other)))


def _shift_left(value: int, distance: int) -> int:
    if distance <= 0 or value == 0:
        return big_integer(int(value) >> -distance)
    bounded(value.bit_length() + distance)
    return big_integer(int(value) << distance)


def _shift_right(value: int, distance: int) -> int:
    return _shift_left(value, -distance)


def _quotient(value: int, other: int | None) -> tuple[int, int]:
    divisor = int(given(other))
    if divisor == 0:
        raise arithmetic("BigInteger divide by zero")
    quotient, rest = divmod(abs(value), abs(divisor))
    return (-quotient if (value < 0) != (divisor < 0) else quotient), (-rest if value < 0 else rest)


def _mod(value: int, modulus: int | None) -> int:
    if given(modulus) <= 0:
        raise arithmetic("BigInteger: modulus not positive")
    return big_integer(int(value) % int(given(modulus)))


def _mod_pow(value: int, exponent: int | None, modulus: int | None) -> int:
    if given(modulus) <= 0:
        raise arithmetic("BigInteger: modulus not positive")
    power, base = int(given(exponent)), int(given(modulus))
    if power.bit_length() * base.bit_length() ** 2 > 1 << 36:
        raise overflow()
    try:
        return big_integer(pow(int(value), power, base))
    except ValueError:
        raise arithmetic("BigInteger not invertible.") from None


def _mod_inverse(value: int, modulus: int | None) -> int:
    if given(modulus) <= 0:
        raise arithmetic("BigInteger: modulus not positive")
    if modulus == 1:
        return big_integer(0)
    if max(value.bit_length(), given(modulus).bit_length()) > _SLOW_BITS:
        raise overflow()
    try:
        return big_integer(pow(int(value), -1, int(given(modulus))))
    except ValueError:
        raise arithmetic("BigInteger not invertible.") from None


def _sqrt(value: int) -> int:
    from math import isqrt

    if value < 0:
        raise arithmetic("Negative BigInteger")
    return big_integer(isqrt(value))


def _gcd(value: int, other: int | None) -> int:
    from math import gcd

    if max(value.bit_length(), given(other).bit_length()) > _SLOW_BITS:
        raise overflow()
    return big_integer(gcd(value, given(other)))


def _bit(number: int) -> int:
    if number < 0:
        raise arithmetic("Negative bit address")
    bounded(number)
    return 1 << number


def _test_bit(value: int, number: int) -> bool:
    if number < 0:
        raise arithmetic("Negative bit address")
    return bool(int(value) >> number & 1)


def _bit_length(value: int) -> int:
    """``bitLength()``: of a negative number that of the number below its size"""
    return (value if value >= 0 else ~value).bit_length()


def _exact(value: int, low: int, high: int, name: str, make: Callable[[int], int]) -> int:
    if not low <= value <= high:
        raise arithmetic(f"BigInteger out of {name} range")
    return make(int(value))


def _to_bytes(value: int) -> JavaArray:
    size = _bit_length(value) // 8 + 1
    return JavaArray([byte(number) for number in int(value).to_bytes(size, "big", signed=True)], "byte")


def _compare_integers(value: int, other: object) -> int:
    if other is None:
        raise null_pointer()
    name = texts.class_name(other)
    if name != "java.math.BigInteger":
        raise class_cast(name, "java.math.BigInteger")
    return (value > other) - (value < other)  # type: ignore[operator]


def _in_radix(value: int, radix: int) -> str:
    if radix == 10 or not 2 <= radix <= 36:
        return integer_text(value)
    if radix in {2, 8, 16}:
        return format(int(value), {2: "b", 8: "o", 16: "x"}[radix])
    if value.bit_length() > _WORK:
        raise overflow()
    return digits(value, radix)


_SMALL_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)


def _is_prime(value: int, certainty: int = 1) -> bool:
    """``isProbablePrime(certainty)``: a certainty of nothing is always met"""
    if certainty <= 0:
        return True
    size = abs(int(value))
    if size < 2:
        return False
    for prime in _SMALL_PRIMES:
        if size % prime == 0:
            return size == prime
    if size.bit_length() > 2_048:
        raise overflow()
    odd, twos = size - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_witness(base, odd, twos, size) for base in _SMALL_PRIMES)


def _witness(base: int, odd: int, twos: int, size: int) -> bool:
    power = pow(base, odd, size)
    if power in {1, size - 1}:
        return True
    for _ in range(twos - 1):
        power = power * power % size
        if power == size - 1:
            return True
    return False


def _next_prime(value: int) -> int:
    if value < 0:
        raise arithmetic(f"start < 0: {integer_text(value)}")
    if value.bit_length() > 512:
        raise overflow()
    candidate = int(value) + 1
    while not _is_prime(candidate):
        candidate += 1
    return big_integer(candidate)


def _no_random(length: int, _random: object) -> int:
    """``probablePrime(bitLength, Random)``: no template can get a Random, null alone"""
    if length < 2:
        raise arithmetic("bitLength < 2")
    raise null_pointer()


def _square_root_and_rest(value: int) -> JavaArray:
    root = int(_sqrt(value))
    return JavaArray([big_integer(root), big_integer(int(value) - root * root)], "java.math.BigInteger")


def _float_of(value: int) -> Float:
    return Float(_double_of(value) if abs(value) >= 1 << 1024 else int(value))


def _double_of(value: int) -> float:
    try:
        return float(int(value))
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


BIG_INTEGER: Final[Table] = {
    "add(BigInteger)": lambda value, other: big_integer(int(value) + int(given(other))),
    "bitCount()": lambda value: (value if value >= 0 else ~value).bit_count(),
    "equals(Object)": java_equals,
    "toString()": integer_text,
    "toString(int)": _in_radix,
    "hashCode()": java_hash,
    "abs()": lambda value: big_integer(abs(int(value))),
    "sqrt()": _sqrt,
    "pow(int)": _pow,
    "min(BigInteger)": lambda value, other: big_integer(min(int(value), int(given(other)))),
    "max(BigInteger)": lambda value, other: big_integer(max(int(value), int(given(other)))),
    "signum()": lambda value: (value > 0) - (value < 0),
    "compareTo(Object)": _compare_integers,
    "compareTo(BigInteger)": _compare_integers,
    "intValue()": integer,
    "longValue()": long,
    "floatValue()": _float_of,
    "doubleValue()": _double_of,
    "static valueOf(long)": big_integer,
    "toByteArray()": _to_bytes,
    "mod(BigInteger)": _mod,
    "setBit(int)": lambda value, number: value if _test_bit(value, number) else big_integer(int(value) | _bit(number)),
    "shiftLeft(int)": _shift_left,
    "multiply(BigInteger)": _multiply,
    "or(BigInteger)": lambda value, other: big_integer(int(value) | int(given(other))),
    "negate()": lambda value: big_integer(-int(value)),
    "subtract(BigInteger)": lambda value, other: big_integer(int(value) - int(given(other))),
    "divide(BigInteger)": lambda value, other: big_integer(_quotient(value, other)[0]),
    "divideAndRemainder(BigInteger)": lambda value, other: JavaArray(
        map(big_integer, _quotient(value, other)), "java.math.BigInteger"
    ),
    "longValueExact()": lambda value: _exact(value, LONG_MIN, LONG_MAX, "long", long),
    "bitLength()": _bit_length,
    "testBit(int)": _test_bit,
    "remainder(BigInteger)": lambda value, other: big_integer(_quotient(value, other)[1]),
    "intValueExact()": lambda value: _exact(value, INTEGER_MIN, INTEGER_MAX, "int", integer),
    "shortValueExact()": lambda value: _exact(value, -0x8000, 0x7FFF, "short", short),
    "byteValueExact()": lambda value: _exact(value, -128, 127, "byte", byte),
    "shiftRight(int)": _shift_right,
    "getLowestSetBit()": lambda value: (int(value) & -int(value)).bit_length() - 1,
    "modPow(BigInteger,BigInteger)": _mod_pow,
    "modInverse(BigInteger)": _mod_inverse,
    "static probablePrime(int,Random)": _no_random,
    "nextProbablePrime()": _next_prime,
    "sqrtAndRemainder()": _square_root_and_rest,
    "gcd(BigInteger)": _gcd,
    "and(BigInteger)": lambda value, other: big_integer(int(value) & int(given(other))),
    "xor(BigInteger)": lambda value, other: big_integer(int(value) ^ int(given(other))),
    "not()": lambda value: big_integer(~int(value)),
    "andNot(BigInteger)": lambda value, other: big_integer(int(value) & ~int(given(other))),
    "clearBit(int)": lambda value, number: (
        big_integer(int(value) ^ _bit(number)) if _test_bit(value, number) else value
    ),
    "flipBit(int)": lambda value, number: big_integer(int(value) ^ _bit(number)),
    "isProbablePrime(int)": _is_prime,
    "byteValue()": byte,
    "shortValue()": short,
}
