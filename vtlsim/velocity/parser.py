"""Templates to nodes, exactly as Velocity 1.7's parser and the set-up of its nodes accept, refuse and arrange them.

What may live here: statements and directives. Some faults Velocity finds only after it has parsed the whole text; they
are noted when they are met and raised last, so that an earlier error is not hidden by a later one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity import tokens as t
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.limits import NESTING
from vtlsim.velocity.nodes import Block, Branch, IfDirective, Interpolation, SetDirective, Text
from vtlsim.velocity.parser_directives import DirectiveParser, MacroNames
from vtlsim.velocity.parser_tokens import Places, token_literal
from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.nodes import Statement
    from vtlsim.velocity.source import Source
    from vtlsim.velocity.tokens import Token

_TEXTS: Final = frozenset(
    {
        t.DOT,
        t.RPAREN,
        t.LPAREN,
        t.INTEGER,
        t.FLOAT,
        t.STRING,
        t.ESCAPE,
        t.LCURLY,
        t.RCURLY,
        t.EMPTY_INDEX,
    }
)
"""Tokens that are text where a statement begins."""

_ENDS: Final = frozenset({t.IF, t.ELSE, t.ELSEIF, t.END})
"""Directives of the grammar itself before which a backslash is an escape."""

_RESERVED: Final = frozenset({"if", "end", "set", "else", "elseif"})
"""The same by name, and ``#set``."""


def parse(source: Source, dialect: Dialect, *, macros: Iterable[str] = ()) -> Block:
    """The nodes of a template.

    ``macros`` are the names that are macros already (for text that is evaluated while a template runs).

    :raises TemplateSyntaxError: at the place where Velocity 1.7 finds the fault, or where an unclosed string, comment
        or text block begins.
    """
    known = frozenset(macros)
    names = MacroNames(known)
    tree = Parser(source.text, source, Span, 0, dialect, names, known).template()
    if names.asked and names.seen != known:
        # A string asked whether a name is a macro's. Velocity parses strings last: tell it all names.
        names = MacroNames(known, frozenset(names.seen))
        tree = Parser(source.text, source, Span, 0, dialect, names, known).template()
    return tree


class Parser(DirectiveParser):
    """A parser of templates and of the strings in them."""

    __slots__ = ()

    def template(self) -> Block:
        """The whole text."""
        try:
            self.advance()
            block = self.block()
            if self.kind != t.EOF:
                raise self._out_of_place()
        except t.LexicalError as problem:
            raise self.lexical(problem) from None
        except RecursionError:
            message = f"more than {NESTING} things lie inside one another"
            raise self.error(message, self.token) from None
        if self.fault is not None:
            raise self.fault
        return block

    def _out_of_place(self) -> TemplateSyntaxError:
        if self.kind in (t.END, t.ELSE, t.ELSEIF):
            name = self.token.image.strip()
            return self.error(f"'{name}' without a directive that it could belong to", self.token)
        return self.unexpected("text", "a reference", "a directive")

    # -- statements ---------------------------------------------------------------------------------------------------

    def block(self) -> Block:
        """Statements, up to a token that begins none."""
        statements: list[Statement] = []
        append = statements.append
        start = self.token.lead
        while True:
            kind = self.kind
            if kind == t.TEXT:
                token = self.advance()
                text = token.image if token.specials is None else token_literal(token)
                append(Text(self.span(token.lead, token.end), text))
            elif kind == t.IDENTIFIER or (kind == t.LCURLY and self.at_reference()):
                append(self.reference())
            elif kind == t.WORD or kind == t.BRACKETED_WORD:
                self.directive(statements)
            elif kind == t.IF:
                append(self._if())
            elif kind == t.SET_DIRECTIVE:
                append(self._set())
            elif kind in _TEXTS:
                token = self.advance()
                append(Text(self.span(token.lead, token.end), token_literal(token)))
            elif kind == t.COMMENT_START or kind == t.BLOCK_COMMENT_END or kind == t.FORMAL_COMMENT:
                self._comment(statements)
            elif kind == t.TEXTBLOCK:
                token = self.advance()
                if len(token.image) > 6:
                    append(Text(self.span(token.start, token.end), token.image[3:-3]))
            elif kind == t.ESCAPE_DIRECTIVE:
                token = self.advance()
                token.image = self._escaped_directive(token)
                append(Text(self.span(token.start, token.end), token.image))
            elif kind == t.DOUBLE_ESCAPE:
                append(self._escape())
            else:
                break
        return Block(self.span(start, self.token.start), tuple(statements))

    def _comment(self, statements: list[Statement]) -> None:
        """A comment prints what the lexer took into its first token before it: the ``$`` of ``$## text``."""
        token = self.advance()
        image = token.image
        if token.kind == t.COMMENT_START and self.kind == t.LINE_COMMENT_END:
            self.advance()
        at = image.find("##")
        if at < 0:
            at = image.find("#*")
        if at > 0:
            statements.append(Text(self.span(token.start, token.start + at), image[:at]))

    def _escaped_directive(self, token: Token) -> str:
        r"""``\#name`` as it prints: half of the backslashes where the name is a directive's, all of them elsewhere.

        Velocity keeps what it makes of it as the token's image.
        """
        image = token.image
        slashes = image.rindex("\\")
        name = image[slashes + 2 :]
        if name[0] == "{":
            name = name[1:-1]
        if name in _RESERVED or self.is_directive(name) or self.is_macro_name(name):
            return image[: slashes // 2] + image[slashes + 1 :]
        return image

    def _escape(self) -> Text:
        """Pairs of backslashes: halved before a directive."""
        start = token = self.advance()
        count = 1
        while self.kind == t.DOUBLE_ESCAPE:
            token = self.advance()
            count += 1
        name = self.token.image[1:]
        control = self.kind in _ENDS or self.is_directive(name) or self.is_macro_name(name)
        return Text(self.span(start.start, token.end), ("\\" if control else "\\\\") * count)

    # -- directives of the grammar ------------------------------------------------------------------------------------

    def _if(self) -> IfDirective:
        self.deeper()
        start = self.token
        branches = [self._branch()]
        while self.kind == t.ELSEIF:
            branches.append(self._branch())
        otherwise: Block | None = None
        if self.kind == t.ELSE:
            self.advance()
            otherwise = self.block()
            end = self.end_of(start, "'#end'")
        else:
            end = self.end_of(start, "'#elseif'", "'#else'", "'#end'")
        self.depth -= 1
        return IfDirective(self.span(start.start, end), tuple(branches), otherwise)

    def _branch(self) -> Branch:
        start = self.advance()
        self.skip_space()
        self.take(t.LPAREN, "'('")
        condition = self.expression()
        self.take(t.RPAREN, "an operator", "')'")
        body = self.block()
        return Branch(self.span(start.start, self.token.start), condition, body)

    def _set(self) -> SetDirective:
        start = self.advance()
        self.skip_space()
        name = self.token
        if name.kind != t.IDENTIFIER and name.kind != t.LCURLY:
            raise self.unexpected("a reference")
        target = self.reference()
        self.skip_space()
        self.take(t.ASSIGN, "'='")
        value = self.expression()
        if self.kind != t.RPAREN:
            raise self.unexpected("an operator", "')'")
        self.lexer.in_set = False
        close = self.advance()
        first = start.end - len(start.image.lstrip(" \t"))
        return SetDirective(self.span(first, close.start + 1), target, name.image[1:], value)

    # -- strings ------------------------------------------------------------------------------------------------------

    def interpolation(self, token: Token, text: str, offsets: list[int] | None) -> Interpolation:
        """The node of a string that holds ``$`` or ``#``."""
        span = self.span(token.start, token.end)
        drop_last = "##" not in text
        if drop_last:
            text += " "
        if "\\#" in text:
            self.names.asked = True
        if offsets is not None:
            places = Places(0, offsets if self.span is Span else [self.span(at, at).start for at in offsets])
        elif isinstance(self.span, Places):
            places = self.span.moved(token.start + 1)
        else:
            places = Places(token.start + 1, None)
        self.deeper()
        known = frozenset(self.names.registered)
        parser = Parser(text, self.source, places, self.depth, self.dialect, self.names, known, inside="string")
        try:
            body = parser.template()
        except TemplateSyntaxError as problem:
            self.refuse(problem)
            body = Block(span, ())
        self.depth -= 1
        return Interpolation(span, body, drop_last)
