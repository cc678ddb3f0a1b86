from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtlsim.values.numbers import (
    DIGITS,
    BigInteger,
    Byte,
    Float,
    Long,
    Short,
    big_integer,
    decimal_of,
    decimal_text,
    double_text,
    float_text,
    integer,
    integer_of_digits,
    integer_text,
    is_number,
    long,
    number_text,
    number_type,
    scaled,
    single,
    unscaled,
)
from vtlsim.values.objects import JavaException

# Double.toString's documentation, the constants' documentation, and JDK 19's release notes (JDK-4511638)
DOUBLES = [
    (0.0, "0.0"),
    (-0.0, "-0.0"),
    (1.0, "1.0"),
    (100.0, "100.0"),
    (0.001, "0.001"),
    (0.000999, "9.99E-4"),
    (9999999.0, "9999999.0"),
    (1e7, "1.0E7"),
    (-12345678.9, "-1.23456789E7"),
    (123456789012345680.0, "1.2345678901234568E17"),
    (1e23, "1.0E23"),
    (2e23, "2.0E23"),
    (1.7976931348623157e308, "1.7976931348623157E308"),
    (2.2250738585072014e-308, "2.2250738585072014E-308"),
    (5e-324, "4.9E-324"),
    (1e-323, "9.9E-324"),
    (1.5e-323, "1.5E-323"),
    (float("nan"), "NaN"),
    (float("inf"), "Infinity"),
    (float("-inf"), "-Infinity"),
]
FLOATS = [
    ("0.1", "0.1"),
    ("-0.0", "-0.0"),
    ("3.4028235e38", "3.4028235E38"),
    ("1.17549435e-38", "1.1754944E-38"),
    ("1.4e-45", "1.4E-45"),
    ("1e39", "Infinity"),
    ("-1e39", "-Infinity"),
    ("nan", "NaN"),
    ("0.001", "0.001"),
    ("0.0009", "9.0E-4"),
    ("1e7", "1.0E7"),
    ("16777217", "1.6777216E7"),
    ("3.3554432e7", "3.3554432E7"),
    ("2e10", "2.0E10"),
    ("123456.7", "123456.7"),
]


@pytest.mark.parametrize("value, expected", DOUBLES)
def test_double_text(value, expected):
    assert double_text(value) == expected


@pytest.mark.parametrize("digits, expected", FLOATS)
def test_float_text(digits, expected):
    assert float_text(Float(digits)) == expected


@given(st.floats(allow_nan=False))
def test_the_text_of_a_double_is_the_double(value):
    assert float(double_text(value)) == value


@given(st.floats(width=32, allow_nan=False))
def test_the_text_of_a_float_is_the_float(value):
    assert single(float(float_text(Float(value)))) == value


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_no_shorter_text_is_the_float(value):
    digits = float_text(value).partition("E")[0].replace(".", "").strip("-0")
    if len(digits) > 2:
        assert single(float(f"{value:.{len(digits) - 2}e}")) != value


@pytest.mark.parametrize(
    "digits, expected",
    [
        ("16777217.000000000001", 16777218.0),
        ("16777217", 16777216.0),
        ("16777216.999999999999", 16777216.0),
        ("16777219.000000000001", 16777220.0),
        ("16777218.999999999999", 16777218.0),
        ("-16777217.000000000001", -16777218.0),
    ],
)
def test_a_float_is_rounded_once(digits, expected):
    assert Float(digits) == expected


def test_a_float_from_a_long_is_rounded_once():
    assert Float(2**60 + 2**36 + 1) == float(2**60 + 2**37)  # by way of a double it would be 2**60


@pytest.mark.parametrize(
    "text", ["0", "1.50", "1E+5", "1E-7", "0.000001", "-12.3E+7", "0E-10", "123456789012345678901234567890.5"]
)
def test_decimal_text_is_as_read_and_laid_out(text):
    assert decimal_text(decimal_of(text)) == str(Decimal(text))


def test_zero_has_no_sign_in_java():
    assert decimal_text(decimal_of("-0.00")) == "0.00"


@pytest.mark.parametrize(
    "text, message",
    [
        ("1e+", None),
        ("1e99999999999", "Too many nonzero exponent digits."),
        ("1e2147483648", "Exponent overflow."),
        ("1.5e-2147483648", "Scale out of range."),
        ("-.", "No digits found."),
    ],
)
def test_what_is_no_decimal(text, message):
    with pytest.raises(JavaException) as refused:
        decimal_of(text)
    assert refused.value.java_class == "java.lang.NumberFormatException"
    assert refused.value.message == message


@given(st.integers(), st.integers(-50, 50))
def test_a_decimal_is_its_digits_and_scale(number, scale):
    assert unscaled(scaled(number, scale)) == (number, scale)


@pytest.mark.parametrize(
    "value, expected",
    [
        (1, "Integer"),
        (-(2**31), "Integer"),
        (2**31, "Long"),
        (-(2**63), "Long"),
        (2**63, "BigInteger"),
        (Byte(1), "Byte"),
        (Short(1), "Short"),
        (Long(1), "Long"),
        (BigInteger(1), "BigInteger"),
        (1.0, "Double"),
        (Float(1), "Float"),
        (Decimal(1), "BigDecimal"),
        (True, None),
        ("1", None),
        (None, None),
    ],
    ids=repr,
)
def test_number_type(value, expected):
    assert number_type(value) == expected
    assert is_number(value) is (expected is not None)


def test_made_in_a_type_they_keep_the_low_bits():
    assert [integer(2**31), integer(-(2**31) - 1), integer(2**32 + 5)] == [-(2**31), 2**31 - 1, 5]
    assert [long(2**63), long(2**64 + 5)] == [-(2**63), 5]
    assert [type(long(5)), type(long(2**40)), type(big_integer(5)), type(big_integer(2**70))] == [
        Long,
        int,
        BigInteger,
        int,
    ]


def test_integers_of_any_length_are_read_and_printed():
    digits = "-" + "1234567890" * 1_000
    value = integer_of_digits(digits)
    assert integer_text(value) == digits
    assert number_text(value) == digits
    assert integer_of_digits("+" + digits[1:]) == -value


def test_digits_are_bounded():
    with pytest.raises(JavaException, match="overflow"):
        integer_of_digits("1" * (DIGITS + 1))
    with pytest.raises(JavaException, match="overflow"):
        decimal_of("1." + "1" * DIGITS)
    with pytest.raises(JavaException, match="overflow"):
        big_integer(1 << 1_000_001)
