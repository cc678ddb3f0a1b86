"""ImportRestApi, PutRestApi and GetExport; and an API that was read from a file put into the store.

What may live here: OpenAPI documents on their way in and out. Reading one is config's business, writing one export's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.config.marked import Mapping as Node
from vtlsim.config.marked import plain, read
from vtlsim.config.openapi import read_openapi
from vtlsim.config.problems import Problems
from vtlsim.config.reader import Files, Texts
from vtlsim.config.templates import TemplateReader
from vtlsim.surfaces.control.documents import gateway_record, method_record, model_document
from vtlsim.surfaces.control.errors import ControlError, bad_request, from_problems, limit_exceeded
from vtlsim.surfaces.control.export import X, exported
from vtlsim.surfaces.control.operations.deployments import freeze, point, stage_of
from vtlsim.surfaces.control.operations.models import new_models
from vtlsim.surfaces.control.operations.resources import RESOURCES, check_part, joined
from vtlsim.surfaces.control.operations.rest_apis import add_api, described, new_document
from vtlsim.surfaces.control.store import Deployment, ResourceRecord, RestApi, new_id, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import Api, Validator
    from vtlsim.surfaces.control.store import Store

REGION: Final = "us-east-1"
DOCUMENT: Final = "openapi"
_BYTES: Final = 6 * 1024 * 1024


class _Read:
    """An OpenAPI document that was read."""

    def __init__(self, body: bytes, parameters: Mapping[str, Any], *, strict: bool) -> None:
        if len(body) > _BYTES:
            raise limit_exceeded("API definition exceeds the maximum of 6 MB")
        problems = Problems()
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise bad_request("Unable to parse the API definition: it is no UTF-8") from None
        root = read(text, DOCUMENT, problems)
        if not isinstance(root, Node) or ("openapi" not in root and "swagger" not in root):
            _raise(problems, strict=False)
            raise bad_request("Unable to parse the API definition because it is no OpenAPI or Swagger document")
        self.api = read_openapi(root, TemplateReader(problems), Files(Texts(), DOCUMENT), problems)
        _raise(problems, strict=strict)
        self.warnings = [str(each) for each in problems.all()]
        found = plain(root)
        self.root: dict[str, Any] = found if isinstance(found, dict) else {}
        self.types = parameters.get("endpointConfigurationTypes")

    @property
    def document(self) -> dict[str, Any]:
        """The API's own fields that the document has."""
        api = self.api
        info = self.root.get("info")
        made: dict[str, Any] = {}
        if api.description:
            made["description"] = api.description
        if isinstance(info, dict) and info.get("version") is not None:
            made["version"] = str(info["version"])
        binary = self.root.get(f"{X}binary-media-types")
        if isinstance(binary, list) and binary:
            made["binaryMediaTypes"] = [str(each) for each in binary]
        if api.minimum_compression_size is not None:
            made["minimumCompressionSize"] = api.minimum_compression_size
        if api.api_key_source != "HEADER":
            made["apiKeySource"] = api.api_key_source
        if self.types:
            made["endpointConfiguration"] = {"types": self.types.split(","), "ipAddressType": "ipv4"}
        policy = self.root.get(f"{X}policy")
        if isinstance(policy, dict):
            import json

            made["policy"] = json.dumps(policy)
        return made


def _raise(problems: Problems, *, strict: bool) -> None:
    found = [each for each in problems.all() if strict or each.severity == "error"]
    if found:
        what = "Warnings" if found[0].severity == "warning" else "Errors"
        raise bad_request(f"{what} found during import:\n\t" + "\n\t".join(str(each) for each in found[:50]))
    refused = from_problems(problems)
    assert refused is None, "every error was raised"


def import_rest_api(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """ImportRestApi."""
    found = _Read(params["body"], params.get("parameters", {}), strict=params.get("failOnWarnings", False))
    with store.lock:
        document = new_document(found.api.name or "imported", **found.document)
        staging = RestApi({**document, "id": "", "rootResourceId": "root"}, ResourceRecord("root", "/"))
        _fill(staging, found.api, found.root)
        api = add_api(store, document)
        staging.document = api.document
        _adopt_root(staging, api.document["rootResourceId"])
        api.restore(staging.content()._replace(models={**new_models(), **staging.models}))
        return _warned(described(api), found.warnings)


def put_rest_api(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """PutRestApi: ``merge`` (the default) adds to the API and replaces what has the same name; ``overwrite`` makes it
    the document's alone. The ids of resources whose paths stay, stay.
    """
    store.api(params["restApiId"])
    found = _Read(params["body"], params.get("parameters", {}), strict=params.get("failOnWarnings", False))
    overwrite = params.get("mode", "merge") == "overwrite"
    with store.lock:
        api = store.api(params["restApiId"])
        changed = RestApi(dict(api.document), api.root)
        changed.restore(api.content())
        document = {**changed.document, **found.document}
        if overwrite:
            for name in ("description", "version", "binaryMediaTypes", "minimumCompressionSize", "policy"):
                if name not in found.document:
                    document.pop(name, None)
            document["name"] = found.api.name or document["name"]
            ids = {each.path: each for each in changed.resources.values()}
            changed = RestApi(document, api.root)
            _fill(changed, found.api, found.root, known=ids)
            changed.models = {**new_models(), **changed.models}
        else:
            changed.document = document
            _fill(changed, found.api, found.root)
        api.restore(changed.content())
        return _warned(described(api), found.warnings)


def _warned(document: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    return {**document, "warnings": warnings} if warnings else document


def adopt(store: Store, model: Api, api_id: str, name: str, stages: tuple[str, ...]) -> RestApi:
    """Puts an API that was read from a definition into the store, deployed on its stages, in the place of one with the
    same id. What the stages serve is the very Api that was read. Raises ControlError for one that CreateResource would
    refuse; the store is then as it was.
    """
    with store.lock:
        document = new_document(name, id=api_id)
        if model.description:
            document["description"] = model.description
        if model.binary_media_types:
            document["binaryMediaTypes"] = list(model.binary_media_types)
        if model.minimum_compression_size is not None:
            document["minimumCompressionSize"] = model.minimum_compression_size
        document["apiKeySource"] = model.api_key_source
        document["endpointConfiguration"] = {"types": [model.endpoint_type], "ipAddressType": "ipv4"}
        before = store.apis.get(api_id)
        api = add_api(store, document)
        if before is not None:
            document["createdDate"] = before.document["createdDate"]
        try:
            _fill(api, model, {})
        except ControlError:
            del store.apis[api_id]
            if before is not None:
                store.apis[api_id] = before
            raise
        deployment = freeze(api)
        frozen = api.deployments[deployment["id"]]
        api.deployments[deployment["id"]] = Deployment(frozen.document, frozen.content, model)
        for stage in stages:
            known = model.stages.get(stage)
            given = {"variables": dict(known.variables)} if known is not None and known.variables else {}
            point(api, stage, deployment["id"], given, None)
        store.changed(api_id)
        return api


def _fill(api: RestApi, model: Api, root: Mapping[str, Any], known: Mapping[str, ResourceRecord] | None = None) -> None:
    """Adds what a model has to an API, replacing what is there under the same name. Raises ControlError."""
    validators = {each["name"]: identifier for identifier, each in api.validators.items()}
    for name, body, parameters in _validators(model, root):
        identifier = validators.setdefault(name, new_id(6, api.validators))
        api.validators[identifier] = {
            "id": identifier,
            "name": name,
            "validateRequestBody": body,
            "validateRequestParameters": parameters,
        }
    authorizers = {each["name"]: identifier for identifier, each in api.authorizers.items()}
    for name, scheme in _schemes(model, root).items():
        identifier = authorizers.setdefault(name, new_id(6, api.authorizers))
        api.authorizers[identifier] = {"id": identifier, "name": name, "scheme": scheme}
    for name, each in model.models.items():
        api.models[name] = model_document(each)
    for kind, custom in model.gateway_responses.items():
        api.gateway_responses[kind] = gateway_record(custom)
    at = {each.path: each for each in api.resources.values()}
    routes = [(each.path, verb, method) for each in model.resources for verb, method in each.methods.items()]
    if model.fallback is not None:
        # A bare put-integration serves every path: by a greedy resource, and the root, which that does not cover.
        routes += [("/", "ANY", model.fallback), ("/{proxy+}", "ANY", model.fallback)]
    own = {each.path: each.id for each in model.resources}
    for path, verb, method in routes:
        resource = _reach(api, at, path, known or {}, own)
        api.methods[resource.id, verb] = method_record(verb, method, resource.id, validators, authorizers)
    if len(api.resources) > RESOURCES:
        raise limit_exceeded(
            "Maximum number of resources for this API has been reached. Please contact AWS if you need additional resources."
        )


def _reach(
    api: RestApi,
    at: dict[str, ResourceRecord],
    path: str,
    known: Mapping[str, ResourceRecord],
    own: Mapping[str, str],
) -> ResourceRecord:
    """The resource of a path, made with those above it where it is not there."""
    here = at["/"]
    for part in path.strip("/").split("/") if path.strip("/") else ():
        wanted = joined(here.path, part)
        if wanted not in at:
            check_part(api, here, part, None)
            before = known.get(wanted)
            identifier = before.id if before is not None else own.get(wanted)
            if identifier is None or identifier in api.resources:
                identifier = new_id(6, api.resources)
            at[wanted] = api.resources[identifier] = ResourceRecord(identifier, wanted, here.id, part)
        here = at[wanted]
    return here


def _adopt_root(api: RestApi, root_id: str) -> None:
    """Gives the root of an API that was filled apart the id that the API got."""
    root = next(each for each in api.resources.values() if each.path == "/")
    api.resources = {
        (root_id if key == root.id else key): each._replace(
            id=root_id if key == root.id else key, parent=root_id if each.parent == root.id else each.parent
        )
        for key, each in api.resources.items()
    }
    api.methods = {
        (root_id if key[0] == root.id else key[0], key[1]): _placed(each, root.id, root_id)
        for key, each in api.methods.items()
    }


def _placed(record: Any, before: str, after: str) -> Any:
    integration = record.integration
    if integration is None or integration.document.get("cacheNamespace") != before:
        return record
    document = {**integration.document, "cacheNamespace": after}
    return record._replace(integration=integration._replace(document=document))


def _validators(model: Api, root: Mapping[str, Any]) -> list[tuple[str, bool, bool]]:
    found: dict[str, tuple[bool, bool]] = {}
    listed = root.get(f"{X}request-validators")
    for name, each in listed.items() if isinstance(listed, dict) else ():
        if isinstance(each, dict):
            found[name] = (each.get("validateRequestBody") is True, each.get("validateRequestParameters") is True)
    methods = [each for resource in model.resources for each in resource.methods.values()]
    for method in [*methods, *((model.fallback,) if model.fallback is not None else ())]:
        validator: Validator = method.validator
        if validator.name is not None:
            found.setdefault(validator.name, (validator.body, validator.parameters))
    return [(name, *each) for name, each in found.items()]


def _schemes(model: Api, root: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Security schemes that stand for authorizers: the document's, and one for each that only a method names."""
    components = root.get("components")
    written = components.get("securitySchemes") if isinstance(components, dict) else root.get("securityDefinitions")
    found: dict[str, Mapping[str, Any]] = {
        name: each
        for name, each in (written.items() if isinstance(written, dict) else ())
        if isinstance(each, dict)
        and (f"{X}authorizer" in each or str(each.get(f"{X}authtype", "")).lower() not in {"", "awssigv4"})
    }
    for resource in model.resources:
        for method in resource.methods.values():
            if method.authorizer is not None:
                kind = "cognito_user_pools" if method.authorization_type == "COGNITO_USER_POOLS" else "custom"
                scheme = {"type": "apiKey", "name": "Authorization", "in": "header", f"{X}authtype": kind}
                found.setdefault(method.authorizer, scheme)
    return found


def get_export(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetExport: what a stage serves, as OpenAPI 3.0 or 2, in JSON or (``Accept: application/yaml``) YAML."""
    import json

    api = store.api(params["restApiId"])
    stage = stage_of(api, params["stageName"])
    asked = params.get("parameters", {}).get("extensions", "")
    extensions = frozenset(each.strip() for each in asked.split(",") if each.strip())
    content = api.deployments[stage["deploymentId"]].content
    form = params["exportType"]
    document = exported(content, form, params["stageName"], extensions, REGION)
    is_yaml = "yaml" in params.get("accepts", "").lower()
    if is_yaml:
        import yaml

        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100_000)
    else:
        text = json.dumps(document, indent=2)
    ending = "yaml" if is_yaml else "json"
    return {
        "body": text.encode("utf-8", "replace"),
        "contentType": f"application/{ending}",
        "contentDisposition": f'attachment; filename="{form}_{now()}.{ending}"',
    }
