from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values.words import written
from vtlsim.values.arithmetic import add, divide, modulo, multiply, subtract
from vtlsim.values.numbers import BigInteger, Byte, Float, Long, Short
from vtlsim.values.objects import JavaException

MAX, MIN = 2**63 - 1, -(2**63)

# Velocity 1.7's MathUtils; fixtures/values/two_values.json has Java's own answers
RESULTS = [
    (add, 1, 2, 3),
    (add, 2**31 - 1, 1, 2**31),
    (add, Long(1), 2, Long(3)),
    (add, 2**40, -(2**40), Long(0)),
    (add, MAX, 1, 2**63),
    (add, BigInteger(1), 1, BigInteger(2)),
    (add, 2**63, -1, BigInteger(MAX)),
    (add, 1, 0.5, 1.5),
    (add, 0.1, 0.2, 0.30000000000000004),
    (add, Float(0.5), 1, Float(1.5)),
    (add, Float(0.5), 0.25, 0.75),
    (add, Byte(100), Byte(100), Short(200)),
    (add, Byte(1), Short(1), Short(2)),
    (add, Decimal("1.10"), 1, Decimal("2.10")),
    (add, 2**63, 0.5, Decimal("9223372036854775808.5")),
    (add, "a", 1, "a1"),
    (add, [1], "x", "[1]x"),
    (add, None, 1, None),
    (add, True, 1, None),
    (subtract, 3, 5, -2),
    (subtract, MIN, 1, MIN - 1),
    (subtract, "a", 1, None),
    (multiply, 2**31 - 1, 2, 2**32 - 2),
    (multiply, MAX, 2, 2**64 - 2),
    (multiply, MIN, -1, MIN),
    (multiply, -1, MIN, 2**63),
    (multiply, 1e308, 10, float("inf")),
    (multiply, Decimal("0E+3"), Decimal("-1.5"), Decimal("0E+2")),
    (divide, 7, 2, 3),
    (divide, -7, 2, -3),
    (divide, 7, 2.0, 3.5),
    (divide, MIN, -1, MIN),
    (divide, 1, 0, None),
    (divide, 1.0, 0.0, None),
    (divide, 1, Decimal("0.00"), None),
    (divide, Decimal("1.00"), 3, Decimal("0.33")),
    (divide, Decimal("0.5"), 4, Decimal("0.1")),
    (divide, Decimal(-2), Decimal("1E+1"), Decimal(0)),
    (divide, -(2**64), 3, BigInteger(-6148914691236517205)),
    (modulo, 7, 3, 1),
    (modulo, -7, 3, -1),
    (modulo, 7, -3, 1),
    (modulo, 7.5, 2, 1.5),
    (modulo, -7.5, float("inf"), -7.5),
    (modulo, -(2**64), 3, BigInteger(2)),
    (modulo, 5, 0, None),
    (modulo, "a", 2, None),
]


@pytest.mark.parametrize("operation, left, right, expected", RESULTS)
def test_result(operation, left, right, expected):
    assert written(operation(left, right)) == written(expected)


@pytest.mark.parametrize(
    "operation, left, right, thrown",
    [
        (modulo, 2**64, -3, "java.lang.ArithmeticException: BigInteger: modulus not positive"),
        (modulo, Decimal(1), 1, "java.lang.ArithmeticException: Cannot calculate the modulo of BigDecimals."),
        (add, 2**64, float("nan"), "java.lang.NumberFormatException: Infinite or NaN"),
        (add, Decimal("1E+1000000000"), 1, "java.lang.ArithmeticException: BigInteger would overflow supported range"),
        (
            divide,
            Decimal(1),
            Decimal("1E-1000000000"),
            "java.lang.ArithmeticException: BigInteger would overflow supported range",
        ),
    ],
)
def test_thrown(operation, left, right, thrown):
    with pytest.raises(JavaException) as caught:
        operation(left, right)
    assert str(caught.value) == thrown


def test_infinite_remainders_are_no_number():
    assert written(modulo(float("inf"), 2)) == written(float("nan"))
    assert written(modulo(1.0, float("nan"))) == written(float("nan"))


@given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40).filter(bool))
def test_quotient_and_remainder_belong_together(left, right):
    assert divide(left, right) * right + modulo(left, right) == left


def test_a_number_that_is_squared_again_and_again_ends_the_render_soon():
    def square(value):
        for _ in range(1_000):
            value = multiply(value, value)

    for value in (2**63, Decimal("1.1")):
        with pytest.raises(JavaException, match="BigInteger would overflow supported range"):
            square(value)
