"""The register's entries about reading definitions.

What may live here: for each code the rule, its evidence, and what would settle it. Data and nothing else.
"""

from __future__ import annotations

from typing import Final

from vtlsim.explain.register_entries import Entry

CONFIG: Final = (
    Entry(
        "CFG001",
        "a name that stands twice in one object",
        "The later one counts, with a warning.",
        "What JSON and YAML readers that accept it do: Jackson, SnakeYAML, PyYAML.",
        "ImportRestApi with a document that repeats a name.",
    ),
    Entry(
        "CFG002",
        "a mapped header that is declared in another case",
        "It is let pass, with a warning; at run time the two names do not match.",
        "Names are compared exactly wherever that was recorded; what PutIntegration says of a difference in case was not.",
        "A PutIntegration that maps `method.request.header.x-a` where `X-A` is declared.",
    ),
    Entry(
        "CFG003",
        "what an AWS_PROXY integration may call",
        "Lambda invocations, in both of their spellings, and Firehose with any action.",
        "That others are refused is recorded, with the message; response streaming's spelling and Firehose are "
        "documented.",
        "A PutIntegration of each.",
    ),
    Entry(
        "CFG004",
        "a wrong value of an enumerated field",
        "It is refused in the words that AWS has for a wrong `type`, or for the fields where an emulator has others.",
        "The message about `type` is recorded; the rest is built after it, or is an emulator's reading.",
        "A PutIntegration with a wrong value of each.",
    ),
    Entry(
        "CFG005",
        "connectionType and connectionId",
        "VPC_LINK needs a connectionId; a connectionId beside INTERNET, or a connectionType where the type has none, is "
        "let pass with a warning.",
        'The API reference: required with VPC_LINK, "undefined otherwise". The messages are ours.',
        "A PutIntegration of each.",
    ),
    Entry(
        "CFG006",
        "credentials that are no ARN",
        "They are let pass, with a warning.",
        "Documented as an ARN; what PutIntegration says of another text was not recorded.",
        "A PutIntegration with such credentials.",
    ),
    Entry(
        "CFG007",
        "tlsConfig of an integration that is no HTTP one",
        "It is refused.",
        "The API reference: supported only for HTTP and HTTP_PROXY. The message is ours.",
        "A PutIntegration of type AWS with a tlsConfig.",
    ),
    Entry(
        "CFG008",
        "an integration response that the method does not declare",
        "A status without parameters that the method does not declare is let pass, with a warning, and fails when a "
        "request comes. A header that differs in case alone is let pass as well.",
        "Deployed APIs were seen to fail with `Output mapping refers to an invalid method response`, so such a "
        "definition can be deployed.",
        "A PutIntegrationResponse of each, and an import.",
    ),
    Entry(
        "CFG009",
        "a declared parameter whose value is no boolean",
        'It counts as "not required".',
        "CloudFormation was seen to take it so.",
        "GetMethod after such a template.",
    ),
    Entry(
        "CFG010",
        "characters in a resource's path",
        "Characters beyond those that AWS's message lists are let pass.",
        "RFC 3986 allows them in a path, and `$`, `,` and `=` are in use.",
        "CreateResource with each of them.",
    ),
    Entry(
        "CFG011",
        "a reference to another file",
        "It is followed, with a warning.",
        "The developer guide: an import does not follow it; bundle the document before importing it.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG012",
        "the path of basePath and servers",
        "It is left out of the resources.",
        "Documented: ImportRestApi's default is `basepath=ignore`.",
        "An import with the default.",
    ),
    Entry(
        "CFG013",
        "a field that an OpenAPI extension does not have",
        "It is let pass, with a warning.",
        "ImportRestApi was seen to do so.",
        "An import with the warnings that it gives.",
    ),
    Entry(
        "CFG014",
        "a parameter whose name cannot be mapped",
        "A name with other characters than a mapping expression takes, such as `ids[]`, is left out, with a warning.",
        "The developer guide's pattern of names; no recording of an import.",
        "An import of a document with such a parameter.",
    ),
    Entry(
        "CFG015",
        "OpenAPI responses that are no status",
        "A response named `default` or `2XX` declares no status.",
        "Only three digits are a status code in PutMethodResponse.",
        "An import of such a document.",
    ),
    Entry(
        "CFG016",
        "pseudo-parameters",
        "`AWS::Region`, `AWS::AccountId` and their like have the values of the surroundings, unless a parameter of that "
        "name is given.",
        "None needed: offline there is no other value.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG017",
        "dynamic references",
        "`{{resolve:ssm:...}}` and its like stay as they are, with a warning.",
        "None needed: the value is known only to AWS.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG018",
        "CloudFormation macros",
        "`Fn::Transform` of anything but `AWS::Include` puts nothing in its place, with a warning.",
        "None needed: a macro runs only in AWS.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG019",
        "a condition that cannot be decided",
        "It is taken to hold, with a warning.",
        "None: it rests on what only AWS knows.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG020",
        "a value that only AWS knows",
        "A placeholder stands in its place, with one warning for all its uses.",
        "None needed: attributes of resources, exports and values known after apply do not exist offline.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG021",
        "resources without a name",
        "A Lambda function or a role without a name, and a REST API, are called by their logical ids, without a warning.",
        "It bears on where a request goes and as whom, and on how models refer to one another, never on what is in it.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG022",
        "a parent resource outside the template",
        "It counts as the root, with a warning.",
        "None: its path is known only to AWS.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG023",
        "a Terraform resource whose API is outside the plan",
        "It is left out, or counted to the one API there is, with a warning.",
        "None: what it belongs to is known only to Terraform's state.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG024",
        "a Terraform resource whose parent is outside the plan",
        "It counts as the root, with a warning.",
        "None: its path is known only to Terraform's state.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG025",
        "the order of Terraform's integration responses",
        "Their patterns are tried in the order in which the plan lists them.",
        "Which of two matching patterns AWS takes was recorded only where both orders agree.",
        "Two matching patterns in both orders.",
    ),
    Entry(
        "CFG026",
        "a Terraform uri that is made of a Lambda function",
        "The function's own name, which the plan tells, stands in the place of its ARN.",
        "The configuration says what the uri is made of; the ARN is known only after apply.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG027",
        "what a plugin of the Serverless Framework adds",
        "It is not read, with a warning.",
        "None: it is the plugin's own.",
        "Nothing: by design.",
    ),
    Entry(
        "CFG028",
        "a static value without quotation marks",
        "A bare number or boolean in a SAM gateway response's parameters is taken as a static value, with a warning.",
        "Deployed templates have it; that it is taken so was not recorded.",
        "A deployment of such a template.",
    ),
)
