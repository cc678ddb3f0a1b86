"""Random templates over the whole grammar, with odd text and odd white space in every place.

What may live here: writing templates from a seed, the variables that they see, and counting what stood where. Nothing
here renders.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from vtlsim.velocity import nodes as n

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLES: Final[dict[str, Any]] = {
    "s": "text",
    "e": "",
    "q": "a\"b'c\\d/e",
    "w": "žluť 日本 \U0001f600",
    "i": 7,
    "z": 0,
    "m": -3,
    "l": 3_000_000_000,
    "g": 12345678901234567890123,
    "d": 2.5,
    "t": True,
    "f": False,
    "nil": None,
    "list": [1, "two", 3.5, None, [4, 5], {"k": "v"}, True],
    "none": [],
    "map": {"a": 1, "b": "x", "c": {"d": [1, 2], "e": None}, "n-1": "dash", "size": 3},
    "empty": {},
    "rows": [{"id": 1, "tags": ["p", "q"]}, {"id": 2, "tags": []}, {"id": None, "name": "r"}],
}
"""What every generated template sees; ``undefined`` and ``nope`` it does not."""

_NAMES: Final = (*VARIABLES, "undefined", "nope", "x", "y", "item", "foreach", "velocityCount", "block")
_PROPERTIES: Final = (
    *("a", "b", "c", "d", "k", "id", "tags", "name", "n-1", "size", "length", "class", "empty", "missing"),
    *("index", "count", "hasNext", "parent", "first", "true", "keys", "_x"),
)
_METHODS: Final = (
    *("length()", "size()", "isEmpty()", "toUpperCase()", "trim()", "toString()", "keySet()", "values()", "intValue()"),
    *("entrySet()", "missing()", "hasNext()", "doubleValue()", "substring({i})", "substring(0, {i})", "charAt({i})"),
    *("indexOf({p})", "get({p})", "get({i})", "contains({p})", "equals({p})", "startsWith({s})", "concat({s})"),
    *("replace({s}, {s})", "split({s})", "put({s}, {p})", "add({p})", "containsKey({p})", "compareTo({p})"),
    *("subList(0, {i})", "remove({i})", "matches({s})", "missing({p})", "foo({p}, {p})", "replaceAll({s}, {s})"),
    *("getOrDefault({s}, {p})", "lastIndexOf({s})", "toLowerCase()", "endsWith({s})", "a({p}).b({p})", "set({i}, {p})"),
)
_TEXTS: Final = (
    *(
        "text",
        " ",
        "\n",
        "\r\n",
        "\t",
        "  \n",
        "a b",
        '"k": ',
        '{"a": ',
        "}",
        "[",
        "]",
        ", ",
        "(x)",
        ".",
        ":",
        "<b>",
        "'",
    ),
    *(
        "1",
        "2.5",
        "-",
        "true",
        "é",
        "日",
        "\U0001f600",
        "\\n",
        "!",
        "*",
        "@",
        "50%",
        "/",
        "\r",
        "x=1;",
        "a.b",
        "{}",
        '""',
    ),
)
_ODD: Final = (
    *(
        "$",
        "#",
        "\\",
        '"',
        "'",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "$$",
        "##",
        "\\\\",
        "$!",
        "${",
        "$!{",
        "$.",
        "$[",
        "$\\!x",
    ),
    *(
        "#5",
        "# ",
        "#-",
        "#*",
        "*#",
        "#[[",
        "]]#",
        "#**",
        "#{",
        "\\#",
        "\\$",
        "\\\\\\#if",
        "\\#foo",
        "#foo",
        "#foo(",
        "#@",
    ),
    *(
        "#end",
        "#else",
        "$true",
        "$x.true",
        "$x.",
        "$x.y(",
        "$x[",
        "$5",
        "$-",
        "$ x",
        "#$x",
        "#\\$x",
        "$x{y}",
        "$x#*c*#y",
    ),
    *(
        "|",
        "&",
        ";",
        "^",
        "~",
        "`",
        "?",
        "=",
        "==",
        "-1",
        "..",
        "1..2",
        ".5",
        "1.",
        "1e3",
        "#set",
        "#if",
        "##\n",
        "\\u0041",
    ),
    *(
        "#{if}",
        "#{end}",
        "#break",
        "#stop",
        "#macro",
        "#evaluate",
        "#include",
        "$x-y",
        "$x_1",
        "\\\\$x",
        "\\$!x",
        "$!\\x",
    ),
)
_ESCAPED: Final = (
    *(
        "#if",
        "#set($x = 1)",
        "#foreach",
        "#m",
        "#m()",
        "#nope",
        "#{if}",
        "#{m}",
        "#evaluate",
        "$s",
        "$nope",
        "${s}",
        "$!s",
    ),
    *("$!{nope}.x", "#end", "#else", "#break", "x", "#", " ", '"', "$s.length()", "$map.a", "#wrap", "##"),
)
_STRINGS: Final = (
    *(
        "",
        "a",
        "two",
        "k",
        "text",
        "x y",
        "1",
        "7",
        "2.5",
        "true",
        "é",
        "日本",
        "\U0001f600",
        "a,b,c",
        "[a-z]+",
        ",",
        "t",
    ),
    *("\\u0041", "\\\\", "\\n", "%s", "(", "{", "}", "*", ".", " ", "\n", "a-b"),
)
_SPACES: Final = ("", "", "", " ", " ", "  ", "\t", "\n", "\r\n", " \n ")
_OPERATORS: Final = (
    *("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"),
    *("and", "or", "eq", "ne", "lt", "gt", "le", "ge"),
)
_MACROS: Final = ("m", "wrap", "late")
_DEEP: Final = 7
"""Choices inside one another after which only the plain ones are left."""


class Generator:
    """Templates from a seed: the same seed, the same templates.

    Most templates are well-formed; some are strewn with odd text, which may make them anything.
    """

    def __init__(self, seed: int | str) -> None:
        self.random = random.Random(seed)
        self.odd = 0.0
        self.depth = 0

    def __iter__(self) -> Iterator[str]:
        while True:
            yield self.template()

    def template(self) -> str:
        """One template, of a few characters up to about a thousand."""
        self.odd = self.random.choice((0.0, 0.0, 0.0, 0.003, 0.01, 0.03, 0.08))
        self.depth = 0
        text = self._block(self.random.choice((1, 2, 3, 5, 8)))
        if self.random.random() < 0.03:
            at = self.random.randrange(len(text) + 1)
            text = text[:at]
        return text

    # -- choices ------------------------------------------------------------------------------------------------------

    def _one(self, *choices: Callable[[], str]) -> str:
        """One of several ways to go on, the plain ones (first half) alone when things are deep already."""
        self.depth += 1
        usable = choices if self.depth < _DEEP else choices[: (len(choices) + 1) // 2]
        made = self.random.choice(usable)()
        self.depth -= 1
        return self._strewn(made)

    def _strewn(self, text: str) -> str:
        if self.odd and self.random.random() < self.odd:
            odd = self.random.choice(_ODD if self._chance(0.5) else "$#\\'\"{}")
            at = self.random.choice((0, len(text), self.random.randrange(len(text) + 1)))
            return text[:at] + odd + text[at:]
        return text

    def _space(self) -> str:
        return self.random.choice(_SPACES)

    def _pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    # -- statements ---------------------------------------------------------------------------------------------------

    def _block(self, most: int = 3) -> str:
        return "".join(self._statement() for _ in range(self.random.randint(0 if self.depth else 1, most)))

    def _statement(self) -> str:
        return self._one(
            self._text,
            self._text,
            self._text,
            self._reference,
            self._reference,
            self._reference,
            self._escaped,
            self._comment,
            self._call,
            self._textblock,
            self._set,
            self._set,
            self._if,
            self._if,
            self._foreach,
            self._foreach,
            self._define,
            self._macro,
            self._block_call,
            self._rare,
        )

    def _text(self) -> str:
        return "".join(self.random.choice(_TEXTS) for _ in range(self.random.randint(1, 3)))

    def _escaped(self) -> str:
        return "\\" * self.random.randint(1, 4) + self.random.choice(_ESCAPED)

    def _comment(self) -> str:
        inner = self._pick("", " c ", " $x #if( ", "*", " **", " \\$ ", "a\nb", '"')
        return self._pick(f"##{inner}\n", f"#*{inner}*#", f"#** {inner}*#", "##\n", "#**#", f"## {inner}\r\n")

    def _textblock(self) -> str:
        return f"#[[{self._pick('', 'x', '$s #if', ']] ', ' # ', '#*', chr(10), '$nope')}]]#"

    def _rare(self) -> str:
        return self._one(
            lambda: self._pick("#break", "#{break}", "#stop", "#foo", "#{foo}", "#@foo", "#nope(1)", "#E0E0E0"),
            lambda: f"#literal(){self._block() or ' '}#end{self._tail()}",
            lambda: f"#if({self._expression()})#break#end",
            lambda: f"#evaluate({self._space()}{self._one(self._string, self._reference)})",
            lambda: f"#break({self._pick('$foreach', '$foreach.parent', '$nope', '$s')})",
            lambda: f"#stop({self._parameter()})",
            lambda: f"#{self._pick('include', 'parse')}({self._pick('', '$nope', '$nil', self._string())})",
            lambda: f"#@wrap({self._arguments()})#break#end",
            lambda: (
                f"#foreach({self._pick('', '$x', '$x in', '$x $y', 'x in $list', '$x in $list $s', '3 in $list')}){self._block()}#end"
            ),
            lambda: f"#foreach($x in $list [$x, {{'a': $y}}, 1]){self._block()}#end",
        )

    def _tail(self) -> str:
        """What may follow a directive: its line end is part of it."""
        return self._pick("", "", "\n", " \n", "\t\r\n", " ", "\r")

    def _name(self, directive: str) -> str:
        return f"#{{{directive}}}" if self._chance(0.1) else f"#{directive}"

    def _set(self) -> str:
        target = self._pick(
            "$x", "$y", "$x", "$map.a", "$map.new", "$list[0]", "$map['k']", "${y}", "$!x", "$nope.a", "$s.b"
        )
        before = self._pick("", "", " ", "\t ")
        equals = f"{self._space()}={self._space()}"
        blank = self._pick("", " ")
        return f"{before}{self._name('set')}{blank}({self._space()}{target}{equals}{self._expression()}){self._tail()}"

    def _if(self) -> str:
        parts = [f"{self._name('if')}{self._space()}({self._expression()}){self._tail()}{self._block()}"]
        while self._chance(0.25):
            parts.append(f"{self._name('elseif')}{self._space()}({self._expression()}){self._tail()}{self._block()}")
        if self._chance(0.4):
            parts.append(f"{self._name('else')}{self._tail()}{self._block()}")
        return "".join((*parts, self._name("end"), self._tail()))

    def _foreach(self) -> str:
        element = self._pick("$item", "$item", "$x", "${y}", "$!y", "$s", "$i")
        over = self._one(
            lambda: self._pick("$list", "$map", "$rows", "$none", "$nope", "$s", "$map.c.d", "$item.tags", "[1..3]"),
            self._reference,
            self._list,
            self._range,
            self._map,
            self._parameter,
        )
        inside = self._one(
            self._block,
            self._block,
            self._block,
            lambda: (
                self._pick("$velocityCount", "$foreach.count", "$foreach.index,", "$foreach.hasNext", "$item.id")
                + self._block()
                + self._pick("", "#if($foreach.hasNext), #end", "#if($velocityHasNext),#end", "$!foreach.parent.index")
            ),
        )
        word = self._pick("in", "in", "in", "in", "of")
        separator = self._pick(" ", " ", "\n", "  ", " , ")
        head = (
            f"{self._name('foreach')}{self._space()}({self._space()}{element}{separator}{word} {over}{self._space()})"
        )
        return f"{head}{self._tail()}{inside}{self._name('end')}{self._tail()}"

    def _define(self) -> str:
        target = self._pick("$block", "$block", "$x", "${y}", "$!block")
        head = f"#define({self._space()}{target}{self._space()})"
        return f"{head}{self._tail()}{self._block()}#end{self._tail()}{self._pick('', '$block', '$!block $block')}"

    def _macro(self) -> str:
        name = self.random.choice(_MACROS)
        parameters = "".join(self._pick(" $a", " $b", " $x", " ${c}", ", $d") for _ in range(self.random.randint(0, 2)))
        body = self._block() + self._pick(
            "", "$a", "$!a", "${a}", "$a.size()", "$bodyContent", "[$!bodyContent]", "$b$b"
        )
        call = self._pick("", self._call()) if self._chance(0.7) else ""
        return f"#macro({self._space()}{name}{parameters}{self._space()}){self._tail()}{body}#end{self._tail()}{call}"

    def _arguments(self) -> str:
        return self._pick(" ", ", ", "\n").join(self._parameter() for _ in range(self.random.randint(0, 2)))

    def _call(self) -> str:
        name = self._pick(*_MACROS, "nope")
        space = self._pick("", "", " ")
        return f"{self._name(name)}{space}({self._space()}{self._arguments()}{self._space()}){self._tail()}"

    def _block_call(self) -> str:
        name = self._pick(*_MACROS, "nope")
        return f"#@{name}({self._arguments()}){self._tail()}{self._block()}#end{self._tail()}"

    # -- expressions --------------------------------------------------------------------------------------------------

    def _expression(self) -> str:
        return (
            self._space()
            + self._one(self._value, self._value, self._value, self._operation, self._operation)
            + self._space()
        )

    def _operation(self) -> str:
        return self._one(
            lambda: f"{self._value()} {self.random.choice(_OPERATORS)} {self._value()}",
            lambda: f"{self._pick('!', '! ', 'not ', '!!')}{self._value()}",
            lambda: f"({self._expression()})",
            lambda: f"{self._pick('!', 'not', '! ')}({self._expression()})",
            lambda: (
                f"({self._space()}{self._value()}{self._space()}){self.random.choice(_OPERATORS[:13])}{self._value()}"
            ),
            lambda: f"{self._expression()}{self.random.choice(_OPERATORS[:13])}{self._expression()}",
            lambda: f"{self._value()} {self.random.choice(_OPERATORS)} ({self._expression()})",
            lambda: f"{self._value()} + {self._value()} {self.random.choice(_OPERATORS)} {self._value()}",
        )

    def _parameter(self) -> str:
        return self._one(
            self._reference,
            self._string,
            self._number,
            self._boolean,
            self._reference,
            self._string,
            self._list,
            self._map,
            self._range,
        )

    def _value(self) -> str:
        return self._one(
            self._reference,
            self._string,
            self._number,
            self._boolean,
            self._reference,
            self._string,
            self._number,
            self._list,
            self._map,
            self._range,
        )

    def _boolean(self) -> str:
        return self._pick("true", "false")

    def _number(self) -> str:
        return self._pick(
            *("0", "1", "2", "7", "-3", "10", "2147483647", "2147483648", "-2147483648", "9223372036854775807"),
            *(
                "9223372036854775808",
                "1.0",
                "2.5",
                "-0.5",
                "1e3",
                "1.5e-7",
                ".5",
                "007",
                "3.0e10",
                "100000000000000000000",
            ),
        )

    def _string(self) -> str:
        if self._chance(0.3):
            inner = self.random.choice(_STRINGS).replace("'", "''")
            return f"'{inner}{self._pick('', '', '$s', '#if', chr(34), chr(39) * 2)}'"
        if self._chance(0.5):
            return '"' + self.random.choice(_STRINGS).replace('"', '""') + '"'
        outer, self.odd = self.odd, self.odd / 3
        inner = self._one(
            lambda: f"{self.random.choice(_STRINGS)}{self._reference()}",
            lambda: f"{self._reference()}{self._text()}",
            lambda: self._pick("a##b", "#[[$x]]#", "$s$s", "\\$s", "#*c*#$s", "$nope", "\\#if", "##", "#m()", "$s##"),
            lambda: f"{self._text()}{self._reference()}{self._text()}",
            lambda: self._block(2),
            self._if,
            self._foreach,
            self._rare,
        )
        self.odd = outer
        return '"' + inner.replace('"', '""') + '"'

    def _list(self) -> str:
        if self._chance(0.15):
            return "[]"
        return "[" + ",".join(self._item() for _ in range(self.random.randint(1, 3))) + "]"

    def _item(self) -> str:
        return self._space() + self._parameter() + self._space()

    def _map(self) -> str:
        if self._chance(0.2):
            return self._pick("{}", "{ }", "{\n}")
        entries = ",".join(
            f"{self._space()}{self._pick(self._string(), self._string(), self._parameter())}{self._space()}:{self._item()}"
            for _ in range(self.random.randint(1, 2))
        )
        return f"{{{entries}}}"

    def _range(self) -> str:
        first, last = (self._pick("1", "3", "0", "-2", "$i", "$z", "$nope", "$list.size()", "${m}") for _ in range(2))
        return f"[{self._space()}{first}{self._pick('', ' ')}..{self._space()}{last}{self._space()}]"

    # -- references ---------------------------------------------------------------------------------------------------

    def _reference(self) -> str:
        name = self.random.choice(_NAMES)
        steps = self._steps()
        if name == "foreach" and not steps:
            steps = ".index"
        if name == "item" and not steps and self._chance(0.5):
            steps = ".id"
        form = self.random.random()
        if form < 0.6:
            return f"${name}{steps}"
        if form < 0.75:
            return f"$!{name}{steps}"
        if form < 0.9:
            return f"${{{name}{steps}}}"
        if form < 0.97:
            return f"$!{{{name}{steps}}}"
        return self._pick("$$", "#$", "\\$", "\\\\$", "$\\!", "$!!", "\\$!", "$#", "$\\\\!", "#\\$") + name + steps

    def _steps(self) -> str:
        steps = ""
        while self._chance(0.4):
            kind = self.random.random()
            if kind < 0.45:
                steps += "." + self.random.choice(_PROPERTIES)
            elif kind < 0.8 and self.depth < 6:
                steps += "." + self._method()
            else:
                steps += self._index()
        return steps

    def _index(self) -> str:
        self.depth += 1
        inner = self._pick("0", "1", "-1", "'a'", '"k"', "true", "$i", "$z", "5", "$s", "'c'", '"$s"', "$list[0]")
        self.depth -= 1
        return f"[{self._pick('', '', ' ')}{self._strewn(inner)}{self._pick('', '', ' ')}]"

    def _method(self) -> str:
        made = self.random.choice(_METHODS)
        self.depth += 1
        while (at := made.find("{")) >= 0 and made[at + 1 : at + 3] in ("i}", "p}", "s}"):
            kind = made[at + 1]
            if kind == "i":
                argument = self._pick("0", "1", "2", "$z", "-1", "7", "$i")
            elif kind == "s":
                argument = self._pick("'a'", '"t"', "'k'", "$s", "''", '"$s"', "'x'")
            else:
                argument = self._parameter()
            made = made[:at] + argument.replace("{", "\0") + made[at + 3 :]
        self.depth -= 1
        return made.replace("\0", "{")


# -- what stood where ------------------------------------------------------------------------------------------------------


def census(block: n.Block) -> Counter[tuple[str, str]]:
    """How often each kind of node stood in each place: ``("SetDirective.value", "Binary")``."""
    counted: Counter[tuple[str, str]] = Counter()
    _count("template", block, counted)
    return counted


def _count(place: str, node: Any, counted: Counter[tuple[str, str]]) -> None:
    if isinstance(node, n.Block):
        for statement in node.statements:
            _count(place, statement, counted)
        return
    fields = getattr(node, "_fields", None)
    if fields is None:
        if isinstance(node, tuple):
            for item in node:
                _count(place, item, counted)
        return
    if fields[0] != "span":
        return
    kind = type(node).__name__
    counted[place, kind] += 1
    for field in fields[1:]:
        _count(f"{kind}.{field}", getattr(node, field), counted)
