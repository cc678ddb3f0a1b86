"""CloudFormation's intrinsic functions, resolved as far as that can be done without AWS.

What may live here: ``Ref`` and the ``Fn::`` functions over marked values, conditions and parameters. What a resource
is known as before it exists is in stand_ins.py; what the resources mean is cloudformation.py's.

A value that cannot be known offline is never empty: a visible placeholder stands in its place, in plain words so that
neither Velocity nor a URL reads more into it, and a warning says so once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Sequence, Within, plain, read
from vtlsim.config.origin import joined
from vtlsim.config.problems import nearest
from vtlsim.config.stand_ins import StandIns
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node
    from vtlsim.config.origin import TextOrigin
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files

FUNCTIONS: Final = frozenset(
    (
        *(
            "Ref",
            "Fn::And",
            "Fn::Base64",
            "Fn::Cidr",
            "Fn::Equals",
            "Fn::FindInMap",
            "Fn::GetAZs",
            "Fn::GetAtt",
            "Fn::If",
        ),
        *("Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Not", "Fn::Or", "Fn::Select", "Fn::Split", "Fn::Sub"),
        *("Fn::ToJsonString", "Fn::Transform", "Condition"),
    )
)
NO_VALUE: Final = "AWS::NoValue"
_PSEUDO: Final = {
    "AWS::Region": DEFAULT_SURROUNDINGS.region,
    "AWS::AccountId": DEFAULT_SURROUNDINGS.account_id,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
    "AWS::StackId": f"arn:aws:cloudformation:{DEFAULT_SURROUNDINGS.region}:{DEFAULT_SURROUNDINGS.account_id}:stack/stack/0",
}
# CFG016: the pseudo-parameters' values: those of the surroundings, which `--parameter AWS::Region=…` replaces.
_SUB: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
_SUB_NAME: Final = re.compile(r"\s*[A-Za-z0-9_.:]+\s*")
_LIST_TYPES: Final = ("CommaDelimitedList", "List<")


class Resolver:
    """Resolves the values of one template.

    ``parameters`` replace the defaults of the template's own (and the pseudo-parameters). Nodes that hold no function
    come back as they are.
    """

    def __init__(self, template: Mapping, files: Files, problems: Problems, parameters: Dict[str, str]) -> None:
        self.template = template
        self.files = files
        self.problems = problems
        self.given = parameters
        self.parameters = _section(template, "Parameters")
        self.mappings = _section(template, "Mappings")
        self.resources = _section(template, "Resources")
        self._conditions = _section(template, "Conditions")
        self._decided: dict[str, bool | None] = {}
        self._warned: set[str] = set()
        self._including: set[str] = set()
        self.stand_ins = StandIns(self.resources, self)

    # -- values -------------------------------------------------------------------------------------------------------

    def resolve(self, node: Node | None) -> Node | None:
        """A node with every function in it resolved; None for AWS::NoValue."""
        if node is None or isinstance(node, Scalar):
            return self._dynamic(node) if node is not None else None
        if isinstance(node, Sequence):
            items = [self.resolve(each) for each in node.items]
            if all(new is old for new, old in zip(items, node.items, strict=True)):
                return node
            return Sequence(node.document, node.start, node.end, [each for each in items if each is not None])
        name = function_name(node)
        if name is not None:
            return self._function(name, node.entries[name], node)
        return self._mapping(node)

    def text(self, node: Node | None) -> str | None:
        """A node's text, resolved; None when it is no text or not known."""
        found = self.resolve(node)
        return found.text if isinstance(found, Scalar) and found.style != UNKNOWN and found.value is not None else None

    def holds(self, name: Node | None) -> bool:
        """Whether a resource's ``Condition`` holds; one that cannot be decided does."""
        if not isinstance(name, Scalar):
            return True
        return self.condition(name) is not False

    def _mapping(self, node: Mapping) -> Node:
        entries: dict[str, Node] = {}
        keys = node.keys
        changed = False
        for name, value in node.entries.items():
            if name == "Fn::Transform":
                included = self._include(value, node)
                if included is not None:
                    changed = True
                    for inner, each in included.items():
                        if inner not in node.entries:
                            entries[inner] = each
                continue
            found = self.resolve(value)
            changed = changed or found is not value
            if found is not None:
                entries[name] = found
        if not changed:
            return node
        return Mapping(
            node.document, node.start, node.end, entries, {name: keys.get(name, node.start) for name in entries}
        )

    def _function(self, name: str, argument: Node, node: Mapping) -> Node | None:
        if name == "Ref":
            return self._ref(argument, node)
        if name == "Fn::Sub":
            return self._sub(argument, node)
        if name == "Fn::GetAtt":
            return self._get_att(argument, node)
        if name == "Fn::If":
            return self._if(argument, node)
        if name == "Fn::Join":
            return self._join(argument, node)
        if name == "Fn::FindInMap":
            return self._find_in_map(argument, node)
        if name == "Fn::Select":
            return self._select(argument, node)
        if name == "Fn::Split":
            return self._split(argument, node)
        if name == "Fn::Base64":
            return self._base64(argument, node)
        if name == "Fn::ImportValue":
            return self._import(argument, node)
        if name == "Fn::ToJsonString":
            return self._json(argument, node)
        if name == "Fn::Length":
            found = self.resolve(argument)
            return _made(node, str(len(found.items))) if isinstance(found, Sequence) else self.unknown(node, "Length")
        if name == "Fn::Transform":
            included = self._include(argument, node)
            return included if included is not None else self.unknown(node, "Transform")
        if name in {"Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition"}:
            decided = self.condition(node)
            return _made(node, "false" if decided is False else "true")
        return self.unknown(node, name.removeprefix("Fn::"))

    def _dynamic(self, node: Scalar) -> Scalar:
        """CFG017: ``{{resolve:ssm:…}}`` stays as it is, with a warning."""
        value = node.value
        if type(value) is str and "{{resolve:" in value and node.style != UNKNOWN:
            self._once(node, value, "is known only to AWS; it stays as it is")
            return Scalar(node.document, node.start, node.end, value, UNKNOWN, node.origin)
        return node

    def _ref(self, argument: Node, node: Mapping) -> Node | None:
        if not isinstance(argument, Scalar):
            return self._wrong(node, "Ref names a parameter or a resource")
        name = argument.spelled
        if name == NO_VALUE:
            return None
        found = self.named(name, node, argument)
        return found if found is not None else self._unresolved(name, argument, node)

    def named(self, name: str, node: Node, at: Node | Within) -> Node | None:
        """What ``Ref`` gives for a name; None when the template has no such parameter or resource."""
        if name in self.given and (name in self.parameters or name in _PSEUDO):
            return self._typed(name, self.given[name], node)
        if name in _PSEUDO:
            return _made(node, _PSEUDO[name])
        if name == "AWS::NotificationARNs":
            return self.unknown(node, name, at)
        if name in self.parameters:
            declared = self.parameters.get(name)
            default = declared.get("Default") if isinstance(declared, Mapping) else None
            if isinstance(default, Scalar) and not self._type(name).startswith("AWS::SSM::"):
                return self._typed(name, default.text, node)
            return self.unknown(
                node, name, at, f"the parameter {name} has no default; give it with --parameter {name}=…"
            )
        if name in self.resources:
            text, known = self.stand_ins.ref(name)
            return _made(node, text) if known else self.unknown(node, text, at, _after_deployment(name, text))
        return None

    def attribute(self, name: str, attribute: str, node: Node, at: Node | Within) -> Node | None:
        """What ``Fn::GetAtt`` gives; None when the template has no such resource."""
        if name not in self.resources:
            return None
        text, known = self.stand_ins.attribute(name, attribute)
        full = f"{name}.{attribute}"
        return _made(node, text) if known else self.unknown(node, text, at, _after_deployment(full, text))

    def _type(self, parameter: str) -> str:
        declared = self.parameters.get(parameter)
        kind = declared.get("Type") if isinstance(declared, Mapping) else None
        return kind.text if isinstance(kind, Scalar) else "String"

    def _typed(self, name: str, text: str, node: Node) -> Node:
        if self._type(name).startswith(_LIST_TYPES):
            return Sequence(
                node.document, node.start, node.end, [_made(node, each.strip()) for each in text.split(",")]
            )
        return _made(node, text)

    def _get_att(self, argument: Node, node: Mapping) -> Node | None:
        parts = self._path(argument)
        if parts is None:
            return self._wrong(node, "GetAtt names a resource and one of its attributes")
        name, attribute = parts
        found = self.attribute(name, attribute, node, argument)
        return found if found is not None else self._unresolved(name, argument, node)

    def _path(self, argument: Node) -> tuple[str, str] | None:
        if isinstance(argument, Sequence):
            texts = [self.text(each) for each in argument.items]
            if len(texts) >= 2 and None not in texts:
                return str(texts[0]), ".".join(str(each) for each in texts[1:])
            return None
        if isinstance(argument, Scalar) and "." in argument.text:
            name, _, attribute = argument.text.partition(".")
            return name, attribute
        return None

    def _sub(self, argument: Node, node: Mapping) -> Node | None:
        local: Dict[str, Node] = {}
        template = argument
        if isinstance(argument, Sequence) and len(argument.items) == 2 and isinstance(argument.items[1], Mapping):
            template = argument.items[0]
            local = {name: each for name, each in argument.items[1].items()}
        if not isinstance(template, Scalar):
            return self._wrong(node, "Sub takes a text, or a text and a mapping")
        text, origin = template.text, template.origin
        parts: list[tuple[str, TextOrigin]] = []
        at, known = 0, True
        for match in _SUB.finditer(text):
            before = text[at : match.start()]
            parts.append((before, origin.part(at, match.start())))
            at = match.end()
            here = origin.part(match.start(), match.end())
            if match[1]:
                # ${!name} is ${name}: the exclamation mark alone is taken out.
                parts.append(("${", here))
                parts.append((match[2] + "}", origin.part(match.start() + 3, match.end())))
                continue
            found = self._sub_name(match[2].strip(), Within(template, match.start(), match.end()), node, local)
            if isinstance(found, Scalar):
                known = known and found.style != UNKNOWN
                parts.append((found.text, here.fixed()))
            else:
                known = False
                parts.append((match[0], here))
        parts.append((text[at:], origin.part(at, len(text))))
        return _put_together(node, parts, known=known)

    def _sub_name(self, name: str, at: Within, node: Node, local: Dict[str, Node]) -> Node | None:
        if name in local:
            return self.resolve(local[name])
        if not _SUB_NAME.fullmatch(name):
            self.problems.error(
                at,
                "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, "
                "periods, and colons",
                code="sub-name",
                expected=("${!" + name + "}",),
                nearest="${!" + name + "}",
            )
            return None
        first, dot, rest = name.partition(".")
        found = self.attribute(first, rest, node, at) if dot else self.named(name, node, at)
        if found is None:
            self._unresolved_in_sub(name, first, at)
        elif not isinstance(found, Scalar):
            self.problems.error(at, f"{name} is a list, and Sub puts in texts", code="sub-name")
        return found

    def _unresolved_in_sub(self, name: str, first: str, at: Within) -> None:
        """Names of Velocity inside Sub are the commonest mistake: ``${input.body}`` must be written ``${!input.body}``."""
        valid = self.names()
        velocity = first in {"input", "util", "context", "stageVariables", "method"}
        closest = "${!" + name + "}" if velocity else nearest(first, valid)
        if closest is None:
            closest = "${!" + name + "}"
        self.problems.error(
            at,
            f"Fn::Sub: the template has no {first!r}; a reference that is Velocity's is written ${{!{name}}}",
            code="unresolved",
            expected=valid,
            nearest=closest,
        )

    def _if(self, argument: Node, node: Mapping) -> Node | None:
        if not isinstance(argument, Sequence) or len(argument.items) != 3:
            return self._wrong(node, "If takes a condition and two values")
        return self.resolve(argument.items[1 if self.condition(argument.items[0]) is not False else 2])

    def chosen(self, node: Node | None) -> Node | None:
        """A node without the ``Fn::If`` around it; what is inside is left unresolved."""
        while isinstance(node, Mapping) and function_name(node) == "Fn::If":
            argument = node.entries["Fn::If"]
            if not isinstance(argument, Sequence) or len(argument.items) != 3:
                return None
            node = argument.items[1 if self.condition(argument.items[0]) is not False else 2]
        return node

    def _join(self, argument: Node, node: Mapping) -> Node | None:
        if not isinstance(argument, Sequence) or len(argument.items) != 2:
            return self._wrong(node, "Join takes a delimiter and a list")
        delimiter = self.text(argument.items[0]) or ""
        values = self.resolve(argument.items[1])
        if not isinstance(values, Sequence):
            return self.unknown(node, "Join")
        parts: list[tuple[str, TextOrigin]] = []
        known = True
        for number, each in enumerate(values.items):
            if not isinstance(each, Scalar):
                return self._wrong(node, "Join joins texts")
            if number and delimiter:
                parts.append((delimiter, each.origin.fixed()))
            known = known and each.style != UNKNOWN
            parts.append((each.text, each.origin))
        return _put_together(node, parts, known=known)

    def _find_in_map(self, argument: Node, node: Mapping) -> Node | None:
        keys = argument.items if isinstance(argument, Sequence) else []
        if len(keys) < 3:
            return self._wrong(node, "FindInMap takes a mapping and two keys")
        found: Node = self.mappings
        for key in keys[:3]:
            name = self.text(key)
            if name is None:
                return self.unknown(node, "FindInMap")
            inner = found.get(name) if isinstance(found, Mapping) else None
            if inner is None:
                default = keys[3].get("DefaultValue") if len(keys) > 3 and isinstance(keys[3], Mapping) else None
                if default is not None:
                    return self.resolve(default)
                valid = tuple(found) if isinstance(found, Mapping) else ()
                self.problems.error(
                    key,
                    f"FindInMap: there is no {name!r}",
                    code="unresolved",
                    expected=valid,
                    nearest=nearest(name, valid),
                )
                return _made(node, name, UNKNOWN)
            found = inner
        return self.resolve(found)

    def _select(self, argument: Node, node: Mapping) -> Node | None:
        items = argument.items if isinstance(argument, Sequence) else []
        index = self.text(items[0]) if len(items) == 2 else None
        values = self.resolve(items[1]) if len(items) == 2 else None
        if index is None or not isinstance(values, Sequence):
            return (
                self.unknown(node, "Select")
                if len(items) == 2
                else self._wrong(node, "Select takes an index and a list")
            )
        if not index.isdecimal() or int(index) >= len(values.items):
            self.problems.error(node, f"Select: the list has no item {index}", code="unresolved")
            return _made(node, "Select", UNKNOWN)
        return values.items[int(index)]

    def _split(self, argument: Node, node: Mapping) -> Node | None:
        items = argument.items if isinstance(argument, Sequence) else []
        delimiter = self.text(items[0]) if len(items) == 2 else None
        value = self.resolve(items[1]) if len(items) == 2 else None
        if not delimiter or not isinstance(value, Scalar):
            return self._wrong(node, "Split takes a delimiter and a text")
        style = value.style if value.style == UNKNOWN else "made"
        return Sequence(
            node.document, node.start, node.end, [_made(node, each, style) for each in value.text.split(delimiter)]
        )

    def _base64(self, argument: Node, node: Mapping) -> Node | None:
        from base64 import b64encode

        value = self.resolve(argument)
        if not isinstance(value, Scalar):
            return self._wrong(node, "Base64 takes a text")
        style = value.style if value.style == UNKNOWN else "made"
        return _made(node, b64encode(value.text.encode("utf-8", "surrogatepass")).decode(), style)

    def _json(self, argument: Node, node: Mapping) -> Node | None:
        from json import dumps

        value = self.resolve(argument)
        return _made(node, dumps(plain(value), separators=(",", ":"))) if value is not None else None

    def _import(self, argument: Node, node: Mapping) -> Node:
        name = self.text(argument) or "ImportValue"
        return self.unknown(node, name, node, f"{name!r} is another stack's export; it stands as it is")

    def _include(self, argument: Node, node: Mapping) -> Mapping | None:
        """``AWS::Include`` of a local file."""
        name = argument.get("Name") if isinstance(argument, Mapping) else None
        inner = argument.get("Parameters") if isinstance(argument, Mapping) else None
        location = self.resolve(inner.get("Location")) if isinstance(inner, Mapping) else None
        if not isinstance(name, Scalar) or name.text != "AWS::Include" or not isinstance(location, Scalar):
            self.problems.warning(node, "a macro runs only in AWS; nothing is put here", code="CFG018")
            return None
        return self.included(location)

    def included(self, location: Scalar) -> Mapping | None:
        """A local file's mapping, with its functions resolved; None when it cannot be had, which is reported."""
        path = location.text
        if "://" in path:
            self.problems.error(location, f"{path} would need the network; nothing is fetched from it", code="network")
            return None
        document = self.files.read(location, path, self.problems)
        if document is not None and document.name in self._including:
            self.problems.error(location, f"{path} includes itself", code="ref-circle")
            return None
        root = None if document is None else read(document.text, document.name, self.problems)
        found = None
        if root is not None:
            self._including.add(root.document.name)
            found = self.resolve(root)
            self._including.discard(root.document.name)
        if root is not None and not isinstance(found, Mapping):
            self.problems.error(location, f"{path} holds no mapping", code="wrong-kind")
        return found if isinstance(found, Mapping) else None

    # -- conditions ---------------------------------------------------------------------------------------------------

    def condition(self, node: Node) -> bool | None:
        """Whether a condition holds, by its name or as a function; None when that cannot be known."""
        if isinstance(node, Scalar):
            return self._named_condition(node)
        name = function_name(node) if isinstance(node, Mapping) else None
        argument = node.entries[name] if isinstance(node, Mapping) and name is not None else None
        if name == "Condition" and isinstance(argument, Scalar):
            return self._named_condition(argument)
        items = argument.items if isinstance(argument, Sequence) else []
        if name == "Fn::Equals" and len(items) == 2:
            left, right = self.resolve(items[0]), self.resolve(items[1])
            if isinstance(left, Scalar) and isinstance(right, Scalar) and UNKNOWN not in (left.style, right.style):
                return left.text == right.text
            return None
        if name == "Fn::Not" and len(items) == 1:
            inner = self.condition(items[0])
            return None if inner is None else not inner
        if name in {"Fn::And", "Fn::Or"}:
            found = [self.condition(each) for each in items]
            decisive = name == "Fn::Or"
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        return None

    def _named_condition(self, node: Scalar) -> bool | None:
        name = node.spelled
        if name not in self._decided:
            self._decided[name] = None
            condition = self._conditions.get(name)
            if condition is None:
                valid = tuple(self._conditions)
                self.problems.error(
                    node,
                    f"there is no condition {name!r}",
                    code="unresolved",
                    expected=valid,
                    nearest=nearest(name, valid),
                )
            else:
                self._decided[name] = self.condition(condition)
                if self._decided[name] is None:
                    # CFG019: an undecidable condition is taken to hold.
                    self.problems.warning(
                        self._conditions.key(name),
                        f"whether {name} holds cannot be known; it is taken to",
                        code="CFG019",
                    )
        return self._decided[name]

    # -- what is not known --------------------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """Every name that ``Ref`` may take."""
        return (*self.parameters, *self.resources, *_PSEUDO, NO_VALUE)

    def unknown(self, node: Node, placeholder: str, at: Node | Within | None = None, why: str | None = None) -> Scalar:
        """A placeholder, with one warning for all its uses. CFG020: what stands in for what only AWS knows."""
        self._once(
            node if at is None else at,
            placeholder,
            why or f"{placeholder} is known only to AWS; its name stands in its place",
        )
        return _made(node, placeholder, UNKNOWN)

    def _once(self, at: Node | Within, what: str, why: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            self.problems.warning(at, why if what in why else f"{what}: {why}", code="CFG020")

    def _unresolved(self, name: str, at: Node, node: Node) -> Scalar:
        valid = self.names()
        self.problems.error(
            at,
            f"Unresolved resource dependencies [{name}] in the Resources block of the template",
            code="unresolved",
            expected=valid,
            nearest=nearest(name, valid),
        )
        return _made(node, name, UNKNOWN)

    def _wrong(self, node: Mapping, message: str) -> Scalar:
        name = next(iter(node))
        self.problems.error(node.key(name), message, code="intrinsic")
        return _made(node, name.removeprefix("Fn::"), UNKNOWN)


def function_name(node: Node) -> str | None:
    """The function that a mapping is a call of; None for any other mapping."""
    if isinstance(node, Mapping) and len(node.entries) == 1:
        name = next(iter(node.entries))
        if name in FUNCTIONS or name.startswith("Fn::"):
            return name
    return None


def _section(template: Mapping, name: str) -> Mapping:
    node = template.get(name)
    return node if isinstance(node, Mapping) else Mapping(template.document, template.start, template.start)


def _made(node: Node, text: str, style: str = "made") -> Scalar:
    """A text that stands where a node stands."""
    place = Scalar(node.document, node.start, node.end, "", "made", _here(node))
    return Scalar(node.document, node.start, node.end, text, style, place.origin)


def _here(node: Node) -> TextOrigin:
    from vtlsim.config.origin import Piece, TextOrigin

    return TextOrigin((Piece(0, node.document, node.start, moving=False),))


def _put_together(node: Node, parts: list[tuple[str, TextOrigin]], *, known: bool) -> Scalar:
    text = "".join(part for part, _ in parts)
    origin = joined((len(part), origin) for part, origin in parts) if parts else _here(node)
    return Scalar(node.document, node.start, node.end, text, "made" if known else UNKNOWN, origin)


def _after_deployment(name: str, text: str) -> str:
    return f"{name} is known only after deployment; {text!r} stands in its place"
