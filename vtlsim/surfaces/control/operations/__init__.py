"""The operations that are served, by their names in the service model.

What may live here: the table. An operation takes the store and its parameters and gives its result's members, or
nothing; it raises ControlError. All but those of ``APART`` are quick and run while the store's lock is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.surfaces.control.operations import (
    definitions,
    deployments,
    gateway_responses,
    integrations,
    methods,
    models,
    resources,
    rest_apis,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.surfaces.control.store import Store

OPERATIONS: Final[dict[str, Callable[[Store, Mapping[str, Any]], Mapping[str, Any] | None]]] = {
    "CreateRestApi": rest_apis.create_rest_api,
    "GetRestApi": rest_apis.get_rest_api,
    "GetRestApis": rest_apis.get_rest_apis,
    "UpdateRestApi": rest_apis.update_rest_api,
    "DeleteRestApi": rest_apis.delete_rest_api,
    "CreateResource": resources.create_resource,
    "GetResource": resources.get_resource,
    "GetResources": resources.get_resources,
    "UpdateResource": resources.update_resource,
    "DeleteResource": resources.delete_resource,
    "PutMethod": methods.put_method,
    "GetMethod": methods.get_method,
    "UpdateMethod": methods.update_method,
    "DeleteMethod": methods.delete_method,
    "PutMethodResponse": methods.put_method_response,
    "GetMethodResponse": methods.get_method_response,
    "UpdateMethodResponse": methods.update_method_response,
    "DeleteMethodResponse": methods.delete_method_response,
    "PutIntegration": integrations.put_integration,
    "GetIntegration": integrations.get_integration,
    "UpdateIntegration": integrations.update_integration,
    "DeleteIntegration": integrations.delete_integration,
    "PutIntegrationResponse": integrations.put_integration_response,
    "GetIntegrationResponse": integrations.get_integration_response,
    "UpdateIntegrationResponse": integrations.update_integration_response,
    "DeleteIntegrationResponse": integrations.delete_integration_response,
    "CreateModel": models.create_model,
    "GetModel": models.get_model,
    "GetModels": models.get_models,
    "GetModelTemplate": models.get_model_template,
    "UpdateModel": models.update_model,
    "DeleteModel": models.delete_model,
    "CreateRequestValidator": models.create_request_validator,
    "GetRequestValidator": models.get_request_validator,
    "GetRequestValidators": models.get_request_validators,
    "UpdateRequestValidator": models.update_request_validator,
    "DeleteRequestValidator": models.delete_request_validator,
    "PutGatewayResponse": gateway_responses.put_gateway_response,
    "GetGatewayResponse": gateway_responses.get_gateway_response,
    "GetGatewayResponses": gateway_responses.get_gateway_responses,
    "UpdateGatewayResponse": gateway_responses.update_gateway_response,
    "DeleteGatewayResponse": gateway_responses.delete_gateway_response,
    "CreateDeployment": deployments.create_deployment,
    "GetDeployment": deployments.get_deployment,
    "GetDeployments": deployments.get_deployments,
    "UpdateDeployment": deployments.update_deployment,
    "DeleteDeployment": deployments.delete_deployment,
    "CreateStage": deployments.create_stage,
    "GetStage": deployments.get_stage,
    "GetStages": deployments.get_stages,
    "UpdateStage": deployments.update_stage,
    "DeleteStage": deployments.delete_stage,
    "GetExport": definitions.get_export,
}

APART: Final[dict[str, Callable[[Store, Mapping[str, Any]], Mapping[str, Any] | None]]] = {
    "ImportRestApi": definitions.import_rest_api,
    "PutRestApi": definitions.put_rest_api,
}
"""Operations that read a whole document: in a thread, and they take the lock themselves."""

SERVED: Final = frozenset((*OPERATIONS, *APART, "TestInvokeMethod"))
