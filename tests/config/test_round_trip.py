"""One API written in every format is one model."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from config.documents import fixture
from vtlsim.gateway.model import Api, Method, Resource, Stage, Templates, TemplateText

SPELLINGS = (
    "openapi/orders.yaml",
    "openapi/orders-swagger.json",
    "get-resources/orders.json",
    "cloudformation/orders.yaml",
    "sam/template.yaml",
    "cdk/manifest.json",
    "terraform/orders-plan.json",
    "terraform/orders-state.json",
    "serverless/serverless.yml",
)


def _templates(templates: Templates) -> Templates:
    return Templates((key, TemplateText(each.text)) for key, each in templates)


def _method(method: Method) -> Method:
    integration = method.integration
    assert integration is not None
    responses = tuple(
        each._replace(origin=None, response_templates=_templates(each.response_templates))
        for each in integration.integration_responses
    )
    return method._replace(
        origin=None,
        # The framework names the validator itself.
        validator=method.validator._replace(name=None),
        # Whether a response header is "required" means nothing to a response; formats differ in what they can say.
        responses=tuple(
            each._replace(headers=MappingProxyType(dict.fromkeys(each.headers, False)))
            for each in method.responses or ()
        ),
        integration=integration._replace(
            origin=None,
            cache_namespace=None,  # an answer of AWS names the resource's id here
            request_templates=_templates(integration.request_templates),
            integration_responses=responses,
        ),
    )


def bare(api: Api) -> Api:
    """The model without what a format alone can know: where things stand, and ids that AWS makes up."""
    resources = tuple(
        Resource.at(each.path, {verb: _method(method) for verb, method in each.methods.items()})
        for each in api.resources
    )
    return api._replace(resources=resources, id=None, stages=MappingProxyType({}))


@pytest.mark.parametrize("path", SPELLINGS)
def test_the_same_api_in_each_format_is_the_same_model(path):
    found = fixture(path)
    assert found.problems == ()
    assert found.api is not None
    assert bare(found.api) == bare(fixture(SPELLINGS[0]).api)


def test_what_the_model_is():
    api = fixture(SPELLINGS[0]).api
    assert api is not None
    assert (api.name, api.binary_media_types) == ("orders", ("image/png",))
    assert [(each.path, *each.methods) for each in api.resources] == [
        ("/health", "GET"),
        ("/orders", "POST"),
        ("/orders/{id}", "GET"),
        ("/{proxy+}", "ANY"),
    ]
    create = api.resources[1].methods["POST"].integration
    assert create is not None
    assert (create.type, create.http_method, create.timeout_in_millis) == ("HTTP", "POST", 5000)
    assert [each.target.expression for each in create.request_parameters] == [
        "integration.request.header.X-Source",
        "integration.request.header.X-Tenant",
    ]
    assert [(each.status_code, each.selection_pattern) for each in create.integration_responses] == [
        ("201", None),
        ("400", r"4\d{2}"),
    ]


@pytest.mark.parametrize("path", SPELLINGS[2:])
def test_formats_that_have_stages_have_this_one(path):
    api = fixture(path).api
    assert api is not None
    assert {name: stage._replace(deployment_id=None) for name, stage in api.stages.items()} == {"dev": Stage("dev")}


@pytest.mark.parametrize("path", SPELLINGS)
def test_each_template_stands_where_the_document_has_it(path):
    """A character of the template in the file is the character of the template."""
    from config.documents import FIXTURES

    found = fixture(path)
    assert found.api is not None
    create = found.api.resources[1].methods["POST"].integration
    assert create is not None
    _, template = create.request_templates.items[0]
    offset = template.text.index("quantity")
    place = found.place(template.name, offset)
    assert place is not None
    folder = path.rpartition("/")[0]
    file = FIXTURES / (place.file if place.file.startswith(folder) else path)
    line = file.read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert line[place.column - 1 :].startswith("quantity")
