"""``%t`` of String.format: a moment in UTC as java.util.GregorianCalendar sees it.

What may live here: the way from milliseconds since 1970 to the fields of a date, and the names that en_US has for them.
Before 15 October 1582 the calendar is the Julian one.
"""

from __future__ import annotations

from typing import Final

from vtlsim.values.records import NamedTuple

_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAY_MILLISECONDS: Final = 86_400_000
_CUTOVER_DAY: Final = -141_427
"""15 October 1582, in days since 1970."""


class _Moment(NamedTuple):
    year: int
    month: int
    day: int
    day_of_year: int
    weekday: int
    hour: int
    minute: int
    second: int
    millisecond: int


def _civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of a day counted from 1970, in the calendar of its time."""
    if day >= _CUTOVER_DAY:
        shifted = day + 719_468
        era, of_era = divmod(shifted, 146_097)
        year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
        of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
        year = year_of_era + era * 400
    else:
        shifted = day + 719_470
        era, of_era = divmod(shifted, 1_461)
        year_of_era = min(of_era // 365, 3)
        of_year = of_era - 365 * year_of_era
        year = year_of_era + era * 4
    place = (5 * of_year + 2) // 153
    month = place + 3 if place < 10 else place - 9
    return year + (month <= 2), month, of_year - (153 * place + 2) // 5 + 1


def _moment(milliseconds: int) -> _Moment:
    day, rest = divmod(milliseconds, _DAY_MILLISECONDS)
    year, month, of_month = _civil(day)
    first, later = day - 366, day
    while first < later:  # the first day of the same year
        middle = (first + later) // 2
        if _civil(middle)[0] == year:
            later = middle
        else:
            first = middle + 1
    seconds, millisecond = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    shown = year if year > 0 else 1 - year  # years before the first are counted from it
    return _Moment(shown, month, of_month, day - first + 1, (day + 4) % 7, hour, minute, second, millisecond)


def date_text(milliseconds: int, conversion: str) -> str:
    """What ``%t`` with this letter prints for a Long."""
    at = _moment(milliseconds)
    match conversion:
        case "Q":
            return str(milliseconds)
        case "s":
            return str(abs(milliseconds) // 1000 * (-1 if milliseconds <= -1000 else 1))
    return _field(at, conversion)


def _field(at: _Moment, conversion: str) -> str:
    twelve = at.hour % 12 or 12
    simple = {
        "H": f"{at.hour:02d}",
        "k": str(at.hour),
        "I": f"{twelve:02d}",
        "l": str(twelve),
        "M": f"{at.minute:02d}",
        "S": f"{at.second:02d}",
        "L": f"{at.millisecond:03d}",
        "N": f"{at.millisecond * 1_000_000:09d}",
        "p": "am" if at.hour < 12 else "pm",
        "z": "+0000",
        "Z": "UTC",
        "A": _DAYS[at.weekday],
        "a": _DAYS[at.weekday][:3],
        "B": _MONTHS[at.month - 1],
        "b": _MONTHS[at.month - 1][:3],
        "h": _MONTHS[at.month - 1][:3],
        "C": f"{at.year // 100:02d}",
        "y": f"{at.year % 100:02d}",
        "Y": f"{at.year:04d}",
        "j": f"{at.day_of_year:03d}",
        "m": f"{at.month:02d}",
        "d": f"{at.day:02d}",
        "e": str(at.day),
    }
    if conversion in simple:
        return simple[conversion]
    composed = {
        "R": ("H", ":", "M"),
        "T": ("H", ":", "M", ":", "S"),
        "r": ("I", ":", "M", ":", "S", " "),
        "D": ("m", "/", "d", "/", "y"),
        "F": ("Y", "-", "m", "-", "d"),
        "c": ("a", " ", "b", " ", "d", " ", "H", ":", "M", ":", "S", " ", "Z", " ", "Y"),
    }
    text = "".join(simple.get(part, part) for part in composed[conversion])
    return text + simple["p"].upper() if conversion == "r" else text
