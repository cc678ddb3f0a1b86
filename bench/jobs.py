"""Six pieces of real work for a mapping template, each with its request and the same thing written by hand in Python.

The templates are `work/NAME.vtl`. The functions are what a developer would write instead of the template, over the
same parsed payload; each gives the template's output to the character.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TEMPLATES = Path(__file__).with_name("work")


class Request(NamedTuple):
    """What a rendering gets: the payload and the parameters, surroundings and stage variables."""

    body: str
    params: dict[str, dict[str, str]]
    context: dict[str, Any]
    stage_variables: dict[str, str]


class Job(NamedTuple):
    """A template, its request, and the same work in Python, which is given the parsed payload and the request."""

    name: str
    request: Request
    by_hand: Callable[[Any, Request], str]

    @property
    def template(self) -> str:
        return (TEMPLATES / f"{self.name}.vtl").read_text(encoding="utf-8")


_ESCAPES = {
    "'": "\\'",
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_TO_ESCAPE = re.compile(r"['\"\\/\x00-\x1f\x7f-\uffff]")


def escape_javascript(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}", text)


def _orders(order: Any, _request: Request) -> str:
    out = [
        (
            f'{{\n  "Customer": "{order["customer"]["name"]}",\n'
            f'  "Express": {"true" if order["express"] else "false"},\n  "Lines": [\n'
        )
    ]
    items = order["items"]
    for at, item in enumerate(items, 1):
        out.append(f'    {{\n      "Sku": "{item["sku"]}",\n      "Quantity": {item["qty"]},\n')
        if item["qty"] > 10:
            out.append('      "Bulk": true,\n')
        elif item["qty"] == 1:
            out.append('      "Single": true,\n')
        options = ", ".join(f'{{"Name": "{o["name"]}", "Value": "{o["value"]}"}}' for o in item["options"])
        out.append(f'      "Options": [{options}]\n    }}{"," if at < len(items) else ""}\n')
    out.append("  ]\n}\n")
    return "".join(out)


def _kinesis(document: Any, request: Request) -> str:
    records = ",\n".join(
        f'    {{\n      "Data": "{base64.b64encode(record["data"].encode()).decode()}",\n'
        f'      "PartitionKey": "{record["partition-key"]}"\n    }}'
        for record in document["records"]
    )
    return f'{{\n  "StreamName": "{request.params["path"]["stream"]}",\n  "Records": [\n{records}\n  ]\n}}\n'


def _form(_document: Any, request: Request) -> str:
    out = []
    for pair in request.body.split("&"):
        name, value = pair.split("=")
        shown = escape_javascript(unquote_plus(value)).replace("x", "X")
        out.append(f'  "{unquote_plus(name)}": "{shown}"')
    return "{\n" + ",\n".join(out) + "\n}\n"


def _passthrough(document: Any, request: Request) -> str:
    places = []
    for place, values in request.params.items():
        lines = ",\n".join(f'      "{name}": "{escape_javascript(value)}"' for name, value in values.items())
        places.append(f'    "{place}": {{\n{lines}\n    }}')
    identity, around = request.context["identity"], request.context
    payload = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    given = ",\n".join(places)
    return f"""{{
  "payload": {payload},
  "given": {{
{given}
  }},
  "surroundings": {{
    "account": "{around["accountId"]}",
    "api": "{around["apiId"]}",
    "caller": "{identity["caller"]}",
    "ip": "{identity["sourceIp"]}",
    "agent": "{identity["userAgent"]}",
    "method": "{around["httpMethod"]}",
    "path": "{around["resourcePath"]}",
    "request": "{around["requestId"]}",
    "stage": "{around["stage"]}",
    "table": "{request.stage_variables["table"]}"
  }}
}}
"""


def _dynamodb(document: Any, _request: Request) -> str:
    pets = []
    for item in document["Items"]:
        lines = [f'      "id": "{item["id"]["S"]}",\n      "name": "{escape_javascript(item["name"]["S"])}",\n']
        if "price" in item:
            lines.append(f'      "price": {item["price"]["N"]},\n')
        tags = ", ".join(f'"{tag["S"]}"' for tag in item["tags"]["L"])
        pets.append(f'    {{\n{"".join(lines)}      "tags": [{tags}]\n    }}')
    body = ",\n".join(pets)
    return f'{{\n  "count": {document["Count"]},\n  "pets": [\n{body}\n  ]\n}}\n'


def _deep(document: Any, _request: Request) -> str:
    sheet = document["book"]["sheets"]["first"]
    rows = ",\n".join(
        "    [" + ", ".join(f'{{"v": {c["value"]}, "u": "{c["meta"]["unit"]["short"]}"}}' for c in line["cells"]) + "]"
        for line in sheet["grid"]["rows"]
    )
    return f'{{\n  "title": "{sheet["properties"]["title"]["text"]["plain"]}",\n  "rows": [\n{rows}\n  ]\n}}\n'


_CONTEXT = {
    "accountId": "123456789012",
    "apiId": "a1b2c3",
    "httpMethod": "POST",
    "resourcePath": "/orders/{id}",
    "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    "stage": "prod",
    "identity": {"caller": "", "sourceIp": "203.0.113.7", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)"},
}
_STAGE = {"table": "orders-prod"}
_PARAMS = {
    "path": {"id": "42", "stream": "clicks"},
    "querystring": {f"q{n}": f"value {n} of 'many'" for n in range(10)},
    "header": {f"X-Header-{n}": f'text/html;q=0.{n}, "quoted", application/json' for n in range(1, 10)}
    | {"Accept": "*/*", "Host": "api.example.com", "User-Agent": "curl/8.5.0"},
}


def _request(body: Any) -> Request:
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Request(text, _PARAMS, _CONTEXT, _STAGE)


def jobs() -> list[Job]:
    order = {
        "customer": {"name": "Ada"},
        "express": True,
        "items": [
            {
                "sku": f"SKU-{n:04}",
                "qty": n % 14,
                "options": [{"name": f"option {m}", "value": f"v{n * m}"} for m in range(3)],
            }
            for n in range(100)
        ],
    }
    records = {
        "records": [{"data": f"click {n} at /page/{n % 7}", "partition-key": f"user-{n % 5}"} for n in range(100)]
    }
    form = "&".join(f"field{n}=some+text+%2F+with+%22quotes%22+and+{n}+x" for n in range(40))
    pets: dict[str, Any] = {
        "Count": 50,
        "Items": [
            {
                "id": {"S": f"pet-{n}"},
                "name": {"S": f"O'Malley the {n}th"},
                "tags": {"L": [{"S": f"tag {m}"} for m in range(n % 4)]},
            }
            | ({"price": {"N": f"{n}.95"}} if n % 3 else {})
            for n in range(50)
        ],
    }
    book = {
        "book": {
            "sheets": {
                "first": {
                    "properties": {"title": {"text": {"plain": "Quarter"}}},
                    "grid": {
                        "rows": [
                            {"cells": [{"value": n * m, "meta": {"unit": {"short": "EUR"}}} for m in range(8)]}
                            for n in range(25)
                        ]
                    },
                }
            }
        }
    }
    return [
        Job("orders", _request(order), _orders),
        Job("kinesis", _request(records), _kinesis),
        Job("form", _request(form), _form),
        Job("passthrough", _request({"a": 1, "list": list(range(30)), "text": "ü/ü"}), _passthrough),
        Job("dynamodb", _request(pets), _dynamodb),
        Job("deep", _request(book), _deep),
    ]


def as_document(job: Job) -> Mapping[str, Any]:
    """A request as the Java program reads it."""
    return {
        "body": job.request.body,
        "params": job.request.params,
        "context": job.request.context,
        "stageVariables": job.request.stage_variables,
    }
