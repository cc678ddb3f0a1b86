"""How the resources of a Terraform plan find one another.

What may live here: the instances of a plan or state by address, and what an attribute refers to: by its value where
that is known, else by the references of the configuration, through modules' inputs and outputs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.config.made import made
from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Sequence
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems

_LONGEST: Final = 20
"""Modules' inputs and outputs followed in a row. A bound of ours."""

_REFERRED: Final = frozenset(
    f"aws_api_gateway_{kind}"
    for kind in ("rest_api", "resource", "request_validator", "authorizer", "method", "api_key", "usage_plan")
)
"""Types that others refer to by an id. (The id of a method is made of other ids, and names no one else.)"""

_RESOURCE: Final = re.compile(r"([a-z0-9_]+)\.([A-Za-z0-9_\-]+)(\[[^\]]*\])?(?:\.([A-Za-z0-9_]+))?.*")
_MODULE: Final = re.compile(r"module\.([A-Za-z0-9_\-]+)(\[[^\]]*\])?(?:\.([A-Za-z0-9_\-]+))?.*")


class Instance(NamedTuple):
    """One instance of a resource.

    ``module`` is the address of its module (empty at the root), ``key`` what for_each or count adds to its name
    (``["a"]``, ``[0]``, or empty).
    """

    address: str
    module: str
    type: str
    name: str
    key: str
    values: Mapping
    expressions: Mapping | None

    @property
    def texts(self) -> dict[str, str]:
        """The attributes that are known texts, numbers or booleans."""
        return {
            name: node.text
            for name, node in self.values.items()
            if isinstance(node, Scalar) and node.value is not None and node.style != UNKNOWN
        }


class Links:
    """The instances of one plan or state, and the references between them."""

    def __init__(self, root: Mapping, problems: Problems) -> None:
        self.problems = problems
        self.by_type: dict[str, list[Instance]] = {}
        self._by_id: dict[str, Instance] = {}
        self._configuration = _mapping(_mapping(root, "configuration"), "root_module")
        self._unknown = _after_unknown(root)
        values = _mapping(root, "planned_values") if "planned_values" in root else _mapping(root, "values")
        self._module(_mapping(values, "root_module"), "", 0)
        for each in _items(root.get("resources")):
            self._raw(each)

    def target(self, instance: Instance, field: str) -> Instance | None:
        """The instance that a field refers to; None when that is not in the plan or cannot be told."""
        text = instance.texts.get(field)
        if text and text in self._by_id:
            return self._by_id[text]
        for reference in self.references(instance, field):
            found = self._resolve(reference, instance.module, instance.key, 0)
            if found is not None:
                return found
        return None

    def targets(self, instance: Instance, block: str, field: str) -> list[Instance]:
        """The instances that a field of a repeated block refers to, as far as that can be told."""
        texts = (each.get(field) for each in _items(instance.values.get(block)))
        found = [self._by_id.get(text.text) for text in texts if isinstance(text, Scalar)]
        expressions = instance.expressions.get(block) if instance.expressions is not None else None
        for each in _items(expressions):
            found += (
                self._resolve(reference, instance.module, instance.key, 0) for reference in _references(each.get(field))
            )
        return [each for each in found if each is not None]

    def references(self, instance: Instance, field: str) -> tuple[str, ...]:
        """What the configuration says that a field is made of."""
        node = instance.expressions.get(field) if instance.expressions is not None else None
        return _references(node)

    def known_uri(self, instance: Instance) -> Mapping:
        """The values of an integration, its ``uri`` filled in where it is a function that the plan knows.

        CFG026: a uri made of a Lambda function's ARN is known only after apply; the function's own name, which the plan
        knows, gives it. Any other unknown value stays a placeholder: what the configuration says that it is made of.
        """
        values = instance.values
        uri = values.get("uri")
        if not isinstance(uri, Scalar) or uri.style != UNKNOWN:
            return values
        text, style = None, "made"
        for reference in self.references(instance, "uri"):
            found = self._resolve(reference, instance.module, instance.key, 0)
            if found is not None and found.type in {"aws_lambda_function", "aws_lambda_alias"}:
                text = _invocation(found)
                break
        if text is None:
            style = UNKNOWN
            text = next(iter(self.references(instance, "uri")), "uri")
            self.problems.warning(
                values,
                f"{instance.address}: its uri is known only after apply; {text!r} stands in its place",
                code="CFG020",
            )
        known = {**values.entries, "uri": made(values, text, style)}
        return Mapping(values.document, values.start, values.end, known, values.keys)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _module(self, module: Mapping, address: str, depth: int) -> None:
        configuration = self._configured(address)
        for each in _items(module.get("resources")):
            texts = {name: node for name, node in each.items() if isinstance(node, Scalar)}
            if "type" not in texts or "name" not in texts or texts.get("mode", texts["type"]).text == "data":
                continue
            values = each.get("values")
            own = values if isinstance(values, Mapping) else Mapping(each.document, each.start, each.start)
            full = texts["address"].text if "address" in texts else f"{texts['type'].text}.{texts['name'].text}"
            index = each.get("index")
            instance = Instance(
                address=full,
                module=address,
                type=texts["type"].text,
                name=texts["name"].text,
                key="" if not isinstance(index, Scalar) else _index(index),
                values=self._with_unknown(full, own, each),
                expressions=_expressions(configuration, texts["type"].text, texts["name"].text),
            )
            self._add(instance)
        for child in _items(module.get("child_modules")):
            node = child.get("address")
            if isinstance(node, Scalar) and depth < _LONGEST:
                self._module(child, node.text, depth + 1)

    def _raw(self, resource: Mapping) -> None:
        """A resource of a ``terraform.tfstate`` file, as it lies on the disk."""
        texts = {name: node.text for name, node in resource.items() if isinstance(node, Scalar)}
        if texts.get("mode") != "managed" or "type" not in texts or "name" not in texts:
            return
        module = texts.get("module", "")
        for each in _items(resource.get("instances")):
            values = each.get("attributes")
            index = each.get("index_key")
            key = _index(index) if isinstance(index, Scalar) else ""
            address = f"{module + '.' if module else ''}{texts['type']}.{texts['name']}{key}"
            if isinstance(values, Mapping):
                self._add(Instance(address, module, texts["type"], texts["name"], key, values, None))

    def _add(self, instance: Instance) -> None:
        # The provider writes an empty text into a state for what was not set.
        values = instance.values
        entries = {name: each for name, each in values.items() if not (isinstance(each, Scalar) and each.value == "")}
        if len(entries) < len(values):
            kept = Mapping(values.document, values.start, values.end, entries, values.keys)
            instance = instance._replace(values=kept)
        self.by_type.setdefault(instance.type, []).append(instance)
        texts = instance.texts
        for field in ("id", "root_resource_id"):
            identifier = texts.get(field)
            if identifier and instance.type in _REFERRED:
                self._by_id.setdefault(identifier, instance)

    def _with_unknown(self, address: str, values: Mapping, at: Mapping) -> Mapping:
        """The values with a placeholder for each that is known only after apply."""
        unknown = self._unknown.get(address)
        if unknown is None:
            return Mapping(at.document, at.start, at.end, values.entries, values.keys)
        return _fill(values, unknown, at)

    def _configured(self, address: str) -> Mapping:
        """The configuration of a module."""
        node = self._configuration
        for match in re.finditer(r"module\.([A-Za-z0-9_\-]+)", address):
            node = _mapping(_mapping(_mapping(node, "module_calls"), match[1]), "module")
        return node

    # -- references ---------------------------------------------------------------------------------------------------

    def _resolve(self, reference: str, module: str, index: str, steps: int) -> Instance | None:
        if steps > _LONGEST:
            return None
        if reference.startswith("var."):
            return self._input(reference.split(".")[1], module, index, steps)
        called = _MODULE.fullmatch(reference)
        if called is not None:
            return self._output(called, module, index, steps)
        match = _RESOURCE.fullmatch(reference)
        if match is None:
            return None
        candidates = [
            each for each in self.by_type.get(match[1], ()) if each.name == match[2] and each.module == module
        ]
        wanted = match[3] or index
        for each in candidates:
            if each.key == wanted:
                return each
        return candidates[0] if len(candidates) == 1 else None

    def _input(self, name: str, module: str, index: str, steps: int) -> Instance | None:
        """What the caller of a module hands in."""
        parent, _, own = module.rpartition("module.")
        parent = parent.rstrip(".")
        call = _mapping(_mapping(self._configured(parent), "module_calls"), own.partition("[")[0])
        for reference in _references(_mapping(call, "expressions").get(name)):
            inner = "[" + own.partition("[")[2] if "[" in own else index
            found = self._resolve(reference, parent, inner, steps + 1) if module else None
            if found is not None:
                return found
        return None

    def _output(self, called: re.Match[str], module: str, index: str, steps: int) -> Instance | None:
        """What a module hands out."""
        child = f"{module}.module.{called[1]}" if module else f"module.{called[1]}"
        outputs = _mapping(self._configured(child), "outputs")
        expression = _mapping(outputs, called[3] or "").get("expression")
        instances = {each.module for group in self.by_type.values() for each in group}
        for candidate in (child + (called[2] or ""), child + index, child):
            if candidate in instances:
                child = candidate
                break
        for reference in _references(expression):
            found = self._resolve(reference, child, index, steps + 1)
            if found is not None:
                return found
        return None


def _invocation(function: Instance) -> str:
    """A Lambda function's invoke_arn, from the names that the plan knows."""
    region, account = DEFAULT_SURROUNDINGS.region, DEFAULT_SURROUNDINGS.account_id
    name = function.texts.get("function_name", function.name)
    arn = name if name.startswith("arn:") else f"arn:aws:lambda:{region}:{account}:function:{name}"
    if function.type == "aws_lambda_alias":
        arn = f"{arn}:{function.texts.get('name', function.name)}"
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


def _after_unknown(root: Mapping) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    for each in _items(root.get("resource_changes")):
        address = each.get("address")
        unknown = _mapping(each, "change").get("after_unknown")
        if isinstance(address, Scalar) and isinstance(unknown, Mapping):
            found[address.text] = unknown
    return found


def _fill(values: Mapping, unknown: Mapping, at: Mapping) -> Mapping:
    entries, keys = dict(values.entries), dict(values.keys)
    for name, node in unknown.items():
        old = entries.get(name)
        if isinstance(node, Scalar) and node.value is True:
            entries[name] = made(at, f"{name} (known after apply)", UNKNOWN)
        elif isinstance(node, Mapping) and (old is None or isinstance(old, Mapping)) and node.entries:
            inner = old if isinstance(old, Mapping) else Mapping(at.document, at.start, at.start)
            entries[name] = _fill(inner, node, at)
        keys.setdefault(name, at.start)
    return Mapping(at.document, at.start, at.end, entries, keys)


def _index(node: Scalar) -> str:
    return f'["{node.text}"]' if type(node.value) is str else f"[{node.text}]"


def _mapping(node: Node, name: str) -> Mapping:
    inner = node.get(name) if isinstance(node, Mapping) else None
    return inner if isinstance(inner, Mapping) else Mapping(node.document, node.start, node.start)


def _items(node: Node | None) -> Iterator[Mapping]:
    for each in node if isinstance(node, Sequence) else ():
        if isinstance(each, Mapping):
            yield each


def _references(node: Node | None) -> tuple[str, ...]:
    references = node.get("references") if isinstance(node, Mapping) else None
    return (
        tuple(each.text for each in references if isinstance(each, Scalar)) if isinstance(references, Sequence) else ()
    )


def _expressions(configuration: Mapping, kind: str, name: str) -> Mapping | None:
    for each in _items(configuration.get("resources")):
        own_kind, own_name = each.get("type"), each.get("name")
        if (
            isinstance(own_kind, Scalar)
            and isinstance(own_name, Scalar)
            and (own_kind.text, own_name.text) == (kind, name)
        ):
            return _mapping(each, "expressions")
    return None
