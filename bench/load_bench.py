"""Loading an OpenAPI document of 5,000 lines and 200 methods, against parsing its YAML (PyYAML's C loader).

The goal is a ratio of at most 2: reading, checking and modelling cost no more than the parse itself does.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING

import yaml

from vtlsim.config.definition import Loaded, load_definition

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS = 200
GOAL = 2.0
ROUNDS = 15

METHOD = """\
  /things{n}/{{id}}:
    post:
      operationId: change{n}
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string}}}}
        - {{name: X-Tenant, in: header, schema: {{type: string}}}}
      responses:
        "200":
          description: changed
      x-amazon-apigateway-integration:
        type: http
        httpMethod: POST
        uri: http://localhost:9000/things{n}/{{id}}
        requestParameters:
          integration.request.path.id: method.request.path.id
          integration.request.header.X-Tenant: method.request.header.X-Tenant
        requestTemplates:
          application/json: |
            #set($thing = $input.path('$'))
            {{"name": "$thing.name", "tenant": "$input.params('X-Tenant')"}}
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: '{{"id": $input.json(''$.Id'')}}'
"""


def document() -> str:
    """The document: 200 methods of 25 lines."""
    head = 'openapi: 3.0.1\ninfo:\n  title: things\n  version: "1"\npaths:\n'
    return head + "".join(METHOD.format(n=n) for n in range(METHODS))


def fastest(*works: Callable[[], object]) -> list[float]:
    """Seconds of the fastest of several rounds of each, in turns: what they take when nothing else runs."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, times, strict=True):
            start = perf_counter()
            work()
            taken.append(perf_counter() - start)
    return [min(taken) for taken in times]


def main() -> int:
    text = document()
    found = load_definition(text, "things.yaml")
    assert isinstance(found, Loaded)
    assert found.api is not None
    assert len(found.api.resources) == METHODS
    assert not found.problems
    parse, load = fastest(
        lambda: yaml.load(text, Loader=yaml.CSafeLoader), lambda: load_definition(text, "things.yaml")
    )
    ratio = load / parse
    print(f"load an OpenAPI document of {text.count(chr(10)):,} lines, {METHODS} methods")
    print(f"  parse its YAML (CSafeLoader)   {parse * 1000:7.1f} ms")
    print(f"  vtlsim: parse, check and model {load * 1000:7.1f} ms   x {ratio:.2f} (goal: at most {GOAL:.0f})")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
