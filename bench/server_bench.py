"""`vtlsim serve` against a bare pass-through: a raw ASGI app on the same uvicorn with the same aiohttp client, which
sends every body on as it is. vtlsim transforms a body of 2 KB both ways with its journal on.

The two take turns in one run, in processes of their own, over loopback; backend and load are the same for both. Told are
the ratios of throughput and of median latency at 100 connections, errors, and vtlsim's memory after 30,000, 60,000 and
120,000 requests. Goals: throughput at least 0.6 x, median latency at most 1.6 x, no error, memory level. `--short` leaves
the memory out; `--role` is for the bench's own processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

THROUGHPUT, LATENCY = 0.6, 1.6
ITEMS = [{"sku": f"sku-{n:03}", "qty": n % 7 + 1, "price": 9.5 + n, "note": "x" * 20} for n in range(28)]
BODY = json.dumps({"reference": "r-1", "customer": {"name": "O'Hara"}, "items": ITEMS}).encode()
ANSWER = json.dumps(
    {
        "OrderId": "o-17",
        "State": "accepted",
        "Lines": [{"sku": each["sku"], "qty": each["qty"], "note": "y" * 34} for each in ITEMS],
    }
).encode()
REQUEST_TEMPLATE = """#set($order = $input.path('$'))
{
  "Reference": "$order.reference",
  "Customer": "$util.escapeJavaScript($order.customer.name)",
  "Tenant": "$input.params('X-Tenant')",
  "Items": [
#foreach($item in $order.items)
    {"Sku": "$item.sku", "Quantity": $item.qty, "Price": $item.price}#if($foreach.hasNext),#end

#end
  ]
}"""
RESPONSE_TEMPLATE = """#set($root = $input.path('$'))
{
  "id": "$root.OrderId", "state": "$root.State",
  "lines": [
#foreach($line in $root.Lines)
    {"sku": "$line.sku", "qty": $line.qty}#if($foreach.hasNext),#end

#end
  ]
}"""


# -- the processes ----------------------------------------------------------------------------------------------------


class Backend(asyncio.Protocol):
    """Answers every request at once."""

    def __init__(self) -> None:
        self.held = b""
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
            len(ANSWER),
            ANSWER,
        )

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.held += data
        while True:
            end = self.held.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.held[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.held) < end + 4 + length:
                return
            self.held = self.held[end + 4 + length :]
            self.transport.write(self.answer)


async def backend() -> None:
    server = await asyncio.get_running_loop().create_server(Backend, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def bare(target: str) -> None:
    import socket

    import aiohttp
    import uvicorn

    client = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
    )

    async def app(scope, receive, send):
        pieces = []
        while True:
            message = await receive()
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        path = scope["raw_path"].decode()
        headers = [(n.decode(), v.decode()) for n, v in scope["headers"] if n not in {b"host", b"content-length"}]
        async with client.request(
            scope["method"], target + path, data=b"".join(pieces), headers=headers, allow_redirects=False
        ) as answer:
            body = await answer.read()
            await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.raw_headers)})
            await send({"type": "http.response.body", "body": body})

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else asyncio leaves Nagle on
    listening.bind(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_level="critical", access_log=False)
    await uvicorn.Server(config).serve(sockets=[listening])


class Process:
    """A process that prints its port, or an address that ends in one."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = ""
        while not line.strip().isdigit():
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"{command} ended")
            if "/_vtlsim/" in line:
                line = line.rpartition("/_vtlsim/")[0].rpartition(":")[2]
        self.port = int(line)

    def all(self) -> list[Path]:
        """The folders in /proc of the process and of those it started."""
        own = Path(f"/proc/{self.process.pid}")
        children = (own / "task" / own.name / "children").read_text(encoding="ascii").split()
        return [own, *(own.parent / child for child in children)]

    def memory(self) -> float:
        """Resident megabytes."""
        lines = [line for each in self.all() for line in (each / "status").read_text(encoding="ascii").splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def processor(self) -> float:
        """Seconds of the processor so far."""
        found = [(each / "stat").read_text(encoding="ascii").rpartition(")")[2].split() for each in self.all()]
        return sum(int(each[11]) + int(each[12]) for each in found) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.stdout.close()


# -- the load ---------------------------------------------------------------------------------------------------------


async def load(
    port: int, path: str, requests: int, connections: int, expected: bytes | None
) -> tuple[float, list, int]:
    """Seconds taken, latencies in seconds, errors."""
    request = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nX-Tenant: acme\r\n"
        f"Accept: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY
    left = requests
    latencies: list[float] = []
    errors = 0

    async def one() -> None:
        nonlocal left, errors
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while left > 0:
                left -= 1
                begun = time.perf_counter()
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                at = head.lower().find(b"content-length:")
                body = await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0]))
                latencies.append(time.perf_counter() - begun)
                if not head.startswith(b"HTTP/1.1 200") or (expected is not None and body != expected):
                    errors += 1
        except (OSError, asyncio.IncompleteReadError):
            errors += 1
        finally:
            writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return time.perf_counter() - begun, latencies, errors + max(0, requests - len(latencies) - errors)


def definition(folder: str, port: int) -> Path:
    path = Path(folder) / "orders.json"
    document = {
        "type": "HTTP",
        "httpMethod": "POST",
        "uri": f"http://127.0.0.1:{port}/orders",
        "requestTemplates": {"application/json": REQUEST_TEMPLATE},
        "requestParameters": {"integration.request.header.X-Tenant": "method.request.header.X-Tenant"},
        "integrationResponses": {
            "200": {"statusCode": "200", "responseTemplates": {"application/json": RESPONSE_TEMPLATE}}
        },
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def measure(
    *, rounds: int, requests: int, connections: int, memory: tuple[int, ...], warm: int = 500
) -> dict[str, object]:
    """Everything that is told, as one document. Turns are short, so that what else the machine does slows both."""
    role = [sys.executable, str(Path(__file__).resolve()), "--role"]
    with tempfile.TemporaryDirectory() as folder:
        behind = Process(*role, "backend")
        passing = Process(*role, "bare", "--target", f"http://127.0.0.1:{behind.port}")
        file = definition(folder, behind.port)
        command = Path(sys.executable).with_name("vtlsim")
        journal = Path(folder) / "journal.sqlite3"
        ours = Process(str(command), "serve", str(file), "--port", "0", "--quiet", "--journal", str(journal))
        try:
            contestants = {"bare pass-through": (passing, "/orders"), "vtlsim serve": (ours, "/test/orders")}
            spent: dict[str, float] = dict.fromkeys(contestants, 0.0)
            rates: dict[str, list[float]] = {name: [] for name in contestants}
            medians: dict[str, list[float]] = {name: [] for name in contestants}
            errors = 0
            for process, path in contestants.values():
                asyncio.run(load(process.port, path, warm, connections, None))
            for _ in range(rounds):
                for name, (process, path) in contestants.items():
                    before = process.processor()
                    seconds, latencies, failed = asyncio.run(load(process.port, path, requests, connections, None))
                    spent[name] += process.processor() - before
                    rates[name].append(requests / seconds)
                    medians[name].append(median(latencies))
                    errors += failed
            grown = []
            done = requests * rounds
            for until in memory:
                _, _, failed = asyncio.run(load(ours.port, "/test/orders", max(0, until - done), connections, None))
                errors += failed
                done = max(done, until)
                time.sleep(1)
                grown.append((until, round(ours.memory(), 1)))
        finally:
            for each in (ours, passing, behind):
                each.close()
        ratios = [one / two for one, two in zip(rates["vtlsim serve"], rates["bare pass-through"], strict=True)]
        slower = [one / two for one, two in zip(medians["vtlsim serve"], medians["bare pass-through"], strict=True)]
        return {
            "requests per second": {name: round(median(found)) for name, found in rates.items()},
            "median latency ms": {name: round(median(found) * 1000, 2) for name, found in medians.items()},
            "processor ms each": {name: round(found / rounds / requests * 1000, 3) for name, found in spent.items()},
            "throughput ratio": round(median(ratios), 3),
            "latency ratio": round(median(slower), 3),
            "ratios": [round(each, 2) for each in ratios],
            "errors": errors,
            "memory MB": grown,
        }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=["backend", "bare"])
    parser.add_argument("--target", default="")
    parser.add_argument("--short", action="store_true")
    given = parser.parse_args()
    if given.role == "backend":
        asyncio.run(backend())
    elif given.role == "bare":
        asyncio.run(bare(given.target))
    else:
        if given.short:
            found = measure(rounds=15, requests=500, connections=100, memory=())
        else:
            found = measure(rounds=20, requests=1_000, connections=100, memory=(30_000, 60_000, 120_000))
        for name, value in found.items():
            print(f"{name:<22} {json.dumps(value)}")
        print(f"goals: throughput at least {THROUGHPUT} x, median latency at most {LATENCY} x, no error, memory level")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    raise SystemExit(main())
