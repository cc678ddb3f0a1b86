"""Deployment and Stage: create, get, list, update, delete.

What may live here: freezing an API, and what points at which frozen one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from vtlsim.surfaces.control.assemble import api_of
from vtlsim.surfaces.control.errors import bad_request, conflict, not_found
from vtlsim.surfaces.control.operations.paging import page
from vtlsim.surfaces.control.patches import EDIT, Place, patched, rules, split
from vtlsim.surfaces.control.store import Deployment, new_id, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.surfaces.control.store import RestApi, Store

DEPLOYMENT_RULES: Final = rules(Place("/description"), choose=True)
STAGE_RULES: Final = rules(
    Place("/deploymentId"),
    Place("/description"),
    Place("/documentationVersion"),
    Place("/clientCertificateId"),
    Place("/cacheClusterEnabled", kind="boolean"),
    Place("/cacheClusterSize"),
    Place("/tracingEnabled", kind="boolean"),
    Place("/variables/*", EDIT),
    Place("/accessLogSettings", ("remove",)),
    Place("/accessLogSettings/format", ("add", "replace")),
    Place("/accessLogSettings/destinationArn", ("add", "replace")),
    Place("/canarySettings", ("remove",)),
    Place("/canarySettings/percentTraffic", ("add", "replace"), "number"),
    Place("/canarySettings/deploymentId", ("add", "replace")),
    Place("/canarySettings/useStageCache", ("add", "replace"), "boolean"),
    Place("/canarySettings/stageVariableOverrides/*", EDIT),
    choose=True,
)
_SETTINGS: Final = {
    "metrics/enabled": ("metricsEnabled", "boolean"),
    "logging/loglevel": ("loggingLevel", "text"),
    "logging/dataTrace": ("dataTraceEnabled", "boolean"),
    "throttling/burstLimit": ("throttlingBurstLimit", "integer"),
    "throttling/rateLimit": ("throttlingRateLimit", "number"),
    "caching/enabled": ("cachingEnabled", "boolean"),
    "caching/ttlInSeconds": ("cacheTtlInSeconds", "integer"),
    "caching/dataEncrypted": ("cacheDataEncrypted", "boolean"),
    "caching/requireAuthorizationForCacheControl": ("requireAuthorizationForCacheControl", "boolean"),
    "caching/unauthorizedCacheControlHeaderStrategy": ("unauthorizedCacheControlHeaderStrategy", "text"),
}
_NEW_SETTINGS: Final = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}
_STAGE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_VARIABLE_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)
_VARIABLE: Final = re.compile(r"[A-Za-z0-9 \-._~:/?#&=,]{0,512}", re.ASCII)

STAGE_MESSAGES: Final = "CTL007"
"""Register: what is said of stages and deployments. Recorded: that an access log's value must not be empty. Users quote
that an API has no methods, and that active stages point to a deployment."""

STAGE_CHECKS: Final = "CTL010"
"""Register: CreateDeployment checks the stage's name and variables as CreateStage does, before the API's methods; the
patterns are documented, the order and most of the words are not."""

NO_STAGE: Final = "Invalid stage identifier specified"
NO_DEPLOYMENT: Final = "Invalid Deployment identifier specified"


# -- deployments ------------------------------------------------------------------------------------------------------


def create_deployment(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateDeployment: freezes the API, and with a stage's name makes or moves that stage."""
    api = store.api(params["restApiId"])
    name = params.get("stageName")
    if name is not None:
        _check_name(name)
        _check_variables(params.get("variables", {}))
    if not api.methods:
        raise bad_request("The REST API doesn't contain any methods")
    if any(each.integration is None for each in api.methods.values()):
        raise bad_request("No integration defined for method")
    deployment = freeze(api, params.get("description"))
    if name is not None:
        before = api.stages.get(name)
        given = {
            each: params[each]
            for each in ("cacheClusterEnabled", "cacheClusterSize", "tracingEnabled")
            if each in params
        }
        if "variables" in params:
            given["variables"] = params["variables"]
        if "canarySettings" in params:
            settings = params["canarySettings"]
            given["canarySettings"] = {**settings, "deploymentId": deployment["id"]}
        if "stageDescription" in params:
            given["description"] = params["stageDescription"]
        point(api, name, deployment["id"], given, before)
    store.changed(api.id)
    return deployment


def freeze(api: RestApi, description: str | None = None) -> dict[str, Any]:
    """A new deployment of what the API is now."""
    document: dict[str, Any] = {"id": new_id(6, api.deployments), "createdDate": now()}
    if description is not None:
        document["description"] = description
    content = api.content()
    api.deployments[document["id"]] = Deployment(document, content, api_of(content))
    return document


def point(
    api: RestApi, name: str, deployment_id: str, given: Mapping[str, Any], before: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A stage that points at a deployment, new or as it was."""
    moment = now()
    document = {
        "stageName": name,
        "cacheClusterEnabled": False,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": False,
        "createdDate": moment,
        **(before or {}),
        **given,
        "deploymentId": deployment_id,
        "lastUpdatedDate": moment,
    }
    api.stages[name] = document
    return document


def _deployment(api: RestApi, identifier: str) -> Deployment:
    found = api.deployments.get(identifier)
    if found is None:
        raise not_found(NO_DEPLOYMENT)
    return found


def _told(deployment: Deployment, embed: object) -> dict[str, Any]:
    found = dict(deployment.document)
    if isinstance(embed, list) and "apisummary" in [each.lower() for each in embed]:
        summary: dict[str, dict[str, Any]] = {}
        for (resource_id, verb), record in deployment.content.methods.items():
            path = deployment.content.resources[resource_id].path
            summary.setdefault(path, {})[verb] = {
                "authorizationType": record.document.get("authorizationType", "NONE"),
                "apiKeyRequired": record.document.get("apiKeyRequired", False),
            }
        found["apiSummary"] = summary
    return found


def get_deployment(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetDeployment."""
    return _told(_deployment(store.api(params["restApiId"]), params["deploymentId"]), params.get("embed"))


def get_deployments(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetDeployments."""
    items, more = page(store.api(params["restApiId"]).deployments.items(), params)
    return {"items": [_told(each, None) for each in items], **more}


def update_deployment(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateDeployment."""
    api = store.api(params["restApiId"])
    before = _deployment(api, params["deploymentId"])
    document, _ = patched(before.document, params.get("patchOperations", ()), DEPLOYMENT_RULES)
    api.deployments[document["id"]] = before._replace(document=document)
    return document


def delete_deployment(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteDeployment."""
    api = store.api(params["restApiId"])
    identifier = _deployment(api, params["deploymentId"]).document["id"]
    if any(each["deploymentId"] == identifier for each in api.stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    del api.deployments[identifier]


# -- stages -----------------------------------------------------------------------------------------------------------


def stage_of(api: RestApi, name: str) -> Mapping[str, Any]:
    """A stage. Raises ControlError."""
    found = api.stages.get(name)
    if found is None:
        raise not_found(NO_STAGE)
    return found


def create_stage(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateStage."""
    api = store.api(params["restApiId"])
    name = params["stageName"]
    _check_name(name)
    _check_variables(params.get("variables", {}))
    _deployment(api, params["deploymentId"])
    if name in api.stages:
        raise conflict("Stage already exists")
    names = (
        *("description", "cacheClusterEnabled", "cacheClusterSize", "variables", "documentationVersion"),
        *("canarySettings", "tracingEnabled", "tags"),
    )
    given = {each: params[each] for each in names if each in params}
    document = point(api, name, params["deploymentId"], given, None)
    store.changed(api.id)
    return document


def get_stage(store: Store, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """GetStage."""
    return stage_of(store.api(params["restApiId"]), params["stageName"])


def get_stages(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetStages: all at once."""
    api = store.api(params["restApiId"])
    wanted = params.get("deploymentId")
    return {"item": [each for _, each in sorted(api.stages.items()) if wanted in {None, each["deploymentId"]}]}


def update_stage(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateStage."""
    api = store.api(params["restApiId"])
    before = stage_of(api, params["stageName"])
    document: dict[str, Any] = dict(before)
    for each in params.get("patchOperations", ()):
        if not _method_setting(document, each) and not _promotion(document, each):
            document, _ = patched(document, (each,), STAGE_RULES)
    _check_log(document)
    _check_variables(document.get("variables", {}))
    if document["deploymentId"] not in api.deployments:
        raise bad_request("Invalid deployment identifier specified")
    for name in ("variables", "canarySettings", "accessLogSettings"):
        if name in document and not document[name]:
            del document[name]
    document["lastUpdatedDate"] = now()
    api.stages[params["stageName"]] = document
    store.changed(api.id)
    return document


def delete_stage(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteStage."""
    api = store.api(params["restApiId"])
    stage_of(api, params["stageName"])
    del api.stages[params["stageName"]]
    store.changed(api.id)


def _method_setting(document: dict[str, Any], operation: Mapping[str, Any]) -> bool:
    """``/{resource path}/{method}/{category}/{setting}``; ``/*/*`` for all. Whether the operation was one of these."""
    steps = split(operation.get("path"))
    if steps is None or len(steps) < 2 or steps[0] in document:
        return False
    settings = dict(document.get("methodSettings", {}))
    if len(steps) == 2 and operation["op"] == "remove":
        if settings.pop(f"{steps[0].lstrip('/')}/{steps[1]}", None) is None:
            return False
    else:
        found = _SETTINGS.get("/".join(steps[2:])) if len(steps) == 4 else None
        if found is None or operation["op"] != "replace":
            return False
        name, kind = found
        key = f"{steps[0].lstrip('/')}/{steps[1]}"
        made, _ = patched(
            settings.get(key) or _NEW_SETTINGS,
            ({"op": "replace", "path": f"/{name}", "value": operation.get("value")},),
            rules(Place(f"/{name}", kind=kind)),  # type: ignore[arg-type] # one of Place's kinds
        )
        settings[key] = made
    document["methodSettings"] = settings
    return True


def _promotion(document: dict[str, Any], operation: Mapping[str, Any]) -> bool:
    """``copy`` from the canary's settings, as the console promotes one. Whether the operation was one of these."""
    if operation.get("op") != "copy":
        return False
    canary = document.get("canarySettings") or {}
    match operation.get("path"), operation.get("from"):
        case "/deploymentId", "/canarySettings/deploymentId" if "deploymentId" in canary:
            document["deploymentId"] = canary["deploymentId"]
        case "/variables", "/canarySettings/stageVariableOverrides":
            document["variables"] = {
                **document.get("variables", {}),
                **canary.get("stageVariableOverrides", {}),
            }
        case _:
            return False
    return True


def _check_name(name: str) -> None:
    if not _STAGE_NAME.fullmatch(name):
        raise bad_request("Stage name only allows a-zA-Z0-9_-")


def _check_variables(variables: Mapping[str, Any]) -> None:
    for name, value in variables.items():
        if not _VARIABLE_NAME.fullmatch(name):
            raise bad_request(f"Stage variable name can contain only alphanumeric characters and underscores: {name}")
        if value is not None and not _VARIABLE.fullmatch(value):
            raise bad_request(
                f"Invalid stage variable value: {value}. Please use values with alphanumeric characters and the symbols "
                "' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."
            )


def _check_log(document: Mapping[str, Any]) -> None:
    settings = document.get("accessLogSettings") or {}
    if any(value == "" for value in settings.values()):
        raise bad_request("Access Log value must not be empty")
