"""What the fixture ``vtl_api`` is: a gateway in the test's own process, with stubs in the place of backends.

What may live here: stubs, how a call finds its stub, and what was called. The journey is the library's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.surfaces.pytest_plugin.templates import payload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from re import Pattern

    from vtlsim.gateway.model import BackendFailure, BackendResponse, FailureKind, IntegrationRequest
    from vtlsim.surfaces.library import Api, Exchange

_ABSENT: Final = object()


class UnmatchedCallError(AssertionError):
    """A call that no stub answers. The text lists every stub and why it did not match."""


class Call:
    """One call of a backend: what was sent to it, and what the stub answered."""

    def __init__(self, sent: IntegrationRequest, answer: BackendResponse | BackendFailure) -> None:
        self.integration_request = sent
        self.answer = answer

    @property
    def json(self) -> Any:
        """The body that was sent, read as JSON. Raises ValueError when it is none."""
        import json

        return json.loads(self.integration_request.body)

    def __repr__(self) -> str:
        return f"<Call: {self.integration_request.method} {self.integration_request.uri}>"


class Calls(list[Call]):
    """Calls in the order in which they were made."""

    @property
    def last(self) -> Call:
        """The last one. Raises AssertionError when there was none."""
        if not self:
            raise AssertionError("no backend was called")
        return self[-1]


class Stub:
    """What stands in for a backend: which calls it answers, and with what.

    Without an answer of its own it gives 200 and nothing. Several answers are given one after the other, and the last
    of them again and again.
    """

    def __init__(
        self,
        method: str | None,
        path: str | Pattern[str] | None,
        headers: Mapping[str, str] | None,
        query: Mapping[str, str] | None,
        json: object,
        body: str | bytes | None,
    ) -> None:
        self.method = None if method is None or method.upper() == "ANY" else method.upper()
        self.path = path
        self.headers = dict(headers or {})
        self.query = dict(query or {})
        self.json = json
        self.body = body
        self.calls = Calls()
        self._answers: list[BackendResponse | BackendFailure] = []
        self.may_be_unused = False

    def respond(
        self,
        status: int = 200,
        json: Any = _ABSENT,
        *,
        text: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        latency_ms: int = 0,
    ) -> Stub:
        """Adds an answer: ``json`` (written compactly, with its Content-Type) or ``text``."""
        from vtlsim.gateway.headers import Headers
        from vtlsim.gateway.model import BackendResponse
        from vtlsim.gateway.utf8 import bytes_of

        pairs = list((headers or {}).items())
        content: str | bytes = text or b""
        if json is not _ABSENT:
            from json import dumps

            content = dumps(json, separators=(",", ":"), ensure_ascii=False)
            if not any(name.lower() == "content-type" for name, _ in pairs):
                pairs.append(("Content-Type", "application/json"))
        body = content if isinstance(content, bytes) else bytes_of(content)
        self._answers.append(BackendResponse(status, Headers(pairs), body, latency_ms))
        return self

    def fail(self, kind: FailureKind = "timeout", detail: str = "") -> Stub:
        """Adds a failure: ``timeout``, ``connection``, ``invalid_endpoint``, ``certificate`` or ``permission``."""
        from vtlsim.gateway.model import BackendFailure

        self._answers.append(BackendFailure(kind, detail))
        return self

    def optional(self) -> Stub:
        """Lets the stub go unused."""
        self.may_be_unused = True
        return self

    @property
    def called(self) -> bool:
        """Whether anything was answered."""
        return bool(self.calls)

    def answer(self, sent: IntegrationRequest) -> BackendResponse | BackendFailure:
        """The next answer, remembered with the call."""
        from vtlsim.gateway.model import BackendResponse

        given = self._answers[min(len(self.calls), len(self._answers) - 1)] if self._answers else BackendResponse()
        self.calls.append(Call(sent, given))
        return given

    def mismatch(self, sent: IntegrationRequest) -> str | None:
        """Why a call is not this stub's; None when it is."""
        if self.method is not None and self.method != sent.method:
            return f"the method is {sent.method}"
        reason = self._path_mismatch(sent.uri)
        if reason is not None:
            return reason
        for name, value in self.headers.items():
            values = [each for key, each in sent.headers if key.lower() == name.lower()]
            if value not in values:
                return f"the header {name} is {', '.join(values)}" if values else f"there is no header {name}"
        for name, value in self.query.items():
            values = [each for key, each in sent.query if key == name]
            if value not in values:
                return f"the query's {name} is {', '.join(values)}" if values else f"the query has no {name}"
        return self._body_mismatch(sent)

    def _path_mismatch(self, uri: str) -> str | None:
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(uri)
        path = parts.path or "/"
        if self.path is None:
            return None
        if not isinstance(self.path, str):
            return None if self.path.search(uri) else f"the URL is {uri}"
        if "://" in self.path:
            whole = uri if "?" in self.path else uri.partition("?")[0]
            return None if _fits(self.path, whole) else f"the URL is {uri}"
        wanted, _, query = self.path.partition("?")
        if not _fits(wanted, path) and not _fits(wanted, unquote(path)):
            return f"the path is {path}"
        return None if not query or query == parts.query else f"the query is {parts.query or 'empty'}"

    def _body_mismatch(self, sent: IntegrationRequest) -> str | None:
        if self.body is not None:
            wanted = self.body if isinstance(self.body, bytes) else self.body.encode("utf-8", "replace")
            if wanted != sent.payload:
                return "the body is another"
        if self.json is not _ABSENT:
            import json

            from vtlsim.explain.mismatch import mismatches

            try:
                found = mismatches(self.json, json.loads(sent.body))
            except ValueError:
                return "the body is not JSON"
            if found:
                return f"the body: {found[0].said}"
        return None

    def __str__(self) -> str:
        path = self.path if self.path is None or isinstance(self.path, str) else f"/{self.path.pattern}/"
        extra = [f"{name}: {value}" for name, value in self.headers.items()]
        extra += [f"?{name}={value}" for name, value in self.query.items()]
        if self.json is not _ABSENT or self.body is not None:
            extra.append("with its body")
        return " ".join([self.method or "ANY", path or "anything", *extra])


def _fits(wanted: str, actual: str) -> bool:
    if "*" not in wanted:
        return wanted == actual
    from fnmatch import translate
    from re import match

    return match(translate(wanted.replace("[", "[[]").replace("?", "[?]")), actual) is not None


class Gateway:
    """One definition, ready to be invoked. ``calls`` are all calls of its backends."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.calls = Calls()
        self.stubs: list[Stub] = []

    def backend(
        self,
        method: str | None = None,
        path: str | Pattern[str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        json: Any = _ABSENT,
        body: str | bytes | None = None,
    ) -> Stub:
        """A stub for the calls of that method to that path (or whole URL; ``*`` stands for anything), further narrowed
        by headers, query and body. Of several that match, the last made one answers.
        """
        stub = Stub(method, path, headers, query, json, body)
        self.stubs.append(stub)
        return stub

    def invoke(
        self,
        method: str = "POST",
        path: str = "/",
        body: str | bytes | Mapping[str, Any] | list[Any] | None = None,
        headers: Any = None,
        **given: Any,
    ) -> Exchange:
        """Takes a request the whole way round: :meth:`vtlsim.surfaces.library.Api.invoke`, with mappings and lists as
        bodies. Raises UnmatchedCallError.
        """
        return self.api.invoke(method, path, payload(body), headers, self._answer, **given)

    def _answer(self, sent: IntegrationRequest) -> BackendResponse | BackendFailure:
        reasons = []
        for stub in reversed(self.stubs):
            reason = stub.mismatch(sent)
            if reason is None:
                answer = stub.answer(sent)
                self.calls.append(stub.calls[-1])
                return answer
            reasons.append(f"  {stub}: {reason}")
        reasons.reverse()
        said = [f"no stub answers {sent.method} {sent.uri}", *(reasons or ["  there are no stubs"])]
        said.append(f"  help: api.backend({sent.method!r}, {_path_of(sent.uri)!r}).respond(200, json={{...}})")
        raise UnmatchedCallError("\n".join(said))

    def unused(self) -> Iterator[str]:
        """Stubs that nothing called."""
        return (str(stub) for stub in self.stubs if not stub.called and not stub.may_be_unused)


def _path_of(uri: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(uri).path or "/"


class Gateways:
    """The fixture: called with a definition's file, found beside the test, it makes a :class:`Gateway`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Gateway] = []

    def __call__(self, definition: str | Path, **given: Any) -> Gateway:
        """A gateway over a definition; ``given`` is :func:`vtlsim.load`'s. Raises DefinitionError, OSError."""
        from vtlsim.surfaces.case_running import shown_path
        from vtlsim.surfaces.library import load

        gateway = Gateway(load(shown_path(self.folder / definition), **given))
        self.made.append(gateway)
        return gateway

    def unused(self) -> str:
        """What to say of stubs that nothing called; empty when there are none."""
        names = [each for gateway in self.made for each in gateway.unused()]
        if not names:
            return ""
        lines = "\n".join(f"  {name}" for name in names)
        calls = [call for gateway in self.made for call in gateway.calls]
        made = "\n".join(f"  {call.integration_request.method} {call.integration_request.uri}" for call in calls)
        return f"stubs that nothing called:\n{lines}\nthe calls were:\n{made or '  none'}"
