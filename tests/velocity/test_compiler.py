"""The two grades of code: what is quick to make and what is quick to run print the same."""

from __future__ import annotations

import json

import pytest
from reference.generator import VARIABLES, Generator

from vtlsim.values.json_reader import read
from vtlsim.velocity import APACHE, API_GATEWAY, Template, VelocityError
from vtlsim.velocity.compiler import compile_tree

TEXT = json.dumps(VARIABLES)


def rendered(template):
    try:
        return template.render(read(TEXT))
    except VelocityError as problem:
        return type(problem), problem.span


@pytest.mark.parametrize("dialect", [APACHE, API_GATEWAY], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("seed", range(4))
def test_both_grades_print_the_same_and_fail_in_the_same_place(dialect, seed):
    generator = Generator(f"grades {seed}")
    compared = 0
    for _ in range(150):
        text = generator.template()
        try:
            template = Template(text, "t", dialect)
        except VelocityError:
            continue
        first = rendered(template)
        template._compiled._quick = compile_tree(template.tree, template.source, dialect, quick=True)
        assert rendered(template) == first, text
        compared += 1
    assert compared > 75


def test_a_template_that_is_rendered_often_gets_quicker_code():
    template = Template("#foreach($i in $l)$i.k #end and so on")
    given = {"l": read('[{"k": 1}, {"k": 2}]')}
    codes = []
    for _ in range(20):
        assert template.render(given) == "1 2  and so on"
        codes.append(template.code)
    assert codes[0] is codes[1]
    assert codes[0] is not codes[-1]
    assert codes[-1] is codes[-2]
