"""What a resource is called before it exists.

What may live here: for each type of resource that integrations refer to, how ``Ref`` and ``Fn::GetAtt`` answer when its
name is given in the template, and what stands in when it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.marked import Mapping, Scalar
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS

if TYPE_CHECKING:
    from vtlsim.config.intrinsics import Resolver

NAMES: Final = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Serverless::Function": "FunctionName",
    "AWS::IAM::Role": "RoleName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::Serverless::SimpleTable": "TableName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::Serverless::StateMachine": "Name",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Events::EventBus": "Name",
    "AWS::ApiGateway::Model": "Name",
}
"""Type -> the property that holds the resource's name."""

_ARNS: Final = {
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Serverless::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "AWS::Serverless::SimpleTable": "dynamodb:{region}:{account}:table/{name}",
    "AWS::Kinesis::Stream": "kinesis:{region}:{account}:stream/{name}",
    "AWS::KinesisFirehose::DeliveryStream": "firehose:{region}:{account}:deliverystream/{name}",
    "AWS::StepFunctions::StateMachine": "states:{region}:{account}:stateMachine:{name}",
    "AWS::Serverless::StateMachine": "states:{region}:{account}:stateMachine:{name}",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::Events::EventBus": "events:{region}:{account}:event-bus/{name}",
}
"""Type -> what follows ``arn:{partition}:``."""

_REF_IS_ARN: Final = frozenset(("AWS::SNS::Topic", "AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"))
_NAME_ATTRIBUTES: Final = frozenset(("QueueName", "TopicName", "Name", "TableName", "FunctionName", "RoleName"))
_FUNCTIONS: Final = frozenset(("AWS::Lambda::Function", "AWS::Serverless::Function"))
_UNWARNED: Final = _FUNCTIONS | {
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RestApi",
    "AWS::IAM::Role",
    "AWS::Serverless::Api",
}


class StandIns:
    """What ``Ref`` and ``Fn::GetAtt`` of the template's resources give: the text, and whether it is what AWS gives.

    CFG021: a Lambda function or a role without a name, and a REST API, are called by their logical ids without a
    warning. It bears on where a request goes, as whom, and on how models refer to one another, never on what is in it.
    """

    __slots__ = ("_asked", "_resolver", "_resources")

    def __init__(self, resources: Mapping, resolver: Resolver) -> None:
        self._resources = resources
        self._resolver = resolver
        self._asked: set[tuple[str, str]] = set()

    def ref(self, logical_id: str) -> tuple[str, bool]:
        """``Ref``."""
        kind = self._type(logical_id)
        name, known = self._name(logical_id, kind)
        if kind in _REF_IS_ARN:
            return self._arn(kind, name), known
        if kind == "AWS::Lambda::Alias" or kind == "AWS::Lambda::Version":
            return self._function_of(logical_id, kind)
        return name, known or kind in _UNWARNED

    def attribute(self, logical_id: str, attribute: str) -> tuple[str, bool]:
        """``Fn::GetAtt``. Without a better answer, ``LogicalId.Attribute`` itself."""
        kind = self._type(logical_id)
        name, known = self._name(logical_id, kind)
        if attribute.endswith("Arn") and kind in _ARNS:
            return self._arn(kind, name), known or kind in _UNWARNED
        if attribute in _NAME_ATTRIBUTES and kind in NAMES:
            return name, known
        return f"{logical_id}.{attribute}", False

    def _type(self, logical_id: str) -> str:
        resource = self._resources.get(logical_id)
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        return kind.text if isinstance(kind, Scalar) else ""

    def _property(self, logical_id: str, name: str) -> str | None:
        resource = self._resources.get(logical_id)
        properties = resource.get("Properties") if isinstance(resource, Mapping) else None
        if not isinstance(properties, Mapping) or (logical_id, name) in self._asked:
            return None  # nothing said, or a name that is made of itself
        self._asked.add((logical_id, name))
        text = self._resolver.text(properties.get(name))
        self._asked.discard((logical_id, name))
        return text

    def _name(self, logical_id: str, kind: str) -> tuple[str, bool]:
        field = NAMES.get(kind)
        name = self._property(logical_id, field) if field is not None else None
        return (logical_id, False) if name is None else (name, True)

    def _function_of(self, logical_id: str, kind: str) -> tuple[str, bool]:
        """An alias or version of a function: the function's ARN and the qualifier."""
        function = self._property(logical_id, "FunctionName") or logical_id
        function = function if function.startswith("arn:") else self._arn("AWS::Lambda::Function", function)
        qualifier = self._property(logical_id, "Name") if kind == "AWS::Lambda::Alias" else None
        return f"{function}:{qualifier or logical_id}", True

    def _arn(self, kind: str, name: str) -> str:
        given = self._resolver.given
        region = given.get("AWS::Region", DEFAULT_SURROUNDINGS.region)
        account = given.get("AWS::AccountId", DEFAULT_SURROUNDINGS.account_id)
        partition = given.get("AWS::Partition", "aws")
        return f"arn:{partition}:" + _ARNS[kind].format(region=region, account=account, name=name)
