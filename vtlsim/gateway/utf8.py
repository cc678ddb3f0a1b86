"""Bytes to text and back, as Java does it.

What may live here: UTF-8 with Java's replacements. Which bytes are text is the stages' decision.
"""

from __future__ import annotations

import re
from typing import Final

_SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]?")


def text_of(data: bytes) -> str:
    """``new String(bytes, UTF_8)``: what is no UTF-8 becomes U+FFFD.

    Recorded on AWS for request and response bodies: 67 bytes of a gzip stream came out as 99. An encoded surrogate is
    one replacement in Java and three in Python.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _SURROGATE.sub(b"\xef\xbf\xbd", data).decode("utf-8", "replace")


def bytes_of(text: str) -> bytes:
    """``text.getBytes(UTF_8)``: a lone surrogate becomes a question mark; a pair is one character."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return paired.encode("utf-8", "replace")


def size_of(text: str) -> int:
    """How many bytes :func:`bytes_of` gives."""
    return len(text) if text.isascii() else len(bytes_of(text))


def replacements(data: bytes, text: str) -> int:
    """How many U+FFFD decoding added to the text."""
    return text.count("\ufffd") - data.count(b"\xef\xbf\xbd") if "\ufffd" in text else 0
