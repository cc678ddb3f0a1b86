"""java.lang.Object and java.lang.Class: what every value can do.

What may live here: the methods that a type has from Object, and a class as a value. Of a class the secure introspector
shows its name; besides, the static methods of the type that it stands for can be called on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.objects import JavaException, JavaObject
from vtlsim.values.order import java_equals, java_hash

if TYPE_CHECKING:
    from vtlsim.velocity.java.introspection import Table


class JavaClass(JavaObject):
    """java.lang.Class; ``name`` is the full name of the class that it stands for."""

    __slots__ = ("name",)

    java_class: ClassVar[str] = "java.lang.Class"

    def __init__(self, name: str) -> None:
        self.name = name

    def java_text(self) -> str:
        """``toString()``; no value is an interface."""
        return f"class {self.name}"

    def java_equals(self, other: object) -> bool:
        """There is one object for each class."""
        return isinstance(other, JavaClass) and other.name == self.name


def class_of(value: object) -> JavaClass:
    """``getClass()``"""
    return JavaClass(texts.class_name(value))


def to_text(value: object) -> str | None:
    """``toString()``, which may be null for an object of a class of its own."""
    return texts.text_or_none(value)


def notify_all(_value: object) -> NoReturn:
    """``notifyAll()``: no template holds a lock."""
    raise JavaException("java.lang.IllegalMonitorStateException", "current thread is not owner")


METHODS: Final[Table] = {
    "equals(Object)": java_equals,
    "toString()": to_text,
    "hashCode()": java_hash,
    "getClass()": class_of,
    "notifyAll()": notify_all,
}
"""``wait`` and ``notify`` are refused by name, whatever their arguments."""

CLASS_METHODS: Final[Table] = {"getName()": lambda value: value.name}
"""All that the secure introspector lets through."""
