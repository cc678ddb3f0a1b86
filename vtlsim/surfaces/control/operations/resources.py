"""Resource: create, get, list, update, delete.

What may live here: the tree of paths. Methods have a file of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.config.assembly import WRONG_PART, Assembly
from vtlsim.config.problems import Problems
from vtlsim.surfaces.control.assemble import node_of
from vtlsim.surfaces.control.errors import bad_request, conflict, from_problems, limit_exceeded
from vtlsim.surfaces.control.operations.methods import described as method_described
from vtlsim.surfaces.control.operations.paging import page
from vtlsim.surfaces.control.patches import Place, patched, rules
from vtlsim.surfaces.control.store import ResourceRecord, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.surfaces.control.store import RestApi, Store

RESOURCES: Final = 300
"""Resources of an API: AWS's quota. The root counts."""

RULES: Final = rules(Place("/pathPart"), Place("/parentId"), choose=True)


def described(api: RestApi, record: ResourceRecord, *, methods: bool = False) -> dict[str, Any]:
    """A resource as it is answered; its methods are named, and with ``methods`` told."""
    found: dict[str, Any] = {"id": record.id, "path": record.path}
    if record.parent is not None:
        found["parentId"] = record.parent
        found["pathPart"] = record.part
    verbs = {verb: method_described(each) if methods else {} for verb, each in api.methods_of(record.id)}
    if verbs:
        found["resourceMethods"] = verbs
    return found


def create_resource(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateResource."""
    api = store.api_of_resource(params["restApiId"])
    parent = api.resource(params["parentId"])
    check_part(api, parent, params["pathPart"], None)
    if len(api.resources) >= RESOURCES:
        raise limit_exceeded(
            "Maximum number of resources for this API has been reached. Please contact AWS if you need additional resources."
        )
    record = ResourceRecord(
        new_id(6, api.resources), joined(parent.path, params["pathPart"]), parent.id, params["pathPart"]
    )
    api.resources[record.id] = record
    return described(api, record)


def joined(parent: str, part: str) -> str:
    """A child's path."""
    return f"{parent.rstrip('/')}/{part}"


def check_part(api: RestApi, parent: ResourceRecord, part: str, own: str | None) -> None:
    """Whether a path part may stand under a parent. ``own`` is the resource that is being renamed. Raises ControlError."""
    if not part or "/" in part:
        raise bad_request(WRONG_PART)
    problems = Problems()
    node = node_of({"pathPart": part}, "CreateResource", problems)
    inner = node.get("pathPart")
    assert inner is not None, "it was just written"
    Assembly(problems).check_path(f"/{part}", inner)
    refused = from_problems(problems)
    if refused is not None:
        raise refused
    if parent.path.endswith("+}"):
        raise bad_request(f"Cannot create a child of a resource with a greedy path variable: {parent.part}")
    variable = part.startswith("{")
    for each in api.resources.values():
        if each.parent != parent.id or each.id == own:
            continue
        if each.part == part:
            raise conflict(f"Another resource with the same parent already has this name: {part}")
        # A greedy sibling is a variable too: one is all that a parent may have.
        if variable and each.part is not None and each.part.startswith("{"):
            raise bad_request(
                f"A sibling ({each.part}) of this resource already has a variable path part -- "
                "only one unique variable path part per parent resource is allowed"
            )


def get_resource(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetResource."""
    api = store.api_of_resource(params["restApiId"])
    return described(api, api.resource(params["resourceId"]), methods="methods" in params.get("embed", ()))


def get_resources(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetResources."""
    api = store.api(params["restApiId"])
    methods = "methods" in params.get("embed", ())
    found = ((f"{each.path}\n{each.id}", each) for each in api.resources.values())
    items, more = page(found, params)
    return {"items": [described(api, each, methods=methods) for each in items], **more}


def update_resource(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateResource: a new name, or a new place in the tree."""
    api = store.api_of_resource(params["restApiId"])
    record = api.resource(params["resourceId"])
    before = {"pathPart": record.part, "parentId": record.parent}
    after, _ = patched(before, params.get("patchOperations", ()), RULES)
    if after == before:
        return described(api, record)
    if record.parent is None:
        raise bad_request("Root resource cannot be updated.")
    parent = api.resource(after.get("parentId") or "")
    if any(each.id == record.id for each in _line(api, parent)):
        raise bad_request("Resource cannot become a child of itself.")
    check_part(api, parent, after.get("pathPart") or "", record.id)
    moved = record._replace(path=joined(parent.path, after["pathPart"]), parent=parent.id, part=after["pathPart"])
    for each in list(subtree(api, record.id)):
        path = moved.path + each.path[len(record.path) :]
        api.resources[each.id] = moved if each.id == record.id else each._replace(path=path)
    return described(api, moved)


def delete_resource(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteResource: with everything below it."""
    api = store.api_of_resource(params["restApiId"])
    record = api.resource(params["resourceId"])
    if record.parent is None:
        raise bad_request("Root resource cannot be deleted.")
    gone = {each.id for each in subtree(api, record.id)}
    api.resources = {key: each for key, each in api.resources.items() if key not in gone}
    api.methods = {key: each for key, each in api.methods.items() if key[0] not in gone}


def subtree(api: RestApi, resource_id: str) -> list[ResourceRecord]:
    """A resource and everything below it, parents first."""
    found = [api.resources[resource_id]]
    for above in found:
        found += [each for each in api.resources.values() if each.parent == above.id]
    return found


def _line(api: RestApi, record: ResourceRecord) -> list[ResourceRecord]:
    """A resource and everything above it."""
    found = [record]
    while found[-1].parent is not None:
        found.append(api.resources[found[-1].parent])
    return found
