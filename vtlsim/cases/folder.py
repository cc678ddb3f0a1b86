"""A folder as a case: ``template.vtl``, ``request.http`` or ``.json``, ``context.json``, ``expected.json``.

What may live here: what the files of such a folder mean. It is the layout of AWS's VTL editor (aws-samples
serverless-samples, apigw-vtl-editor), whose folders run unchanged: an ``.http`` file is a start line, headers, a blank
line and the body, trimmed; ``response.http`` makes the template a response template; ``context.json`` holds
``context`` and ``stageVariables``, or is the context itself; an expectation that is JSON is compared as JSON, any other
as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.cases.case import NOTHING, Case, Expectation, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE: Final = "template.vtl"
EXPECTED: Final = ("expected.json", "expected.txt", "expected.xml", "expected.http")
FILES: Final = ("request.http", "request.json", "response.http", "response.json", "context.json", *EXPECTED)
"""What is read beside the template; each may be missing but for one expectation."""


class FolderError(ValueError):
    """A file of the folder cannot be read. ``file`` names it."""

    def __init__(self, file: str, message: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file = file


def is_case(names: frozenset[str]) -> bool:
    """Whether files of these names make a case."""
    return TEMPLATE in names and not names.isdisjoint(EXPECTED)


def folder_case(name: str, place: str, texts: Mapping[str, str]) -> Case:
    """The case of a folder. ``place`` is the template's path as people name it, ``texts`` the files by name.

    Raises FolderError.
    """
    phase: Any = "response" if "response.http" in texts or "response.json" in texts else "request"
    method, path, body = "POST", "/", None
    headers: tuple[tuple[str, str], ...] = ()
    if f"{phase}.http" in texts:
        method, path, headers, body = _message(texts[f"{phase}.http"], f"{phase}.http")
    elif f"{phase}.json" in texts:
        body = texts[f"{phase}.json"].strip()
    context, stage_variables = _context(texts.get("context.json"))
    expected = next(texts[each] for each in EXPECTED if each in texts)
    return Case(
        name,
        place,
        1,
        template=TEMPLATE,
        phase=phase,
        method=method,
        body=body,
        headers=() if phase == "response" else headers,
        query=_query(path),
        context=context,
        stage_variables=stage_variables,
        expect=Expectation(_expected(expected)),
    )


def _expected(text: str) -> Text:
    import json

    try:
        return Text(json=json.loads(text))
    except ValueError:
        return Text(text=text)


def _query(path: str) -> tuple[tuple[str, str], ...]:
    from urllib.parse import parse_qsl

    return tuple(parse_qsl(path.partition("?")[2], keep_blank_values=True))


def _message(text: str, file: str) -> tuple[str, str, tuple[tuple[str, str], ...], str]:
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    first, *lines = head.split("\n")
    words = first.split()
    if len(words) < 2:
        raise FolderError(file, "begins with a start line: POST /path HTTP/1.1, or HTTP/1.1 200 OK")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip():
            headers.append((name.strip(), value.strip()))
    return words[0], words[1], tuple(headers), body.strip()


def _context(text: str | None) -> tuple[Mapping[str, Any], dict[str, str] | None]:
    if text is None or not text.strip():
        return NOTHING, None
    import json

    try:
        found = json.loads(text)
    except ValueError as error:
        raise FolderError("context.json", f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise FolderError("context.json", "not a JSON object")
    if "context" not in found and "stageVariables" not in found:
        return found, None
    variables = found.get("stageVariables") or {}
    context = found.get("context") or {}
    if not isinstance(variables, dict) or not isinstance(context, dict):
        raise FolderError("context.json", "context and stageVariables are objects")
    return context, {key: value if isinstance(value, str) else json.dumps(value) for key, value in variables.items()}
