"""The whole journey of a request (HTTP, 2 KB body, a template each way) against rendering its two templates alone.

The journey is both halves of the gateway, from the client's request to the method response, with routing, validation of
a required parameter, mappings and headers; the backend answers at once. Rendering alone is the two templates over the
same variables, made anew for each rendering as the journey makes them. The two take turns, round by round, so that a busy machine slows
each alike; times are the processor's, told by the median of the rounds, and so is the ratio, taken round by round. The
goal is at most 2.5.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

import vtlsim
from vtlsim.gateway import transform_request, transform_response
from vtlsim.gateway.findings import BodyRendered
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.journey import Arrived
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, BackendResponse, Overrides
from vtlsim.gateway.rendering import Scene, render
from vtlsim.gateway.variables.context import context_map
from vtlsim.gateway.variables.input import Input
from vtlsim.gateway.variables.method import parameters
from vtlsim.gateway.variables.util import Util
from vtlsim.jsonpath import compile as compile_path
from vtlsim.surfaces.library import method_request
from vtlsim.velocity import Template

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL = 2.5
ROUNDS = 40
RUNS = 30

REQUEST_TEMPLATE = """\
#set($order = $input.path('$'))
{
  "tenant": "$input.params('X-Tenant')",
  "reference": "$util.escapeJavaScript($order.reference)",
  "lines": [
#foreach($item in $order.items)
    {"article": "$item.sku", "quantity": $item.qty, "price": $item.price}#if($foreach.hasNext),#end

#end
  ]
}
"""
RESPONSE_TEMPLATE = """\
#set($kept = $input.path('$'))
{"id": $input.json('$.id'), "lines": [#foreach($line in $kept.lines)"$line.article"#if($foreach.hasNext), #end#end],
 "request": "$context.requestId"}
"""
DEFINITION = {
    "openapi": "3.0.1",
    "info": {"title": "bench", "version": "1"},
    "x-amazon-apigateway-request-validators": {
        "parameters": {"validateRequestBody": False, "validateRequestParameters": True}
    },
    "paths": {
        "/orders/{id}": {
            "post": {
                "x-amazon-apigateway-request-validator": "parameters",
                "parameters": [
                    {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}},
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {"200": {"description": "kept", "headers": {"X-Id": {"schema": {"type": "string"}}}}},
                "x-amazon-apigateway-integration": {
                    "type": "http",
                    "httpMethod": "POST",
                    "uri": "https://backend.example.com/orders/{key}",
                    "requestParameters": {
                        "integration.request.path.key": "method.request.path.id",
                        "integration.request.header.X-Tenant": "method.request.header.X-Tenant",
                    },
                    "requestTemplates": {"application/json": REQUEST_TEMPLATE},
                    "responses": {
                        "default": {
                            "statusCode": "200",
                            "responseParameters": {"method.response.header.X-Id": "integration.response.header.X-Id"},
                            "responseTemplates": {"application/json": RESPONSE_TEMPLATE},
                        }
                    },
                },
            }
        }
    },
}


def order(size: int) -> str:
    """An order of about so many bytes."""
    items: list[dict[str, object]] = []
    while True:
        items.append({"sku": f"article-{len(items):03}", "qty": len(items) % 7 + 1, "price": 9.5})
        text = json.dumps({"reference": "it's 7/8", "items": items})
        if len(text) >= size:
            return text


def rounds(*works: Callable[[], object]) -> list[list[float]]:
    """Seconds of the processor for one run, round by round: a row for each work."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, times, strict=True):
            start = process_time()
            for _ in range(RUNS):
                work()
            taken.append((process_time() - start) / RUNS)
    return times


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.json"
        path.write_text(json.dumps(DEFINITION), encoding="utf-8")
        api = vtlsim.load(path).model
    body = order(2_048)
    request = method_request("POST", "/orders/7?dry=1", body, {"X-Tenant": "acme", "Content-Type": "application/json"})
    kept = json.dumps({"id": "o-7", "lines": [{"article": item["sku"]} for item in json.loads(body)["items"]]})
    answer = BackendResponse(200, Headers([("Content-Type", "application/json"), ("X-Id", "7")]), kept.encode())
    around = DEFAULT_SURROUNDINGS

    def journey() -> list[Any]:
        there = transform_request(request, api, around)
        assert isinstance(there, Arrived)
        back = transform_response(answer, there.value, api, around)
        assert isinstance(back, Arrived)
        return [found for found in there.trace + back.trace if isinstance(found, BodyRendered)]

    made = journey()
    scene = Scene(request, "/orders/{id}", "abc123", {"id": "7"}, {}, Overrides(), None)
    texts = (body, kept)

    def templates() -> list[Any]:
        return [
            render(found.template, found.phase, text, scene, around) for found, text in zip(made, texts, strict=True)
        ]

    def bare() -> list[str]:
        given = []
        for template, text in zip(compiled, texts, strict=True):
            variables = {"input": Input(text, parameters(request, {"id": "7"}), compile_path), **lent}
            given.append(template.render(variables))
        return given

    compiled = [Template(found.template.text) for found in made]
    context = context_map(request, "/orders/{id}", "abc123", around, Overrides(), None)
    lent = {"util": Util(), "context": context, "stageVariables": {}}
    assert bare() == [found.text for found in made]
    assert [found.text for found in templates()] == [found.text for found in made]
    for work in (journey, templates, bare):
        for _ in range(RUNS):
            work()  # templates earn their quicker code by being rendered a few times
    taken = rounds(journey, templates, bare)
    whole, alone, least = map(median, taken)
    ratio = median(one / other for one, other in zip(taken[0], taken[1], strict=True))
    print(f"HTTP, a body of {len(body):,} bytes there and {len(kept):,} back, a template each way, microseconds")
    print(f"  the two templates alone  {alone * 1e6:8.1f}")
    print(f"    of which Velocity, with everything but the payload made before  {least * 1e6:8.1f}")
    print(f"  the whole journey        {whole * 1e6:8.1f}   x {ratio:.2f} (goal: at most {GOAL})")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
