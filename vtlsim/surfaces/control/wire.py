"""rest-json as API Gateway speaks it: a request becomes parameters, a result becomes an answer.

What may live here: types, names and places of members, as the service model states them, and what the service says of
a request that does not fit them. What a parameter means is an operation's business.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

from vtlsim.config.fields import JAVA_BOOLEAN, JAVA_NUMBER
from vtlsim.config.gateway_responses import TYPES as RESPONSE_TYPES
from vtlsim.config.integration import TYPES as INTEGRATION_TYPES
from vtlsim.surfaces.control.errors import ControlError, bad_request, constraints, serialization

if TYPE_CHECKING:
    from collections.abc import Mapping

ENUMS: Final[dict[str, tuple[str, ...]]] = {
    "IntegrationType": INTEGRATION_TYPES,
    "GatewayResponseType": RESPONSE_TYPES,
    "Op": ("add", "remove", "move", "test", "replace", "copy"),
}
"""Enums in the order in which AWS's messages list them, where that was recorded; the others in the service model's."""

NULLABLE: Final = frozenset(("requestTemplates", "responseTemplates"))
"""Maps in which null is a value: an empty template. Elsewhere null is as good as absent."""

UNKNOWN_MEMBER: Final = "CTL001"
"""Register: a member that the operation does not have is refused. No answer of AWS is known."""

TYPE_MESSAGES: Final = "CTL009"
"""Register: what is said of a value of the wrong type. Two messages were recorded (a boolean and a number where a text
belongs); the others are those of other services on AWS's same framework, or built alike."""

NESTING: Final = 60
_SCALARS: Final = {
    "string": "String",
    "boolean": "Boolean",
    "integer": "Integer",
    "long": "Long",
    "double": "Double",
    "float": "Float",
}


class Answer(NamedTuple):
    """An HTTP answer. ``headers`` leaves out Content-Length."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Wire:
    """The service model's shapes, for reading and writing."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self._shapes: Mapping[str, Any] = model["shapes"]
        self._operations: Mapping[str, Any] = model["operations"]

    # -- reading ------------------------------------------------------------------------------------------------------

    def parameters(
        self, operation: str, path: Mapping[str, str], query: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        """An operation's parameters by the names of its input shape's members. ``headers`` are by lower-case name.

        What is null or absent is left out, but for null templates. Raises ControlError: first for types
        (SerializationException), then for every constraint at once (ValidationException).
        """
        shape_name = self._operations[operation].get("input", {}).get("shape")
        if shape_name is None:
            return {}
        shape = self._shapes[shape_name]
        members: Mapping[str, Any] = shape["members"]
        payload = shape.get("payload")
        document = {} if payload is not None else _document(body)
        asked = parse_qsl(query, keep_blank_values=True, errors="replace") if query else []
        found: dict[str, Any] = {}
        named: set[str] = set()
        for name, member in members.items():
            place = member.get("location")
            spelled = member.get("locationName", name)
            kind = self._shapes[member["shape"]]
            if name == payload:
                found[name] = body
            elif place == "uri":
                found[name] = path[spelled]
            elif place == "header":
                if spelled.lower() in headers:
                    found[name] = headers[spelled.lower()]
            elif place == "querystring":
                if kind["type"] == "map":
                    continue
                values = [value for key, value in asked if key == spelled]
                named.add(spelled)
                if values:
                    found[name] = values if kind["type"] == "list" else _queried(kind["type"], spelled, values[-1])
            elif spelled in document:
                named.add(spelled)
                value = self._read(member["shape"], document[spelled], 0)
                if isinstance(value, dict) and name not in NULLABLE:
                    value = {key: each for key, each in value.items() if each is not None}
                if value is not None:
                    found[name] = value
        for name, member in members.items():
            if member.get("location") == "querystring" and self._shapes[member["shape"]]["type"] == "map":
                found[name] = {key: value for key, value in asked if key not in named}
        self._refuse_unknown(operation, document, members)
        self._check(operation, shape, found)
        return found

    def _refuse_unknown(self, operation: str, document: Mapping[str, Any], members: Mapping[str, Any]) -> None:
        """A member that the operation does not have. What AWS says of one was not recorded; a misspelt name that is let
        pass would be the worst of all, so it is refused.
        """
        inside = {
            member.get("locationName", name) for name, member in members.items() if member.get("location") is None
        }
        # A member of the path may stand in the body too: generated skeletons hold everything.
        known = inside | set(members)
        for name in document:
            if name not in known:
                near = get_close_matches(name, inside, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise bad_request(f"{operation} has no member {name!r}{hint}")

    def _read(self, shape_name: str, value: Any, depth: int) -> Any:
        shape = self._shapes[shape_name]
        kind = shape["type"]
        if value is None:
            return None
        if depth > NESTING:
            raise serialization("the request is nested too deeply")
        if kind == "structure":
            if not isinstance(value, dict):
                raise serialization("Expected map or null")
            found = {}
            for name, member in shape["members"].items():
                inner = value.get(member.get("locationName", name))
                if inner is not None:
                    found[name] = self._read(member["shape"], inner, depth + 1)
            return found
        if kind == "map":
            if not isinstance(value, dict):
                raise serialization("Expected map or null")
            inner = shape["value"]["shape"]
            return {name: self._read(inner, each, depth + 1) for name, each in value.items()}
        if kind == "list":
            if not isinstance(value, list):
                raise serialization("Expected list or null")
            inner = shape["member"]["shape"]
            return [self._read(inner, each, depth + 1) for each in value if each is not None]
        return _scalar(kind, value)

    def _check(self, operation: str, shape: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        """Every constraint: those of the body first, then those of path and query, as was recorded of one of each."""
        faults: list[str] = []
        late: list[str] = []
        root = f"{operation[0].lower()}{operation[1:]}Input"
        for name, member in shape["members"].items():
            within = member.get("location") is None and shape.get("payload") != name
            at = f"{root}.{name}" if within else name
            if name in found:
                self._constraints(member["shape"], found[name], at, faults if within else late)
            elif name in shape.get("required", ()):
                (faults if within else late).append(
                    f"Value null at '{at}' failed to satisfy constraint: Member must not be null"
                )
        if faults or late:
            raise constraints(faults + late)

    def _constraints(self, shape_name: str, value: Any, at: str, faults: list[str]) -> None:
        shape = self._shapes[shape_name]
        kind = shape["type"]
        if value is None:
            return
        if kind == "string":
            valid = ENUMS.get(shape_name) or shape.get("enum")
            failed = f"Value '{value}' at '{at}' failed to satisfy constraint: Member must satisfy"
            if valid and value not in valid:
                faults.append(f"{failed} enum value set: [{', '.join(valid)}]")
            pattern = shape.get("pattern")
            if pattern is not None and not re.fullmatch(pattern, value, re.ASCII):
                faults.append(f"{failed} regular expression pattern: {pattern}")
        elif kind == "structure":
            for name, member in shape["members"].items():
                if name in value:
                    self._constraints(member["shape"], value[name], f"{at}.{name}", faults)
        elif kind == "list":
            for number, each in enumerate(value, 1):
                self._constraints(shape["member"]["shape"], each, f"{at}.{number}.member", faults)
        elif kind == "map":
            for name, each in value.items():
                self._constraints(shape["value"]["shape"], each, f"{at}.{name}", faults)

    # -- writing ------------------------------------------------------------------------------------------------------

    def answer(self, operation: str, result: Mapping[str, Any] | None, *, hal: bool = False) -> Answer:
        """The answer to an operation. ``result`` has the members of the output shape; with ``hal`` it may have
        ``_links`` and ``_embedded``, which are written as they are.
        """
        described = self._operations[operation]
        status = described["http"].get("responseCode", 200)
        shape_name = described.get("output", {}).get("shape")
        if shape_name is None or result is None:
            return Answer(status, (), b"")
        shape = self._shapes[shape_name]
        members = shape["members"]
        headers = tuple(
            (member["locationName"], str(result[name]))
            for name, member in members.items()
            if member.get("location") == "header" and name in result
        )
        payload = shape.get("payload")
        if payload is not None:
            return Answer(status, headers, result[payload])
        body = self.document(shape_name, result, hal=hal)
        kind = "application/hal+json" if hal else "application/json"
        return Answer(status, (*headers, ("Content-Type", kind)), _written(body))

    def document(self, shape_name: str, result: Mapping[str, Any], *, hal: bool = False) -> dict[str, Any]:
        """A structure's JSON form."""
        return {
            **{name: result[name] for name in ("_links", "_embedded") if hal and name in result},
            **self._write(shape_name, result, hal=hal),
        }

    def _write(self, shape_name: str, value: Any, *, hal: bool) -> Any:
        shape = self._shapes[shape_name]
        kind = shape["type"]
        if value is None:
            return None
        if kind == "structure":
            return {
                member.get("locationName", name): self._write(member["shape"], value[name], hal=hal)
                for name, member in shape["members"].items()
                if name in value
            }
        if kind == "map":
            inner = shape["value"]["shape"]
            return {name: self._write(inner, each, hal=hal) for name, each in value.items()}
        if kind == "list":
            inner = shape["member"]["shape"]
            return [self._write(inner, each, hal=hal) for each in value]
        return moment(value) if kind == "timestamp" and hal else value


def moment(seconds: float) -> str:
    """A timestamp as HAL has it; plain JSON has the seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def refusal(error: ControlError) -> Answer:
    """An error's answer: its type in a header, its message in the body."""
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", error.code))
    return Answer(error.status, headers, _written({"message": error.message}))


def _document(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise serialization("Unable to parse the request body: it is no JSON") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise serialization("Unexpected token in the request body: an object was expected")
    return found


def _scalar(kind: str, value: Any) -> Any:
    """A value of a type. The messages for a boolean and a number where a text belongs were recorded; those for the other
    types are built alike.
    """
    if isinstance(value, dict):
        raise serialization("Start of structure or map found where not expected.")
    if isinstance(value, list):
        raise serialization("Start of list found where not expected")
    if kind == "string":
        if isinstance(value, bool):
            raise serialization(JAVA_BOOLEAN)
        if not isinstance(value, str):
            raise serialization(JAVA_NUMBER)
        return value
    wanted = _SCALARS.get(kind, kind)
    if isinstance(value, str):
        raise serialization(f"class java.lang.String can not be converted to {_article(wanted)}")
    if kind == "boolean":
        if not isinstance(value, bool):
            raise serialization(JAVA_NUMBER.replace("an String", "a Boolean"))
        return value
    if isinstance(value, bool):
        raise serialization(JAVA_BOOLEAN.replace("an String", _article(wanted)))
    if kind in {"integer", "long"}:
        if isinstance(value, float) and not value.is_integer():
            raise serialization(JAVA_NUMBER.replace("an String", _article(wanted)))
        number = int(value)
        bits = 31 if kind == "integer" else 63
        if not -(1 << bits) <= number < 1 << bits:
            raise serialization(JAVA_NUMBER.replace("an String", _article(wanted)))
        return number
    return value


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def _queried(kind: str, name: str, text: str) -> Any:
    if kind == "boolean":
        return text.lower() == "true"
    if kind in {"integer", "long"}:
        if not re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII):
            raise bad_request(f"{name}: {text!r} is no number")
        return int(text)
    return text


def _written(document: Mapping[str, Any]) -> bytes:
    # Escaped, so that a lone surrogate cannot break the answer.
    return json.dumps(document, separators=(",", ":")).encode("ascii")
