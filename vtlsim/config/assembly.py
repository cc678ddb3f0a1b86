"""Methods found in a document become an Api.

What may live here: paths and their checks, methods gathered by path and verb, and the Api made of them in an order
that does not depend on the document's.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from vtlsim.gateway.model import Api, Resource

if TYPE_CHECKING:
    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.gateway.model import CustomGatewayResponse, Method, Model, Stage

WRONG_PART: Final = "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."
"""What API Gateway says of a path part; quoted by users."""

_PART: Final = re.compile(r"[a-zA-Z0-9._\-:$,=@!*'()~]*|\{[a-zA-Z0-9._\-:]+\+?\}")
# CFG010: characters beyond those of the message are let pass (RFC 3986 allows them in a path, and `$`, `,` and `=` are in
# use). CreateResource with each of them would settle it.


class Assembly:
    """What will be an Api, while it is being found."""

    __slots__ = ("_at", "ids", "keys", "methods", "models", "problems", "responses", "stages")

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.methods: dict[str, dict[str, Method]] = {}
        self.ids: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.models: dict[str, Model] = {}
        self.responses: dict[str, CustomGatewayResponse] = {}
        self.stages: dict[str, Stage] = {}
        self._at: dict[tuple[str, str], Node] = {}

    def add(self, path: str, verb: str, method: Method, at: Node) -> None:
        """Add a method; one that is there already is reported and replaced."""
        path = tidy(path)
        methods = self.methods.setdefault(path, {})
        if verb in methods:
            before = self._at[path, verb].document.place(self._at[path, verb].start)
            self.problems.error(
                at, f"{verb} {path} is defined twice (first at {before.file}:{before.line})", code="method-twice"
            )
        methods[verb] = method
        self._at[path, verb] = at

    def drop(self, path: str, verb: str) -> None:
        """Forget a method, if it is there: another takes its place."""
        self.methods.get(tidy(path), {}).pop(verb, None)

    def has(self, path: str, verb: str) -> bool:
        """Whether the method is there."""
        return verb in self.methods.get(tidy(path), {})

    def check_path(self, path: str, at: Node) -> None:
        """Report parts of a path that API Gateway does not take."""
        parts = tidy(path).split("/")[1:]
        for number, part in enumerate(parts):
            greedy_inside = part.endswith("+}") and number < len(parts) - 1
            if not _PART.fullmatch(part) or greedy_inside or (not part and len(parts) > 1):
                self.problems.error(at, WRONG_PART, code="path-part")
                return

    def api(self, **others: object) -> Api:
        """The Api. ``others`` are the fields of model.Api that the document says by itself."""
        resources = tuple(
            Resource.at(path, MappingProxyType(dict(sorted(methods.items()))), self.ids.get(path))
            for path, methods in sorted(self.methods.items())
            if methods
        )
        return Api(
            resources=resources,
            models=MappingProxyType(dict(sorted(self.models.items()))),
            gateway_responses=MappingProxyType(dict(sorted(self.responses.items()))),
            stages=MappingProxyType(self.stages),
            api_keys=MappingProxyType(self.keys),
            **others,  # type: ignore[arg-type] # the callers name fields of Api
        )


def tidy(path: str) -> str:
    """A path with one slash in front and none behind."""
    return "/" + path.strip("/")
