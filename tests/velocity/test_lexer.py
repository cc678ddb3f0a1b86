"""Text to tokens: what is one token, where it ends, and in which state the lexer is left.

Every row was confirmed with Velocity 1.7's own token manager, by way of the trees in test_parser.py and the random
texts there; here the rows say which rule it is.
"""

from __future__ import annotations

import pytest

from vtlsim.velocity import tokens as t
from vtlsim.velocity.lexer import Lexer

STATES = {
    *("REFERENCE", "REFMODIFIER", "REFMOD2", "REFINDEX", "DIRECTIVE", "PRE_DIRECTIVE", "DEFAULT"),
    *("LINE_COMMENT", "BLOCK_COMMENT", "FORMAL_COMMENT_STATE", "TEXTBLOCK_STATE"),
}
KIND_NAMES = {value: name for name, value in vars(t).items() if name.isupper() and name not in STATES}


def lexed(text: str) -> list[tuple[str, str]]:
    """The tokens of a text that needs no parser to switch states."""
    lexer = Lexer(text)
    found: list[tuple[str, str]] = []
    while (token := lexer.next()).kind != t.EOF:
        found.append((KIND_NAMES[token.kind], token.image))
    return found


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ('plain text\n{"a": 1}', [("TEXT", 'plain text\n{"a": 1}')]),
        ("a $b c", [("TEXT", "a "), ("IDENTIFIER", "$b"), ("TEXT", " c")]),
        ("$a.b.c", [("IDENTIFIER", "$a"), ("DOT", "."), ("IDENTIFIER", "b"), ("DOT", "."), ("IDENTIFIER", "c")]),
        ("$a-b_1", [("IDENTIFIER", "$a-b_1")]),
        ("$a.", [("IDENTIFIER", "$a"), ("TEXT", ".")]),
        ("$a.1", [("IDENTIFIER", "$a"), ("TEXT", ".1")]),
        ("$!{a}x", [("LCURLY", "$!{"), ("IDENTIFIER", "a"), ("RCURLY", "}"), ("TEXT", "x")]),
        ("$a}x", [("IDENTIFIER", "$a"), ("RCURLY", "}"), ("TEXT", "x")]),
        ("$a[0]", [("IDENTIFIER", "$a"), ("INDEX_LBRACKET", "["), ("INTEGER", "0"), ("INDEX_RBRACKET", "]")]),
        ("$a(b)", [("IDENTIFIER", "$a"), ("TEXT", "(b)")]),
        ("$$a", [("IDENTIFIER", "$$a")]),
        ("#$a", [("IDENTIFIER", "#$a")]),
        ("\\\\$a", [("IDENTIFIER", "\\\\$a")]),
        ("$\\!a", [("IDENTIFIER", "$\\!a")]),
        ("$true", [("TRUE", "$true")]),
        ("$trueish", [("IDENTIFIER", "$trueish")]),
        ("$.a", [("EMPTY_INDEX", "$."), ("TEXT", "a")]),
        ("\\$.a", [("DOT", "."), ("IDENTIFIER", "a")]),
        ("\\#if", [("ESCAPE_DIRECTIVE", "\\#if")]),
        ("\\\\\\#{foo}", [("ESCAPE_DIRECTIVE", "\\\\\\#{foo}")]),
        ("\\\\#5", [("DOUBLE_ESCAPE", "\\\\"), ("INTEGER", "#5")]),
        ("\\a", [("ESCAPE", "\\"), ("TEXT", "a")]),
        ("a\n  #set(", [("TEXT", "a\n  "), ("SET_DIRECTIVE", "#set(")]),
        ("  #{set}  (", [("SET_DIRECTIVE", "  #{set}  (")]),
        ("a##b\nc", [("TEXT", "a"), ("COMMENT_START", "##"), ("LINE_COMMENT_END", "\n"), ("TEXT", "c")]),
        ("a##b\r\nc", [("TEXT", "a"), ("COMMENT_START", "##"), ("LINE_COMMENT_END", "\r\n"), ("TEXT", "c")]),
        ("##a#**\nb\nc", [("COMMENT_START", "##"), ("LINE_COMMENT_END", "\n"), ("TEXT", "c")]),
        ("#* a *#b", [("BLOCK_COMMENT_END", "*#"), ("TEXT", "b")]),
        ("#**#b", [("BLOCK_COMMENT_END", "#**#"), ("TEXT", "b")]),
        ("#** a *#b", [("FORMAL_COMMENT", "*#"), ("TEXT", "b")]),
        ("#* #*# *#b", [("BLOCK_COMMENT_END", "*#"), ("TEXT", "b")]),
        ("$#**#", [("BLOCK_COMMENT_END", "$#**#")]),
        ("#[[ $a ]] ]]#b", [("TEXTBLOCK", "#[[ $a ]] ]]#"), ("TEXT", "b")]),
        ("#[[#**]]# ]]#", [("TEXTBLOCK", "#[[#**]]# ]]#")]),
        ("#end \n\nx", [("END", "#end \n"), ("TEXT", "\nx")]),
        ("#end x", [("END", "#end"), ("TEXT", " x")]),
        ("#{else}\r\nx", [("ELSE", "#{else}\r\n"), ("TEXT", "x")]),
        ("#5.5 a", [("FLOAT", "#5.5"), ("TEXT", " a")]),
        ("# a", [("TEXT", " a")]),
    ],
)
def test_text(text: str, tokens: list[tuple[str, str]]) -> None:
    assert lexed(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1..2", [("INTEGER", "1"), ("DOUBLEDOT", ".."), ("INTEGER", "2")]),
        ("1.5.5", [("FLOAT", "1.5"), ("FLOAT", ".5")]),
        ("1.e3 1e3 1e", [("FLOAT", "1.e3"), ("WHITESPACE", " "), ("FLOAT", "1e3"), ("WHITESPACE", " ")]),
        ("1-2", [("INTEGER", "1"), ("INTEGER", "-2")]),
        ("1 - 2", [("INTEGER", "1"), ("WHITESPACE", " "), ("MINUS", "-"), ("WHITESPACE", " "), ("INTEGER", "2")]),
        (
            "a and android",
            [("WORD", "a"), ("WHITESPACE", " "), ("AND", "and"), ("WHITESPACE", " "), ("WORD", "android")],
        ),
        ("<=<!=!", [("LESS_EQUAL", "<="), ("LESS", "<"), ("NOT_EQUAL", "!="), ("NOT", "!")]),
        ("{a}{", [("BRACKETED_WORD", "{a}"), ("LEFT_CURLEY", "{")]),
        ('"a""b"', [("STRING", '"a""b"')]),
        ('"a\\"', [("STRING", '"a\\"')]),
        ("'a''b'", [("STRING", "'a''b'")]),
        ('"\n"', [("STRING", '"\n"')]),
    ],
)
def test_inside_a_directive(text: str, tokens: list[tuple[str, str]]) -> None:
    lexer = Lexer(text)
    lexer.push(t.DIRECTIVE)
    lexer.in_set = True
    found: list[tuple[str, str]] = []
    while len(found) < len(tokens):
        token = lexer.next()
        found.append((KIND_NAMES[token.kind], token.image))
    assert found == tokens


def test_a_closing_parenthesis_takes_the_rest_of_a_blank_line() -> None:
    lexer = Lexer("(1) \t\r\n x")
    lexer.push(t.DIRECTIVE)
    assert [lexer.next().image for _ in range(3)] == ["(", "1", ") \t\r\n"]
    assert lexer.state == t.DEFAULT
    assert lexer.next().image == " x"


def test_what_is_set_aside_is_kept_with_the_next_token() -> None:
    token = Lexer("$%").next()
    assert (token.kind, token.image, token.specials, token.lead) == (t.TEXT, "%", ["$%"], 0)
    assert Lexer("a").next().specials is None


@pytest.mark.parametrize(
    ("text", "start", "message"),
    [
        ("cost: 5$", 7, "ends with '$'"),
        ("a #", 2, "ends with '#'"),
        ("## 5$", 4, "ends with '$'"),
        ("#[[ a ]]", 0, "text block is not closed"),
        ("#*", 0, "ends with '#*'"),
        ("$a[?", 3, "'?' has no meaning here"),
        ("$a['x]", 3, "string is not closed"),
    ],
)
def test_no_token(text: str, start: int, message: str) -> None:
    with pytest.raises(t.LexicalError) as problem:
        lexed(text)
    assert problem.value.start == start
    assert message in problem.value.message
