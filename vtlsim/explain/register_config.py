"""The register's entries about reading definitions.

What may live here: for each code the rule, its evidence, and what would settle it. Data and nothing else.
"""

from __future__ import annotations

from typing import Final

from vtlsim.explain.register_entries import Entry

CONFIG: Final = (
    Entry(
        "CFG001",
        "a name that stands twice in one mapping",
        "A name that stands twice in one mapping: the later one counts, with a warning.",
        "What readers that accept it do (Jackson, SnakeYAML, PyYAML); AWS not seen.",
        "ImportRestApi and PutIntegration with a document that repeats a name.",
    ),
    Entry(
        "CFG002",
        "a mapped header that is declared in another case",
        "A mapped method.request.header.X that is declared in another case is let pass with a warning.",
        "Names are compared exactly wherever that was recorded; what PutIntegration says of a difference in case was not.",
        "PutIntegration mapping method.request.header.x-a where X-A is declared.",
    ),
    Entry(
        "CFG003",
        "what an AWS_PROXY integration may call",
        "AWS_PROXY also takes the 2021-11-15 response-streaming path and firehose with any action.",
        "Documented (2025) / the wording of AWS's own message; never recorded.",
        "PutIntegration of each.",
    ),
    Entry(
        "CFG004",
        "a wrong contentHandling or connectionType",
        "The message for a wrong contentHandling or connectionType has the form of that for a wrong type.",
        "Both are enums of the service model; the form was recorded for `type` and `responseType`.",
        "PutIntegration with a wrong value of each.",
    ),
    Entry(
        "CFG005",
        "connectionType and connectionId",
        "VPC_LINK without connectionId is refused; connectionId without VPC_LINK, and VPC_LINK of a type that is not HTTP, are told.",
        'Documented ("undefined otherwise"); the messages are ours.',
        "PutIntegration of each.",
    ),
    Entry(
        "CFG006",
        "credentials that are no ARN",
        "Credentials that are no ARN are let pass with a warning.",
        "Documented as an ARN; AWS's answer not recorded.",
        'PutIntegration with credentials "x".',
    ),
    Entry(
        "CFG007",
        "tlsConfig of an integration that is no HTTP one",
        "A tlsConfig of a type that is not HTTP or HTTP_PROXY is refused.",
        "Documented as supported only there; the message is ours.",
        "PutIntegration AWS with tlsConfig.",
    ),
    Entry(
        "CFG008",
        "an integration response that the method does not declare",
        "An integration response of a status that the method does not declare: a warning; with response parameters, AWS's refusal. A header that differs in case: a warning.",
        '"No method response exists for method." quoted by users with parameters; deployed APIs fail at run time without ("Output mapping refers to an invalid method response").',
        "An import with an undeclared status and no parameters.",
    ),
    Entry(
        "CFG009",
        "a declared parameter whose value is no boolean",
        "A declared parameter whose value is no boolean is not required.",
        "Seen in CloudFormation templates.",
        "PutMethod with a text.",
    ),
    Entry(
        "CFG010",
        "characters in a resource's path",
        "Path parts may hold characters beyond those that AWS's message lists.",
        "RFC 3986; in use.",
        "CreateResource with each.",
    ),
    Entry(
        "CFG011",
        "a reference to another file",
        "A $ref to another local file is followed, with a warning.",
        "The developer guide: an import does not follow it.",
        "ImportRestApi with such a document.",
    ),
    Entry(
        "CFG012",
        "the path of basePath and servers",
        "The basePath and the paths of servers are left out of the resources.",
        "Documented: basepath=ignore is the default of an import.",
        "An import with the default.",
    ),
    Entry(
        "CFG013",
        "a field that an OpenAPI extension does not have",
        "A field that the integration extension does not have is let pass with a warning.",
        "Documents with such fields are deployed (serverless-patterns).",
        "ImportRestApi with failonwarnings.",
    ),
    Entry(
        "CFG014",
        "a parameter whose name cannot be mapped",
        "A parameter whose name cannot be mapped (ids[]) is left out, with a warning.",
        "The developer guide's set of characters.",
        "ImportRestApi with such a name.",
    ),
    Entry(
        "CFG015",
        "OpenAPI responses that are no status",
        "A response named default or 2XX declares no status.",
        "PutMethodResponse takes three digits only.",
        "ImportRestApi with such a response.",
    ),
    Entry(
        "CFG016",
        "pseudo-parameters",
        "Pseudo-parameters have the values of the surroundings (us-east-1, 123456789012, aws) unless given.",
        "None: the choice is ours.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG017",
        "dynamic references",
        "{{resolve:…}} stays as it is, with a warning.",
        "Known only to AWS.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG018",
        "CloudFormation macros",
        "A macro other than AWS::Include adds nothing, with a warning.",
        "Runs only in AWS.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG019",
        "a condition that cannot be decided",
        "A condition that cannot be decided is taken to hold, with a warning.",
        "None: the choice is ours.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG020",
        "a value that only AWS knows",
        "What is known only to AWS or after deployment stays a visible placeholder in plain words, with one warning for all its uses.",
        "The choice is ours: plain words, because ${X} in a template would be a reference of Velocity.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG021",
        "resources without a name",
        "A Lambda function or role without a name, and a REST API, are called by their logical ids without a warning.",
        "Bears on where a request goes, never on what is in it.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG022",
        "a parent resource outside the template",
        "A parent resource outside the template counts as the root, with a warning.",
        "None: the choice is ours.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG023",
        "a Terraform resource whose API cannot be told",
        "A resource whose REST API cannot be told is left out, with a warning.",
        "None: the choice is ours.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG024",
        "a Terraform resource whose parent cannot be told",
        "A resource_id or parent_id that the plan does not tell counts as the root, with a warning.",
        "None: the choice is ours.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG025",
        "the order of Terraform's integration responses",
        "Integration responses of a plan are in the order of their status codes.",
        "A plan sorts resources by address; which of two matching patterns AWS takes was recorded only where both orders agree.",
        "A recorded pair of matching patterns in the other order.",
    ),
    Entry(
        "CFG026",
        "a Terraform uri that is made of a Lambda function",
        "A uri made of a Lambda function whose ARN is known only after apply is made of the function's own name.",
        "None: the choice is ours.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG027",
        "what a plugin of the Serverless Framework adds",
        "What plugins read (`custom.apiGatewayServiceProxies`, `http` events of `stepFunctions`) is left out, with a warning.",
        "None: the choice is ours.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG028",
        "a static value without quotation marks",
        "A number as a Cors value is taken as a static value, with a warning.",
        "Deployed templates have it (serverless-patterns).",
        "A SAM deployment with MaxAge: 5.",
    ),
    Entry(
        "CFG029",
        "an endpoint that a tool fills in",
        "An endpoint that is as a whole a placeholder of a tool (`${lambda_arn}`: Terraform's templatefile, envsubst) is let pass, with a warning.",
        "Public documents are kept so (serverless-patterns); AWS never sees them.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG030",
        "API keys of a document",
        "A key without a value is known by its name, with a warning where a method needs a key; a key that no usage plan "
        "of the document links to an API counts for every API of it.",
        "The choice is ours: AWS makes such values when it deploys; that a key needs a usage plan of the stage is documented.",
        "Nothing: by design.",
    ),
)
