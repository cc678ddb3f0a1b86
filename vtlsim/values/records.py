"""NamedTuples that cost little to define.

What may live here: the base class of records, and nothing else. To type checkers it is typing's own. That one, where
annotations are strings, compiles each of them to look at it, which for a few hundred fields is a tenth of the time in
which a small template is rendered from the command line.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - an explicit re-export
else:

    class _Record(type):
        """Makes a class of annotated fields a named tuple, as typing does."""

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = namespace.get("__annotations__", {})
            with_default = [field for field in fields if field in namespace]
            if with_default != list(fields)[len(fields) - len(with_default) :]:
                raise TypeError(f"{name}: a field without a default follows one that has one")
            made = namedtuple(  # noqa: PYI024 - what typing's own does in the end
                name, fields, defaults=[namespace[field] for field in with_default], module=namespace["__module__"]
            )
            made.__annotations__ = made.__new__.__annotations__ = fields
            for key, value in namespace.items():
                if key not in fields and key not in _OF_THE_CLASS_STATEMENT:
                    setattr(made, key, value)
            return made

    _OF_THE_CLASS_STATEMENT = frozenset({"__annotations__", "__module__", "__static_attributes__", "__firstlineno__"})

    class NamedTuple(metaclass=_Record):
        """The base class of records: ``class Point(NamedTuple): x: int; y: int = 0``."""
