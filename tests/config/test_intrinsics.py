"""CloudFormation's functions, resolved offline."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from config.documents import marked, places
from vtlsim.config.intrinsics import Resolver
from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, plain, read
from vtlsim.config.problems import Problems
from vtlsim.config.reader import Files, Texts

TEMPLATE = """\
Parameters:
  Name: {Type: String, Default: shop}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Needed: {Type: String}
  Secret: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /path}
Mappings:
  Hosts: {eu: {url: "https://eu"}, us: {url: "https://us"}}
Conditions:
  Yes: !Equals [!Ref Name, shop]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Condition No]
  Any: !Or [!Condition Yes, !Condition No]
  Open: !Equals [!Ref Needed, x]
  Round: !Condition Round
Resources:
  Fn: {Type: 'AWS::Lambda::Function', Properties: {FunctionName: orders}}
  Anon: {Type: 'AWS::Lambda::Function', Properties: {}}
  Live: {Type: 'AWS::Lambda::Alias', Properties: {FunctionName: !Ref Fn, Name: live}}
  Table: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: !Sub '${Name}-orders'}}
  Queue: {Type: 'AWS::SQS::Queue'}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: news}}
  Self: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref Self}}
"""


def resolved(expression: str, files: dict[str, str] | None = None, **parameters: str):
    problems = Problems()
    text = TEMPLATE + "Value:\n" + indent(dedent(expression).strip("\n"), "  ") + "\n"
    root = read(text, "d", problems)
    assert isinstance(root, Mapping), problems.all()
    found = Resolver(root, Files(Texts(files), "d"), problems, parameters).resolve(root.get("Value"))
    return found, problems.all()


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("!Ref Name", "shop"),
        ("{Ref: Name}", "shop"),
        ("!Ref Zones", ["a", "b", "c"]),
        ("!Ref AWS::Region", "us-east-1"),
        ("!Sub '${Name}/${AWS::AccountId}'", "shop/123456789012"),
        ("!Sub 'a ${!b} ${Name} $c'", "a ${b} shop $c"),
        ("!Sub ['${x}-${Name}', {x: !Select [1, !Ref Zones]}]", "b-shop"),
        ("Fn::Sub: '${Fn.Arn}'", "arn:aws:lambda:us-east-1:123456789012:function:orders"),
        ("!GetAtt Fn.Arn", "arn:aws:lambda:us-east-1:123456789012:function:orders"),
        ("{'Fn::GetAtt': [Fn, Arn]}", "arn:aws:lambda:us-east-1:123456789012:function:orders"),
        ("!GetAtt Anon.Arn", "arn:aws:lambda:us-east-1:123456789012:function:Anon"),
        ("!Ref Live", "arn:aws:lambda:us-east-1:123456789012:function:orders:live"),
        ("!Ref Table", "shop-orders"),
        ("!GetAtt Table.Arn", "arn:aws:dynamodb:us-east-1:123456789012:table/shop-orders"),
        ("!Ref Topic", "arn:aws:sns:us-east-1:123456789012:news"),
        ("!Join ['-', [a, !Ref Name, !Select ['0', !Split [',', 'x,y']]]]", "a-shop-x"),
        ("!FindInMap [Hosts, eu, url]", "https://eu"),
        ("!FindInMap [Hosts, !If [No, eu, us], url]", "https://us"),
        ("!FindInMap [Hosts, xx, url, {DefaultValue: none}]", "none"),
        ("!If [Yes, 1, 2]", 1),
        ("!If [Both, 1, 2]", 2),
        ("!If [Any, 1, 2]", 1),
        ("!Base64 abc", "YWJj"),
        ("{a: !If [No, x, !Ref 'AWS::NoValue'], b: 1}", {"b": 1}),
        ("[!If [No, x, !Ref 'AWS::NoValue'], 1]", [1]),
        ("{'Fn::ToJsonString': {a: [1, x]}}", '{"a":[1,"x"]}'),
        ("{'Fn::Length': !Ref Zones}", "3"),
        ("{plain: [1, {a: b}]}", {"plain": [1, {"a": "b"}]}),
    ],
)
def test_what_can_be_known(expression, expected):
    found, problems = resolved(expression)
    assert problems == ()
    assert found is not None
    assert plain(found) == expected


def test_given_parameters_replace_the_defaults():
    found, problems = resolved(
        "!Sub '${Name} ${AWS::Region} ${Needed}'", Name="x", Needed="y", **{"AWS::Region": "eu-west-1"}
    )
    assert problems == ()
    assert isinstance(found, Scalar)
    assert found.text == "x eu-west-1 y"


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("!Ref Needed", "Needed"),
        ("!Ref Secret", "Secret"),
        ("!Ref Queue", "Queue"),
        ("!GetAtt Queue.Arn", "arn:aws:sqs:us-east-1:123456789012:Queue"),
        ("!GetAtt Queue.Other", "Queue.Other"),
        ("!Ref Self", "Self"),
        ("!ImportValue shared-url", "shared-url"),
        ("!Sub 'https://${Needed}/x'", "https://Needed/x"),
        ("!Join ['', ['https://', !ImportValue host]]", "https://host"),
        ("'{{resolve:ssm:/a/b}}'", "{{resolve:ssm:/a/b}}"),
        ("{'Fn::Cidr': [a, 1, 2]}", "Cidr"),
    ],
)
def test_what_cannot_be_known_stays_visible_with_a_warning(expression, expected):
    found, problems = resolved(expression)
    assert isinstance(found, Scalar)
    assert (found.text, found.style) == (expected, UNKNOWN)
    assert [(each.severity, each.code) for each in problems] in ([("warning", "CFG020")], [("warning", "CFG017")])


def test_one_warning_for_all_uses():
    _, problems = resolved("[!Ref Needed, !Sub 'a${Needed}', !Sub 'b${Needed}']")
    assert places(problems) == ["24:4 warning CFG020"]


@pytest.mark.parametrize(
    "expression, expected, nearest",
    [
        ("!Ref Nmae", "24:3 error unresolved", "Name"),
        ("!Sub 'x ${Nmae}'", "24:11 error unresolved", "Name"),
        ('!Sub \'{"a": "${input.body}"}\'', "24:16 error unresolved", "${!input.body}"),
        ("!Sub \"${util.escapeJavaScript('x')}\"", "24:9 error sub-name", "${!util.escapeJavaScript('x')}"),
        ("!GetAtt Fnn.Arn", "24:3 error unresolved", "Fn"),
        ("!FindInMap [Hosts, uk, url]", "24:22 error unresolved", "us"),
        ("!If [Yess, 1, 2]", "24:8 error unresolved", "Yes"),
        ("!Select [7, !Ref Zones]", "24:3 error unresolved", None),
        ("!Join [a]", "24:3 error intrinsic", None),
        ("!Sub {a: 1}", "24:3 error intrinsic", None),
    ],
)
def test_what_is_wrong(expression, expected, nearest):
    _, problems = resolved(expression)
    assert (places(problems), problems[0].nearest) == ([expected], nearest)


def test_an_undecidable_condition_is_taken_to_hold():
    found, problems = resolved("!If [Open, 1, 2]")
    assert found is not None
    assert plain(found) == 1
    assert [each.code for each in problems] == ["CFG020", "CFG019"] or {each.code for each in problems} == {
        "CFG019",
        "CFG020",
    }


def test_a_condition_made_of_itself_has_an_answer():
    found, problems = resolved("!If [Round, 1, 2]")
    assert found is not None
    assert plain(found) == 1
    assert {each.code for each in problems} == {"CFG019"}


def test_characters_keep_their_places_through_sub_and_join():
    text = TEMPLATE + 'Value: !Sub |\n  {\n    "a": "${Name}", "b": $x\n  }\n'
    problems = Problems()
    root = read(text, "d", problems)
    assert isinstance(root, Mapping)
    found = Resolver(root, Files(Texts(), "d"), problems, {}).resolve(root.get("Value"))
    assert isinstance(found, Scalar)
    assert found.text == '{\n  "a": "shop", "b": $x\n}\n'
    lines = text.split("\n")
    for word in ('"a"', '"b"', "$x"):
        place = found.origin.place(found.text.index(word))
        assert lines[place.line - 1][place.column - 1 :].startswith(word)
    inside = found.origin.place(found.text.index("shop") + 2)
    assert lines[inside.line - 1][inside.column - 1 :].startswith("${Name}")


def test_a_local_file_is_included_with_its_functions():
    found, problems = resolved(
        "{'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: part.yaml}}, own: 1}",
        {"part.yaml": "title: !Ref Name\nown: 2\n"},
    )
    assert problems == ()
    assert found is not None
    assert plain(found) == {"title": "shop", "own": 1}


@pytest.mark.parametrize(
    "location, code",
    [
        ("s3://bucket/part.yaml", "network"),
        ("gone.yaml", "read"),
        ("round.yaml", "ref-circle"),
        ("list.yaml", "wrong-kind"),
    ],
)
def test_a_file_that_cannot_be_included(location, code):
    include = "{{'Fn::Transform': {{Name: 'AWS::Include', Parameters: {{Location: {0}}}}}}}"
    files = {"round.yaml": "a: " + include.format("round.yaml"), "list.yaml": "[1]"}
    _, problems = resolved(include.format(location) + "", files)
    assert code in [each.code for each in problems]


def test_a_node_without_functions_is_the_same_node():
    node, _ = marked("a: [1, {b: c}]")
    assert isinstance(node, Mapping)
    assert Resolver(node, Files(Texts(), "d"), Problems(), {}).resolve(node) is node
