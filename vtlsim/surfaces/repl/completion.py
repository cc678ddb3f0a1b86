"""What could come next: commands, variables, members, JSON paths of the loaded body.

What may live here: finding candidates for the text before the cursor. Showing them is the prompt's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from vtlsim.velocity.errors import VelocityError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.surfaces.repl.session import Session

_PATH: Final = re.compile(r"""(?:\$!?\{?input\.(?:path|json)\(\s*["']|^:path\s+)(?P<path>\$[^"')]*)\Z""")
_MEMBER: Final = re.compile(r"\$!?\{?(?P<base>[A-Za-z][\w-]*(?:[^\s\"'#$]*?))\.(?P<part>\w*)\Z")
_VARIABLE: Final = re.compile(r"\$!?\{?(?P<part>[A-Za-z][\w-]*|)\Z")
_DIRECTIVE: Final = re.compile(r"#(?P<part>[a-z]*)\Z")
_COMMAND: Final = re.compile(r":(?P<part>[a-z]*)\Z")
_SETTING: Final = re.compile(r":set\s+(?P<part>[\w.]*)\Z")

DIRECTIVES: Final = ("set(", "if(", "elseif(", "else", "end", "foreach(", "define(", "break", "stop")
METHODS: Final = {
    "input": ("path('$", "json('$", "params('", "params()", "body"),
    "util": ("escapeJavaScript(", "parseJson(", "urlEncode(", "urlDecode(", "base64Encode(", "base64Decode("),
}
"""Members that are worth their parentheses."""


def candidates(session: Session, before: str) -> list[tuple[str, int]]:
    """Each candidate with how many characters before the cursor it replaces."""
    for pattern, find in (
        (_PATH, _paths),
        (_COMMAND, _commands),
        (_SETTING, _settings),
        (_MEMBER, _members),
        (_VARIABLE, _variables),
        (_DIRECTIVE, _directives),
    ):
        match = pattern.search(before)
        if match is not None and (pattern is not _COMMAND or before.lstrip().startswith(":")):
            return find(session, match)
    return []


def _fitting(names: Iterable[str], part: str) -> list[tuple[str, int]]:
    wanted = part.lower()
    found = [name for name in dict.fromkeys(names) if name.lower().startswith(wanted)]
    return [(name, len(part)) for name in found]


def _commands(session: Session, match: re.Match[str]) -> list[tuple[str, int]]:
    del session
    from vtlsim.surfaces.repl.session import COMMANDS

    return _fitting(COMMANDS, match["part"])


def _settings(session: Session, match: re.Match[str]) -> list[tuple[str, int]]:
    del session
    from vtlsim.surfaces.repl.situation import GROUPS, PLAIN

    return _fitting([*(f"{name}=" for name in PLAIN), *(f"{name}." for name in GROUPS)], match["part"])


def _directives(session: Session, match: re.Match[str]) -> list[tuple[str, int]]:
    del session
    return _fitting(DIRECTIVES, match["part"])


def _variables(session: Session, match: re.Match[str]) -> list[tuple[str, int]]:
    scope = session.debugging.variables() or session.variables
    return _fitting(sorted(scope), match["part"])


def _members(session: Session, match: re.Match[str]) -> list[tuple[str, int]]:
    base = match["base"]
    scope = session.debugging.variables() or session.variables
    if base in METHODS and base in scope:
        return _fitting(METHODS[base], match["part"])
    value = _value(f"${base}", scope)
    if value is None:
        return []
    from vtlsim.velocity.methods import names

    known = [str(key) for key in value] if isinstance(value, dict) else []
    if base.partition(".")[0] == "context":
        from vtlsim.gateway.variables.members import CONTEXT, IDENTITY

        known += sorted({"context": CONTEXT, "context.identity": IDENTITY}.get(base, ()))
        return _fitting(known, match["part"])
    if not isinstance(value, dict):
        known += names(value)
    else:
        known += ["size()", "keySet()", "entrySet()", "values()", "containsKey(", "get("]
    return _fitting(known, match["part"])


def _value(text: str, scope: dict[str, Any]) -> Any:
    from vtlsim.explain.why import evaluate

    if "(" in text and not text.startswith(("$input.", "$util.")):
        return None  # a method may change something: nobody asked for that by pressing Tab
    try:
        return evaluate(text, scope)
    except VelocityError:
        return None


def _paths(session: Session, match: re.Match[str]) -> list[tuple[str, int]]:
    """Names below the part of the path that is complete."""
    path = match["path"]
    cut = max(path.rfind("."), path.rfind("["))
    if cut < 0:
        return [("$.", 1)] if path == "$" else []
    before, part = path[:cut], path[cut + 1 :]
    if path[cut] == "[":
        return []
    from vtlsim.jsonpath import JsonPathError
    from vtlsim.jsonpath import compile as compiled
    from vtlsim.values.objects import JavaException

    try:
        value = compiled(before or "$").read(session.variables["input"].document)
    except (JsonPathError, JavaException):
        return []
    return _fitting(_names(value), part)


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}[*]" if isinstance(each, list) else str(key) for key, each in value.items()]
    if isinstance(value, list):
        found: dict[str, None] = {}
        for each in value[:50]:
            found.update((name, None) for name in _names(each))
        return list(found)
    return []
