"""An exchange as a row of the journal, and back.

What may live here: the columns of the table and what of an exchange goes where. Values that the list is filtered by have
columns of their own; the rest is one document of JSON, and the two bodies are bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, MethodRequest
from vtlsim.surfaces.server.exchanges import Exchange, around_in_short, around_of

if TYPE_CHECKING:
    from vtlsim.gateway.model import Surroundings
    from vtlsim.surfaces.server.exchanges import Answer

SCHEMA: Final = 2
"""The version of the table and of its documents."""

COLUMNS: Final = 20
"""Of the table, and values of a row."""

_text: Final = json.JSONEncoder(check_circular=False).encode


def row_of(exchange: Exchange) -> tuple[object, ...]:
    """The row of an exchange, in the order of the table's columns."""
    answer = exchange.answer
    document: dict[str, object] = {
        "version": SCHEMA,
        "path": exchange.request.path,
        "query": exchange.request.query,
        "headers": exchange.request.headers.pairs,
        "key_id": exchange.key_id,
    }
    around = exchange.around
    if around is not None:
        document["around"] = around_in_short(around)
    content: bytes | None = None
    if isinstance(answer, BackendResponse):
        document["answer"] = {"status": answer.status, "headers": answer.headers.pairs, "latency_ms": answer.latency_ms}
        content = answer.body
    elif answer is not None:
        document["failure"] = {"kind": answer.kind, "detail": answer.detail}
    return (
        exchange.id,
        exchange.time_ms,
        exchange.api,
        exchange.stage,
        exchange.base,
        exchange.request.method,
        exchange.target,
        exchange.status,
        exchange.template,
        exchange.refusal,
        exchange.cautions,
        round(exchange.duration_ms, 2),
        getattr(answer, "latency_ms", 0),
        exchange.response_size,
        exchange.note,
        exchange.snapshot,
        exchange.weight,
        _text(document),
        exchange.request.body,
        content,
    )


def exchange_of(row: Any) -> Exchange:
    """The exchange of a row."""
    document = json.loads(row[17])
    body, content = row[18] or b"", row[19] or b""
    around: Surroundings | None = None
    if "around" in document:
        around = around_of(document["around"])
    answer: Answer | None = None
    if "answer" in document:
        held = document["answer"]
        fields = Headers((name, value) for name, value in held["headers"])
        answer = BackendResponse(held["status"], fields, content, held["latency_ms"])
    elif "failure" in document:
        answer = BackendFailure(**document["failure"])
    request = MethodRequest(
        row[5],
        document["path"],
        tuple((name, value) for name, value in document["query"]),
        Headers((name, value) for name, value in document["headers"]),
        body,
    )
    return Exchange(
        id=row[0],
        time_ms=row[1],
        api=row[2],
        stage=row[3],
        base=row[4],
        request=request,
        target=row[6],
        around=around,
        snapshot=row[15],
        answer=answer,
        status=row[7],
        response_size=row[13],
        duration_ms=row[11],
        template=row[8],
        refusal=row[9],
        cautions=row[10],
        key_id=document["key_id"],
        note=row[14],
    )
