"""API keys: which values open which Api.

What may live here: keys, usage plans and what links them, in each format that has them. What a key opens is the
gateway's business; quotas and rates mean nothing to one request.

CFG030: a key without a value (AWS makes one) is known by its name or logical id, with a warning where a method needs
a key. A key that no usage plan of the document links to an Api counts for every Api of the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.conditions import function_name
from vtlsim.config.marked import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vtlsim.config.assembly import Assembly
    from vtlsim.config.cloudformation import Template
    from vtlsim.config.marked import Node
    from vtlsim.config.terraform_links import Instance, Links

_PREFIX: Final = "aws_api_gateway_"


def add_key(assembly: Assembly, key_id: str, value: Node | None, name: str, at: Node) -> None:
    """Let an Api know a key. ``name`` stands in for a value that AWS makes."""
    text = value.text if isinstance(value, Scalar) else ""
    if not text:
        text = name
        if any(method.api_key_required for methods in assembly.methods.values() for method in methods.values()):
            assembly.problems.warning(
                at, f"AWS makes the value of the API key {name}; offline it is {name!r}", code="CFG030"
            )
    assembly.keys[text] = key_id


# -- CloudFormation and SAM -------------------------------------------------------------------------------------------


def add_template_keys(template: Template) -> None:
    """``AWS::ApiGateway::ApiKey``, with ``StageKeys``, ``UsagePlan`` and ``UsagePlanKey`` as what links it to Apis."""
    links: dict[str, set[str]] = {}
    plans = {
        plan: set(_named_in(template, template.properties(resource).get("ApiStages"), "ApiId"))
        for plan, resource in template.of_type("UsagePlan")
    }
    for _, resource in template.of_type("UsagePlanKey"):
        properties = template.properties(resource)
        key, plan = (_named(template, properties.get(name)) for name in ("KeyId", "UsagePlanId"))
        if key is not None and plan is not None:
            links.setdefault(key, set()).update(plans.get(plan, ()))
    for key, resource in template.of_type("ApiKey"):
        properties = template.resolved(resource, ("Enabled", "Name", "Value"))
        stages = _named_in(template, properties.get("StageKeys"), "RestApiId")
        linked = links.get(key, set()).union(stages) & template.drafts.keys()
        if not _is_off(properties.get("Enabled")):
            name = properties.get("Name")
            shown = name.text if isinstance(name, Scalar) and name.text else key
            for api in linked or template.drafts:
                add_key(template.drafts[api].assembly, key, properties.get("Value"), shown, resource)


def _named(template: Template, node: Node | None) -> str | None:
    """The logical id that ``Ref`` or ``GetAtt`` names; None for anything else."""
    node = template.resolver.chosen(node)
    function = function_name(node) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or function not in {"Ref", "Fn::GetAtt"}:
        return None
    argument: Node | None = node.entries[function]
    if isinstance(argument, Sequence):
        argument = argument.items[0] if argument.items else None
    return argument.text.partition(".")[0] if isinstance(argument, Scalar) else None


def _named_in(template: Template, node: Node | None, name: str) -> Iterator[str]:
    node = template.resolver.chosen(node)
    for each in node.items if isinstance(node, Sequence) else ():
        found = _named(template, each.get(name)) if isinstance(each, Mapping) else None
        if found is not None:
            yield found


def _is_off(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text.lower() == "false"


# -- serverless -------------------------------------------------------------------------------------------------------


def add_service_keys(assembly: Assembly, nodes: Iterable[Node | None]) -> None:
    """``apiKeys`` of serverless: names, mappings with a name or a value, or lists of these under a plan's name."""
    for node in nodes:
        for each in node.items if isinstance(node, Sequence) else ():
            _service_key(assembly, each)


def _service_key(assembly: Assembly, node: Node) -> None:
    if isinstance(node, Scalar):
        if node.text and not node.is_made:
            add_key(assembly, node.text, None, node.text, node)
        return
    if not isinstance(node, Mapping):
        return
    plans = [each for each in node.entries.values() if isinstance(each, Sequence)]
    if plans:
        add_service_keys(assembly, plans)
        return
    name, value = node.get("name"), node.get("value")
    shown = name.text if isinstance(name, Scalar) else value.text if isinstance(value, Scalar) else ""
    if shown and not _is_off(node.get("enabled")):
        add_key(assembly, shown, value, shown, node)


# -- Terraform --------------------------------------------------------------------------------------------------------


def add_plan_keys(links: Links, assemblies: dict[str, Assembly]) -> None:
    """``aws_api_gateway_api_key``, with usage plans and their keys as what links it. ``assemblies`` are by address."""
    plans = {
        plan.address: {api.address for api in links.targets(plan, "api_stages", "api_id")}
        for plan in links.by_type.get(f"{_PREFIX}usage_plan", ())
    }
    linked: dict[str, set[str]] = {}
    for each in links.by_type.get(f"{_PREFIX}usage_plan_key", ()):
        key, plan = links.target(each, "key_id"), links.target(each, "usage_plan_id")
        if key is not None and plan is not None:
            linked.setdefault(key.address, set()).update(plans.get(plan.address, ()))
    for key in links.by_type.get(f"{_PREFIX}api_key", ()):
        if key.texts.get("enabled") != "false":
            for address in linked.get(key.address, set()) & assemblies.keys() or assemblies:
                _plan_key(assemblies[address], key)


def _plan_key(assembly: Assembly, key: Instance) -> None:
    value = key.values.get("value") if "value" in key.texts else None
    add_key(assembly, key.texts.get("id", key.address), value, key.texts.get("name", key.name), key.values)
