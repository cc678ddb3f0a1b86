"""What AWS did, as a regression test: an execution log -> a case file.

What may live here: which facts of a log become which members of a case, and the YAML of it. What the log masks, cuts or
makes anew for every request is left out, with a comment that says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from vtlsim.explain.log_reading import Body, Fields, Recorded

PLACEHOLDER: Final = "definition.yaml"

_RUN_OF_COLONS: Final = re.compile("::+")

_EVERY_TIME: Final = frozenset(
    {
        *("authorization", "x-amz-date", "x-amz-security-token", "x-amzn-trace-id", "x-amzn-lambda-integration-tag"),
        *("x-amzn-requestid", "x-amz-apigw-id", "x-amz-source-arn", "x-amz-source-account", "date", "content-length"),
        *("x-amz-cf-id", "x-amz-request-id", "x-amz-id-2"),
    }
)
"""Headers that differ with every request, or that a log never shows whole."""

_FAILURES: Final = (
    ("timeout error", "timeout"),
    ("internal error", "connection"),
    ("Network error communicating with endpoint", "connection"),
    ("Invalid endpoint address", "invalid_endpoint"),
    ("Invalid permissions on Lambda function", "permission"),
    ("does not have permission to assume the provided role", "permission"),
    ("does not match the certificate subject", "certificate"),
    ("PKIX path building failed", "certificate"),
    ("SSLEngine problem", "certificate"),
)
_CONFIGURATION: Final = "Execution failed due to configuration error: "


class Imported(NamedTuple):
    """A case from a log: its members as the file has them, and what was left out."""

    members: dict[str, Any]
    left_out: tuple[str, ...]


class _Case:
    """One request on its way to a case."""

    def __init__(self, found: Recorded, definition: str) -> None:
        self.found = found
        self.definition = definition
        self.left_out: list[str] = []

    def made(self) -> Imported:
        found = self.found
        method = found.method or "POST"
        members: dict[str, Any] = {"name": "", "definition": self.definition, "method": method, "path": self.path()}
        headers = self.fields(found.headers, "headers")
        stage, context = self.context(headers)
        if stage is not None:
            members["stage"] = stage
        if headers:
            members["headers"] = headers
        body = self.body(found.body, "body")
        if body:
            members["body"] = body
        if context:
            members["context"] = context
        is_answered = self.backend(members)
        expect: dict[str, Any] = {}
        sent = self.sent()
        if sent:
            expect["integrationRequest"] = sent
        if is_answered:
            answer = self.answer()
            if answer:
                expect["response"] = answer
        elif found.status is not None:
            self.left_out.append("expect.response: without the backend's answer it cannot be had")
        members["name"] = f"{method} {members['path']} {found.status or ''}".rstrip()
        members["expect"] = expect
        return Imported(members, tuple(self.left_out))

    def path(self) -> str:
        from urllib.parse import quote

        path = self.found.path or "/"
        for name, value in self.found.path_parameters.pairs if self.found.path_parameters is not None else ():
            path = path.replace(f"{{{name}}}", value).replace(f"{{{name}+}}", value)
        query = self.found.query
        if query is None:
            return path
        if query.cut or query.masked:
            self.left_out.append("a part of the query string (cut or masked in the log)")
        text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query.pairs)
        return f"{path}?{text}" if text and "?" not in path else path

    def fields(self, found: Fields | None, what: str, *, fresh: bool = False) -> dict[str, str]:
        """A map of headers; ``fresh`` leaves out what differs with every request."""
        if found is None:
            return {}
        for name in found.masked:
            if not fresh or name.lower() not in _EVERY_TIME:
                self.left_out.append(f"{what}: {name} (masked in the log)")
        if found.cut:
            self.left_out.append(f"{what}: those at the end (cut in the log)")
        kept: dict[str, str] = {}
        for name, value in found.pairs:
            if fresh and (name.lower() in _EVERY_TIME or value.startswith("AmazonAPIGateway_")):
                continue
            if fresh and name.lower() == "x-amzn-apigateway-api-id":
                continue
            kept[name] = value
        return kept

    def body(self, found: Body | None, what: str) -> str | None:
        if found is None:
            return None
        if found.text is None:
            self.left_out.append(f"{what} ({found.missing})")
        return found.text

    def context(self, headers: dict[str, str]) -> tuple[str | None, dict[str, Any]]:
        """The stage, and the values of ``$context`` that the log tells."""
        found = self.found
        context: dict[str, Any] = {"requestId": found.request_id}
        if found.extended_request_id:
            context["extendedRequestId"] = found.extended_request_id
        stage = None
        if found.api_stage is not None:
            api, _, stage = found.api_stage.partition("/")
            context["apiId"] = api
        for name, value in found.sent_headers.pairs if found.sent_headers is not None else ():
            if name.lower() == "x-amzn-apigateway-api-id":
                context["apiId"] = value
        folded = {name.lower(): value for name, value in headers.items()}
        identity = {}
        if found.is_test:
            stage = "test-invoke-stage"
            identity["sourceIp"] = "test-invoke-source-ip"
        elif "x-forwarded-for" in folded:
            identity["sourceIp"] = folded["x-forwarded-for"].partition(",")[0].strip()
        if "user-agent" in folded:
            identity["userAgent"] = folded["user-agent"]
        if identity:
            context["identity"] = identity
        if found.is_test:
            context["stage"] = stage
            stage = None
        return stage or None, context

    def backend(self, members: dict[str, Any]) -> bool:
        """Writes the backend's answer; False when the journey ends before what the client got can be told."""
        found = self.found
        if found.uri is None:
            return True
        if found.backend_status is None and found.latency_ms is None:
            failure = found.failure or ""
            for part, kind in _FAILURES:
                if part in failure:
                    members["backend"] = {"failure": kind}
                    if kind == "certificate":
                        members["backend"]["detail"] = failure.removeprefix(_CONFIGURATION)
                    return True
            return False
        if found.backend_status is None:
            self.left_out.append("backend (logs of 2017 do not tell its status)")
            return False
        body = self.body(found.backend_body, "backend.body")
        if body is None and found.backend_body is not None:
            return False
        answer: dict[str, Any] = {"status": found.backend_status}
        headers = self.fields(found.backend_headers, "backend.headers")
        if headers:
            answer["headers"] = headers
        if body:
            answer["body"] = body
        if found.latency_ms is not None:
            answer["latency"] = found.latency_ms
        members["backend"] = answer
        return True

    def sent(self) -> dict[str, Any]:
        found = self.found
        made: dict[str, Any] = {}
        if found.uri is not None:
            made["uri"] = found.uri
        headers = self.fields(found.sent_headers, "expect.integrationRequest.headers", fresh=True)
        if headers:
            made["headers"] = headers
        is_proxy_event = found.sent_body is not None and (found.sent_body.text or "").startswith('{"resource":"')
        if is_proxy_event:
            self.left_out.append("expect.integrationRequest's body (an event holds what differs with every request)")
        elif found.sent_body is not None:
            body = self.body(found.sent_body, "expect.integrationRequest's body")
            if body is not None and not ("/functions/" in (found.uri or "") and not body):
                made["text"] = body
        return made

    def answer(self) -> dict[str, Any]:
        found = self.found
        made: dict[str, Any] = {}
        if found.status is not None:
            made["status"] = found.status
        headers = self.fields(found.answer_headers, "expect.response.headers", fresh=True)
        if headers:
            made["headers"] = headers
        body = self.body(found.answer_body, "expect.response's body")
        if body is not None:
            made["text"] = body
        return made


def cases(found: tuple[Recorded, ...], definition: str) -> tuple[Imported, ...]:
    """A case of each request, with a name of its own."""
    made = [_Case(each, definition).made() for each in found]
    seen: dict[str, int] = {}
    for each in made:
        name = _RUN_OF_COLONS.sub(":", " ".join(each.members["name"].split()))
        seen[name] = seen.get(name, 0) + 1
        each.members["name"] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return tuple(made)


def written(imported: tuple[Imported, ...]) -> str:
    """The case file, as YAML; what was left out stands in comments above each case."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Long lines stay whole, and texts of many lines stay readable."""

    def text(dumper: Any, value: str) -> Any:
        lines = value.split("\n")
        style = None
        if not all(line.isprintable() for line in lines):
            style = '"'  # YAML has line ends of its own; escaped, they are none
        elif len(lines) > 1 and value.strip() and all(line == line.rstrip() for line in lines):
            style = "|"
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    parts = ["tests:\n"]
    for case in imported:
        parts += [f"  # left out: {' '.join(each.split())}\n" for each in case.left_out]
        shown = yaml.dump([case.members], Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10**9)
        parts += [f"  {line}\n" if line else "\n" for line in shown.rstrip("\n").split("\n")]
    return "".join(parts)
