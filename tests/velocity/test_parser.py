"""What parses, what does not and where, and what a template consists of.

The tables state facts of Velocity 1.7. Where Java is there, each row is put to it too, and so is random text by the
thousand: acceptance, the whole tree, and the place of syntax errors must be the same.
"""

from __future__ import annotations

import contextlib
import random
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from reference.generator import Generator
from reference.shrinking import shrink
from reference.soup import soup
from reference.trees import tree, without_places

from vtlsim.velocity import nodes as n
from vtlsim.velocity.dialect import APACHE, API_GATEWAY, Dialect
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.lexer import Lexer
from vtlsim.velocity.limits import NESTING
from vtlsim.velocity.parser import Parser, parse
from vtlsim.velocity.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reference import Case, Reference, Result

DIALECTS = {dialect.name: dialect for dialect in (APACHE, API_GATEWAY)}


def parsed(text: str, dialect: Dialect = APACHE) -> n.Block:
    return parse(Source(text), dialect)


def only(text: str, dialect: Dialect = APACHE) -> Any:
    (statement,) = parsed(text, dialect).statements
    return statement


def value(text: str) -> Any:
    return only(f"#set($x = {text})").value


# -- text -----------------------------------------------------------------------------------------------------------------

TEXTS = [
    # (template, what it prints when nothing has a value)
    ("$5.00", "$5.00"),
    ("$!5", "$5"),
    ("$ x", "$ x"),
    ("# x", "# x"),
    ("#5", "#5"),
    ("\\\\a", "\\\\a"),
    ("\\a\\", "\\a\\"),
    ("\\#foo", "\\#foo"),
    ("\\#if", "#if"),
    ("\\\\\\#if", "\\#if"),
    ("\\#{set}", "#{set}"),
    ("\\\\#stop", "\\"),
    ("\\\\#foo", "\\\\#foo"),
    ("\\#foreach", "#foreach"),
    ("\\#evaluate", "#evaluate"),
    ("\\$.a", ".a"),
    ("a$## c", "a$"),
    ("a## c\nb", "ab"),
    ("a#* c *#b", "ab"),
    ("$#**#b", "$b"),
    ("#[[$a #if]]#", "$a #if"),
    ("$#[[a]]#", "[a"),
    ("#@foo", "#@foo"),
    ("$%b", "$%b"),
    ("$a.b## c", "$a.b## c"),
    ("$a.b##c", "$a.b##c"),
    ("$a{b}", "$a{"),
    ("#literal()$a \\$b$$c #end", "$a $b$c "),
    ("#literal()a#* b *#c#end", "ac"),
]


def printed(block: n.Block) -> str:
    """What statements print when nothing has a value and every directive but #literal is passed over."""
    pieces = []
    for statement in block.statements:
        match statement:
            case n.Text() | n.LiteralDirective():
                pieces.append(statement.text)
            case n.Reference():
                pieces.append(statement.name if statement.runt else statement.more_prefix + statement.null_string)
            case n.MacroCall():
                pieces.append(statement.literal)
            case _:
                pass
    return "".join(pieces)


@pytest.mark.parametrize(("template", "output"), TEXTS)
def test_text_as_it_prints(template: str, output: str) -> None:
    assert printed(parsed(template)) == output


def test_evaluate_is_no_directive_for_api_gateway() -> None:
    assert only('#evaluate("$x")', API_GATEWAY) == n.MacroCall(
        Span(0, 15), "evaluate", (only('#evaluate("$x")').arguments[0],), None, '#evaluate("$x")'
    )
    assert printed(parsed("\\#evaluate", API_GATEWAY)) == "\\#evaluate"
    assert parsed("#evaluate()", API_GATEWAY)
    with pytest.raises(TemplateSyntaxError):
        parsed("#evaluate()")


# -- references -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "fields"),
    [
        ("$a", {"name": "a", "quiet": False, "null_string": "$a", "literal": "$a"}),
        ("$!a", {"name": "a", "quiet": True, "null_string": "", "literal": "$!a"}),
        ("${a}", {"name": "a", "quiet": False, "null_string": "${a}", "literal": "${a}"}),
        ("$!{a.b}", {"name": "a", "quiet": True, "null_string": "", "literal": "$!{a.b}"}),
        ("\\$a", {"name": "a", "escaped": True, "escape_prefix": "", "null_string": "$a", "literal": "$a"}),
        ("\\\\$a", {"name": "a", "escaped": False, "escape_prefix": "\\", "null_string": "$a"}),
        ("\\\\\\$!a", {"name": "a", "escaped": True, "escape_prefix": "\\", "null_string": "$!a", "quiet": True}),
        ("$$a", {"name": "a", "more_prefix": "$", "null_string": "$a", "literal": "$a"}),
        ("#\\$a", {"name": "a", "more_prefix": "#\\", "escaped": False, "null_string": "$a"}),
        ("$\\!a", {"name": "$!a", "computable": False, "null_string": "$!a", "quiet": False, "literal": "$\\!a"}),
        ("$\\\\!a", {"name": "$\\!a", "computable": False, "null_string": "$\\!a"}),
        ('$a.b($"x")', {"null_string": '$a.b($"x")', "literal": '$a.b($"x")'}),
        ("$a.b(\\$c)", {"null_string": "$a.b($c)", "literal": "$a.b($c)"}),
    ],
)
def test_reference(template: str, fields: dict[str, object]) -> None:
    found = only(template)
    assert {name: getattr(found, name) for name in fields} == fields


def test_steps() -> None:
    steps = only("${a.b['k'].c(1, $d)[-1]}").steps
    assert [type(step).__name__ for step in steps] == ["Property", "Index", "Call", "Index"]
    assert [step.span for step in steps] == [Span(3, 5), Span(5, 10), Span(10, 19), Span(19, 23)]


def test_a_parenthesis_that_begins_no_arguments_is_text() -> None:
    assert [type(statement).__name__ for statement in parsed("$a.b(#foo").statements] == [
        "Reference",
        "Text",
        "MacroCall",
    ]


def test_a_bare_word_as_an_argument_is_no_reference() -> None:
    (argument,) = only("$a.b(c)").steps[0].arguments
    assert (argument.runt, argument.name) == (True, "c")


# -- expressions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("1 < 2 == 3 > 4", "((1 < 2) == (3 > 4))"),
        ("1 || 2 && 3 || 4", "((1 || (2 && 3)) || 4)"),
        ("1 or 2 and 3", "(1 || (2 && 3))"),
        ("1 lt 2 eq 3 ge 4", "((1 < 2) == (3 >= 4))"),
        ("!1 == 2", "((!1) == 2)"),
        ("not ! 1", "(!(!1))"),
        ("(1 + 2) * 3", "([(1 + 2)] * 3)"),
        ("1 ne 2 != 3 le 4 gt 5 % 6 / 7", "((1 != 2) != ((3 <= 4) > ((5 % 6) / 7)))"),
    ],
)
def test_operators_bind_as_in_velocity(text: str, shape: str) -> None:
    def shaped(node: Any) -> str:
        match node:
            case n.Binary():
                return f"({shaped(node.left)} {node.operator} {shaped(node.right)})"
            case n.Not():
                return f"(!{shaped(node.operand)})"
            case n.Group():
                return f"[{shaped(node.inner)}]"
        return str(node.value)

    assert shaped(value(text)) == shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345678901234567890", 12345678901234567890),
        ("-0", 0),
        ("007", 7),
        ("1.", 1.0),
        ("-.5e-1", -0.05),
        ("1e400", float("inf")),
        ("true", True),
        ("'a''b\\u0041'", "a'b\\u0041"),
        ('"a""b\\u0041"', 'a"bA'),
        ('"\\u0024x"', "$x"),
        ('"\\ud83d\\ude00\\ud83d"', "\U0001f600\ud83d"),
        ('"\\u+041"', "A"),
        ('"\\u0022\\u0022"', '"'),
        ("'$x #if'", "$x #if"),
    ],
)
def test_literals(text: str, expected: object) -> None:
    found = value(text).value
    assert (type(found), found) == (type(expected), expected)


def test_an_integer_of_any_length() -> None:
    digits = "7" * 20_000
    found = value("-" + digits).value
    assert found == -7 * (10**20_000 - 1) // 9


def test_what_an_operator_or_a_group_is_as_text() -> None:
    """Velocity's own notion: what follows the operator, and what stands between the parentheses."""
    added = value("( $a ) + $b - 1 ")
    assert (added.literal, added.left.literal, added.left.left.literal) == (" 1 ", " $b ", " $a ")
    assert value("! $a ").literal == " $a "


# -- interpolation --------------------------------------------------------------------------------------------------------


def test_places_inside_strings_are_places_of_the_template() -> None:
    text = """#set($x = "a ""$b"" \\u0041$c.d(""$e""\t)")"""
    found = value(text[10:-1])
    source = Source(text)
    references = [statement for statement in found.body.statements if isinstance(statement, n.Reference)]
    assert [source.slice(reference.span) for reference in references] == ["$b", '$c.d(""$e""\t)']
    inner = references[1].steps[0].arguments[0]  # type: ignore[union-attr]
    assert source.slice(inner.span) == '""$e""'
    assert source.slice(inner.body.statements[0].span) == "$e"  # type: ignore[union-attr]


def test_a_blank_is_appended_unless_the_string_holds_a_comment() -> None:
    plain, comment = value('"$a"'), value('"$a##"')
    assert (plain.drop_last, comment.drop_last) == (True, False)
    assert plain.body.statements[-1] == n.Text(Span(13, 14), " ")


def test_an_error_inside_a_string_is_placed_inside_it() -> None:
    with pytest.raises(TemplateSyntaxError) as problem:
        parsed('line\n#set($x = "ab $c.d(1 2) e")')
    assert problem.value.position == (2, 22)


# -- directives -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("target", "key"), [("$x", "x"), ("${x}", "{"), ("$!x", "!x"), ("$!{x}", "!{"), ("\\$x", "x")])
def test_the_key_that_set_uses(target: str, key: str) -> None:
    assert only(f"#set({target} = 1)").key == key


@pytest.mark.parametrize(
    ("template", "kinds"),
    [
        ("#foreach($x in $y)a#end", ["ForeachDirective"]),
        ("#foreach($x of $y)a#end", ["ForeachDirective"]),
        ("#foreach($x, 'in', $y)a#end", ["ForeachDirective"]),
        ("#foreach($x $y)a#end", []),
        ("#foreach($x)a#end", ["FailingDirective"]),
        ("#foreach()a#end", ["FailingDirective"]),
        ("#foreach($x $y)#macro(m)#end#end", ["MacroDefinition"]),
        ("#break", ["BreakDirective"]),
        ("#break($foreach)", ["BreakDirective"]),
        ("#stop", ["StopDirective"]),
        ("#parse", ["ResourceDirective"]),
        ("#include('a' 'b')", ["ResourceDirective"]),
        ("#define($a)#end", ["DefineDirective"]),
        ("#foo(bar)", ["MacroCall"]),
        ("#FFF", ["MacroCall"]),
    ],
)
def test_directives_by_name(template: str, kinds: list[str]) -> None:
    assert [type(statement).__name__ for statement in parsed(template).statements] == kinds


def test_foreach_takes_a_fourth_argument_for_its_body() -> None:
    found = only("#foreach($x in $y [$a, {'k': $b}, 1])unused#end")
    assert [reference.name for reference in found.body.statements] == ["a", "b"]


def test_define_and_foreach_take_names_from_whatever_stands_there() -> None:
    assert only("#define(${a})#end").name == "{"
    assert only('#define("a")#end').name == 'a"'
    assert only("#foreach(12 in $y)#end").element == "2"
    assert only("#foreach(${a} in $y)#end").element == "a"


def test_macros() -> None:
    definition = only("#macro(m $a, ${b} $!c 'd')x#end")
    assert (definition.name, definition.parameters) == ("m", ("a", "{", "!c", "'d'"))
    call = only("#@m($a , 1)x#* c *#\\$b#end\n")
    assert (call.name, len(call.arguments), call.literal) == ("m", 2, "#@m($a , 1)x*#$b#end\n")
    assert only("#m (\\$a $$b)").literal == "#m ($a $b)"


def test_a_backslash_before_a_macro_depends_on_its_definition() -> None:
    assert printed(parsed("\\#m #macro(m)#end\\#m")) == "\\#m #m"
    assert printed(parsed("#macro(m)#end\\#m", API_GATEWAY)) == "#m"
    # A string is parsed after the whole template, the template before its strings.
    found = parsed('#set($x = "\\#m")#macro(m)#end').statements[0]
    assert found.value.body.statements[0].text == "#m"  # type: ignore[union-attr]
    assert printed(parsed('#set($x = "#macro(m)#end")\\#m')) == "\\#m"


def test_names_that_are_macros_already() -> None:
    source = Source("\\#m")
    assert printed(parse(source, APACHE, macros=["m"])) == "#m"
    with pytest.raises(TemplateSyntaxError):
        parse(Source("#m(word)"), APACHE, macros=["m"])


# -- what does not parse --------------------------------------------------------------------------------------------------

REFUSED = [
    # (template, line, column, message, expected)
    ("#if($a", 1, 6, "the template ends here", "')'"),
    ("#if($a)\nx", 2, 1, "'#if' of line 1 is not closed", "'#end'"),
    ("a\n#end", 2, 1, "'#end' without a directive", None),
    ("#else", 1, 1, "'#else' without a directive", None),
    ("#if $a", 1, 5, "'$a' cannot stand here", "'('"),
    ("#if()#end", 1, 5, "')' cannot stand here", "a reference"),
    ("#set($x 1)", 1, 9, "'1' cannot stand here", "'='"),
    ("#set(x = 1)", 1, 6, "'x' cannot stand here", "a reference"),
    ("#set($x = 1 2)", 1, 13, "'2' cannot stand here", "an operator"),
    ("#set($x = 1-2)", 1, 12, "'-2' cannot stand here", "an operator"),
    ("#set($x = [ ])", 1, 13, "']' cannot stand here", "a list"),
    ("#set($x = {'a'})", 1, 12, "a string cannot stand here", "'}'"),
    ("#set($x = {'a' : 1 'b'})", 1, 20, "a string cannot stand here", "'}'"),
    ("#set($x = [1..])", 1, 15, "']' cannot stand here", "a whole number"),
    ("$a[x]", 1, 4, "'x' has no meaning here", None),
    ("$a[1", 1, 4, "the template ends here", "']'"),
    ("$a.b(1", 1, 6, "the template ends here", "')'"),
    ("${a", 1, 3, "the template ends here", "'}'"),
    ("${a.b c}", 1, 6, "cannot stand here", "'}'"),
    ("$true", 1, 1, "'$true' cannot stand here", "text"),
    ("$a.true", 1, 4, "'true' cannot stand here", "text"),
    ('#set($x = "say \\"hi\\"")', 1, 18, "a backslash does not keep a quotation mark from ending a string", None),
    ("#set($x = 'a)", 1, 11, "the string is not closed", "'"),
    ("#set($x = ;)", 1, 11, "';' has no meaning here", None),
    ("#[[ a", 1, 1, "the text block is not closed", "']]#'"),
    ("cost: 5$", 1, 8, "the template ends with '$'", None),
    ("#foo($a", 1, 7, "the template ends here", "')'"),
    ("#foo(", 1, 5, "the template ends here", "an argument"),
    ("#macro", 1, 1, "'#macro' needs a name in parentheses", "'('"),
    ("#macro()#end", 1, 1, "'#macro' needs a name", "a name"),
    ("#macro('m')#end", 1, 8, "the first argument of '#macro' is the macro's name", "a name"),
    ("#macro(m a)#end", 1, 10, "'a' is no argument for '#macro'", "a reference"),
    ("#foreach(x in $y)#end", 1, 10, "'x' is no argument for '#foreach'", "a reference"),
    ("#foreach", 1, 1, "'#foreach' needs arguments", "'('"),
    ("#define()#end", 1, 1, "'#define' takes exactly one argument", None),
    ("#define($a $b)#end", 1, 1, "'#define' takes exactly one argument", None),
    ("#break(1 2)", 1, 10, "'#break' takes no more than one argument", None),
    ("#stop(1 2)", 1, 9, "'#stop' takes no more than one argument", None),
    ("#evaluate(1 2)", 1, 13, "'#evaluate' takes exactly one argument", None),
    ("#evaluate([1])", 1, 11, "'#evaluate' takes a string or a reference", None),
    ("#literal()#end", 1, 1, "'#literal' needs something in its body", None),
    ('#set($x = "\\u12")', 1, 12, "needs four hexadecimal digits", None),
    ("#set($x = #5)", 1, 11, "'#5' is not a number", None),
]


@pytest.mark.parametrize(("template", "line", "column", "message", "expected"), REFUSED)
def test_refused(template: str, line: int, column: int, message: str, expected: str | None) -> None:
    with pytest.raises(TemplateSyntaxError) as problem:
        parsed(template)
    assert message in problem.value.message
    assert problem.value.position == (line, column)
    assert expected is None or expected in problem.value.expected


def test_what_velocity_finds_last_does_not_hide_what_it_finds_first() -> None:
    with pytest.raises(TemplateSyntaxError, match="cannot stand here"):
        parsed('#set($x = "$a.b(1 2)") #set($y = 1 2)')


# -- bounds ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        "#if($a)" * 50_000,
        "#foreach($a in $b)" * 20_000,
        "#@m()" * 50_000,
        "#set($x = " + "(" * 100_000,
        "#set($x = " + "$a.b(" * 50_000,
        "#set($x = " + "[$a.b(" * 50_000,
        "#set($x = " + "!" * 100_000,
    ],
    ids=lambda template: template[:16],
)
def test_nesting_is_bounded(template: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=r"inside one another|cannot stand here"):
        parsed(template)


@pytest.mark.parametrize(
    ("opening", "closing", "levels"),
    [
        ("(", ")", 1),
        ("[", "]", 1),
        ("{1:", "}", 1),
        ("$a.b(", ")", 1),
        ("$a[", "]", 1),
        ("[$a.b(", ")]", 2),
        ("! ", "", 1),
    ],
)
def test_nesting_up_to_the_bound_parses(opening: str, closing: str, levels: int) -> None:
    depth = (NESTING - 2) // levels
    assert parsed("#set($x = " + opening * depth + "1" + closing * depth + ")")


@pytest.mark.parametrize(
    "text",
    [
        "$" * 100_000,
        "\\" * 100_000,
        "$\\" * 50_000,
        "#" * 100_000,
        "{" * 100_000,
        "$a" + ".b" * 50_000,
        "#set($x = " + "[$a.b(" * 20_000,
        "#set($x = " + "(" * 100_000,
        '#set($x = "' + '""' * 50_000,
        "#set($x = 1" + "+1" * 30_000 + ")",
        "##" + "\\" * 100_000 + "$",
        "#@m()" * (NESTING - 10) + "$x " * 20_000 + "#end" * (NESTING - 10),
        "#literal()" * (NESTING - 10) + "$x " * 20_000 + "#end" * (NESTING - 10),
    ],
    ids=lambda text: text[:12],
)
def test_long_odd_text_is_answered(text: str) -> None:
    """Quadratic lexing or parsing of any of these would take minutes."""
    with contextlib.suppress(TemplateSyntaxError):
        parsed(text)


# -- every node has its place ----------------------------------------------------------------------------------------------


def spans(node: Any) -> Iterator[tuple[Span, Span]]:
    """Each node's span with its parent's."""
    if isinstance(node, tuple) and hasattr(node, "span"):
        for part in node:
            for inner in parts(part):
                yield node.span, inner.span
                yield from spans(inner)


def parts(found: Any) -> Iterator[Any]:
    if isinstance(found, tuple) and hasattr(found, "span"):
        yield found
    elif isinstance(found, tuple) and not isinstance(found, Span):
        for part in found:
            yield from parts(part)


@pytest.mark.parametrize("seed", ["spans", "of", "nodes"])
def test_a_node_lies_within_its_parent(seed: str) -> None:
    for text in islice(Generator(seed), 150):
        try:
            block = parsed(text)
        except TemplateSyntaxError:
            continue
        for outer, inner in spans(block):
            assert 0 <= inner.start <= inner.end <= len(text), text
            assert outer.start <= inner.start, (text, outer, inner)
            assert inner.end <= outer.end, (text, outer, inner)


# -- the live reference ----------------------------------------------------------------------------------------------------


def disagreement(case: Case, result: Result) -> str | None:
    """How our parse of a case differs from Velocity's."""
    source = Source(case["template"])
    try:
        ours = tree(parse(source, DIALECTS[case["profile"]]), source)
    except TemplateSyntaxError as problem:
        if result.tree is not None:
            return f"refused: {problem} at {problem.position}"
        plain = "\t" not in source.text and source.text.isascii()
        if plain and result.exception == "TemplateParseException" and problem.position != (result.line, result.column):
            return f"refused at {problem.position} instead of {(result.line, result.column)}: {problem}"
        return None
    if result.tree is None:
        return f"accepted: {result.error}"
    return None if without_places(ours) == without_places(result.tree) else f"{ours}\ninstead of\n{result.tree}"


def assert_agreement(reference: Reference, templates: list[str], profile: str) -> None:
    cases: list[Case] = [{"profile": profile, "mode": "parse", "template": template} for template in templates]
    for case, result in zip(cases, reference.render_all(cases), strict=True):
        if disagreement(case, result) is not None:

            def differs(text: str) -> bool:
                smaller: Case = {"profile": profile, "mode": "parse", "template": text}
                return disagreement(smaller, reference.render(smaller)) is not None

            small: Case = {"profile": profile, "mode": "parse", "template": shrink(case["template"], differs)}
            pytest.fail(f"{profile}: {small['template']!r}\n{disagreement(small, reference.render(small))}")


@pytest.mark.reference
@pytest.mark.parametrize("profile", list(DIALECTS))
def test_the_tables_are_velocitys(reference: Reference, profile: str) -> None:
    lexical = ("has no meaning", "not closed", "ends with")
    assert_agreement(reference, [row[0] for row in TEXTS], profile)
    assert_agreement(reference, [row[0] for row in REFUSED if not any(part in row[3] for part in lexical)], profile)


@pytest.mark.reference
@pytest.mark.parametrize("profile", list(DIALECTS))
@pytest.mark.parametrize("seed", ["one", "two", None])
def test_random_text_parses_as_in_velocity(reference: Reference, profile: str, seed: str | None) -> None:
    chosen = seed or f"{random.SystemRandom().getrandbits(32):08x}"
    templates = [*islice(soup(chosen), 1000), *islice(Generator(chosen), 500)]
    assert_agreement(reference, templates, profile)


# -- what is plain --------------------------------------------------------------------------------------------------------

NEARLY_PLAIN = (
    *("$a.b$c", "$a.b$(c)", "$a.b\\$(c)", "$a.b#(c)", "$x.y$a.b (c)", "$a.b$c#stop##\n", "$a.b##c\n", "$a#[[b]]#c"),
    *("$a #set($b = 1)c", "${a}  #set($b = 1)c", "$a.b  #end", "$a#end", "$true $false.b $a.true $a.trueish ${true}"),
    *("$a.b(", "$a.b[0].c", "$a.", "$a.1", "$a{b}", "${a.b", "$!{a.b}c", "$a-b.c-d", "$_a", "$a\\#if(1)b#end"),
    *("#set($x = !,", "#set($x = !$a)", "#set($x =\t$a.b)", "#set($x == 1)", "#set($true = 1)", "#set($x.y = 1)"),
    *("#set($x = 1 2)", "#set($x = 'a''b')", '#set($x = "a""b")', "#set($x = 1..2)", "#set($x = $a and $b)"),
    *("#foreach($x in [)$i#end", "#foreach($x in $y == 1)#end", "#foreach($x in $y z)#end", "#foreach($x in, $y)#end"),
    *("#foreach($true in $y)#end", "#foreach($x inn $y)#end", "#foreach($x in$y)$x#end", "#foreach($x = $y)#end"),
    *("#foreach( $x in $y.z )\n$x\n#end  \nb", "#foreach($x in '\\u0041')#end", "#foreach", "#endx#elsex#ifx#set"),
    *(
        "#if(($a.b == 1) || 'x' != \"y\")b#elseif(!$c)d#else  \ne#end\n",
        "#if($a <= 1 + 2 * 3 && $b)#end",
        "#if ($a)#end",
    ),
    *("#literal()$a.b #if($c)d#end#end", "#@m($a.b)$c.d #set($e = 1)#end", '#macro()#end"$[', '#set($x = \'\\"\\"'),
    *(
        '#set($x = "a $b.c ${d} #if($e)f#end")',
        '#set($x = "a ""$b.c"" #if($e == 1)f#end")',
        '\\"$a\\"$[',
        'a\\"b$[\\',
        "",
    ),
)


def test_what_is_plain_is_read_as_its_tokens_are(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*NEARLY_PLAIN, *islice(Generator("plain"), 1_500), *islice(soup("plain"), 3_000)]
    plain = [outcome(text) for text in texts]
    monkeypatch.setattr(Parser, "_read_plain", lambda *_: -1)
    monkeypatch.setattr(Parser, "_plain_steps", lambda _self, name, _steps: name)
    for name in ("_plain_directive", "plain_head", "plain_value"):
        monkeypatch.setattr(Lexer, name, lambda *_: None)
    for text, found in zip(texts, plain, strict=True):
        assert outcome(text) == found, text


def outcome(text: str) -> str:
    """The whole tree, or the whole error."""
    try:
        return repr(parsed(text))
    except TemplateSyntaxError as problem:
        return repr((problem.message, problem.span, problem.expected))
