"""Which method a call means: Velocity 1.7's way through Java's overloads.

What may live here: signatures, the types that a value is assignable to, and the choice among overloads as ClassMap,
MethodMap and IntrospectionUtils of Velocity 1.7 make it, with two surprises of theirs: a method without parameters is
taken for applicable to any arguments, and its invocation then fails; and of two methods that are equally specific none
is called.

Types have short names here: ``Integer``, ``int``, ``CharSequence``, ``Object[]``, ``Map.Entry``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.values.numbers import INTEGER_MAX, INTEGER_MIN, LONG_MAX, LONG_MIN, Float
from vtlsim.values.text import class_name
from vtlsim.velocity.java.problems import illegal_argument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Table: TypeAlias = "Mapping[str, Callable[..., Any]]"
"""From a signature, ``substring(int,int)`` or ``static valueOf(char)``, to a function of the receiver (if it is not
static) and the arguments. Where a method's last parameter is an array, it may be called with single values instead."""

_BOXES: Final = {
    "Boolean": "boolean",
    "Byte": "byte",
    "Character": "char",
    "Double": "double",
    "Float": "float",
    "Integer": "int",
    "Long": "long",
    "Short": "short",
}
_BOXED: Final = {primitive: box for box, primitive in _BOXES.items()}
_NARROWER: Final[dict[str, frozenset[str]]] = {
    "short": frozenset(("byte",)),
    "int": frozenset(("byte", "short")),
    "long": frozenset(("byte", "short", "int")),
    "float": frozenset(("byte", "short", "int", "long")),
    "double": frozenset(("byte", "short", "int", "long", "float")),
}
"""What is widened to a primitive type without a cast. Velocity leaves out char."""

_OBJECT: Final = frozenset(("Object",))
_COLLECTION: Final = frozenset(("Collection", "Iterable", "Object"))
_LIST: Final = _COLLECTION | {"List"}
_ANCESTORS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(_BOXED, frozenset()),
    "Object": frozenset(),
    "String": frozenset(("CharSequence", "Object")),
    "StringBuffer": frozenset(("CharSequence", "Object")),
    "Iterable": _OBJECT,
    "Collection": frozenset(("Iterable", "Object")),
    "List": _COLLECTION,
    "ArrayList": _LIST,
    "JSONArray": _LIST,
    "SubList": _LIST,
    "ImmutableList": _LIST,
    "Set": _COLLECTION,
    "KeySet": _COLLECTION,
    "EntrySet": _COLLECTION,
    "ImmutableSet": _COLLECTION,
    "Values": _COLLECTION,
    "LinkedHashMap": frozenset(("Map", "Object")),
    "HashMap": frozenset(("Map", "Object")),
    "ImmutableMap": frozenset(("Map", "Object")),
    "Entry": frozenset(("Map.Entry", "Object")),
}
"""What a value of one type is besides; Object alone where nothing else is said."""

_KINDS: Final[dict[str, str]] = {
    "java.util.LinkedHashMap$LinkedKeySet": "KeySet",
    "java.util.HashMap$KeySet": "KeySet",
    "java.util.LinkedHashMap$LinkedEntrySet": "EntrySet",
    "java.util.HashMap$EntrySet": "EntrySet",
    "java.util.LinkedHashMap$LinkedValues": "Values",
    "java.util.HashMap$Values": "Values",
    "java.util.LinkedHashMap$Entry": "Entry",
    "java.util.HashMap$Node": "Entry",
    "java.util.KeyValueHolder": "Entry",
    "java.util.ArrayList$SubList": "SubList",
    "java.util.AbstractList$SubList": "SubList",
    "java.util.ArrayList$Itr": "Iterator",
    "java.util.AbstractList$Itr": "Iterator",
    "java.util.HashMap$KeyIterator": "Iterator",
    "java.util.HashMap$ValueIterator": "Iterator",
    "java.util.HashMap$EntryIterator": "Iterator",
    "java.util.LinkedHashMap$LinkedKeyIterator": "Iterator",
    "java.util.LinkedHashMap$LinkedValueIterator": "Iterator",
    "java.util.LinkedHashMap$LinkedEntryIterator": "Iterator",
    "java.util.ImmutableCollections$ListItr": "ListIterator",
    "java.util.ArrayList$ListItr": "ListIterator",
    "java.util.AbstractList$ListItr": "ListIterator",
    "java.util.ArrayList$SubList$1": "ListIterator",
    "java.util.AbstractList$SubList$1": "ListIterator",
    "java.util.ImmutableCollections$ListN": "ImmutableList",
    "java.util.ImmutableCollections$List12": "ImmutableList",
    "java.util.ImmutableCollections$SetN": "ImmutableSet",
    "java.util.ImmutableCollections$Set12": "ImmutableSet",
    "java.util.ImmutableCollections$MapN": "ImmutableMap",
    "java.util.ImmutableCollections$Map1": "ImmutableMap",
    "java.util.stream.ReferencePipeline$Head": "Stream",
    "java.util.stream.IntPipeline$Head": "IntStream",
    "java.util.Comparators$NaturalOrderComparator": "Comparator",
    "java.util.Comparators$NullComparator": "Comparator",
    "java.util.Collections$ReverseComparator": "Comparator",
    "java.util.Collections$ReverseComparator2": "Comparator",
    "java.util.Comparator$$Lambda": "Comparator",
    "java.util.Map$Entry$$Lambda": "Comparator",
    "[B": "byte[]",
    "[C": "char[]",
    "[I": "int[]",
    "[J": "long[]",
    "[D": "double[]",
    "[Z": "boolean[]",
}

_SIMPLE: Final[dict[type, str]] = {str: "String", bool: "Boolean", dict: "LinkedHashMap", list: "ArrayList"}


def kind_of(value: object) -> str:
    """The short name of a value's class."""
    kind = type(value)
    name = _SIMPLE.get(kind)
    if name is not None:
        return name
    if kind is int:
        if INTEGER_MIN <= value <= INTEGER_MAX:  # type: ignore[operator]
            return "Integer"
        return "Long" if LONG_MIN <= value <= LONG_MAX else "BigInteger"  # type: ignore[operator]
    return short_name(class_name(value))


def short_name(name: str) -> str:
    """The short name of a class: the last part of its full name, but for those that no template can tell apart."""
    known = _KINDS.get(name)
    if known is not None:
        return known
    if name.startswith("[L"):
        return short_name(name[2:-1]) + "[]"
    return name.rpartition(".")[2]


class Overload:
    """One method: ``parameters`` are short names of types; ``root`` says that java.lang.Object declares it."""

    __slots__ = ("as_is", "function", "parameters", "root", "static")

    def __init__(self, parameters: tuple[str, ...], function: Callable[..., Any], *, static: bool, root: bool) -> None:
        self.parameters = parameters
        self.as_is = not any(formal in _WIDENED or formal.endswith("[]") for formal in parameters)
        self.function = function
        self.static = static
        self.root = root


class JavaType:
    """The methods of one type by name, in the order in which Velocity goes through them."""

    __slots__ = ("_chosen", "methods")

    def __init__(self, table: Table, roots: Table) -> None:
        self.methods: dict[str, list[Overload]] = {}
        self._chosen: dict[tuple[str, ...], Overload | None] = {}
        seen: set[str] = set()
        for root, part in ((False, table), (True, roots)):
            for signature, function in part.items():
                name, parameters, static = read_signature(signature)
                key = f"{name}({','.join(_BOXED.get(parameter, parameter) for parameter in parameters)})"
                if key not in seen:
                    seen.add(key)
                    overload = Overload(parameters, function, static=static, root=root)
                    self.methods.setdefault(name, []).append(overload)

    def choose(self, name: str, kinds: tuple[str, ...]) -> Overload | None:
        """The method that is called with arguments of these kinds ("" for null); None where there is none or several
        are equally good.
        """
        if name not in self.methods:
            return None
        key = (name, *kinds)
        try:
            return self._chosen[key]
        except KeyError:
            if len(self._chosen) > _KEPT:
                self._chosen.clear()
            chosen = self._chosen[key] = _find(self.methods[name], kinds)
            return chosen


_KEPT: Final = 1_000


def read_signature(signature: str) -> tuple[str, tuple[str, ...], bool]:
    """Name, parameters, and whether it is static."""
    head, _, tail = signature.partition("(")
    parameters = tail[:-1]
    static = head.startswith("static ")
    return (head[7:] if static else head), tuple(parameters.split(",")) if parameters else (), static


def accepts(formal: str, kind: str) -> bool:
    """Whether a parameter or an array's item of one type takes a value of a kind."""
    return _convertible(formal, kind)


def kinds_of(arguments: Sequence[object]) -> tuple[str, ...]:
    """The kinds of arguments, "" for null."""
    return tuple(["" if argument is None else kind_of(argument) for argument in arguments])


# -- the choice -------------------------------------------------------------------------------------------------------


def _find(methods: list[Overload], kinds: tuple[str, ...]) -> Overload | None:
    exact = [kind or "Object" for kind in kinds]
    for method in methods:
        if [_BOXED.get(parameter, parameter) for parameter in method.parameters] == exact:
            return method
    best: Overload | None = None
    rivals: list[Overload] = []
    for method in methods:
        if not _applicable(method.parameters, kinds):
            continue
        if best is None:
            best = method
            continue
        order = _compare(method.parameters, best.parameters)
        if order == _INCOMPARABLE:
            rivals.append(method)
        elif order == _MORE:
            if not rivals:
                best = method
            else:
                best, rivals = _against_rivals(method, best, rivals)
    return None if rivals else best


def _against_rivals(method: Overload, best: Overload, rivals: list[Overload]) -> tuple[Overload, list[Overload]]:
    """A method that is better than the best is held against those that were as good as that one; to be better than
    one of them is enough.
    """
    for rival in list(rivals):
        order = _compare(method.parameters, rival.parameters)
        if order == _MORE:
            return method, []
        if order == _INCOMPARABLE:
            rivals.append(method)
    return best, rivals


_MORE, _LESS, _INCOMPARABLE = 0, 1, 2


def _assignable(formal: str, actual: str) -> bool:
    if formal == actual:
        return True
    ancestors = _ANCESTORS.get(actual)
    if ancestors is not None:
        return formal in ancestors
    if actual.endswith("[]") and formal.endswith("[]"):
        return actual[:-2] not in _BOXED and _assignable(formal[:-2], actual[:-2])
    return formal == "Object"


def _convertible(formal: str, actual: str, *, spread: bool = False) -> bool:
    """Whether an argument of the kind ``actual`` may be passed; ``spread``: or be the one item of an array."""
    if not actual:
        return formal not in _BOXED
    if _assignable(formal, actual):
        return True
    primitive = _BOXES.get(actual)
    if primitive is not None and (primitive == formal or primitive in _NARROWER.get(formal, ())):
        return True
    if spread and formal.endswith("[]"):
        return _convertible(formal[:-2], actual.removesuffix("[]"))
    return False


def _as_special(formal: str, actual: str, *, spread: bool) -> bool:
    """Whether one parameter's type could be passed for another's."""
    if _assignable(formal, actual) or actual in _NARROWER.get(formal, ()):
        return True
    if spread and formal.endswith("[]"):
        return _as_special(formal[:-2], actual.removesuffix("[]"), spread=False)
    return False


def _applicable(formals: tuple[str, ...], kinds: tuple[str, ...]) -> bool:
    count = len(formals)
    if count > len(kinds):
        return count == len(kinds) + 1 and formals[-1].endswith("[]") and all(map(_convertible, formals[:-1], kinds))
    if count == len(kinds):
        for place, (formal, kind) in enumerate(zip(formals, kinds, strict=True)):
            if not _convertible(formal, kind):
                return place == count - 1 and formal.endswith("[]") and _convertible(formal, kind, spread=True)
        return True
    if count == 0:
        return True  # Velocity's slip: the arguments are too many, but nothing says so
    if not formals[-1].endswith("[]"):
        return False
    item = formals[-1][:-2]
    return all(map(_convertible, formals[:-1], kinds)) and all(_convertible(item, kind) for kind in kinds[count - 1 :])


def _compare(one: tuple[str, ...], two: tuple[str, ...]) -> int:
    if len(one) != len(two):
        return _MORE if len(one) > len(two) else _LESS
    one_special = two_special = False
    last = len(one) - 1
    for place, (first, second) in enumerate(zip(one, two, strict=True)):
        if first != second:
            spread = place == last
            one_special = one_special or _as_special(second, first, spread=spread) or second == "Object"
            two_special = two_special or _as_special(first, second, spread=spread) or first == "Object"
    if one_special and two_special:
        first_array, second_array = one[-1].endswith("[]"), two[-1].endswith("[]")
        if first_array != second_array:
            return _LESS if first_array else _MORE
        return _INCOMPARABLE
    if one_special:
        return _MORE
    return _LESS if two_special else _INCOMPARABLE


# -- the invocation ---------------------------------------------------------------------------------------------------


def invoke(method: Overload, receiver: object, arguments: Sequence[object]) -> object | None:
    """Call a method: spread arguments are gathered, numbers widened. Raises JavaException."""
    formals = method.parameters
    if not method.as_is:
        if formals[-1].endswith("[]"):
            arguments = gathered(formals, arguments)
        arguments = [
            argument if type(argument) is int and formal in _INTEGRAL else _widened(formal, argument)
            for formal, argument in zip(formals, arguments, strict=True)
        ]
    elif arguments and not formals:
        raise illegal_argument("wrong number of arguments")
    if method.static:
        return method.function(*arguments)  # type: ignore[no-any-return]
    return method.function(receiver, *arguments)  # type: ignore[no-any-return]


def gathered(formals: tuple[str, ...], arguments: Sequence[object]) -> Sequence[object]:
    """The arguments with those for a last parameter that is an array put into one."""
    from vtlsim.values.collections import JavaArray

    fixed = len(formals) - 1
    item = formals[-1][:-2]
    if len(arguments) == fixed + 1:
        last = arguments[fixed]
        if last is None or isinstance(last, JavaArray) or not _convertible(item, kind_of(last)):
            return arguments
    rest: Iterator[object] = (_widened(item, argument) for argument in arguments[fixed:])
    return [*arguments[:fixed], JavaArray(rest, _FULL_NAMES.get(item, item))]


_FULL_NAMES: Final = {
    "Object": "java.lang.Object",
    "CharSequence": "java.lang.CharSequence",
    "Map.Entry": "java.util.Map$Entry",
    "Class": "java.lang.Class",
}


def _widened(formal: str, argument: object) -> object:
    """What a primitive parameter gets: plain numbers, whatever box they came in."""
    if formal in _INTEGRAL:
        return int(argument)  # type: ignore[call-overload]
    if formal == "double":
        return float(argument)  # type: ignore[arg-type]
    if formal == "float":
        return Float(argument)  # type: ignore[arg-type]
    return argument


_INTEGRAL: Final = frozenset(("int", "long", "short", "byte"))
_WIDENED: Final = _INTEGRAL | {"double", "float"}
