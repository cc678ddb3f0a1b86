from __future__ import annotations

import json

import pytest

from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, Api, Integration, Method, MethodRequest, Resource, Templates
from vtlsim.surfaces.server.exchanges import tell
from vtlsim.surfaces.server.provenance import links
from vtlsim.velocity.template import Template

BODY = {
    "id": 7,
    "who": {"first name": "Ann", "it's": "x"},
    "items": [{"sku": "a", "tags": ["p", "q"]}, {"sku": "b", "tags": ["r"]}],
    "map": {"one": 1, "two": 2},
}

PATHS = [
    ("$input.path('$.id')", ["$.id"]),
    ("$input.path('id')", ["$.id"]),
    ("$input.json('$.items')", ["$.items"]),
    ("$input.path('$').items[1].sku", ["$.items[1].sku"]),
    ("$input.path('$').items.get(0).get('sku')", ["$.items[0].sku"]),
    ("$input.path('$.who').get('first name')", ["$.who['first name']"]),
    ("#set($r = $input.path('$'))$r.id", ["$.id"]),
    ("#set($r = $input.path('$'))#set($w = $r.who)$w.get(\"it's\")", ["$.who['it\\'s']"]),
    ("#foreach($i in $input.path('$.items'))$i.sku#end", ["$.items[0].sku", "$.items[1].sku"]),
    (
        "#foreach($i in $input.path('$.items'))#foreach($t in $i.tags)$t#end#end",
        ["$.items[0].tags[0]", "$.items[0].tags[1]", "$.items[1].tags[0]"],
    ),
    ("#foreach($v in $input.path('$.map'))$v#end", ["$.map.one", "$.map.two"]),
    ("#set($r = $input.path('$'))#set($r = 5)$r", [None]),
    ("$input.path('$.items').size()", [None]),
    ("$input.params('x')$util.escapeJavaScript($input.path('$.items[0].sku'))", [None]),
    ("#foreach($i in [1..2])$i#end", [None, None]),
]


@pytest.mark.parametrize(("template", "expected"), PATHS)
def test_paths(template, expected):
    integration = Integration(
        "HTTP", "POST", "http://localhost:1/", request_templates=Templates.of({"application/json": template})
    )
    api = Api((Resource.at("/a", {"POST": Method("POST", integration)}),))
    request = MethodRequest("POST", "/a", body=json.dumps(BODY).encode())
    story = tell(request, api, DEFAULT_SURROUNDINGS._replace(watched=True), None)
    rendered = next(each for each in story.findings if type(each).__name__ == "BodyRendered")
    found, left_out = links(Template(template, "application/json").tree, rendered.sightings)
    assert [each.path for each in found if not each.is_text] == expected
    assert left_out == 0
    assert "".join(rendered.text[each.start : each.end] for each in found) == rendered.text


def test_there_is_an_end_to_it():
    template = Template("#foreach($i in [1..100])$i #end", "t")
    from vtlsim.velocity.watch import Watch

    watch = Watch()
    template.render({}, watch=watch)
    found, left_out = links(template.tree, watch.sightings, most=50)
    assert len(found) == 50
    assert left_out == 150
