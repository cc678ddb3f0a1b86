"""CloudFormation's conditions.

What may live here: whether a condition holds, and what a call of a function looks like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Sequence
from vtlsim.config.problems import nearest

if TYPE_CHECKING:
    from vtlsim.config.intrinsics import Resolver
    from vtlsim.config.marked import Node

CONDITIONS: Final = frozenset(("Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"))


class Conditions:
    """The conditions of one template."""

    __slots__ = ("_decided", "_resolver", "_section")

    def __init__(self, conditions: Mapping, resolver: Resolver) -> None:
        self._section = conditions
        self._resolver = resolver
        self._decided: dict[str, bool | None] = {}

    def holds(self, node: Node) -> bool | None:
        """Whether a condition holds, by its name or as a function; None when that cannot be known."""
        if isinstance(node, Scalar):
            return self._named(node)
        name = function_name(node) if isinstance(node, Mapping) else None
        argument = node.entries[name] if isinstance(node, Mapping) and name is not None else None
        if name == "Condition" and isinstance(argument, Scalar):
            return self._named(argument)
        items = argument.items if isinstance(argument, Sequence) else []
        if name == "Fn::Equals" and len(items) == 2:
            left, right = self._resolver.resolve(items[0]), self._resolver.resolve(items[1])
            if isinstance(left, Scalar) and isinstance(right, Scalar) and UNKNOWN not in (left.style, right.style):
                return left.text == right.text
            return None
        if name == "Fn::Not" and len(items) == 1:
            inner = self.holds(items[0])
            return None if inner is None else not inner
        if name in {"Fn::And", "Fn::Or"}:
            found = [self.holds(each) for each in items]
            decisive = name == "Fn::Or"
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        return None

    def _named(self, node: Scalar) -> bool | None:
        name = node.spelled
        if name not in self._decided:
            self._decided[name] = None
            condition = self._section.get(name)
            if condition is None:
                valid = tuple(self._section)
                self._resolver.problems.error(
                    node,
                    f"there is no condition {name!r}",
                    code="unresolved",
                    expected=valid,
                    nearest=nearest(name, valid),
                )
            else:
                self._decided[name] = self.holds(condition)
                if self._decided[name] is None:
                    # CFG019: an undecidable condition is taken to hold.
                    self._resolver.problems.warning(
                        self._section.key(name),
                        f"whether {name} holds cannot be known; it is taken to",
                        code="CFG019",
                    )
        return self._decided[name]


def function_name(node: Node) -> str | None:
    """The function that a mapping is a call of; None for any other mapping."""
    if isinstance(node, Mapping) and len(node.entries) == 1:
        name = next(iter(node.entries))
        if name.startswith("Fn::") or name in {"Ref", "Condition"}:
            return name
    return None


def section(template: Mapping, name: str) -> Mapping:
    """A section of a template; one that is not there is empty."""
    node = template.get(name)
    return node if isinstance(node, Mapping) else Mapping(template.document, template.start, template.start)
