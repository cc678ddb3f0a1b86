from __future__ import annotations

import pytest

from vtlsim.surfaces.server import door

HEADS = [
    ([(b"Host", b"a"), (b"Content-Length", b"5")], None, 5),
    ([(b"Host", b"a"), (b"Transfer-Encoding", b"chunked")], None, -1),
    ([(b"Host", b"a"), (b"Content-Length", b"5"), (b"transfer-encoding", b"chunked")], 400, 5),
    ([(b"Host", b"a"), (b"host", b"b")], 400, -1),
    ([(b"Content-Length", str(10 * 1024 * 1024).encode())], None, 10 * 1024 * 1024),
    ([(b"Content-Length", str(10 * 1024 * 1024 + 1).encode())], 413, 10 * 1024 * 1024 + 1),
    ([(b"X", b"y" * (10_240 - 5))], None, -1),
    ([(b"X", b"y" * (10_240 - 4))], 413, -1),
]


@pytest.mark.parametrize(("fields", "status", "length"), HEADS)
def test_heads(fields, status, length):
    turned, _, found = door.check_head(fields)
    assert (None if turned is None else turned.status, found) == (status, length)


ILLEGAL = [
    ("X-A", "plain", False),
    ("X-A", "tab\tinside", False),
    ("X-A", "ünïcödé 日本", False),
    ("X-A", "", False),
    ("X-A", "a\r\nX-B: 1", True),
    ("X-A", "a\n", True),
    ("X-A", "a\x00b", True),
    ("X-A", "a\x7f", True),
    ("X A", "1", True),
    ("X-A:", "1", True),
    ("", "1", True),
    ("X-Ä", "1", True),
    ("X-A\n", "1", True),
]


@pytest.mark.parametrize(("name", "value", "illegal"), ILLEGAL)
def test_headers_that_cannot_be_sent(name, value, illegal):
    assert (door.illegal_header([(name, value)]) is not None) is illegal


@pytest.mark.parametrize(("status", "sendable"), [(200, True), (599, True), (199, False), (100, False), (600, False)])
def test_statuses_that_cannot_be_sent(status, sendable):
    assert (door.unsendable(status, ()) is None) is sendable


def test_bytes_of_headers_come_out_as_they_came_in():
    every = bytes(each for each in range(33, 256) if each != 127)
    assert door.written([("X-A", every.decode("latin-1"))]) == [(b"X-A", every)]
    assert door.written([("X-A", " 日本 ")]) == [(b"X-A", "日本".encode())]
