"""What serverless deploys where serverless.yml says nothing.

What may live here: the request templates and the integration responses of ``integration: lambda``. The templates are
worded anew: they make the same event as the framework's own (its names, and each value escaped in the same way), and
differ from them in white space alone.
"""

from __future__ import annotations

from typing import Final

_EVENT: Final = """
#define($pairs)
{#foreach($name in $map.keySet())
"$util.escapeJavaScript($name)": "$util.escapeJavaScript($map.get($name)).replaceAll("\\\\'", "'")"#if($foreach.hasNext), #end
#end
}
#end
{
  "body": $body,
  "method": "$context.httpMethod",
  "principalId": "$context.authorizer.principalId",
  "stage": "$context.stage",
  "cognitoPoolClaims": {
    CLAIMS"sub": "$context.authorizer.claims.sub"
  },
  #set($map = $context.authorizer)
  "enhancedAuthContext": $pairs,
  #set($map = $input.params().header)
  "headers": $pairs,
  #set($map = $input.params().querystring)
  "query": $pairs,
  #set($map = $input.params().path)
  "path": $pairs,
  #set($map = $context.identity)
  "identity": $pairs,
  #set($map = $stageVariables)
  "stageVariables": $pairs,
  "requestPath": "$context.resourcePath"
}
"""

_FORM: Final = """
#define($body)
{#foreach($field in $input.path('$').split('&'))
#set($parts = $field.split('='))
#if($parts.size() >= 2)
#set($value = $util.escapeJavaScript($util.urlDecode($parts[1])).replaceAll("\\\\'", "'"))
#else
#set($value = '')
#end
"$util.escapeJavaScript($util.urlDecode($parts[0]))": "$value"#if($foreach.hasNext),#end
#end
}
#end
"""

_JSON: Final = """
#set($body = $input.json("$"))
"""

STATUS_CODES: Final = {
    "200": "",
    "400": r"[\s\S]*\[400\][\s\S]*",
    "401": r"[\s\S]*\[401\][\s\S]*",
    "403": r"[\s\S]*\[403\][\s\S]*",
    "404": r"[\s\S]*\[404\][\s\S]*",
    "422": r"[\s\S]*\[422\][\s\S]*",
    "500": r"[\s\S]*(Process\s?exited\s?before\s?completing\s?request|\[500\])[\s\S]*",
    "502": r"[\s\S]*\[502\][\s\S]*",
    "504": r"([\s\S]*\[504\][\s\S]*)|(.*Task timed out after \d+\.\d+ seconds$)",
}
"""Status code -> selection pattern, for a Lambda integration (and any response settings) without status codes."""

CORS_HEADERS: Final = (
    *("Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amz-User-Agent"),
    "X-Amzn-Trace-Id",
)
"""Access-Control-Allow-Headers of ``cors: true``."""


def request_templates(claims: tuple[str, ...]) -> dict[str, str]:
    """Media type -> template of a Lambda integration; ``claims`` are Cognito claims to hand over beside ``sub``."""
    listed = "".join(_claim(each) for each in claims)
    event = _EVENT.replace("CLAIMS", listed)
    return {"application/json": _JSON + event, "application/x-www-form-urlencoded": _FORM + event}


def _claim(name: str) -> str:
    before, colon, after = name.partition(":")
    if colon:
        return f'"{after}": "$context.authorizer.claims[\'{name}\']", '
    return f'"{before}": "$context.authorizer.claims.{before}", '
