"""A session's situation as a case, written into a case file that people keep by hand.

What may live here: a case as YAML, and adding it to a file's text so that every other character stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vtlsim.cases.case import Case


class SaveError(ValueError):
    """The case cannot be added to that file. The text says why."""


def entry(case: Case, expect: dict[str, Any]) -> dict[str, Any]:
    """A case as the members of its entry, in the order in which people write them."""
    made: dict[str, Any] = {"name": case.name}
    if case.template is not None:
        made["template"] = case.template
    for field in ("phase", "engine", "jsonpath"):
        value = getattr(case, field)
        if value not in {"request", "velocity", "jayway"}:
            made[field] = value
    if case.body is not None:
        made["body"] = _body(case.body)
    for field in ("headers", "query"):
        pairs = getattr(case, field)
        if pairs:
            made[field] = _pairs(pairs)
    if case.path_parameters:
        made["path"] = dict(case.path_parameters)
    for field in ("stage_variables", "context", "variables"):
        value = getattr(case, field)
        if value:
            made[field] = dict(value)
    made["expect"] = expect
    return made


def _pairs(pairs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _body(text: str) -> Any:
    """The body as a value, where it would be written back as exactly this text."""
    value = _same_json(text)
    return text if isinstance(value, str) or value is None else value


def _same_json(text: str) -> Any:
    import json

    try:
        value = json.loads(text)
        same = json.dumps(value, separators=(",", ":"), ensure_ascii=False) == text
    except (ValueError, RecursionError):
        return None
    return value if same and isinstance(value, (dict, list)) else None


def expectation(text: str) -> dict[str, Any]:
    """What to expect of an output: its JSON where it is an object or a list that YAML can hold, else the text."""
    import json

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a name twice")
        return found

    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError):
        return {"text": text}
    return {"json": value} if isinstance(value, (dict, list)) else {"text": text}


def _finite(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise ValueError(digits)
    return value


def _refused(name: str) -> Any:
    raise ValueError(name)


def added(text: str | None, made: dict[str, Any], file: str) -> str:
    """A case file's text with one more entry; a new file's for None. Raises SaveError."""
    if text is None or not text.strip():
        return "tests:\n" + _block(made, 2)
    from vtlsim.config.marked import Mapping, Sequence, read
    from vtlsim.config.problems import Problems

    problems = Problems()
    node = read(text, file, problems)
    found = problems.all()
    if node is None or found:
        raise SaveError(f"{file} has mistakes: {found[0] if found else 'it cannot be read'}")
    tests = node.get("tests") if isinstance(node, Mapping) else None
    if not isinstance(tests, Sequence):
        if isinstance(node, Mapping) and "tests" not in node and node.document.language == "yaml":
            return text + ("" if text.endswith("\n") else "\n") + "tests:\n" + _block(made, 2)
        raise SaveError(f"{file} has no list of tests")
    if text[tests.start : tests.start + 1] == "[":
        return _into_brackets(text, tests, made)
    if not tests.items:
        raise SaveError(f"{file}: its list of tests is empty in a way that cannot be added to")
    dash = text.rindex("-", 0, tests.items[0].start)
    indent = dash - (text.rfind("\n", 0, dash) + 1)
    end = _end(tests.items[-1])
    end = text.find("\n", end)
    end = len(text) if end < 0 else end + 1
    before = text[:end] if text[:end].endswith("\n") else text[:end] + "\n"
    return before + _block(made, indent) + text[end:]


def _end(node: Any) -> int:
    """Where a node's last character stands: a block's own end is where the next thing begins."""
    entries = getattr(node, "entries", None)
    if entries:
        return max(_end(each) for each in entries.values())
    items = getattr(node, "items", None)
    if isinstance(items, list) and items and node.document.text[node.start : node.start + 1] != "[":
        return max(_end(each) for each in items)
    text = node.document.text
    end: int = node.end
    while end > node.start and text[end - 1] in " \t\r\n":
        end -= 1
    return end


def _into_brackets(text: str, tests: Any, made: dict[str, Any]) -> str:
    import json

    close = text.rindex("]", tests.start, tests.end)
    before = text[:close].rstrip()
    comma = "" if before.endswith(("[", ",")) else ","
    return f"{before}{comma}\n  {json.dumps(made, ensure_ascii=False)}\n{text[close:]}"


def _block(made: dict[str, Any], indent: int) -> str:
    from yaml import SafeDumper, dump

    class Dumper(SafeDumper):
        """Texts of several lines as blocks."""

        def represent_text(self, text: str) -> Any:
            """A text."""
            style = "|" if "\n" in text and not any(line.endswith((" ", "\t")) for line in text.split("\n")) else None
            return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

        def ignore_aliases(self, data: Any) -> bool:
            """Never an anchor."""
            del data
            return True

    Dumper.add_representer(str, Dumper.represent_text)
    shown = dump([made], Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return "".join(" " * indent + line if line.strip() else line for line in shown.splitlines(keepends=True))
