"""An integration ARN -> the request that the AWS service gets.

What may live here: ``arn:aws:apigateway:{region}:{subdomain.service|service}:path|action/{service_api}`` read into its
parts, the service's host, and which action APIs need an ``X-Amz-Target``. Sending is a surface's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

TARGET_HEADER: Final = "GW030"
"""Register: an action of a JSON-protocol service is sent as X-Amz-Target, other actions as ``Action=``."""

TARGETS: Final[Mapping[str, str]] = {
    "athena": "AmazonAthena",
    "cloudtrail": "CloudTrail_20131101",
    "codebuild": "CodeBuild_20161006",
    "codepipeline": "CodePipeline_20150709",
    "cognito-identity": "AWSCognitoIdentityService",
    "cognito-idp": "AWSCognitoIdentityProviderService",
    "comprehend": "Comprehend_20171127",
    "config": "StarlingDoveService",
    "dynamodb": "DynamoDB_20120810",
    "ecs": "AmazonEC2ContainerServiceV20141113",
    "events": "AWSEvents",
    "firehose": "Firehose_20150804",
    "glue": "AWSGlue",
    "kinesis": "Kinesis_20131202",
    "kms": "TrentService",
    "logs": "Logs_20140328",
    "rekognition": "RekognitionService",
    "sagemaker": "SageMaker",
    "secretsmanager": "secretsmanager",
    "servicediscovery": "Route53AutoNaming_v20170314",
    "states": "AWSStepFunctions",
    "streams.dynamodb": "DynamoDBStreams_20120810",
    "textract": "Textract",
    "transcribe": "Transcribe",
    "translate": "AWSShineFrontendService_20170701",
}
"""Service -> what stands before the action's name in X-Amz-Target. The services' own API references. SSM speaks this
protocol too and is left out: recorded on AWS, ``ssm:action/GetParameter`` with ``Name`` in the query string answered as
a query API does.
"""

_GLOBAL: Final[Mapping[str, str]] = {
    "cloudfront": "cloudfront.amazonaws.com",
    "iam": "iam.amazonaws.com",
    "route53": "route53.amazonaws.com",
}
_SUFFIXES: Final[Mapping[str, str]] = {"aws-cn": "amazonaws.com.cn"}


class ServiceArn(NamedTuple):
    """The parts of an integration ARN. ``api`` is what follows ``path/`` or ``action/``."""

    partition: str
    region: str
    subdomain: str | None
    service: str
    kind: Literal["path", "action"]
    api: str

    @property
    def host(self) -> str:
        """The service's host name."""
        if self.service in _GLOBAL and self.subdomain is None:
            return _GLOBAL[self.service]
        name = self.service if self.subdomain is None else f"{self.subdomain}.{self.service}"
        return f"{name}.{self.region}.{_SUFFIXES.get(self.partition, 'amazonaws.com')}"


class FunctionArn(NamedTuple):
    """A Lambda function's ARN, from ``…:lambda:path/2015-03-31/functions/{arn}/invocations``."""

    arn: str
    name: str
    region: str
    qualifier: str | None


def service_arn(uri: str) -> ServiceArn | None:
    """The parts of an integration's uri, or None when it is no such ARN."""
    parts = uri.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "apigateway":
        return None
    _, partition, _, region, named, rest = parts
    kind, slash, api = rest.partition("/")
    if not slash or not named or not region:
        return None
    subdomain: str | None
    if named in TARGETS:
        subdomain, service = None, named
    else:
        before, _, service = named.rpartition(".")
        subdomain = before or None
    if kind == "path":
        return ServiceArn(partition, region, subdomain, service, "path", api)
    if kind == "action":
        return ServiceArn(partition, region, subdomain, service, "action", api)
    return None


def function_arn(arn: ServiceArn) -> FunctionArn | None:
    """The function that an ARN invokes, or None when it invokes none."""
    if arn.service != "lambda" or arn.kind != "path":
        return None
    start, end = "2015-03-31/functions/", "/invocations"
    path = arn.api.lstrip("/")
    if not path.startswith(start) or not path.endswith(end):
        return None
    named = path[len(start) : -len(end)]
    parts = named.split(":")
    if len(parts) >= 7 and parts[0] == "arn":
        return FunctionArn(named, parts[6], parts[3], parts[7] if len(parts) > 7 else None)
    return FunctionArn(named, named, arn.region, None)


def target_of(service: str, action: str) -> str | None:
    """The X-Amz-Target of an action, or None when the service takes ``Action=``."""
    prefix = TARGETS.get(service)
    return None if prefix is None else f"{prefix}.{action}"
