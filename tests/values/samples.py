"""Values and texts by chance, from a seed: what the live comparison asks about.

The odd ones come often: the ends of each number type, characters that some writer or reader treats by themselves.
"""

from __future__ import annotations

import struct
from decimal import Decimal
from random import Random

from values.oracle import question
from values.words import written
from vtlsim.values.collections import EntrySet, HashMap, JSONArray, KeySet, QuietMap, SubList, ValuesView, key_of
from vtlsim.values.numbers import Byte, Float, Short, big_integer, long
from vtlsim.values.text import Character

INTEGERS = [0, 1, -1, 2, 3, 7, 10, -7, 127, 128, -128, -129, 32767, 32768, -32768, 2**53, 2**53 + 1, 10**18, 10**30]
INTEGERS += [sign * 2**power + more for power in (31, 32, 63, 64) for sign in (1, -1) for more in (-1, 0, 1)]
DOUBLES = [0.0, -0.0, 1.0, -1.5, 0.1, 0.3, 1e-3, 9.99e-4, 1e7, 9999999.0, 12345678.9, 1e21, 1e23, 5e-324, 1e-323]
DOUBLES += [1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 100.0, 1e16, 2.0**53, 2.0**63, 1 / 3]
DECIMALS = [
    "1.0",
    "1.00",
    "0.5",
    "2.50",
    "1E+5",
    "1E-10",
    "0.000001",
    "1E-7",
    "0E+3",
    "0.000",
    "-1.5",
    "123456789012345678.9",
    "3",
    "7",
    "100",
    "1E+2",
]
CHARACTERS = [*"ab /\"'\\\n\r\t\b\f{}[],:=\x00\x1f\x7f\x80\x9f\xa0é\u1fff\u2000\u2028\u20ac\u20ff\u2100\uffff😀"]
CHARACTERS += ["\ud800", "\udc00"]

ATOMS = [*"{}[]:,\"'\\ \n\t\r\x0b\x00\x1a\x1f\x7f~\x80é\u2028😀abntfN019-+.eE=(", "\ud83d", "\ude00"]
ATOMS += [
    "null",
    "true",
    "false",
    "NaN",
    "Infinity",
    "-Infinity",
    "00",
    "123",
    "12345678901234567890",
    "9223372036854775807",
    "9223372036854775808",
]
ATOMS += [
    "-9223372036854775808",
    "-9223372036854775809",
    "2147483647",
    "2147483648",
    "-2147483648",
    "000000000000000000001",
]
ATOMS += [
    "0.1",
    "1.5e10",
    "1e400",
    "1e-400",
    "1.2345678901234567",
    "1.23456789012345678",
    "1234567890.123456789",
    "-0",
    "-0.0",
    "1E5",
    "1e+",
    "1.",
    ".5",
]
ATOMS += [
    r"-.5",
    r"1e5x",
    r"\u",
    r"\ud83d",
    r"\ude00",
    r"\x41",
    r"\u0041",
    r"\n",
    r"\q",
    r"\"",
    r"\'",
    r"\/",
    r"//",
    r"/**/",
]
ATOMS += ['"a"', '"b":', '"a":1', '"\\u0041"', '{"a":', '{"a":1}', "[1,2]", "[1,2", "{a:1,"]
SCALARS = ["1", "-5", "1.5", '"x"', "null", "true", "false", '"\\u00e9\\n"', "12345678901234567890", "1E-7", "-0"]
SCALARS += ["0.12345678901234567890", '"é😀"', "'q'", "bare", "1e5", "[]", "{}", '"\\ud83d\\ude00"', '"\\ud83d"', "NaN"]


class Samples:
    """Values, texts and questions from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def string(self) -> str:
        choose = self.random.choice
        length = choose([0, 1, 1, 2, 3, 5, 10])
        return paired("".join(choose(CHARACTERS if self.random.random() < 0.4 else "abcXYZ012") for _ in range(length)))

    def double(self) -> float:
        kind = self.random.random()
        if kind < 0.4:
            return self.random.choice(DOUBLES)
        if kind < 0.6:
            return struct.unpack(">d", self.random.randbytes(8))[0]
        if kind < 0.8:
            return round(self.random.uniform(-1e4, 1e4), self.random.randint(0, 4))
        return self.random.uniform(-1, 1) * 10.0 ** self.random.randint(-10, 25)

    def decimal(self) -> Decimal:
        exponent = self.random.randint(-20, 10)
        made = f"{self.random.randint(-(10**12), 10**12)}E{exponent}"
        value = Decimal(self.random.choice([made, self.random.choice(DECIMALS)]))
        return value or abs(value)

    def number(self) -> object:
        bound = 10 ** self.random.randint(1, 25)
        integer = self.random.choice([self.random.choice(INTEGERS), self.random.randint(-bound, bound)])
        made = [
            lambda: integer,
            lambda: long(integer),
            lambda: big_integer(integer),
            lambda: Short(self.random.randint(-(2**15), 2**15 - 1)),
            lambda: Byte(self.random.randint(-128, 127)),
            self.double,
            lambda: Float(self.double()),
            self.decimal,
        ]
        return self.random.choices(made, weights=[35, 10, 7, 4, 4, 20, 10, 10])[0]()

    def scalar(self) -> object:
        kind = self.random.random()
        if kind < 0.35:
            return self.string()
        if kind < 0.4:
            return Character(self.random.choice("a/\u2028é\ud800"))
        return self.random.choice([True, False, None]) if kind < 0.5 else self.number()

    def value(self, depth: int = 0) -> object:
        """Any value. One that has no equals of its own (values()) is never a key: Java's order would be chance."""
        kind = self.random.random()
        if depth > 2 or kind < 0.45:
            return self.scalar()
        items = [self.value(depth + 1) for _ in range(self.random.choice([0, 1, 2, 3, 4]))]
        if kind < 0.6:
            return self.random.choice([list, JSONArray])(items)
        if kind < 0.65:
            return SubList(items, 0, len(items))
        mapping = self.random.choice([dict, dict, HashMap, QuietMap])()
        for item in items:
            mapping[key_of(self.string() if self.random.random() < 0.8 else self.scalar())] = item
        if kind < 0.9:
            return mapping
        return self.random.choice([KeySet, ValuesView, EntrySet])({self.string(): item for item in items})

    def json(self) -> str:
        """JSON, or something not unlike it."""
        kind = self.random.random()
        choose = self.random.choice
        if kind < 0.005:
            openings = ["[", '{"a":', "[1,", "[[],", "{b:", "[ ", '["😀",']
            return "".join(choose(openings) for _ in range(choose([398, 399, 400, 401]))) + choose(["1", "", "]", "}"])
        if kind < 0.35:
            return paired("".join(choose(ATOMS) for _ in range(self.random.randint(0, 12))))
        if kind < 0.5:
            return paired(
                choose("[{") + "".join(choose(ATOMS) for _ in range(self.random.randint(0, 10))) + choose(["}", "]"])
            )
        if kind < 0.6:
            return choose(["", "[", '{"a":']) + self.digits() + choose(["", "]", "}", ",", " "])
        text = self._json_value(0)
        for _ in range(choose([0, 0, 1, 1, 2, 3])):
            place = self.random.randint(0, len(text))
            text = text[:place] + choose([*ATOMS, ""]) + text[choose([place, place, place + 1, place + 2]) :]
        return paired(text)

    def digits(self) -> str:
        """What looks like a number."""

        def some(*lengths: int) -> str:
            return "".join(self.random.choice("0123456789") for _ in range(self.random.choice(lengths)))

        text = self.random.choice(["", "-"]) + some(0, 1, 2, 5, 17, 18, 19, 20, 25)
        if self.random.random() < 0.6:
            text += "." + some(0, 1, 2, 5, 17, 18, 19, 25)
        if self.random.random() < 0.6:
            text += self.random.choice("eE") + self.random.choice(["", "-", "+"]) + some(0, 1, 2, 3, 5, 9, 10, 11, 15)
        return text

    def _json_value(self, depth: int) -> str:
        if depth > 3 or self.random.random() < 0.4:
            return self.random.choice(SCALARS)

        def blank() -> str:
            return self.random.choice(["", "", "", " ", "\n ", "\t"])

        count = self.random.randint(0, 4)
        if self.random.random() < 0.5:
            return f"[{','.join(blank() + self._json_value(depth + 1) + blank() for _ in range(count))}]"
        names = ['"a"', '"b"', "c", "'d'", '"\\u0061"', '" "', '""']
        members = [
            f"{blank()}{self.random.choice(names)}{blank()}:{blank()}{self._json_value(depth + 1)}"
            for _ in range(count)
        ]
        return "{" + ",".join(members) + "}"

    # -- questions

    def about_one(self) -> str:
        value = self.value()
        names = ["text", "json", "json-web"]
        if value is not None and type(value) is not QuietMap:
            names.append("class")
        asked = question(self.random.choice(["hash", *names]), value)
        return asked if not (asked.startswith("hash") and " V " in asked) else question("text", value)

    def about_two(self) -> str:
        kind = self.random.random()
        one: object
        two: object
        if kind < 0.7:
            one, two = self.number(), self.number()
        elif kind < 0.85:
            one, two = self.scalar(), self.scalar()
        else:
            one = self.value()
            two = self.random.choice([one, self.value()])
        comparing = ["equals", "equal", "less", "less_or_equal", "greater", "greater_or_equal"]
        calculating = [] if one is None or two is None else ["add", "subtract", "multiply", "divide", "modulo"]
        return question(self.random.choice(comparing + calculating), one, two)

    def about_table(self) -> str:
        """The order of a HashMap, however it came to be."""

        def key() -> str:
            kind = self.random.random()
            if kind < 0.7:
                return written(
                    "".join(
                        self.random.choice("abcdefghijklmnopqrstuvwxyzAB_-09é")
                        for _ in range(self.random.randint(0, 8))
                    )
                )
            return written(self.random.randint(-100, 100_000) if kind < 0.9 else self.random.choice([None, True, 1.5]))

        keys = [key() for _ in range(self.random.choice([0, 1, 2, 5, 8, 12, 13, 20, 40, 100, 200]))]
        kind = self.random.choice(
            ["h", "h", "c", "p", str(self.random.choice([0, 1, 2, 3, 9, 16, 17, 31, 33, 64, 100]))]
        )
        words = []
        for place, name in enumerate(keys):
            words += [name, f"I{place}"]
            if kind == "h" and self.random.random() < 0.3:
                words += ["-", self.random.choice(keys[: place + 1])]
        if kind == "p":
            words = [word for _ in range(self.random.choice([0, 1, 3, 10, 13, 30])) for word in (key(), "n")] + [
                "]",
                *words,
            ]
        return " ".join(["text", f"h{kind}" if kind.isdigit() else kind, *words, "]"])

    def about_json(self) -> str:
        return question("parse", self.json())


def paired(text: str) -> str:
    """Surrogates that stand beside one another as one character, which is what every text that arrives has."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
