"""Documents that hurt: each gets an answer, quickly, and never a traceback."""

from __future__ import annotations

import itertools
import json
from time import perf_counter

import pytest

from vtlsim.surfaces.cli import run

SECONDS = 5.0
"""The bound for an answer. Most take a hundredth of it; the machine may be busy."""

PUT = '{"type": "HTTP", "httpMethod": "POST", "uri": "http://a.test/"%s}'
API = """\
openapi: 3.0.1
info: {title: t, version: "1"}
paths:
  /:
    post:
      x-amazon-apigateway-integration: {type: http, httpMethod: POST, uri: "http://a.test/"}
"""
NINE = "abcdefghij"
LAUGHS = "a: &a [lol]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in itertools.pairwise(NINE)
)
SERVICE = "service: s\nprovider: {name: aws}\nfunctions:\n  f:\n    handler: h.f\n    events: [{http: {path: /, method: get}}]\n"
SELVES = "custom:\n  a0: lol\n" + "".join(f'  a{n}: "{f"${{self:custom.a{n - 1}}}" * 10}"\n' for n in range(1, 10))
TEMPLATE = """\
Resources:
  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !Ref R, HttpMethod: GET, Integration: {Type: MOCK}}}
"""

ANSWERED = {
    "a name twice (JSON)": (PUT % ', "uri": "http://b.test/"', "1:65: warning: the name 'uri' is here twice"),
    "a name twice (YAML)": (
        f"{API}      operationId: a\n      operationId: b\n",
        "8:7: warning: the name 'operationId'",
    ),
    "an anchor": (
        (
            "x: &i {type: http, httpMethod: POST, uri: 'http://a.test/'}\nopenapi: 3.0.1\n"
            "paths: {/: {post: {x-amazon-apigateway-integration: {<<: *i}}}}\n"
        ),
        "",
    ),
    "a byte order mark (YAML)": (f"\ufeff{API}", ""),
    "a byte order mark (JSON)": ("\ufeff" + PUT % "", ""),
    "Windows line ends": (API.replace("\n", "\r\n"), ""),
    "old Macintosh line ends": (API.replace("\n", "\r"), ""),
    "a large integer": (f"{API}x: {'1' * 10_000}\n", ""),
    "dates and their like": (f"{API}x: 2001-99-99\ny: 1:30:00\nz: .inf\nv: !!binary '@'\nu: !!int x\n", ""),
    "a tag of Python": (f"{API}x: !!python/object/apply:os.system [false]\n", ""),
    "unknown tags": (f"{API}x: !Foo {{a: b}}\n", "7:4: warning: unknown tag '!Foo'"),
    "6 MB of description": (f"{API}      description: |\n" + "        lorem ipsum dolor\n" * 240_000, ""),
    "a model of itself": (
        (
            f"{API}      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}\n"
            "components: {schemas: {A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}}\n"
        ),
        "",
    ),
}
REFUSED = {
    "a tab": (API.replace("    post", "\tpost"), "5:1: error: not YAML: a tab cannot indent YAML; use blanks"),
    "UTF-16": (API.encode("utf-16"), "not UTF-8 at byte 0"),
    "bytes": (bytes(range(256)) * 100, "not UTF-8"),
    "a NUL": (f"{API}x: a\0b\n", "7:5: error: not YAML: the character U+0000 may not stand in it"),
    "nothing": ("", "1:1: error: the document is empty"),
    "a comment": ("# nothing\n", "the document is empty"),
    "null": ("null", "1:1: error: this is no definition that vtlsim knows"),
    "a list": ("[]", "1:1: error: this is no definition that vtlsim knows"),
    "two documents": (f"{API}---\n{API}", "7:1: error: a second document begins here"),
    "a comma too many": (PUT[:-3] % () + ",}", "error: not JSON: expected a name in quotation marks"),
    "deep JSON": ("[" * 100_000, "1:101: error: not JSON: more than 100 objects and arrays inside one another"),
    "deep YAML": ("\n".join(" " * n + "a:" for n in range(2000)), "more than 100 mappings and sequences"),
    "deep flow": (f"openapi: {'[' * 20_000}", "more than 100 mappings and sequences"),
    "a billion laughs": (f"{LAUGHS}{API}", "error: aliases make this document more than 20 times as large as it is"),
    "an alias in its own anchor": (f"a: &a [*a]\n{API}", "1:8: error: *a stands inside its own &a"),
    "an alias of nothing": (f"a: *nope\n{API}", "1:4: error: there is no &nope above"),
    "a name that is a list": (f"{API}? [a, b]\n: c\n", "7:3: error: the name of an entry must be a text"),
    "references in a circle": (
        f"{API}      parameters: [{{$ref: '#/x/a'}}]\nx: {{a: {{$ref: '#/x/b'}}, b: {{$ref: '#/x/a'}}}}\n",
        "error: references that lead in a circle",
    ),
    "a reference to itself": (
        f"{API}      parameters: [{{$ref: '#/paths/~1/post/parameters/0'}}]\n",
        "7:20: error: references that lead in a circle",
    ),
    "a reference that climbs out": (
        f"{API}      parameters: [{{$ref: '../../etc/passwd'}}]\n",
        "7:27: error: cannot read ../../etc/passwd: it lies outside the definition's folder",
    ),
    "a reference to the network": (f"{API}      parameters: [{{$ref: 'http://x.test/y.yaml#/a'}}]\n", "7:27: error: "),
    "an include of itself": (
        "openapi: 3.0.1\npaths: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: d}}}\n",
        "error: ",
    ),
    "resources in a circle": (
        f"{TEMPLATE}  R: {{Type: AWS::ApiGateway::Resource, Properties: {{RestApiId: !Ref A, ParentId: !Ref R, PathPart: r}}}}\n",
        "error: resources that are each other's parents",
    ),
    "variables in a circle": (
        SERVICE.replace("path: /", "path: '${self:custom.a}'")
        + "custom: {a: '${self:custom.b}', b: '${self:custom.a}'}\n",
        "variables that lead in a circle",
    ),
    "a billion variables": (SERVICE.replace("path: /", "path: '${self:custom.a9}'") + SELVES, "error: "),
    "shapes of Terraform": (
        json.dumps({"format_version": "1", "planned_values": {"root_module": {"resources": [1, None, {"type": 5}]}}}),
        "error: this document defines no REST API",
    ),
    "a body cut short": (
        (
            '{"format_version": "1", "planned_values": {"root_module": {"resources": [{"address": "x", "name": "x", '
            '"type": "aws_api_gateway_rest_api", "values": {"body": "{\\"openapi\\": 3"}}]}}}'
        ),
        "1:175: error: not JSON: expected ',' or '}', found the end of the document",
    ),
    "Terraform's own language": (
        'resource "aws_api_gateway_rest_api" "a" {\n  name = "a"\n}\n',
        "1:1: error: this is Terraform's own language",
    ),
    "a template of 6 MB": (
        PUT % f', "requestTemplates": {{"application/json": "{"x" * 6_000_000}"}}',
        "error: a template may hold 300 KB; this one is larger",
    ),
    "a line of megabytes with a fault in each of its thousands of methods": (
        json.dumps(
            {
                "openapi": "3.0.1",
                "paths": {
                    f"/p{n}": {"post": {"x-amazon-apigateway-integration": {"type": "htp", "uri": "x" * 900}}}
                    for n in range(2000)
                },
            }
        ),
        "error: 1 validation error detected: Value 'htp'",
    ),
}


def _told(folder, capsys, text, code):
    (folder / "d").write_bytes(text if isinstance(text, bytes) else text.encode())
    began = perf_counter()
    found = run(["invoke", "d", "POST", "/", "-b", "{}"])
    took = perf_counter() - began
    printed = capsys.readouterr()
    assert "itself failed" not in printed.err
    assert found == code, printed.err[:2000]
    assert took < SECONDS
    assert max(map(len, printed.err.splitlines()), default=0) < 1000
    return printed


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ANSWERED)
def test_what_can_be_read_is_read(folder, capsys, name):
    text, said = ANSWERED[name]
    printed = _told(folder, capsys, text, 0)
    assert printed.out.startswith(("POST http://a.test/\n", "POST http://b.test/\n"))
    assert said in printed.err


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_place(folder, capsys, name):
    text, said = REFUSED[name]
    printed = _told(folder, capsys, text, 4)
    assert said in printed.err
    assert printed.out == ""
