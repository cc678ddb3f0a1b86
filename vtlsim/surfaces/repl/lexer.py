"""Velocity for pygments: highlighting of templates, in the prompt and wherever pygments is used.

What may live here: the lexer. pygments' own marks every brace before a reference as an error and colours Java rather
than templates.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups  # type: ignore[import-untyped] # it has no types
from pygments.token import (  # type: ignore[import-untyped] # as above
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
)

_IDENTIFIER = r"[A-Za-z][A-Za-z0-9_-]*"
_REFERENCE = (rf"(\$!?\{{?)({_IDENTIFIER})", bygroups(Punctuation, Name.Variable), "reference")


class VtlLexer(RegexLexer):  # type: ignore[misc] # as above
    """Mapping templates (Velocity 1.7)."""

    name = "VTL (Velocity templates)"
    aliases: ClassVar[list[str]] = ["vtl"]
    filenames: ClassVar[list[str]] = ["*.vtl", "*.vm"]

    tokens: ClassVar[dict[str, Any]] = {
        "root": [
            (r"##.*", Comment.Single),
            (r"#\*.*?\*#", Comment.Multiline),
            (r"(#\[\[)(.*?)(\]\]#)", bygroups(Keyword, Text, Keyword)),
            (r"\\+(?=[$#])", String.Escape),
            (r"(#\{?)(set|if|elseif|foreach|define|macro|evaluate|include|parse)(\}?)(\s*)(\()",
             bygroups(Keyword, Keyword, Keyword, Whitespace, Punctuation), "expression"),
            (r"#\{?(?:else|end|stop|break)\b\}?", Keyword),
            _REFERENCE,
            (r'"', String.Double),
            (r"[^$#\\\"]+", Text),
            (r".", Text),
        ],
        "reference": [
            (rf"(\.)({_IDENTIFIER})(\()", bygroups(Punctuation, Name.Function, Punctuation), "expression"),
            (rf"(\.)({_IDENTIFIER})", bygroups(Punctuation, Name.Attribute)),
            (r"\[", Punctuation, "index"),
            (r"\}", Punctuation, "#pop"),
            (r"", Text, "#pop"),
        ],
        "expression": [
            (r"\)", Punctuation, "#pop"),
            (r"\(", Punctuation, "expression"),
            (r"\s+", Whitespace),
            (r'"', String.Double, "string"),
            (r"'[^']*'", String.Single),
            (r"-?\d+(\.\d+)?", Number),
            (r"\b(true|false|null)\b", Keyword.Constant),
            (r"\b(in)\b", Keyword),
            (r"\b(and|or|not|eq|ne|lt|gt|le|ge)\b", Operator.Word),
            (r"&&|\|\||[=!<>]=?|[-+*/%]|\.\.", Operator),
            _REFERENCE,
            (r"[\[\]{},:.]", Punctuation),
            (_IDENTIFIER, Name),
            (r".", Text),
        ],
        "index": [
            (r"\]", Punctuation, "#pop"),
            (r"\d+", Number),
            (r'"', String.Double, "string"),
            (r"'[^']*'", String.Single),
            _REFERENCE,
            (r"[^\]$]", Text),
        ],
        "string": [
            (r'""', String.Escape),
            (r'"', String.Double, "#pop"),
            _REFERENCE,
            (r'[^"$]+', String.Double),
            (r"\$", String.Double),
        ],
    }  # fmt: skip


class LineLexer(VtlLexer):
    """What is typed into the REPL: a command, or VTL."""

    name = "VTL REPL"
    aliases: ClassVar[list[str]] = ["vtl-repl"]
    filenames: ClassVar[list[str]] = []

    tokens: ClassVar[dict[str, Any]] = {
        **VtlLexer.tokens,
        "root": [(r"\A:[a-z]*", Keyword), *VtlLexer.tokens["root"]],
    }
