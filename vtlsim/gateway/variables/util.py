"""``$util``: the six functions that API Gateway documents, as the Java classes behind them behave.

What may live here: those functions and nothing else. An argument that is no String finds no method and the call has no
value; null goes through where Java's method lets it.
"""

from __future__ import annotations

import re
from binascii import a2b_qp, b2a_base64
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn, TypeGuard

from vtlsim.gateway.utf8 import bytes_of, text_of
from vtlsim.values.objects import JavaException, JavaObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ILLEGAL_ARGUMENT: Final = "java.lang.IllegalArgumentException"
NULL_POINTER: Final = "java.lang.NullPointerException"


class Util(JavaObject):
    """``$util`` of one rendering. ``refused`` holds what json-smart said of texts that ``parseJson`` could not read."""

    __slots__ = ("refused",)

    java_class: ClassVar[str] = "com.amazonaws.apigateway.Util"

    def __init__(self) -> None:
        self.refused: list[str] = []

    def escape_java_script(self, text: object) -> object:
        r"""``$util.escapeJavaScript(s)``: ``StringEscapeUtils.escapeJavaScript`` of commons-lang 2.6.

        ``'``, ``"``, ``\`` and ``/`` get a backslash, what is not ASCII becomes ``\uXXXX`` with upper-case digits. The
        apostrophe is documented; the rest is the library that API Gateway's own template editor uses.
        """
        if type(text) is not str:
            return None
        if text.isascii() and text.isprintable():
            return text.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/").replace("'", "\\'")
        return _ESCAPABLE.sub(_escape, text)

    def parse_json(self, text: object) -> object:
        """``$util.parseJson(s)``: the value; what cannot be read is the empty string (GW005)."""
        if type(text) is not str:
            return None
        from vtlsim.values.json_reader import JsonError, read

        try:
            return read(text)
        except JsonError as error:
            self.refused.append(str(error))
            return ""

    def url_encode(self, text: object) -> object:
        """``$util.urlEncode(s)``"""
        return url_encode(text) if _is_text(text) else None

    def url_decode(self, text: object) -> object:
        """``$util.urlDecode(s)``"""
        if type(text) is str:
            return url_decode(text) if "%" in text else text.replace("+", " ")
        _is_text(text)
        return None

    def base64_encode(self, text: object) -> object:
        """``$util.base64Encode(s)``"""
        if type(text) is str:
            return b2a_base64(text.encode() if text.isascii() else bytes_of(text), newline=False).decode()
        _is_text(text)
        return None

    def base64_decode(self, text: object) -> object:
        """``$util.base64Decode(s)``"""
        return text_of(base64_decode(text)) if _is_text(text) else None

    def java_text(self) -> str:
        """Nothing: GW004."""
        return ""

    methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("escapeJavaScript", 1): escape_java_script,
        ("parseJson", 1): parse_json,
        ("urlEncode", 1): url_encode,
        ("urlDecode", 1): url_decode,
        ("base64Encode", 1): base64_encode,
        ("base64Decode", 1): base64_decode,
    }


def _is_text(text: object) -> TypeGuard[str]:
    if text is None:
        raise JavaException(NULL_POINTER)
    return type(text) is str


# -- org.apache.commons.lang.StringEscapeUtils 2.6 --------------------------------------------------------------------

_ESCAPES: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(32), *range(0x7F + 1, 0x100))},
    **{ord(character): f"\\{name}" for character, name in zip("\b\n\t\f\r", "bntfr", strict=True)},
    **{ord(character): f"\\{character}" for character in "'\"\\/"},
}


class _Escapes(dict[int, str]):
    """What stands for a character; those above the first 256 are made when they first come."""

    def __missing__(self, code: int) -> str:
        if code < 0x100:
            escape = chr(code)
        elif code > 0xFFFF:
            rest = code - 0x10000
            return f"\\u{0xD800 + (rest >> 10):04X}\\u{0xDC00 + (rest & 0x3FF):04X}"
        else:
            escape = f"\\u{code:04X}"
        self[code] = escape
        return escape


_TABLE: Final = _Escapes(_ESCAPES)
_ESCAPABLE: Final = re.compile(r"[^ -!#-&(-.0-\[\]-\x7f]")  # by what stays: sets that are small compile fast


def _escape(found: re.Match[str]) -> str:
    return _TABLE[ord(found[0])]


# -- java.net.URLEncoder, java.net.URLDecoder -------------------------------------------------------------------------

_PLAIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*_"
_ENCODED: Final = {byte: chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in range(256)} | {32: "+"}


def url_encode(text: str) -> str:
    """``URLEncoder.encode(text, "UTF-8")``: ``*`` is kept, ``~`` is not, a blank becomes ``+``."""
    return "".join([_ENCODED[byte] for byte in bytes_of(text)])


def url_decode(text: str) -> str:
    """``URLDecoder.decode(text, "UTF-8")``. Raises JavaException for broken escapes, as Java does."""
    if text.isascii() and text.isprintable():
        # Quoted-printable is the same code with another sign. What it could not read, it leaves longer than it should be.
        quoted = text.replace("+", " ").replace("=", "=3D").replace("%", "=")
        data = a2b_qp(quoted)
        if len(data) + 2 * quoted.count("=") == len(quoted):
            return text_of(data)
    astral = not text.isascii() and max(text) > "\uffff"
    if astral:  # Java's escapes are counted in UTF-16 units
        data = text.encode("utf-16-le", "surrogatepass")
        text = "".join([chr(data[index] | data[index + 1] << 8) for index in range(0, len(data), 2)])
    parts: list[str] = []
    at, length = 0, len(text)
    while at < length:
        start = text.find("%", at)
        if start < 0:
            start = length
        parts.append(text[at:start].replace("+", " "))
        found, at = bytearray(), start
        while at + 2 < length and text[at] == "%":
            found.append(_hexadecimal(text[at + 1 : at + 3]))
            at += 3
        if at < length and text[at] == "%":
            raise JavaException(ILLEGAL_ARGUMENT, "URLDecoder: Incomplete trailing escape (%) pattern")
        parts.append(text_of(bytes(found)))
    decoded = "".join(parts)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") if astral else decoded


def _hexadecimal(digits: str) -> int:
    sign = digits[0] in "+-"  # Integer.parseInt takes one
    for index in (1,) if sign else (0, 1):
        if digits[index] not in _HEXADECIMAL:
            raise JavaException(
                ILLEGAL_ARGUMENT,
                f'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index {index} in: "{digits}"',
            )
    if not sign:
        return _HEXADECIMAL[digits[0]] * 16 + _HEXADECIMAL[digits[1]]
    if digits[0] == "-" and digits[1] != "0":
        raise JavaException(
            ILLEGAL_ARGUMENT, "URLDecoder: Illegal hex characters in escape (%) pattern - negative value"
        )
    return _HEXADECIMAL[digits[1]]


_HEXADECIMAL: Final = {digit: int(digit, 16) for digit in "0123456789abcdefABCDEF"}


# -- java.util.Base64 -------------------------------------------------------------------------------------------------

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64: Final = dict.fromkeys(map(ord, _ALPHABET))


def base64_decode(text: str) -> bytes:
    """``Base64.getDecoder().decode(text)``: no line breaks, no blanks; padding may be left out altogether.

    Raises JavaException(IllegalArgumentException) with Java's message.
    """
    from binascii import a2b_base64

    length = len(text)
    if length == 1:
        _illegal("Input byte[] should at least have 2 bytes for base64 bytes")
    end = text.find("=")
    body = text if end < 0 else text[:end]
    stray = body.translate(_NOT_BASE64)
    if stray:
        # Java reads the text as Latin-1, where a byte above 7F is a negative number.
        code = ord(stray[0]) if ord(stray[0]) < 0x100 else 0x3F
        _illegal(f"Illegal base64 character {code if code < 0x80 else code - 0x100:x}")
    rest = len(body) % 4
    if rest == 1:
        _illegal("Last unit does not have enough valid bits")
    if end >= 0:
        if rest == 0 or (rest == 2 and text[end : end + 2] != "=="):
            _illegal("Input byte array has wrong 4-byte ending unit")
        end += 4 - rest
        if end < length:
            _illegal(f"Input byte array has incorrect ending byte at {end}")
    return a2b_base64(body + "=" * (-rest % 4))


def _illegal(message: str) -> NoReturn:
    raise JavaException(ILLEGAL_ARGUMENT, message)
