"""Templates to nodes, exactly as Velocity 1.7's parser and the set-up of its nodes accept, refuse and arrange them.

What may live here: statements and directives. Some faults Velocity finds only after it has parsed the whole text; they
are noted when they are met and raised last, so that an earlier error is not hidden by a later one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity import tokens as t
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.lexer_arguments import BOOLEANS
from vtlsim.velocity.lexer_plain import plain_run
from vtlsim.velocity.limits import NESTING
from vtlsim.velocity.nodes import Block, Branch, IfDirective, Interpolation, SetDirective, Text
from vtlsim.velocity.parser_directives import DirectiveParser, MacroNames
from vtlsim.velocity.parser_references import plain_reference, properties
from vtlsim.velocity.parser_tokens import UNREAD, Places, new, token_literal
from vtlsim.velocity.source import Span
from vtlsim.velocity.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.nodes import Reference, Statement, Step
    from vtlsim.velocity.source import Source

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
        """Statements, from behind a token that was taken last, up to a token that begins none."""
        statements: list[Statement] = []
        append = statements.append
        start = self.lexer.at
        self._read_on(statements)
        if not statements:
            start = self.token.lead
        while True:
            kind = self.kind
            if kind == UNREAD:
                self._read_on(statements)
                kind = self.kind
            if kind == t.TEXT:
                token = self.token
                text = token.image if token.specials is None else token_literal(token)
                append(new(Text, (self.span(token.lead, token.end), text)))
                self.kind = UNREAD
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
        return new(Block, (self.span(start, self.token.start), tuple(statements)))

    def _read_on(self, statements: list[Statement]) -> None:
        """Read text and references as long as they are plain, and then a token."""
        shift = self.shift
        lexer = self.lexer
        if lexer.state == t.DEFAULT and shift is not None and self.token.next is None and not self.rewritten:
            at = self._read_plain(statements, shift)
            if at >= 0:
                # An error may look at the token before its own.
                self.token = Token(t.TEXT, at, lexer.at, "")
        self.advance()

    def _read_plain(self, statements: list[Statement], shift: int) -> int:
        """Read text and references as long as they are plain. Returns where the last token of it begins, or -1."""
        append = statements.append
        lexer = self.lexer
        source = lexer.text
        at = lexer.at
        last = -1
        while True:
            match = plain_run(source, at)
            assert match is not None
            text, bang, bracket, name, names = match.groups()
            if text is not None:
                last = at
                at += len(text)
                append(new(Text, (new(Span, (last + shift, at + shift)), text)))
            if name is None or name in BOOLEANS:
                break
            end = match.end()
            steps: tuple[Step, ...] = ()
            if names:
                if ".true" in names or ".false" in names:
                    break
                steps = properties(names, match.start(5) + shift)
            span = new(Span, (at + shift, end + shift))
            append(plain_reference(span, name, steps, bang == "!", source[at:end]))
            last = end - 1 if steps or bracket else at
            at = end
        lexer.at = at
        return last

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
            self.finish()
            otherwise = self.block()
            end = self.end_of(start, "'#end'")
        else:
            end = self.end_of(start, "'#elseif'", "'#else'", "'#end'")
        self.depth -= 1
        return new(IfDirective, (self.span(start.start, end), tuple(branches), otherwise))

    def _branch(self) -> Branch:
        start = self.advance()
        self.skip_space()
        if self.kind != t.LPAREN:
            raise self.unexpected("'('")
        self.finish()
        condition = self.expression()
        if self.kind != t.RPAREN:
            raise self.unexpected("an operator", "')'")
        self.finish()
        body = self.block()
        return new(Branch, (self.span(start.start, self.token.start), condition, body))

    def _set(self) -> SetDirective:
        start = self.token
        target, key = self._plain_target() or self._target()
        value = self.expression()
        if self.kind != t.RPAREN:
            raise self.unexpected("an operator", "')'")
        self.lexer.in_set = False
        close = self.finish()
        first = start.end - len(start.image.lstrip(" \t"))
        return new(SetDirective, (self.span(first, close.start + 1), target, key, value))

    def _target(self) -> tuple[Reference, str]:
        """What ``#set`` sets, and the variable's name in its first token. ``=`` is taken."""
        self.advance()
        self.skip_space()
        name = self.token
        if name.kind != t.IDENTIFIER and name.kind != t.LCURLY:
            raise self.unexpected("a reference")
        target = self.reference()
        self.skip_space()
        if self.kind != t.ASSIGN:
            raise self.unexpected("'='")
        self.finish()
        return target, name.image[1:]

    def _plain_target(self) -> tuple[Reference, str] | None:
        """The same, read at once where it is plain and not lexed yet."""
        if self.token.next is not None or self.rewritten:
            return None
        match = self.lexer.plain_head(None, "=")
        if match is None:
            return None
        start, end = match.span(2)
        image = match[2]
        name = image[1:]
        self.token = Token(t.ASSIGN, match.start(3), match.end(), "=")
        self.finish()
        return plain_reference(self.span(start, end), name, (), False, image), name

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
