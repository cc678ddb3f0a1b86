"""Endpoints of integrations: what API Gateway accepts as a ``uri``.

What may live here: checks of the text. Turning an ARN into a request is the gateway's business.

Every message but those marked CFG is what PutIntegration was recorded to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.config.fields import is_unknown

if TYPE_CHECKING:
    from vtlsim.config.marked import Scalar
    from vtlsim.config.problems import Problems
    from vtlsim.gateway.model import IntegrationType

NOT_HTTP: Final = "Invalid HTTP endpoint specified for URI"
NOT_AN_ARN: Final = "Invalid ARN specified in the request"
NO_PATH_OR_ACTION: Final = "AWS ARN for integration must contain path or action"
NOT_A_FUNCTION: Final = (
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
)
FORM: Final = "arn:aws:apigateway:{region}:{subdomain.service|service}:path|action/{service_api}"

_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}")
_HTTP: Final = re.compile(r"https?://\S|\$\{stageVariables\.", re.IGNORECASE)
_FUNCTION: Final = re.compile(
    r"path/2015-03-31/functions/.+/invocations|path/2021-11-15/functions/.+/response-streaming-invocations"
)
# CFG003: the second form is Lambda's response streaming of 2025, and firehose is taken with any action: documented,
# never recorded. A PutIntegration of each would settle it.


def check_uri(node: Scalar, kind: IntegrationType, problems: Problems) -> None:
    """Report what API Gateway would refuse of an endpoint. MOCK has none, and what is given is dropped: recorded."""
    if is_unknown(node) or kind == "MOCK":
        return
    uri = node.text
    if uri.startswith("${") and not uri.startswith("${stageVariables."):
        # CFG029: a placeholder that a tool fills in before the document reaches AWS is let pass, with a warning.
        problems.warning(
            node, "the endpoint is a placeholder; requests go nowhere until a tool fills it in", code="CFG029"
        )
        return
    if kind in {"HTTP", "HTTP_PROXY"}:
        if not _HTTP.match(uri):
            problems.error(node, NOT_HTTP, code="uri", expected=("http://…", "https://…"))
        return
    # A placeholder may hold colons of its own: ${AWS::Region}.
    parts = _PLACEHOLDER.sub("x", uri).split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        problems.error(node, NOT_AN_ARN, code="uri", expected=(FORM,))
        return
    service, resource = parts[4], parts[5]
    if not resource.startswith(("path/", "action/")):
        problems.error(node, NO_PATH_OR_ACTION, code="uri", expected=(FORM,))
        return
    if kind == "AWS_PROXY":
        function = service == "lambda" and _FUNCTION.fullmatch(resource)
        stream = service == "firehose" and resource.startswith("action/")
        if not function and not stream:
            problems.error(node, NOT_A_FUNCTION, code="uri", expected=(FORM,))
