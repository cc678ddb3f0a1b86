"""The control plane: PutIntegration and TestInvokeMethod per second, against an ASGI app that only reads the body; and
fifty clients at once for a minute, after which nothing may be lost.

Usage: python bench/control_bench.py [seconds of the crowd, 60]
"In process" is the operation alone, without a socket; "over HTTP" is one client on one connection of a uvicorn in the
same process, so its ratio says what an operation adds to a request. Exits 1 when the crowd lost something or met a 5xx.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import socket
import sys
import threading
from statistics import median
from time import monotonic, perf_counter, sleep

import uvicorn

from vtlsim.surfaces.control.app import ControlPlane

ROUNDS = 5
CALLS = 300
CLIENTS = 50
HEADERS = {"accept": "application/json", "content-type": "application/json"}

TEMPLATE = '#set($r = $input.path("$"))\n{"statusCode": 200, "items": [#foreach($i in $r.items)"$i.sku"#if($foreach.hasNext),#end#end]}'
INTEGRATION = {"type": "MOCK", "requestTemplates": {"application/json": TEMPLATE}}
HTTP_INTEGRATION = {
    "type": "HTTP",
    "httpMethod": "POST",
    "uri": "http://localhost:9000/things",
    "requestParameters": {"integration.request.header.X-A": "method.request.header.X-A"},
    "requestTemplates": {"application/json": TEMPLATE},
    "timeoutInMillis": 5000,
}
TEST = {"body": json.dumps({"items": [{"sku": f"s{number}"} for number in range(20)]})}


class CallError(Exception):
    pass


async def call(plane, method, path, document=None):
    path, _, query = path.partition("?")
    body = json.dumps(document).encode() if document is not None else b""
    answer = await plane.answer(method, path, query, HEADERS, body)
    if answer.status >= 400:
        raise CallError(f"{method} {path}: {answer.status} {answer.body!r}")
    return json.loads(answer.body) if answer.body else {}


async def prepared(plane):
    api = await call(plane, "POST", "/restapis", {"name": "bench"})
    method = f"/restapis/{api['id']}/resources/{api['rootResourceId']}/methods"
    for verb, integration in (("POST", INTEGRATION), ("PUT", HTTP_INTEGRATION)):
        declared = {"authorizationType": "NONE", "requestParameters": {"method.request.header.X-A": False}}
        await call(plane, "PUT", f"{method}/{verb}", declared)
        await call(plane, "PUT", f"{method}/{verb}/integration", integration)
    await call(plane, "PUT", f"{method}/POST/responses/200", {})
    await call(plane, "PUT", f"{method}/POST/integration/responses/200", {})
    return method


async def in_process(plane, method):
    jobs = {
        "PutIntegration": ("PUT", f"{method}/PUT/integration", HTTP_INTEGRATION),
        "TestInvokeMethod": ("POST", f"{method}/POST", TEST),
    }
    for name, job in jobs.items():
        rates = []
        for _ in range(ROUNDS):
            begun = perf_counter()
            for _ in range(CALLS):
                await call(plane, *job)
            rates.append(CALLS / (perf_counter() - begun))
        print(f"{name:<18} in process {median(rates):8,.0f} /s")
    return jobs


async def bare(_, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


def served(app):
    listening = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio switches Nagle off only for these
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True).start()
    while not server.started:
        sleep(0.01)
    return server, listening.getsockname()[1]


def rate(port, job):
    verb, path, document = job
    body = json.dumps(document).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begun = perf_counter()
    for _ in range(CALLS):
        connection.request(verb, path, body, HEADERS)
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 400:
            raise CallError(f"{path}: {answer.status}")
    connection.close()
    return CALLS / (perf_counter() - begun)


def over_http(plane, jobs):
    ours, our_port = served(plane)
    theirs, their_port = served(bare)
    for name, job in jobs.items():
        pairs = [(rate(our_port, job), rate(their_port, job)) for _ in range(ROUNDS)]
        ratio = median(other / own for own, other in pairs)
        print(
            f"{name:<18} over HTTP  {median(own for own, _ in pairs):8,.0f} /s   a bare app does {ratio:.1f} times as many"
        )
    ours.should_exit = theirs.should_exit = True


async def one_of_the_crowd(plane, number, until, counted):
    draw = random.Random(number)
    kept = []
    turn = 0
    while monotonic() < until:
        turn += 1
        api = await call(plane, "POST", "/restapis", {"name": f"{number}-{turn}"})
        start = f"/restapis/{api['id']}"
        child = await call(plane, "POST", f"{start}/resources/{api['rootResourceId']}", {"pathPart": "x"})
        await asyncio.sleep(0)
        method = f"{start}/resources/{child['id']}/methods/GET"
        await call(plane, "PUT", method, {"authorizationType": "NONE"})
        await call(plane, "PUT", f"{method}/integration", INTEGRATION)
        patch = {"patchOperations": [{"op": "replace", "path": "/cacheNamespace", "value": f"{number}-{turn}"}]}
        await call(plane, "PATCH", f"{method}/integration", patch)
        await asyncio.sleep(0)
        await call(plane, "POST", f"{start}/deployments", {"stageName": "s"})
        if (await call(plane, "GET", f"{method}/integration"))["cacheNamespace"] != f"{number}-{turn}":
            raise CallError("another's patch was seen")
        counted[0] += 7
        if draw.random() < 0.9:
            await call(plane, "DELETE", start)
        else:
            kept.append(api["id"])
    return kept


async def crowd(seconds):
    plane = ControlPlane()
    counted = [0]
    until = monotonic() + seconds
    found = await asyncio.gather(*(one_of_the_crowd(plane, number, until, counted) for number in range(CLIENTS)))
    kept = {each for one in found for each in one}
    listed, position = set(), ""
    while True:
        page = await call(plane, "GET", f"/restapis?limit=500{position}")
        listed |= {each["id"] for each in page["item"]}
        if "position" not in page:
            break
        position = f"&position={page['position']}"
    print(
        f"{CLIENTS} clients for {seconds:g} s: {counted[0]:,} calls, {len(kept):,} APIs left, {len(kept ^ listed)} lost or too many"
    )
    return kept == listed


async def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    plane = ControlPlane()
    jobs = await in_process(plane, await prepared(plane))
    await asyncio.to_thread(over_http, plane, jobs)
    return 0 if await crowd(seconds) else 1


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
