"""Random text that is barely a template: what the lexer and the parser must accept, refuse and arrange as Velocity does.

What may live here: pieces of the language thrown together. Most of it does not parse; that is the point.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECES: Final = (
    *("$", "#", "\\", '"', "'", "{", "}", "(", ")", "[", "]", ".", "!", ",", ":", "*", "@", "-", "_", " ", "  ", "\n"),
    *("\r\n", "\t", "a", "b", "foo", "x", "$a", "$foo", "$!a", "${a}", "$!{a}", "$a.b", "$a.b()", "$a.b(1)", "$a[0]"),
    *(
        "\\$a",
        "\\\\$a",
        "#if(",
        "#if($a)",
        "#else",
        "#elseif($a)",
        "#end",
        "#{end}",
        "#{else}",
        "#set($x = ",
        "#foreach(",
    ),
    *("#set($x = 1)", '#set( $a.b = "x")', "#foreach($i in [1..3])", "#macro(m $p)", "#m(1)", "#m($a)", "#@m($a)"),
    *(
        "#define($d)",
        "#break",
        "#stop",
        "#literal()",
        '#evaluate("$a")',
        '#include("x")',
        "#parse(",
        "##",
        "#*",
        "*#",
        "#**",
    ),
    *(
        "#[[",
        "]]#",
        "true",
        "false",
        "null",
        "1",
        "2.5",
        "-3",
        "1..2",
        "==",
        "!=",
        "<",
        "<=",
        "&&",
        "||",
        "and",
        "or",
        "not",
    ),
    *(
        "eq",
        "+",
        "*",
        "/",
        "%",
        "=",
        " in ",
        '"a$b"',
        '"a"',
        "'a'",
        '""',
        '"#if($a)x#end"',
        "\\#if",
        "\\#foo",
        "\\\\#if",
    ),
    *(
        "\\#m",
        "#a",
        "#abc",
        "#{foo}",
        "#@",
        "&",
        "|",
        "..",
        "1.",
        ".5",
        "\\u0041",
        "é",
        "\U0001f600",
        "$!",
        "${",
        "$!{",
    ),
    *(
        "$\\!a",
        "$.",
        "$[",
        "#5",
        "#-",
        "`;?^~",
        '"$',
        "(1)",
        "[1,2]",
        '{"a":1}',
        "{}",
        "[]",
        "$a.true",
        "$true",
        "#end\n",
    ),
    *('"#foo(bar)"', '"\\#m"', '"##"', "#literal($a)", "#foreach()", "$a\\", "#set", "$a#set($b = 1)", "#{if}", "\r"),
)
_CHARACTERS: Final = tuple("$#\\\"'{}()[].!,:*@-_ \n\r\tab1=<>&|+/%~")
_FRAMES: Final = (
    *(
        "#set($x = {})",
        "#if({})y#end",
        "$a.b({})c",
        "$a[{}]",
        '"{}"',
        "#foo({}) x",
        "#@foo({})b#end",
        '#set($x = "{}")',
    ),
    *(
        "#foreach($i in {})$i#end",
        "${{a{}}}",
        "#set($x=[{}])",
        "#set($x={{{}}})",
        "#foreach({})a#end",
        "#macro({})b#end",
    ),
    *("#define({})b#end", "#literal({})$!b#*c*#\\#if#end", "\\\\{}", "${}", "#{}", "#set({} = 1)", "#break({})"),
    *(
        "#evaluate({})",
        "#include({})#parse({})",
        '#set($x = "a ""{}""")#macro(m)#end',
        "#set($x = '{}')",
        "#if(!{})#end",
    ),
    *('#set($x = "#macro(zz)1#end{}")\\#zz', "#macro(m){}#end\\#m #m(a)", "#literal(){}#end", "#@m(){}#end", "#*{}*#"),
    *("#if(1){}#elseif(2){}#else{}#end", "#[[{}]]#", "##{}\n", "#**{}*#", '#set($x = "{}")#set($y = "{}")'),
)


def soup(seed: int | str) -> Iterator[str]:
    """Texts without end; the same seed, the same texts."""
    chosen = random.Random(seed)
    while True:
        kind = chosen.random()
        if kind < 0.4:
            yield "".join(chosen.choice(_PIECES) for _ in range(chosen.choice((2, 3, 4, 6, 8, 12, 20))))
        elif kind < 0.6:
            few = chosen.sample(_CHARACTERS + _PIECES, chosen.choice((4, 6, 10, 20)))
            yield "".join(chosen.choice(few) for _ in range(chosen.choice((3, 5, 8, 12, 20))))
        else:
            frame = chosen.choice(_FRAMES)
            yield frame.format(*(_filling(chosen) for _ in range(frame.count("{}") + 1)))


def _filling(chosen: random.Random) -> str:
    pool = (_PIECES, _CHARACTERS)
    return "".join(chosen.choice(pool[chosen.random() < 0.5]) for _ in range(chosen.choice((1, 2, 3, 5, 8))))
