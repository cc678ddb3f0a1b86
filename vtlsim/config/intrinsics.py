"""CloudFormation's intrinsic functions, resolved as far as that can be done without AWS.

What may live here: the walk through a template's values, ``Ref``, parameters and included files. The functions are in
intrinsic_functions.py, conditions in conditions.py; what a resource is known as before it exists is in stand_ins.py,
and what the resources mean is cloudformation.py's.

A value that cannot be known offline is never empty: a visible placeholder stands in its place, in plain words so that
neither Velocity nor a URL reads more into it, and a warning says so once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.conditions import CONDITIONS, Conditions, function_name, section
from vtlsim.config.intrinsic_functions import FUNCTIONS
from vtlsim.config.made import made
from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Sequence, Within, read
from vtlsim.config.problems import nearest
from vtlsim.config.stand_ins import StandIns
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files

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
_LIST_TYPES: Final = ("CommaDelimitedList", "List<")


class Resolver:
    """Resolves the values of one template.

    ``parameters`` replace the defaults of the template's own (and the pseudo-parameters). Nodes that hold no function
    come back as they are. ``alone`` is for a document that some template includes, read without that template: what it
    refers to cannot be known.
    """

    def __init__(
        self, template: Mapping, files: Files, problems: Problems, parameters: Dict[str, str], *, alone: bool = False
    ) -> None:
        self.alone = alone
        self.template = template
        self.files = files
        self.problems = problems
        self.given = parameters
        self.parameters = section(template, "Parameters")
        self.mappings = section(template, "Mappings")
        self.resources = section(template, "Resources")
        self._conditions = Conditions(section(template, "Conditions"), self)
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

    def condition(self, node: Node) -> bool | None:
        """Whether a condition holds, by its name or as a function; None when that cannot be known."""
        return self._conditions.holds(node)

    def _mapping(self, node: Mapping) -> Node:
        entries: dict[str, Node] = {}
        keys = node.keys
        changed = False
        for name, value in node.entries.items():
            if name == "Fn::Transform":
                included = self._include(value, node)
                if included is not None:
                    changed = True
                    entries.update((inner, each) for inner, each in included.items() if inner not in node.entries)
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
        function = FUNCTIONS.get(name)
        if function is not None:
            return function(self, argument, node)
        if name == "Ref":
            return self._ref(argument, node)
        if name == "Fn::Transform":
            included = self._include(argument, node)
            return included if included is not None else self.unknown(node, "Transform")
        if name in CONDITIONS:
            return made(node, "false" if self.condition(node) is False else "true")
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
            return self.wrong(node, "Ref names a parameter or a resource")
        name = argument.spelled
        if name == NO_VALUE:
            return None
        found = self.named(name, node, argument)
        return found if found is not None else self.unresolved(name, argument, node)

    def named(self, name: str, node: Node, at: Node | Within) -> Node | None:
        """What ``Ref`` gives for a name; None when the template has no such parameter or resource."""
        if name in self.given and (name in self.parameters or name in _PSEUDO):
            return self._typed(name, self.given[name], node)
        if name in _PSEUDO:
            return made(node, _PSEUDO[name])
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
            return made(node, text) if known else self.unknown(node, text, at, _after_deployment(name, text))
        return None

    def attribute(self, name: str, attribute: str, node: Node, at: Node | Within) -> Node | None:
        """What ``Fn::GetAtt`` gives; None when the template has no such resource."""
        if name not in self.resources:
            return None
        text, known = self.stand_ins.attribute(name, attribute)
        full = f"{name}.{attribute}"
        return made(node, text) if known else self.unknown(node, text, at, _after_deployment(full, text))

    def _type(self, parameter: str) -> str:
        declared = self.parameters.get(parameter)
        kind = declared.get("Type") if isinstance(declared, Mapping) else None
        return kind.text if isinstance(kind, Scalar) else "String"

    def _typed(self, name: str, text: str, node: Node) -> Node:
        if self._type(name).startswith(_LIST_TYPES):
            return Sequence(node.document, node.start, node.end, [made(node, each.strip()) for each in text.split(",")])
        return made(node, text)

    def chosen(self, node: Node | None) -> Node | None:
        """A node without the ``Fn::If`` around it; what is inside is left unresolved."""
        while isinstance(node, Mapping) and function_name(node) == "Fn::If":
            argument = node.entries["Fn::If"]
            if not isinstance(argument, Sequence) or len(argument.items) != 3:
                return None
            node = argument.items[1 if self.condition(argument.items[0]) is not False else 2]
        return node

    def _include(self, argument: Node, node: Mapping) -> Mapping | None:
        """``AWS::Include`` of a local file. CFG018: what any other macro would make is left out, with a warning."""
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
        return made(node, placeholder, UNKNOWN)

    def _once(self, at: Node | Within, what: str, why: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            self.problems.warning(at, why if what in why else f"{what}: {why}", code="CFG020")

    def unresolved(self, name: str, at: Node, node: Node) -> Scalar:
        """Report a name that is none of the template's, in CloudFormation's words; the name stands in its place."""
        valid = self.names()
        message = f"Unresolved resource dependencies [{name}] in the Resources block of the template"
        self.no_such(at, message, name, valid, nearest(name, valid))
        return made(node, name, UNKNOWN)

    def no_such(self, at: Node | Within, message: str, name: str, valid: tuple[str, ...], closest: str | None) -> None:
        """Report a name that is none of the template's: an error, but for a document that is read without its template."""
        if self.alone:
            self._once(at, name, f"{name} is another template's; its name stands in its place")
        else:
            self.problems.error(at, message, code="unresolved", expected=valid, nearest=closest)

    def wrong(self, node: Mapping, message: str) -> Scalar:
        """Report a function whose argument has not the shape it must have."""
        name = next(iter(node))
        self.problems.error(node.key(name), message, code="intrinsic")
        return made(node, name.removeprefix("Fn::"), UNKNOWN)


def _after_deployment(name: str, text: str) -> str:
    return f"{name} is known only after deployment; {text!r} stands in its place"
