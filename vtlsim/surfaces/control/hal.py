"""HAL: the links of an answer, as the API reference shows them.

What may live here: which links an entity has, and what is embedded in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.surfaces.control.wire import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

GUIDE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/restapi-{}-{{rel}}.html"
_JSON: Final = "application/json"


def wants_hal(accept: str | None) -> bool:
    """Whether a client gets HAL: when it says nothing, takes anything, or asks for it."""
    if accept is None or not accept.strip():
        return True
    first = accept.split(",", 1)[0].partition(";")[0].strip().lower()
    return first in {"*/*", "application/hal+json"}


class Entity(NamedTuple):
    """An entity: its name in links, its actions on itself, and its links below (name, path, templated)."""

    name: str
    actions: tuple[str, ...]
    below: tuple[tuple[str, str, bool], ...] = ()
    guides: tuple[tuple[str, str], ...] = ()


_ENTITIES: Final[dict[str, Entity]] = {
    "RestApi": Entity(
        "restapi",
        ("delete", "update"),
        (
            ("restapi:resources", "/resources", False),
            ("restapi:deployments", "/deployments", False),
            ("restapi:models", "/models", False),
            ("restapi:stages", "/stages", False),
            ("restapi:requestvalidators", "/requestvalidators", False),
            ("restapi:gatewayresponses", "/gatewayresponses", False),
        ),
        (("restapi", "restapi"),),
    ),
    "Resource": Entity(
        "resource",
        ("delete", "update"),
        (("method:put", "/methods/{http_method}", True),),
        (("resource", "resource"), ("method", "method")),
    ),
    "Method": Entity(
        "method",
        ("delete", "update"),
        (("integration:put", "/integration", False), ("methodresponse:put", "/responses/{status_code}", True)),
        (("integration", "integration"), ("method", "method"), ("methodresponse", "method-response")),
    ),
    "MethodResponse": Entity("methodresponse", ("delete", "update"), (), (("methodresponse", "method-response"),)),
    "Integration": Entity(
        "integration",
        ("delete", "update"),
        (("integrationresponse:put", "/responses/{status_code}", True),),
        (("integration", "integration"), ("integrationresponse", "integration-response")),
    ),
    "IntegrationResponse": Entity(
        "integrationresponse", ("delete", "update"), (), (("integrationresponse", "integration-response"),)
    ),
    "Model": Entity(
        "model", ("delete", "update"), (("model:generate-template", "/default_template", False),), (("model", "model"),)
    ),
    "RequestValidator": Entity(
        "requestvalidator", ("delete", "update"), (), (("requestvalidator", "requestvalidator"),)
    ),
    "GatewayResponse": Entity(
        "gatewayresponse", ("delete", "put", "update"), (), (("gatewayresponse", "gatewayresponse"),)
    ),
    "Deployment": Entity("deployment", ("delete", "update"), (), (("deployment", "deployment"),)),
    "Stage": Entity("stage", ("delete", "update"), (), (("stage", "stage"),)),
}

_OWN_PATHS: Final = {
    "CreateRestApi": ("id",),
    "ImportRestApi": ("id",),
    "CreateModel": ("name",),
    "CreateRequestValidator": ("id",),
    "CreateDeployment": ("id",),
    "CreateStage": ("stageName",),
}
"""Operations whose path is the collection's: what of the result names the new one in it."""

_DATES: Final = frozenset(("createdDate", "lastUpdatedDate"))
_ITEM_IDS: Final = {"Model": "name", "Stage": "stageName", "GatewayResponse": "responseType"}


def linked(operation: str, shape: str | None, path: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """A result with ``_links`` and ``_embedded``. ``path`` is the request's, without its query."""
    at = path.rstrip("/")
    entity = _ENTITIES.get(shape or "")
    if entity is None:
        item = _item(shape)
        items = result.get("items", result.get("item"))
        if item is None or not isinstance(items, list):
            return dict(result)
        found = {name: value for name, value in result.items() if name not in {"items", "item", "position"}}
        links: dict[str, Any] = {"curies": _curies(_ENTITIES[item]), "self": {"href": at}}
        if "position" in result:
            links["next"] = {"href": f"{at}?position={result['position']}"}
        key = _ITEM_IDS.get(item, "id")
        return {
            **found,
            "_links": links,
            "_embedded": {"item": [{**entity_links(item, f"{at}/{each[key]}"), **_dated(each)} for each in items]},
        }
    for name in _OWN_PATHS.get(operation, ()):
        at = f"{at}/{result[name]}"
    if operation == "CreateResource":
        at = f"{at.rpartition('/')[0]}/{result['id']}"
    made = {**result, **entity_links(shape or "", at)}
    embedded: dict[str, Any] = {}
    if shape == "Integration" and "integrationResponses" in made:
        answers = made.pop("integrationResponses")
        embedded["integration:responses"] = _children("IntegrationResponse", f"{at}/responses", answers)
    if shape == "Method":
        if "methodIntegration" in made:
            inner = made.pop("methodIntegration")
            embedded["method:integration"] = linked("", "Integration", f"{at}/integration", inner)
        if "methodResponses" in made:
            answers = made.pop("methodResponses")
            embedded["method:responses"] = _children("MethodResponse", f"{at}/responses", answers)
    if embedded:
        made["_embedded"] = embedded
    return made


def entity_links(shape: str, at: str) -> dict[str, Any]:
    """``_links`` of an entity that lies at a path."""
    entity = _ENTITIES[shape]
    links: dict[str, Any] = {"curies": _curies(entity), "self": {"href": at}}
    for action in entity.actions:
        links[f"{entity.name}:{action}"] = {"href": at}
    for name, path, templated in entity.below:
        links[name] = {"href": at + path, "templated": True} if templated else {"href": at + path}
    return {"_links": links}


def _children(shape: str, at: str, children: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, **entity_links(shape, f"{at}/{key}")} for key, each in children.items()]


def _curies(entity: Entity) -> list[dict[str, Any]]:
    return [{"href": GUIDE.format(page), "name": name, "templated": True} for name, page in entity.guides]


def _dated(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: moment(value) if name in _DATES else value for name, value in document.items()}


def _item(shape: str | None) -> str | None:
    if shape is None:
        return None
    return shape.removesuffix("s") if shape.removesuffix("s") in _ENTITIES else None
