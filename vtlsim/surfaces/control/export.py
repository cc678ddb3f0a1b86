"""An API as an OpenAPI document: what GetExport answers.

What may live here: OpenAPI 3.0 and 2 (swagger) with and without API Gateway's extensions, from a frozen content.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from vtlsim.surfaces.control.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vtlsim.surfaces.control.store import Content, IntegrationRecord, MethodRecord

Form = Literal["oas30", "swagger"]

X: Final = "x-amazon-apigateway-"
_PLACES: Final = {"header": "header", "querystring": "query", "path": "path"}


def exported(content: Content, form: str, stage: str, extensions: frozenset[str], region: str) -> dict[str, Any]:
    """The document. ``extensions`` holds ``apigateway``, ``integrations``, ``authorizers`` as they were asked for.

    Raises ControlError for another form.
    """
    if form not in {"oas30", "swagger"}:
        raise bad_request(f"Invalid export type specified: {form}. It is oas30 or swagger")
    return _Writer(content, form == "oas30", extensions).document(stage, region)


class _Writer:
    def __init__(self, content: Content, three: bool, extensions: frozenset[str]) -> None:
        self.content = content
        self.three = three
        self.everything = "apigateway" in extensions
        self.integrations = self.everything or "integrations" in extensions
        self.authorizers = self.everything or "authorizers" in extensions
        self.used_key = False

    def document(self, stage: str, region: str) -> dict[str, Any]:
        api = self.content.document
        info: dict[str, Any] = {"title": api["name"]}
        if api.get("description"):
            info["description"] = api["description"]
        info["version"] = api.get("version") or "1.0"
        host = f"{api['id']}.execute-api.{region}.amazonaws.com"
        made: dict[str, Any] = {"openapi": "3.0.1", "info": info} if self.three else {"swagger": "2.0", "info": info}
        if self.three:
            made["servers"] = [{"url": f"https://{host}/{{basePath}}", "variables": {"basePath": {"default": stage}}}]
        else:
            made |= {"host": host, "basePath": f"/{stage}", "schemes": ["https"]}
        made["paths"] = self.paths()
        schemas = {
            name: self.schema(each) for name, each in sorted(self.content.models.items()) if self.is_needed(each)
        }
        security = self.security()
        if self.three:
            components = {"schemas": schemas, "securitySchemes": security}
            made["components"] = {name: each for name, each in components.items() if each}
        else:
            made |= {name: each for name, each in (("securityDefinitions", security), ("definitions", schemas)) if each}
        if self.everything:
            made |= self.settings()
        return made

    def is_needed(self, model: Mapping[str, Any]) -> bool:
        """Whether a model is written: the two that every API has only where they are used or were changed."""
        name = model["name"]
        if name not in {"Empty", "Error"} or "id" not in model:
            return True
        for record in self.content.methods.values():
            answers = [each.get("responseModels", {}) for each in record.responses.values()]
            for models in (record.document.get("requestModels", {}), *answers):
                if name in models.values():
                    return True
        return False

    def settings(self) -> dict[str, Any]:
        content = self.content
        api = content.document
        made: dict[str, Any] = {}
        if content.validators:
            made[f"{X}request-validators"] = {
                each["name"]: {name: each[name] for name in ("validateRequestParameters", "validateRequestBody")}
                for each in content.validators.values()
            }
        if content.gateway_responses:
            made[f"{X}gateway-responses"] = {
                kind: _without_empty(
                    {
                        name: each.document.get(name)
                        for name in ("statusCode", "responseParameters", "responseTemplates")
                    }
                )
                for kind, each in sorted(content.gateway_responses.items())
            }
        if api.get("binaryMediaTypes"):
            made[f"{X}binary-media-types"] = list(api["binaryMediaTypes"])
        if api.get("apiKeySource", "HEADER") != "HEADER":
            made[f"{X}api-key-source"] = api["apiKeySource"]
        if api.get("minimumCompressionSize") is not None:
            made[f"{X}minimum-compression-size"] = api["minimumCompressionSize"]
        if api.get("policy"):
            try:
                made[f"{X}policy"] = json.loads(api["policy"])
            except ValueError:
                made[f"{X}policy"] = api["policy"]
        return made

    def paths(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for (resource_id, verb), record in self.content.methods.items():
            path = self.content.resources[resource_id].path
            name = f"{X}any-method" if verb == "ANY" else verb.lower()
            found.setdefault(path, {})[name] = self.operation(record)
        return {path: dict(sorted(found[path].items())) for path in sorted(found)}

    def operation(self, record: MethodRecord) -> dict[str, Any]:
        document = record.document
        made: dict[str, Any] = {}
        if "operationName" in document:
            made["operationId"] = document["operationName"]
        requests = document.get("requestModels", {})
        answers = [each.get("responseModels", {}) for each in record.responses.values()]
        if not self.three:
            if requests:
                made["consumes"] = list(requests)
            produced = list(dict.fromkeys(each for models in answers for each in models))
            if produced:
                made["produces"] = produced
        parameters = [self.parameter(name, on) for name, on in sorted(document.get("requestParameters", {}).items())]
        if requests and not self.three:
            name = next(iter(requests.values()))
            parameters.append({"in": "body", "name": name, "required": True, "schema": self.reference(name)})
        if parameters:
            made["parameters"] = parameters
        if requests and self.three:
            made["requestBody"] = {"content": self.contents(requests), "required": True}
        made["responses"] = {status: self.response(each) for status, each in sorted(record.responses.items())}
        made |= self.required(document)
        validator = self.content.validators.get(document.get("requestValidatorId", ""))
        if validator is not None and self.everything:
            made[f"{X}request-validator"] = validator["name"]
        if record.integration is not None and self.integrations:
            made[f"{X}integration"] = self.integration(record.integration)
        return made

    def parameter(self, expression: str, required: bool) -> dict[str, Any]:
        place, _, name = expression.removeprefix("method.request.").partition(".")
        made: dict[str, Any] = {"name": name, "in": _PLACES[place]}
        # A path parameter is required in OpenAPI; API Gateway's own "false" is kept so that it can be read again.
        if required or place == "path":
            made["required"] = required
        return {**made, "schema": {"type": "string"}} if self.three else {**made, "type": "string"}

    def contents(self, models: Mapping[str, str]) -> dict[str, Any]:
        return {media_type: {"schema": self.reference(name)} for media_type, name in models.items()}

    def reference(self, name: str) -> dict[str, str]:
        return {"$ref": f"#/{'components/schemas' if self.three else 'definitions'}/{name}"}

    def response(self, document: Mapping[str, Any]) -> dict[str, Any]:
        status = document["statusCode"]
        made: dict[str, Any] = {"description": f"{status} response"}
        headers = [name.removeprefix("method.response.header.") for name in document.get("responseParameters", {})]
        if headers:
            kind: dict[str, Any] = {"schema": {"type": "string"}} if self.three else {"type": "string"}
            made["headers"] = dict.fromkeys(headers, kind)
        models = document.get("responseModels", {})
        if models:
            made |= (
                {"content": self.contents(models)}
                if self.three
                else {"schema": self.reference(next(iter(models.values())))}
            )
        return made

    def required(self, document: Mapping[str, Any]) -> dict[str, Any]:
        found: list[dict[str, list[str]]] = []
        authorizer = self.content.authorizers.get(document.get("authorizerId", ""))
        if authorizer is not None:
            found.append({authorizer["name"]: list(document.get("authorizationScopes", ()))})
        elif document.get("authorizationType") == "AWS_IAM":
            found.append({"sigv4": []})
        if document.get("apiKeyRequired"):
            self.used_key = True
            found.append({"api_key": []})
        return {"security": found} if found else {}

    def security(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if self.used_key:
            made["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
        if any(each.document.get("authorizationType") == "AWS_IAM" for each in self.content.methods.values()):
            made["sigv4"] = {"type": "apiKey", "name": "Authorization", "in": "header"}
            if self.authorizers:
                made["sigv4"][f"{X}authtype"] = "awsSigv4"
        for each in self.content.authorizers.values():
            scheme = dict(each["scheme"])
            if not self.authorizers:
                scheme = {name: value for name, value in scheme.items() if not name.startswith(X)}
            made[each["name"]] = scheme
        return made

    def schema(self, model: Mapping[str, Any]) -> object:
        try:
            found = json.loads(model.get("schema") or "{}")
        except ValueError:
            found = {}
        return _referring(found, "#/components/schemas/" if self.three else "#/definitions/")

    def integration(self, record: IntegrationRecord) -> dict[str, Any]:
        made = dict(record.document)
        made["type"] = made["type"].lower()
        made["passthroughBehavior"] = made["passthroughBehavior"].lower()
        if record.responses:
            made["responses"] = {
                document.get("selectionPattern") or "default": {
                    name: ({key: text or "" for key, text in value.items()} if name == "responseTemplates" else value)
                    for name, value in document.items()
                    if name != "selectionPattern"
                }
                for document, _ in record.responses.values()
            }
        return _without_empty(made)


def _without_empty(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None and value not in ([], {})}


def _referring(schema: object, start: str) -> object:
    """A schema whose references to models of the API are the document's own."""
    if isinstance(schema, dict):
        return {
            name: start + value.rpartition("/")[2]
            if name == "$ref" and isinstance(value, str) and _is_model(value)
            else _referring(value, start)
            for name, value in schema.items()
        }
    if isinstance(schema, list):
        return [_referring(each, start) for each in schema]
    return schema


def _is_model(reference: str) -> bool:
    starts: Iterable[str] = ("#/definitions/", "#/components/schemas/", "https://apigateway")
    return reference.startswith(tuple(starts)) and (not reference.startswith("https") or "/models/" in reference)
