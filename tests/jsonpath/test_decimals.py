from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtlsim.jsonpath.decimals import WrittenNumber, compare, is_number, parse_number, to_decimal, to_text
from vtlsim.values.numbers import Float

NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-20, 20))


@pytest.mark.parametrize(
    "written, text",
    [
        ("1", "1"),
        ("-0", "0"),
        ("007", "7"),
        ("10.0", "10.0"),
        ("10.00", "10.00"),
        (".5", "0.5"),
        ("1.", "1"),
        ("1E3", "1E+3"),
        ("1e-7", "1E-7"),
        ("-0.0", "0.0"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
        ("1e400", "1E+400"),
        ("٣", "3"),
    ],
)
def test_numbers_as_big_decimal_reads_and_prints_them(written, text):
    assert to_text(parse_number(written)) == text


@pytest.mark.parametrize(
    "written", ["", "-", ".", "e1", "1e", "1-2", "--1", "1e99999999999", "NaN", "1_0", " 1", "0x1"]
)
def test_what_is_no_number(written):
    with pytest.raises(ValueError):
        parse_number(written)


@pytest.mark.parametrize(
    "value, text",
    [
        (10, "10"),
        (10.0, "10.0"),
        (1e10, "1.0E+10"),
        (1e-5, "0.000010"),
        (-0.0, "0.0"),
        (Float(0.1), "0.1"),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_values_by_way_of_their_text(value, text):
    assert to_text(value) == text


@given(NUMBERS, NUMBERS)
def test_comparing_is_comparing_decimals(one, other):
    wanted = Decimal(repr(one)).compare(Decimal(repr(other)))
    assert compare(one, other) == wanted
    assert compare(other, one) == -wanted


@given(st.decimals(-(10**6), 10**6, places=3), NUMBERS)
def test_comparing_with_a_written_number(written, value):
    number = parse_number(str(written))
    assert compare(number, value) == written.compare(Decimal(repr(value)))


def test_a_double_is_its_shortest_decimal():
    assert compare(0.1, parse_number("0.1")) == 0
    assert compare(0.1, parse_number("0.1000000000000000055511151231257827")) < 0
    assert compare(1e23, 10**23) == 0
    assert isinstance(parse_number("0.1"), WrittenNumber)
    assert to_decimal(0.1) == Decimal("0.1")


@pytest.mark.parametrize(
    "value, yes", [(1, True), (1.5, True), (Decimal(1), True), (True, False), ("1", False), (None, False)]
)
def test_what_is_a_number(value, yes):
    assert is_number(value) is yes
