"""Integration ARNs, read and built. The examples of the first two rows are the API reference's own page's."""

from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway.service_requests import function_arn, service_arn, target_of


@pytest.mark.parametrize(
    "uri, host, subdomain, service, kind, api",
    [
        ("arn:aws:apigateway:us-west-2:s3:action/GetObject&Bucket=b&Key=k", "s3.us-west-2.amazonaws.com", None, "s3", "action", "GetObject&Bucket=b&Key=k"),
        ("arn:aws:apigateway:us-west-2:s3:path/b/k", "s3.us-west-2.amazonaws.com", None, "s3", "path", "b/k"),
        ("arn:aws:apigateway:us-east-1:kinesis:action/ListStreams", "kinesis.us-east-1.amazonaws.com", None, "kinesis", "action", "ListStreams"),
        ("arn:aws:apigateway:us-east-1:tea.iotdata:path/things/x", "tea.iotdata.us-east-1.amazonaws.com", "tea", "iotdata", "path", "things/x"),
        ("arn:aws:apigateway:us-east-1:streams.dynamodb:action/ListStreams", "streams.dynamodb.us-east-1.amazonaws.com", None, "streams.dynamodb", "action", "ListStreams"),
        ("arn:aws:apigateway:us-east-1:iam:action/ListUsers", "iam.amazonaws.com", None, "iam", "action", "ListUsers"),
        ("arn:aws-cn:apigateway:cn-north-1:sqs:path/1/q", "sqs.cn-north-1.amazonaws.com.cn", None, "sqs", "path", "1/q"),
        ("arn:aws:apigateway:eu-west-1:sqs:path//", "sqs.eu-west-1.amazonaws.com", None, "sqs", "path", "/"),
    ],
)  # fmt: skip
def test_service_arn(uri: str, host: str, subdomain: str | None, service: str, kind: str, api: str) -> None:
    arn = service_arn(uri)
    assert arn is not None
    assert (arn.host, arn.subdomain, arn.service, arn.kind, arn.api) == (host, subdomain, service, kind, api)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://tea.example",
        "arn:aws:lambda:us-east-1:1:function:f",
        "arn:aws:apigateway:us-east-1:sqs",
        "arn:aws:apigateway:us-east-1:sqs:queue/x",
        "arn:aws:apigateway::sqs:path/x",
        "arn:aws:apigateway:us-east-1::path/x",
    ],
)
def test_what_is_no_service_arn(uri: str) -> None:
    assert service_arn(uri) is None


@pytest.mark.parametrize(
    "named, name, qualifier",
    [
        ("arn:aws:lambda:eu-west-1:1:function:brew", "brew", None),
        ("arn:aws:lambda:eu-west-1:1:function:brew:live", "brew", "live"),
        ("brew", "brew", None),
    ],
)
def test_function_arn(named: str, name: str, qualifier: str | None) -> None:
    arn = service_arn(f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{named}/invocations")
    assert arn is not None
    function = function_arn(arn)
    assert function is not None
    assert (function.arn, function.name, function.region, function.qualifier) == (named, name, "eu-west-1", qualifier)


def test_other_lambda_paths_are_no_function() -> None:
    arn = service_arn("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions")
    assert arn is not None
    assert function_arn(arn) is None


@pytest.mark.parametrize(
    "service, action, target",
    [
        ("kinesis", "ListStreams", "Kinesis_20131202.ListStreams"),
        ("dynamodb", "PutItem", "DynamoDB_20120810.PutItem"),
        ("states", "StartExecution", "AWSStepFunctions.StartExecution"),
        ("sqs", "SendMessage", None),
        ("ssm", "GetParameter", None),  # recorded: param-static-querystring-ssm
    ],
)
def test_target_of(service: str, action: str, target: str | None) -> None:
    assert target_of(service, action) == target


@pytest.mark.parametrize(
    "integration, method, uri, headers, body",
    [
        (
            # the ListStreams example of the PutIntegration page
            {
                "type": "AWS",
                "httpMethod": "POST",
                "uri": "arn:aws:apigateway:us-east-1:kinesis:action/ListStreams",
                "credentials": "arn:aws:iam::123456789012:role/apigAwsProxyRole",
                "requestParameters": {"integration.request.header.Content-Type": "'application/x-amz-json-1.1'"},
                "requestTemplates": {"application/json": "{\n}"},
            },
            "POST",
            "https://kinesis.us-east-1.amazonaws.com/",
            {"X-Amz-Target": "Kinesis_20131202.ListStreams", "Content-Type": "application/x-amz-json-1.1"},
            "{\n}",
        ),
        (
            {
                "type": "AWS",
                "uri": "arn:aws:apigateway:us-west-2:s3:action/GetObject&Bucket={shelf}&Key={item}",
                "httpMethod": "GET",
                "requestParameters": {
                    "integration.request.path.shelf": "'tea'",
                    "integration.request.path.item": "'green tin'",
                },
            },
            "GET",
            "https://s3.us-west-2.amazonaws.com/?Action=GetObject&Bucket=tea&Key=green%20tin",
            {"Content-Type": "application/json"},
            "",
        ),
        (
            {
                "type": "AWS",
                "uri": "arn:aws:apigateway:us-east-1:events:action/PutEvents",
                "requestParameters": {"integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'"},
                "requestTemplates": {"application/json": "{}"},
            },
            "POST",
            "https://events.us-east-1.amazonaws.com/",
            {"X-Amz-Target": "AWSEvents.PutEvents"},
            "{}",
        ),
    ],
)
def test_request(integration: Any, method: str, uri: str, headers: dict[str, str], body: str, exchange: Any) -> None:
    sent = exchange({"integration": integration, "request": {"method": "GET"}}).sent
    assert (sent.method, sent.uri, sent.body) == (method, uri, body)
    for name, value in headers.items():
        assert sent.headers.folded(name) == (value,)
    assert sent.headers.first("authorization").startswith("AWS4-HMAC-SHA256 Credential=")
    assert sent.headers.first("x-amz-date") == "20260102T030405Z"
    assert sent.credentials == integration.get("credentials")
