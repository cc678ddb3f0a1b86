"""Random documents and paths.

What may live here: a generator that is the same in every run for the same seed. Paths are made of a small vocabulary
that the documents share, so most of them find something.
"""

from __future__ import annotations

import json
from random import Random

NAMES = ["a", "b", "c", "x", "id", "first-name", "a b", "naïve", "日本", "length", "0", "a.b", "it's", "$t", "😀"]
PLAIN_NAMES = ["a", "b", "c", "x", "id", "first-name", "naïve", "日本", "length", "0"]
STRINGS = [
    "",
    "a",
    "b",
    "red",
    "Red",
    "10",
    "1.0",
    "1E+1",
    "true",
    "null",
    "$.a",
    "@.x",
    "[1]",
    '{"a":1}',
    "'q'",
    '"',
    "é",
    "😀",
    "x\ny",
    "$5",
]
NUMBERS = [0, 1, 2, 3, 10, -1, 1.0, 2.5, -0.5, 1e3, 1e-5, 1e21, 100, 12345678901, 12345678901234567890, 0.1, 10.0]


class Generator:
    """Makes one document or path after the other."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)

    def _pick(self, names: list[str]) -> str:
        """A name; usually one of the first four, so that paths and documents meet."""
        return self.random.choice(names[:4] if self.random.random() < 0.75 else names)

    # -- documents ---------------------------------------------------------------------------------------------------

    def document(self) -> str:
        """A JSON text with an object or an array at its root."""
        root = self._object(3) if self.random.random() < 0.8 else self._array(3)
        return json.dumps(root, ensure_ascii=self.random.random() < 0.5)

    def _value(self, depth: int) -> object:
        chance = self.random.random()
        if depth > 0 and chance < 0.35:
            return self._object(depth - 1)
        if depth > 0 and chance < 0.65:
            return self._array(depth - 1)
        return self.scalar()

    def scalar(self) -> object:
        return self.random.choice([self.random.choice(STRINGS), self.random.choice(NUMBERS), True, False, None])

    def _object(self, depth: int) -> dict[str, object]:
        return {self._pick(NAMES): self._value(depth) for _ in range(self.random.randrange(7))}

    def _array(self, depth: int) -> list[object]:
        size = self.random.randrange(5)
        if self.random.random() < 0.3:
            return [self.scalar() for _ in range(size)]
        if self.random.random() < 0.6:
            return [self._object(depth) for _ in range(size)]
        return [self._value(depth) for _ in range(size)]

    # -- paths -------------------------------------------------------------------------------------------------------

    def simple(self, *, negative: bool = True) -> str:
        """Names, indexes, slices, wildcards and scans in their usual spellings."""
        return "$" + "".join(self._simple_step(negative=negative) for _ in range(self.random.randint(1, 5)))

    def definite(self) -> str:
        """Names and indexes only."""
        return "$" + "".join(
            self._index() if self.random.random() < 0.35 else self._name() for _ in range(self.random.randint(0, 5))
        )

    def _simple_step(self, *, negative: bool = True) -> str:
        chance = self.random.random()
        if chance < 0.5:
            return self._name()
        if chance < 0.65:
            return self._index()
        if chance < 0.75:
            return self.random.choice(["[*]", ".*"])
        if chance < 0.82:
            return self._slice(negative=negative)
        if chance < 0.88:
            return "[" + ",".join(str(self.random.randrange(5)) for _ in range(self.random.randint(2, 3))) + "]"
        if chance < 0.95:
            return ".." + self.random.choice([self._name().lstrip("."), "*", self._index()])
        return "[" + ",".join(f"'{self._pick(PLAIN_NAMES)}'" for _ in range(2)) + "]"

    def _name(self) -> str:
        if self.random.random() < 0.7:
            return "." + self._pick(PLAIN_NAMES)
        name = self._pick([name for name in NAMES if name != "it's"])
        return f"['{name}']"

    def _index(self) -> str:
        return f"[{self.random.randrange(4)}]"

    def _slice(self, *, negative: bool) -> str:
        low = -3 if negative else 0
        first, last = self.random.randint(low, 4), self.random.randint(low, 4)
        return self.random.choice([f"[{first}:]", f"[:{last}]", f"[{first}:{last}]"])

    # -- the whole grammar of 2.9 ------------------------------------------------------------------------------------

    def rich(self, depth: int = 2) -> str:
        """Filters, functions, odd spellings."""
        steps = [self._rich_step(depth) for _ in range(self.random.randint(1, 4))]
        return self.random.choice(["$"] * 8 + ["", "@"]) + "".join(steps)

    def _rich_step(self, depth: int) -> str:
        chance = self.random.random()
        if chance < 0.3 and depth > 0:
            scan = self.random.choice(["", "", "", ".."])
            return f"{scan}[?({self.condition(depth - 1)})]"
        if chance < 0.4:
            return self.function(depth)
        if chance < 0.5:
            name = json.dumps(self._pick(NAMES), ensure_ascii=self.random.random() < 0.5)
            return self.random.choice([f"[{name}]", f"[ {name} ]", f".[{name}]"])
        if chance < 0.56:
            return self.random.choice(
                [f"[-{self.random.randint(1, 5)}]", "[ 1 ]", "[0 , 1]", "[-1,0]", "..[-1]", "[00]"]
            )
        return self._simple_step()

    def function(self, depth: int) -> str:
        name = self.random.choice(
            [
                "min",
                "max",
                "avg",
                "sum",
                "stddev",
                "length",
                "length",
                "size",
                "keys",
                "concat",
                "append",
                "first",
                "last",
                "index",
                "nope",
            ]
        )
        if self.random.random() < 0.7 or depth <= 0:
            return f".{name}()"
        arguments = [
            self.random.choice(
                ["1", "-1", '"s"', '{"k": 2}', "2.5", "[1]", "x", "$" + self._name(), self.rich(0), self.simple()]
            )
            for _ in range(self.random.randint(1, 2))
        ]
        return f".{name}({', '.join(arguments)})"

    def condition(self, depth: int) -> str:
        chance = self.random.random()
        if depth > 0 and chance < 0.2:
            operator = self.random.choice([" && ", " || ", "&&", " ||"])
            return operator.join(self.condition(depth - 1) for _ in range(2))
        if depth > 0 and chance < 0.3:
            return self.random.choice(["({})", "!({})", "( {} )", "! ({})"]).format(self.condition(depth - 1))
        if chance < 0.45:
            return self.random.choice(["", "!"]) + self._operand_path(depth)
        operator = self.random.choice(
            [
                "==",
                "==",
                "==",
                "!=",
                "<",
                ">",
                "<=",
                ">=",
                "===",
                "!==",
                "=~",
                "in",
                "nin",
                "contains",
                "size",
                "empty",
                "subsetof",
                "anyof",
                "noneof",
                "IN",
                "exists",
                "all",
                "type",
            ]
        )
        spaces = self.random.choice([" ", " ", "  ", ""]) if operator[0] in "=!<>" else " "
        right = self._right(operator, depth)
        return f"{self._operand_path(depth)}{spaces}{operator}{spaces}{right}"

    def _right(self, operator: str, depth: int) -> str:
        if self.random.random() < 0.15:
            return self._operand_path(depth)
        if self.random.random() < 0.1:
            return self.literal()
        if operator == "=~":
            return self.random.choice(
                ["/red/", "/RED/i", "/.*/", "/[a-z]+/", "/\\d+/", "/(a|b)/", "/re\\/d/", "/.*\\.0/"]
            )
        if operator in ("size", "empty", "exists"):
            return self.random.choice(["0", "1", "2", "true", "false"])
        if operator.lower() in ("in", "nin", "subsetof", "anyof", "noneof", "all"):
            return self._list()
        return self.literal()

    def _list(self) -> str:
        quote = self.random.choice("'\"")
        items = []
        for _ in range(self.random.randrange(4)):
            item = self.scalar()
            if isinstance(item, str):
                items.append(quote + item.replace("\\", "").replace(quote, "").replace("\n", "") + quote)
            else:
                items.append(json.dumps(item))
        return "[" + self.random.choice([",", ", "]).join(items) + "]"

    def literal(self) -> str:
        value = self.scalar()
        if isinstance(value, str):
            written = json.dumps(value, ensure_ascii=self.random.random() < 0.5)
            if self.random.random() < 0.5:
                return "'" + written[1:-1].replace("'", "\\'") + "'"
            return written
        if isinstance(value, float) and self.random.random() < 0.3:
            return self.random.choice(
                ["1E1", "1e-2", ".5", "10.00", "1.", "-0.0", "1e400", "0.1000000000000000055511151231257827"]
            )
        return json.dumps(value)

    def _operand_path(self, depth: int) -> str:
        root = self.random.choice("@@@@$")
        chance = self.random.random()
        if chance < 0.1:
            return root
        if chance < 0.7:
            return root + self._name()
        if chance < 0.8:
            return root + self._name() + self.random.choice([".length()", ".size()", ".min()", ".keys()", ".first()"])
        if chance < 0.9 and depth > 0:
            return root + self._rich_step(depth - 1)
        return root + self._simple_step() + self._simple_step()

    def path(self, kind: str) -> str:
        """A path of a kind: definite, simple, rich, filter, broken."""
        if kind == "filter":
            return "$" + self.random.choice([".a", ".*", "", "..*", "[*]"]) + f"[?({self.condition(2)})]"
        if kind == "broken":
            return self.broken(self.random.choice([self.simple, self.rich])())
        return str(getattr(self, kind)())

    # -- faults ------------------------------------------------------------------------------------------------------

    def broken(self, path: str) -> str:
        """The path with a few characters put in, taken out or exchanged."""
        characters = list(path)
        for _ in range(self.random.randint(1, 3)):
            place = self.random.randrange(len(characters) + 1)
            chance = self.random.random()
            if chance < 0.5:
                characters.insert(place, self.random.choice("$@.[]()'\"*?:,-0 1a!&|=<>~/\\ {}\t"))
            elif characters and chance < 0.8:
                del characters[min(place, len(characters) - 1)]
            elif len(characters) > 1:
                other = self.random.randrange(len(characters))
                place = min(place, len(characters) - 1)
                characters[place], characters[other] = characters[other], characters[place]
        return "".join(characters)
