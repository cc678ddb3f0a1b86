"""Directives by name: ``#foreach``, ``#define``, ``#macro`` and their kin, and calls of macros.

What may live here: what each takes, what it refuses, and which of that Velocity finds out when. A word that names no
directive is a call of a macro, or text that only looks like one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.values.records import NamedTuple
from vtlsim.velocity import tokens as t
from vtlsim.velocity.limits import NESTING
from vtlsim.velocity.nodes import (
    Block,
    BreakDirective,
    DefineDirective,
    EvaluateDirective,
    FailingDirective,
    ForeachDirective,
    Interpolation,
    ListLiteral,
    LiteralDirective,
    MacroCall,
    MacroDefinition,
    MapLiteral,
    RangeLiteral,
    Reference,
    ResourceDirective,
    StopDirective,
    StringLiteral,
    Text,
    Word,
)
from vtlsim.velocity.parser_expressions import PARAMETER, ExpressionParser
from vtlsim.velocity.parser_references import plain_reference
from vtlsim.velocity.parser_tokens import run_of, token_literal
from vtlsim.velocity.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.errors import TemplateSyntaxError
    from vtlsim.velocity.nodes import Expression, Statement
    from vtlsim.velocity.source import Source, Span

_BLOCKS: Final = frozenset({"foreach", "macro", "literal", "define"})
_LINES: Final = frozenset({"include", "parse", "break", "stop"})
_ALL: Final = _BLOCKS | _LINES


class MacroNames:
    """Which names are macros', as far as Velocity knows when it asks.

    Velocity parses the whole template first and the strings in it afterwards. ``seen``: names of definitions that the
    template's own text has brought so far. ``later``: those of all of it. ``in_strings``: those that strings have
    brought so far. ``registered``: definitions set up so far. ``asked``: whether a string depends on such names.
    """

    __slots__ = ("asked", "in_strings", "later", "registered", "seen")

    def __init__(self, known: frozenset[str], later: frozenset[str] = frozenset()) -> None:
        self.seen = set(known)
        self.in_strings: set[str] = set()
        self.registered = set(known)
        self.later = later
        self.asked = False


class _Argument(NamedTuple):
    """An argument of a directive, with the tokens that it runs from and to."""

    node: Expression
    first: Token
    last: Token


class DirectiveParser(ExpressionParser):
    """A parser that knows directives by name. ``macros`` are the names that take no words for arguments.

    ``rewritten`` counts the open bodies that are written out again token by token.
    """

    __slots__ = ("_calls", "_literals", "dialect", "fault", "inside", "macros", "names", "rewritten")

    def __init__(
        self,
        text: str,
        source: Source,
        span: Callable[[int, int], Span],
        depth: int,
        dialect: Dialect,
        names: MacroNames,
        macros: frozenset[str],
        inside: str = "template",
    ) -> None:
        super().__init__(text, source, span, depth)
        self.dialect = dialect
        self.names = names
        self.macros = macros
        self.inside = inside
        self.rewritten = 0
        self.fault: TemplateSyntaxError | None = None
        self._calls: dict[Token, tuple[Token, str]] = {}
        self._literals: dict[Token, tuple[Token, str]] = {}

    def block(self) -> Block:
        """Statements, up to a token that begins none: the business of the class above."""
        raise NotImplementedError

    # -- what Velocity knows ------------------------------------------------------------------------------------------

    def is_directive(self, name: str) -> bool:
        """Whether a name is a directive's, apart from those of the grammar itself."""
        return name in _ALL or (name == "evaluate" and self.dialect.evaluate)

    def is_macro_name(self, name: str) -> bool:
        """Whether a macro of that name has been parsed: what decides about a backslash before its call."""
        names = self.names
        return name in names.seen or (self.inside != "template" and (name in names.later or name in names.in_strings))

    def refuse(self, problem: TemplateSyntaxError) -> None:
        """Note what Velocity finds wrong only after it has parsed the whole text."""
        if self.fault is None:
            self.fault = problem

    # -- any directive ------------------------------------------------------------------------------------------------

    def directive(self, statements: list[Statement]) -> None:
        """A directive by name, or what looks like one."""
        word = self.token
        image = word.image
        name = image[2:-1] if word.kind == t.BRACKETED_WORD else image[1:]
        lexer = self.lexer
        lexer.state = t.DIRECTIVE
        known = self.is_directive(name)
        arguments = self._plain_loop(word) if name == "foreach" else []
        if not arguments:
            if not lexer.left_parenthesis_follows():
                if name == "macro":
                    raise self.error("'#macro' needs a name in parentheses", word, "'('")
                lexer.pop()
                self.advance()
                self._without_parentheses(word, name, statements)
                return
            self.advance()
            self.skip_space()
            self.take(t.LPAREN, "'('")
        self._arguments(name, arguments, known=known)
        if self.kind != t.RPAREN:
            raise self.unexpected("an argument", "')'")
        if name in _BLOCKS or (name[:1] == "@" and not known):
            self.deeper()
            close = self.finish()
            rewritten = name == "literal" or name[:1] == "@"
            self.rewritten += rewritten
            body = self.block()
            self.rewritten -= rewritten
            last = self.token
            end = self.end_of(word, "'#end'")
            if name != "foreach":
                self.advance()  # if what follows is no token, that goes before what is wrong with the arguments
            self.depth -= 1
            span = self.span(word.start, end)
            self._keep_definitions(name, arguments, body, statements)
            if name == "foreach":
                self._foreach(span, arguments, body, statements)
            elif name == "macro":
                statements.append(self._macro(word, span, arguments, body))
            elif name == "literal":
                self._literal(span, word, arguments, close, last, body, statements)
            elif name == "define":
                self._define(span, word, arguments, body, statements)
            else:
                literal = _joined(word, self.token, _image, self._calls)
                nodes = tuple([argument.node for argument in arguments])
                statements.append(MacroCall(span, name[1:], nodes, body, literal))
            return
        close = self.finish()
        span = self.span(word.start, close.start + 1)
        nodes = tuple([argument.node for argument in arguments])
        if not known:
            statements.append(MacroCall(span, name, nodes, None, self._images(word, close)))
        elif name == "include" or name == "parse":
            statements.append(ResourceDirective(span, name, nodes))
        elif name == "evaluate":
            self._check_evaluate(word, arguments)
            statements.append(EvaluateDirective(span, nodes))
        else:
            self._check_single(name, arguments)
            statements.append(BreakDirective(span, nodes) if name == "break" else StopDirective(span, nodes))

    def _without_parentheses(self, word: Token, name: str, statements: list[Statement]) -> None:
        span = self.span(word.start, word.end)
        if not self.is_directive(name):
            if name[:1] == "@":
                statements.append(Text(span, "#" + name))
            else:
                statements.append(MacroCall(span, name, (), None, word.image))
        elif name == "break":
            statements.append(BreakDirective(span, ()))
        elif name == "stop":
            statements.append(StopDirective(span, ()))
        elif name == "include" or name == "parse":
            statements.append(ResourceDirective(span, name, ()))
        else:
            self.refuse(self.error(f"'#{name}' needs arguments in parentheses", word, "'('"))

    def end_of(self, opening: Token, *expected: str) -> int:
        """Take ``#end``; returns where it ends, without the line end that it swallows."""
        if self.kind != t.END:
            problem = self.unexpected(*expected)
            name = "#" + opening.image.rpartition("#")[2]
            line = self.source.position(self.span(opening.start, opening.end).start).line
            problem.args = (problem.message + f"; '{name}' of line {line} is not closed",)
            problem.message = problem.args[0]
            raise problem
        end = self.finish()
        return end.start + len(end.image.rstrip())

    def _images(self, first: Token, last: Token) -> str:
        """A run of tokens as a call of a macro prints when there is no such macro: without what was set aside."""
        if self.lexer.irregular < first.start:
            return first.image + self.lexer.text[first.end : last.end]
        return "".join([token.image for token in run_of(first, last)])

    # -- arguments ----------------------------------------------------------------------------------------------------

    def _plain_loop(self, directive: Token) -> list[_Argument]:
        """The first arguments of ``#foreach``, read at once where they are plain and not lexed yet; none otherwise."""
        if directive.next is not None or self.rewritten or self.depth >= NESTING:
            return []
        match = self.lexer.plain_head("(", "in")
        if match is None:
            return []
        start, end = match.span(2)
        image = match[2]
        name = Token(t.IDENTIFIER, start, end, image)
        node = plain_reference(self.span(start, end), image[1:], (), False, image)
        start, end = match.span(3)
        self.token = word = Token(t.WORD, start, end, "in")
        self.finish()
        found = [_Argument(node, name, name), _Argument(Word(self.span(start, end), "in"), word, word)]
        value = self.plain_value()
        if value is None:
            self.advance()
        else:
            found.append(_Argument(value, word, word))
        return found

    def _arguments(self, name: str, found: list[_Argument], *, known: bool) -> None:
        """What stands between a directive's parentheses, up to the closing one, added to what is found already."""
        self.deeper()
        while self.at_argument():
            self.skip_space()
            if self.kind == t.COMMA:
                self.advance()
                self.skip_space()
            first = self.token
            node = self._argument()
            self._check_word(name, node, first, len(found), known=known)
            last = first
            while last.next is not self.token:
                assert last.next is not None
                last = last.next
            found.append(_Argument(node, first, last))
        self.depth -= 1
        self.skip_space()

    def _argument(self) -> Expression:
        kind = self.kind
        if kind == t.IDENTIFIER or kind == t.LCURLY:
            return self.reference()
        if kind == t.WORD:
            token = self.advance()
            return Word(self.span(token.start, token.end), token.image)
        if kind == t.STRING:
            return self.string()
        if kind == t.INTEGER:
            return self.integer()
        if kind == t.LBRACKET:
            return self.range_literal() if self.at_range() else self.list_literal()
        if kind == t.FLOAT:
            return self.number()
        if kind == t.LEFT_CURLEY:
            return self.map_literal()
        if kind == t.TRUE or kind == t.FALSE:
            return self.boolean()
        raise self.unexpected(*PARAMETER, "a word")

    def _check_word(self, name: str, node: Expression, token: Token, position: int, *, known: bool) -> None:
        """Bare words are for the name in ``#macro``, the ``in`` of ``#foreach``, and macros not defined so far."""
        if name == "macro" and position == 0:
            if type(node) is not Word:
                raise self.error("the first argument of '#macro' is the macro's name, without quotes", token, "a name")
        elif type(node) is Word:
            if name in self.macros and not known:
                raise self.error(f"'{token.image}' is no argument for the macro '#{name}'", token, *PARAMETER)
            if known and not (name == "foreach" and position == 1):
                raise self.error(f"'{token.image}' is no argument for '#{name}'", token, *PARAMETER)

    def _check_evaluate(self, word: Token, arguments: list[_Argument]) -> None:
        if len(arguments) != 1:
            token = arguments[1].first if arguments else word
            self.refuse(self.error("'#evaluate' takes exactly one argument", token))
        elif type(arguments[0].node) not in (StringLiteral, Interpolation, Reference):
            message = "'#evaluate' takes a string or a reference"
            self.refuse(self.error(message, arguments[0].first, "a string", "a reference"))

    def _check_single(self, name: str, arguments: list[_Argument]) -> None:
        if len(arguments) > 1:
            self.refuse(self.error(f"'#{name}' takes no more than one argument", arguments[1].first))

    # -- directives with a body ---------------------------------------------------------------------------------------

    def _keep_definitions(
        self, name: str, arguments: list[_Argument], body: Block, statements: list[Statement]
    ) -> None:
        """Velocity defines every macro that it has parsed, also where nothing is ever rendered: keep those as well."""
        if not (self.dialect.inline_macros and (self.names.seen or self.names.in_strings)):
            return
        dropped: list[Expression | Block] = []
        if name == "foreach":
            dropped = [argument.node for at, argument in enumerate(arguments) if at != 2 or len(arguments) < 3]
            if len(arguments) != 3:
                dropped.append(body)
        elif name == "define" or name == "macro" or name == "literal":
            dropped = [argument.node for argument in arguments]
        statements.extend(_definitions(tuple(dropped)))

    def _define(
        self, span: Span, word: Token, arguments: list[_Argument], body: Block, statements: list[Statement]
    ) -> None:
        if len(arguments) == 1:
            statements.append(DefineDirective(span, arguments[0].first.image[1:], body))
        else:
            self.refuse(self.error("'#define' takes exactly one argument, the block's name", word, "a reference"))

    def _literal(
        self,
        span: Span,
        word: Token,
        arguments: list[_Argument],
        close: Token,
        end: Token,
        body: Block,
        statements: list[Statement],
    ) -> None:
        """It prints the first thing that it holds: an argument, or else the body as Velocity writes it out again."""
        if arguments:
            statements.append(LiteralDirective(span, self.literal(arguments[0].first, arguments[0].last), body))
        elif close.next is end:
            self.refuse(self.error("'#literal' needs something in its body", word))
        else:
            assert close.next is not None
            text = _joined(close.next, end, token_literal, self._literals)
            statements.append(LiteralDirective(span, text, body))

    def _foreach(self, span: Span, arguments: list[_Argument], body: Block, statements: list[Statement]) -> None:
        """Velocity takes its parts by number: the first argument, the third, and the fourth or else the body."""
        if len(arguments) < 2:
            statements.append(FailingDirective(span, "'#foreach' has nothing to run over"))
            return
        if len(arguments) == 2:
            return  # what is run over is the body, which has no value
        element, first = arguments[0].node, arguments[0].first
        name = element.name if type(element) is Reference else first.image[1:]
        if len(arguments) > 3:
            extra = arguments[3].node
            body = Block(extra.span, tuple(_references(extra)))
        statements.append(ForeachDirective(span, name, arguments[2].node, body))

    def _macro(self, word: Token, span: Span, arguments: list[_Argument], body: Block) -> MacroDefinition:
        if not arguments:
            raise self.error("'#macro' needs a name", word, "a name")
        name, *parameters = [argument.first.image for argument in arguments]
        (self.names.seen if self.inside == "template" else self.names.in_strings).add(name)
        if self.dialect.inline_macros:
            self.names.registered.add(name)
        return MacroDefinition(span, name, tuple([parameter.removeprefix("$") for parameter in parameters]), body)


def _image(token: Token) -> str:
    return token.image


def _joined(first: Token, stop: Token, text: Callable[[Token], str], known: dict[Token, tuple[Token, str]]) -> str:
    """The texts of a run of tokens, up to one that is no longer part of it.

    ``known`` holds the runs inside it that were joined before, by their first tokens: things deep inside one another
    are walked over once.
    """
    pieces: list[str] = []
    token = first
    while token is not stop:
        after, piece = known.pop(token, (token.next, None))
        pieces.append(text(token) if piece is None else piece)
        assert after is not None
        token = after
    joined = "".join(pieces)
    known[first] = stop, joined
    return joined


def _definitions(node: object) -> Iterator[MacroDefinition]:
    """The definitions of macros in nodes, however deep; those inside another definition come with it."""
    if type(node) is MacroDefinition:
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from _definitions(part)


def _references(node: Expression) -> Iterator[Reference]:
    """What an argument prints where Velocity takes it for a body: the references in it."""
    if type(node) is Reference:
        yield node
    elif type(node) is ListLiteral:
        for item in node.items:
            yield from _references(item)
    elif type(node) is MapLiteral:
        for key, value in node.entries:
            yield from _references(key)
            yield from _references(value)
    elif type(node) is RangeLiteral:
        yield from _references(node.first)
        yield from _references(node.last)
