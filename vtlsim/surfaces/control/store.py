"""What the control plane holds: REST APIs and everything in them, in memory.

What may live here: the records, looking them up, and who may be told of changes. Records are never changed in place: an
operation makes new ones and puts them in, so a deployment is frozen by keeping the ones of its moment.

Documents are dicts by the names of the API reference, as operations answer them.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.surfaces.clock import now_ms, request_id
from vtlsim.surfaces.control.errors import no_api, no_integration, no_method, no_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from vtlsim.gateway.model import Api, CustomGatewayResponse, DeclaredParameter, Integration, IntegrationResponse

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


class ResourceRecord(NamedTuple):
    """A resource. ``parent`` and ``part`` are None for the root."""

    id: str
    path: str
    parent: str | None = None
    part: str | None = None


class IntegrationRecord(NamedTuple):
    """An integration: its document without its responses, what config made of it, and the responses by status."""

    document: Mapping[str, Any]
    model: Integration
    responses: Mapping[str, tuple[Mapping[str, Any], IntegrationResponse]] = {}


class MethodRecord(NamedTuple):
    """A method: its document without responses and integration, what it declares, its method responses by status."""

    document: Mapping[str, Any]
    declared: tuple[DeclaredParameter, ...] = ()
    responses: Mapping[str, Mapping[str, Any]] = {}
    integration: IntegrationRecord | None = None


class GatewayRecord(NamedTuple):
    """A gateway response that an API sets."""

    document: Mapping[str, Any]
    model: CustomGatewayResponse


class Content(NamedTuple):
    """Everything of an API that a deployment freezes."""

    document: Mapping[str, Any]
    resources: Mapping[str, ResourceRecord]
    methods: Mapping[tuple[str, str], MethodRecord]
    models: Mapping[str, Mapping[str, Any]]
    validators: Mapping[str, Mapping[str, Any]]
    gateway_responses: Mapping[str, GatewayRecord]
    authorizers: Mapping[str, Mapping[str, Any]]


class Deployment(NamedTuple):
    """A deployment: what the API was at its moment, and the gateway's form of that."""

    document: Mapping[str, Any]
    content: Content
    model: Api


class RestApi:
    """A REST API as it is being edited."""

    __slots__ = (
        "authorizers",
        "deployments",
        "document",
        "gateway_responses",
        "id",
        "methods",
        "models",
        "resources",
        "stages",
        "validators",
    )

    def __init__(self, document: dict[str, Any], root: ResourceRecord) -> None:
        self.id: str = document["id"]
        self.document = document
        self.resources: dict[str, ResourceRecord] = {root.id: root}
        self.methods: dict[tuple[str, str], MethodRecord] = {}
        self.models: dict[str, Mapping[str, Any]] = {}
        self.validators: dict[str, Mapping[str, Any]] = {}
        self.gateway_responses: dict[str, GatewayRecord] = {}
        self.authorizers: dict[str, Mapping[str, Any]] = {}
        self.deployments: dict[str, Deployment] = {}
        self.stages: dict[str, Mapping[str, Any]] = {}

    @property
    def root(self) -> ResourceRecord:
        """The resource ``/``."""
        return self.resources[self.document["rootResourceId"]]

    def resource(self, resource_id: str) -> ResourceRecord:
        """A resource. Raises ControlError."""
        found = self.resources.get(resource_id)
        if found is None:
            raise no_resource()
        return found

    def method(self, resource_id: str, verb: str) -> MethodRecord:
        """A method. Raises ControlError for an unknown resource or method."""
        self.resource(resource_id)
        found = self.methods.get((resource_id, verb))
        if found is None:
            raise no_method()
        return found

    def integration(self, resource_id: str, verb: str) -> IntegrationRecord:
        """A method's integration. Raises ControlError for an unknown resource or method, and for a method without."""
        found = self.method(resource_id, verb).integration
        if found is None:
            raise no_integration()
        return found

    def methods_of(self, resource_id: str) -> Iterator[tuple[str, MethodRecord]]:
        """Verb and method of each method of a resource."""
        for verb in ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"):
            found = self.methods.get((resource_id, verb))
            if found is not None:
                yield verb, found

    def content(self) -> Content:
        """What the API is now."""
        return Content(
            self.document,
            dict(self.resources),
            dict(self.methods),
            dict(self.models),
            dict(self.validators),
            dict(self.gateway_responses),
            dict(self.authorizers),
        )

    def restore(self, content: Content) -> None:
        """Makes the API what the content says; deployments and stages stay."""
        self.document = dict(content.document)
        self.resources = dict(content.resources)
        self.methods = dict(content.methods)
        self.models = dict(content.models)
        self.validators = dict(content.validators)
        self.gateway_responses = dict(content.gateway_responses)
        self.authorizers = dict(content.authorizers)


class Deployed(NamedTuple):
    """What a stage serves: the Api of its deployment, whose one stage it is, with its variables. ``source`` is the
    deployment's own.
    """

    api: Api
    api_id: str
    name: str
    stage: str
    deployment_id: str
    source: Api


class Store:
    """Every REST API, and the tags of things by their ARNs. ``lock`` is held by who reads or changes it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.apis: dict[str, RestApi] = {}
        self._listeners: list[Callable[[str], None]] = []
        self._served: dict[tuple[str, str], tuple[Mapping[str, Any], Deployed]] = {}

    def api(self, api_id: str) -> RestApi:
        """An API, for operations on the API as a whole. Raises ControlError."""
        found = self.apis.get(api_id)
        if found is None:
            raise no_api(api_id)
        return found

    def api_of_resource(self, api_id: str) -> RestApi:
        """An API, for operations on its resources and below, which speak of the resource when it is unknown."""
        found = self.apis.get(api_id)
        if found is None:
            raise no_resource()
        return found

    def listen(self, changed: Callable[[str], None]) -> None:
        """``changed`` is called with an API's id when it is deployed, restaged or gone; the lock is held meanwhile."""
        self._listeners.append(changed)

    def changed(self, api_id: str) -> None:
        """Tells that what an API serves may be another."""
        for each in self._listeners:
            each(api_id)

    def deployed(self, api_id: str, stage: str) -> Deployed | None:
        """What a stage serves; None when there is no such API or stage."""
        api = self.apis.get(api_id)
        document = api.stages.get(stage) if api is not None else None
        if api is None or document is None:
            return None
        known = self._served.get((api_id, stage))
        if known is not None and known[0] is document:
            return known[1]
        deployment = api.deployments.get(document["deploymentId"])
        if deployment is None:
            return None
        from vtlsim.surfaces.control.assemble import staged

        source = deployment.model
        made = Deployed(staged(source, document), api_id, api.document["name"], stage, document["deploymentId"], source)
        if len(self._served) > 4096:
            self._served.clear()
        self._served[api_id, stage] = (document, made)
        return made

    def with_stage(self, stage: str) -> list[str]:
        """The ids of the APIs that have a stage of this name."""
        return [each.id for each in list(self.apis.values()) if stage in each.stages]


def new_id(length: int, taken: Mapping[str, object]) -> str:
    """An id that is not taken, of AWS's alphabet."""
    while True:
        number = int(request_id().replace("-", ""), 16)
        text = ""
        while len(text) < length:
            number, digit = divmod(number, 36)
            text += _DIGITS[digit]
        if text not in taken:
            return text


def now() -> int:
    """Seconds since 1970 (UTC): the timestamps of documents."""
    return now_ms() // 1000
