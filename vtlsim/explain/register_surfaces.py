"""The register's entries about the surfaces: the control plane, the server, the execution log.

What may live here: for each code the rule, its evidence, and what would settle it. Data and nothing else.
"""

from __future__ import annotations

from typing import Final

from vtlsim.explain.register_entries import Entry

CONTROL: Final = (
    Entry(
        "CTL001",
        "a member that an operation does not have",
        "A member of a request's body that the operation does not have is refused: 400 BadRequestException, with the nearest name. Inside a structure it is ignored.",
        "None; what AWS answers is not known. A misspelt name that is let pass would be a change that never happens.",
        "PutIntegration with a member `passthroughBehaviour`, sent without an SDK.",
    ),
    Entry(
        "CTL002",
        "a second PutIntegration drops the integration responses",
        "PutIntegration replaces the whole integration: the integration responses that were there are gone.",
        "None recorded; it is how PUT is meant, and UpdateIntegration is there for the rest.",
        "PutIntegration, PutIntegrationResponse, PutIntegration, GetIntegration.",
    ),
    Entry(
        "CTL003",
        "which entities word a wrong patch path with two spaces",
        "Resources, deployments and stages answer a wrong patch path with `Invalid patch path  '/x' specified for op 'add'. Please choose supported operations`; all others with `Invalid patch path /x`.",
        "The second form is recorded for RestApi, Method, MethodResponse and GatewayResponse. That some entities use the first is recorded, which ones is not; an emulator uses it for resources, models and request validators when the operation is wrong, and lists the valid paths when the path is.",
        "UpdateResource, UpdateModel, UpdateRequestValidator, UpdateDeployment, UpdateStage, UpdateIntegration and UpdateIntegrationResponse, each with a wrong path and with a wrong operation.",
    ),
    Entry(
        "CTL004",
        "what is said of an unknown API",
        "Operations on an API as a whole: 404 `Invalid API identifier specified {account}:{id}`.",
        "Users quote it, one with account and id, one without; below the API, `Invalid Resource identifier specified` is recorded instead. PutIntegration and GetResource of an unknown API follow the latter, unrecorded.",
        "GetRestApi, GetResources, GetResource and PutIntegration of an unknown API.",
    ),
    Entry(
        "CTL005",
        "what is said of a thing that is there already",
        "409 ConflictException with a message for each entity: resource, method, method response, model, stage.",
        "The one about a resource of that name is quoted by users; those about a method, a method response, a model and a stage are emulators' or not recorded.",
        "Making each of them twice.",
    ),
    Entry(
        "CTL006",
        "what is said beyond a quota",
        "300 resources of an API, 6 MB of an imported definition: 429 LimitExceededException. 25 binary media types, 1,024 characters of a name, pages of 1 to 500: 400 BadRequestException. The words are ours.",
        "The quota of resources is documented; type and words of the answers are not recorded.",
        "Going beyond each.",
    ),
    Entry(
        "CTL007",
        "what is said of stages and deployments",
        "An API without methods, a method without an integration, an unknown stage or deployment, a deployment that a stage still points to: refused, each with its message.",
        "`The REST API doesn't contain any methods` and `Active stages pointing to this deployment must be moved or deleted` are quoted in AWS's and Terraform's documentation; `No integration defined for method` by users; the unknown ones are emulators'. Only `Access Log value must not be empty` is recorded.",
        "Each of these refusals, recorded.",
    ),
    Entry(
        "CTL008",
        "what is said of models and request validators",
        "A wrong name or schema, an unknown model or validator, one that a method still refers to: refused, each with its message. A schema needs to be an object of JSON; its keywords are not looked at.",
        "`Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]` is quoted by users, who also quote it with `Unsupported keyword(s): [...]` behind it; the others are emulators' or ours.",
        "CreateModel with a name, a schema and a keyword that are wrong; DeleteModel and DeleteRequestValidator of one in use.",
    ),
    Entry(
        "CTL009",
        "what is said of a value of the wrong type",
        "400 SerializationException, worded by the type that was found and the type that was wanted; a text that is no JSON has words of ours.",
        "Recorded for a boolean and a number where a text belongs. For objects and lists the words are what other services of AWS on the same framework are known to say; `class java.lang.String can not be converted to a Boolean` is built alike, where those services are quoted with `'23' can not be converted to an Boolean`.",
        "A request with each wrong type for a text, a boolean, an integer, a list and a map.",
    ),
    Entry(
        "CTL010",
        "how a stage's name and variables are checked",
        "CreateDeployment checks the name and the variables of its stage as CreateStage does, before it looks at the API's methods. A name has up to 128 letters, digits, `_` and `-`.",
        "Patterns by documentation. The message is quoted by users without the hyphen (`Stage name only allows a-zA-Z0-9_`, 2016 to 2018), which was refused then and is said to be allowed now. One project quotes `Invalid stage variable value of key ...` where we say `Invalid stage variable value: ...`. The order of the checks is not known.",
        "CreateDeployment with a bad name, a bad variable, and of an API without methods.",
    ),
    Entry(
        "CTL011",
        "PutIntegrationResponse without a method response",
        "PutIntegrationResponse of a status that the method does not declare passes, unless it maps response parameters.",
        "The API reference wants the method response first. With parameters the refusal is quoted by users; without, deployed APIs are known that fail on it when a request comes (CFG008), so that it could be put.",
        "PutIntegrationResponse on a method without method responses, with and without response parameters.",
    ),
)
"""The control plane."""

SERVER: Final = (
    Entry(
        "SRV001",
        "what is said of what is too large",
        "413 as plain text, `HTTP content length exceeded 10485760 bytes.` or `HTTP header is larger than 10240 bytes.`, before stage, method and gateway responses are looked at.",
        "The text about bodies, and that it is plain, is quoted by many users; that REQUEST_TOO_LARGE cannot be customised is documented. The text about headers rests on one user's report.",
        "The raw bytes of both, from an API that customises REQUEST_TOO_LARGE.",
    ),
    Entry(
        "SRV002",
        "header fields beyond 10,240 bytes are a 413",
        "When names, values and line ends of all header fields are more than 10,240 bytes: 413.",
        "The quota and how it is counted are documented; the status is taken from bodies, whose message is alike.",
        "A request with 10,241 bytes of header fields.",
    ),
    Entry(
        "SRV003",
        "a stage that does not exist",
        'A stage that does not exist, and a path without one: 403 `{"message":"Forbidden"}`, `x-amzn-ErrorType: ForbiddenException`. No gateway response changes it.',
        "That a 403 says `Forbidden` was measured by an emulator's authors, not for this case; of this case nothing is recorded.",
        "The raw answers for an unknown stage and for the path `/`, from an API that customises ACCESS_DENIED.",
    ),
    Entry(
        "SRV004",
        "an outcome that HTTP cannot carry",
        "A status outside 200 to 599, a header's name that is no token, a value with a line end or another control character: 500 `Internal server error` in the place of the answer; the same for such a header on its way to a backend.",
        "None; an answer split in two by a mapped value is what no gateway may send.",
        "A mapped response header whose value holds a line end, and a status override of 100.",
    ),
)
"""The server."""

LOG: Final = (
    Entry(
        "LOG001",
        "the line about a body that does not fit its model",
        "`Request body does not match model schema for content type application/json: [...]`, with what our validator says in the brackets.",
        "Several users' logs of TestInvokeMethod have the line. Theirs hold a Java validator's words, `object has missing required properties ([\"a\"])`, and `Unknown error parsing request body` for an empty one; ours are Python's.",
        "TestInvokeMethod logs for each keyword of a schema.",
    ),
    Entry(
        "LOG002",
        "the line about a function that failed",
        "`Lambda execution failed with status 200 due to customer function error: {errorMessage}. Lambda request id: {id}`, after the body that the function gave, and in the place of the failure's own line.",
        "Users' logs of TestInvokeMethod and CloudWatch have the line for proxy integrations; without an errorMessage or a request id the parts are left out, which is ours. For AWS integrations the line was not seen.",
        "TestInvokeMethod logs of an AWS and an AWS_PROXY function that fails, and of one that times out.",
    ),
)
"""The execution log."""

SURFACES: Final = (*CONTROL, *SERVER, *LOG)
"""In the order of the families; within one in the order of their codes."""
