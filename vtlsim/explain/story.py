"""What each finding means, in English: the only words about a request that there are.

What may live here: one chapter per finding, made from that finding alone. Where the words go (a terminal, a page, a
record) is decided elsewhere. A finding without words does not type-check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from vtlsim.explain.phrases import body, counted, listed, one_line, shortened, size, values
from vtlsim.explain.places import offset, place_of, retold
from vtlsim.gateway import findings as f
from vtlsim.gateway.model import Endpoint, Function, Mock, Service

if TYPE_CHECKING:
    from vtlsim.gateway.findings import Finding


class Chapter(NamedTuple):
    """One finding, told.

    ``title`` is one word or two (at most ten characters), ``verdict`` the outcome with its reason in one line,
    ``facts`` what it rests on, a line each. ``codes`` are register codes. ``refused`` says that the request ends here;
    ``idle`` that there was nothing to do, so that a short page may leave it out.
    """

    title: str
    verdict: str
    facts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    refused: bool = False
    idle: bool = False


def tell(finding: Finding) -> Chapter:
    """The chapter of a finding."""
    match finding:
        case f.ResourceMatched():
            return _resource_matched(finding)
        case f.ApiKeyChecked():
            return _api_key_checked(finding)
        case f.AuthorizationSupplied():
            return _authorization_supplied(finding)
        case f.RequestValidated():
            return _request_validated(finding)
        case f.TemplateSelected():
            return _template_selected(finding)
        case f.ResponseTemplateSelected():
            return _response_template_selected(finding)
        case f.BodyConverted():
            return _body_converted(finding)
        case f.ParametersMapped():
            return _parameters_mapped(finding)
        case f.BodyRendered():
            return _body_rendered(finding)
        case f.RenderFailed():
            return _render_failed(finding)
        case f.BodyPassed():
            return _body_passed(finding)
        case f.OverridesApplied():
            return _overrides_applied(finding)
        case f.RequestAssembled():
            return _request_assembled(finding)
        case f.MockAnswered():
            return _mock_answered(finding)
        case f.BackendAnswered():
            return _backend_answered(finding)
        case f.BackendFailed():
            return _backend_failed(finding)
        case f.ResponseSelected():
            return _response_selected(finding)
        case f.ProxyResponseRead():
            return _proxy_response_read(finding)
        case f.ResponseAssembled():
            return _response_assembled(finding)
        case f.GatewayResponseMade():
            return _gateway_response_made(finding)
        case _:
            assert_never(finding)


# -- the way in -------------------------------------------------------------------------------------------------------

_ROUTE: Final = {
    "chosen": "chosen",
    "other_path": "its path does not match",
    "other_method": "it has no such method",
    "less_specific": "it matches too, but less exactly",
}


def _resource_matched(found: f.ResourceMatched) -> Chapter:
    sent = f"{found.method} {shortened(found.path)}"
    considered = tuple(
        f"{each.http_method or 'no method'} {each.resource_path}: {_ROUTE[each.verdict]}" for each in found.considered
    )
    if found.resource_path is None:
        reason = f"no resource serves it ({counted(len(found.considered), 'candidate')})"
        return Chapter("route", f"{sent} -> {reason}", considered, found.codes, refused=True)
    parameters = tuple(f"{name} = {shortened(value)}" for name, value in found.path_parameters)
    if all(each.verdict in {"chosen", "other_path"} for each in found.considered):
        considered = ()
    verdict = f"{sent} -> resource {found.resource_path}, method {found.http_method}"
    return Chapter("route", verdict, (*parameters, *considered), found.codes)


def _api_key_checked(found: f.ApiKeyChecked) -> Chapter:
    where = "the x-api-key header" if found.source == "HEADER" else "the authorizer's usageIdentifierKey"
    if found.key_id is not None:
        return Chapter("api key", f"known: {found.key_id} (from {where})", codes=found.codes)
    reason = f"{where} holds none of {counted(found.known, 'known key')}" if found.sent else f"none in {where}"
    return Chapter("api key", f"required, and {reason}", codes=found.codes, refused=True)


def _authorization_supplied(found: f.AuthorizationSupplied) -> Chapter:
    name = found.authorizer or found.type
    if found.type == "AWS_IAM":
        return Chapter("authorizer", "AWS_IAM: the signature is not checked", codes=found.codes)
    if not found.supplied:
        return Chapter("authorizer", f"{name} is not run, and no result of it was supplied", codes=found.codes)
    who = f": principalId {shortened(found.principal_id)}" if found.principal_id is not None else ""
    return Chapter("authorizer", f"{name} is not run; its result was supplied{who}", codes=found.codes)


def _request_validated(found: f.RequestValidated) -> Chapter:
    checked = tuple(
        f"{each.parameter.expression}: {'present' if each.present else 'absent'}{', required' if each.required else ''}"
        for each in found.parameters
    )
    if found.missing:
        return Chapter("validate", f"required and missing: {listed(found.missing)}", checked, found.codes, refused=True)
    if found.body_valid is False:
        faults = tuple(f"{fault.path}: {fault.message} ({fault.keyword})" for fault in found.faults)
        model = f"model {found.model}" if found.model is not None else "its model"
        return Chapter("validate", f"the body breaks {model}", (*faults, *checked), found.codes, refused=True)
    parts = []
    if found.parameters:
        parts.append(f"{counted(sum(each.required for each in found.parameters), 'required parameter')} missing none")
    if found.body_valid:
        parts.append(f"the body fits model {found.model}")
    elif found.model is None and found.media_type is not None:
        parts.append(f"no model for {found.media_type}, so the body is not checked")
    return Chapter("validate", "; ".join(parts) or "nothing to check", checked, found.codes)


# -- the templates ----------------------------------------------------------------------------------------------------

_CANDIDATE: Final = {
    "matched": "matches",
    "other_type": "for another type",
    "empty": "matches, but is empty, which counts as no template",
    "default_key": "stands in when no key matches",
    "first": "the first one",
    "not_reached": "not looked at",
}


def _candidates(found: tuple[f.TemplateCandidate, ...]) -> tuple[str, ...]:
    return tuple(f"{each.key}: {_CANDIDATE[each.verdict]}" for each in found)


def _named(key: str | None, name: str | None) -> str:
    return f"{key} ({name})" if name is not None and name not in {key, "template"} else f"{key}"


def _template_selected(found: f.TemplateSelected) -> Chapter:
    number = len(found.considered)
    name = found.template.name if found.template is not None else None
    sent = (
        f"no Content-Type, which counts as {found.media_type}"
        if found.content_type is None
        else f"Content-Type {shortened(found.content_type)}"
    )
    ways = _candidates(found.considered)
    if found.outcome == "proxy":
        return Chapter("template", "none: a proxy integration uses no templates", codes=found.codes)
    if found.outcome == "template":
        if found.key == "$default":
            verdict = f"{_named(found.key, name)}: {sent} matched none of the other keys"
        elif found.content_type is None:
            verdict = f"{_named(found.key, name)}: {sent}, matched 1 of {counted(number, 'template')}"
        else:
            verdict = f"{_named(found.key, name)}: {sent} matched 1 of {counted(number, 'template')}"
        return Chapter("template", verdict, ways if found.key == "$default" else (), found.codes)
    reason = f"{sent} matched none of {counted(number, 'template')}" if number else "the integration has no templates"
    if found.outcome == "passthrough":
        verdict = f"none: {reason}, and {found.behavior} lets the body pass as it is"
        return Chapter("template", verdict, ways, found.codes)
    rule = (
        "under NEVER nothing else passes"
        if found.behavior == "NEVER"
        else f"{found.behavior} lets nothing pass beside templates"
    )
    return Chapter("template", f"none: {reason}, and {rule}: 415", ways, found.codes, refused=True)


def _response_template_selected(found: f.ResponseTemplateSelected) -> Chapter:
    number = len(found.considered)
    name = found.template.name if found.template is not None else None
    sent = f"Accept {shortened(found.accept)}" if found.accept is not None else "no Accept"
    chosen = _named(found.key, name)
    match found.reason:
        case "accept":
            verdict = f"{chosen}: {sent} matched 1 of {counted(number, 'template')}"
        case "json":
            verdict = f"{chosen}: {sent} counts as {found.media_type}"
        case "first":
            verdict = f"{chosen}: {sent} matched none of {counted(number, 'template')}, so the first one is used"
        case "empty":
            verdict = f"{found.key} is empty: the body passes as it is"
        case "none":
            verdict = "none defined: the body passes as it is"
        case "proxy":
            verdict = "none: a proxy integration uses no templates"
        case _:
            assert_never(found.reason)
    shown = _candidates(found.considered) if found.reason in {"first", "empty"} else ()
    return Chapter("template", verdict, shown, found.codes)


# -- the body ---------------------------------------------------------------------------------------------------------


def _body_converted(found: f.BodyConverted) -> Chapter:
    kind = found.media_type or "no Content-Type"
    handling = found.content_handling or "no contentHandling"
    binary = found.binary_type
    side = (
        f"{kind} is binary here (binaryMediaTypes has {binary})"
        if binary is not None
        else f"{kind} is text here (not among the binaryMediaTypes)"
    )
    if found.phase == "response" and found.accept is not None:
        accepts = found.accept_binary_type
        side += f"; Accept {shortened(found.accept)} asks for {'binary' if accepts is not None else 'text'}"
    facts: tuple[str, ...] = (f"{side}, {handling}",)
    if found.fault is not None:
        return Chapter(
            "body", f"cannot be decoded from base64: {shortened(found.fault)}", facts, found.codes, refused=True
        )
    before = size(found.size_before)
    match found.conversion:
        case "to_text" if found.size_before == 0:
            return Chapter("body", "empty", (), found.codes, idle=True)
        case "to_text":
            verdict = f"{before} of text"
            if found.replaced:
                verdict += f"; {counted(found.replaced, 'byte')} of them no UTF-8: each became U+FFFD"
            elif found.content_handling is None and binary is None:
                facts = ()
        case "kept_bytes":
            verdict = f"{before}, binary, as they are"
        case "base64_encoded":
            verdict = f"{before} encoded as base64 text of {counted(len(found.body), 'character')}"
        case "base64_decoded":
            verdict = f"{before} of base64 text decoded to {size(len(found.body))}"
        case "proxy":
            verdict = f"{before}, handed on by the proxy integration"
            facts = ()
        case _:
            assert_never(found.conversion)
    return Chapter("body", verdict, facts, found.codes)


def _body_passed(found: f.BodyPassed) -> Chapter:
    reason = {
        "passthrough": "no template: the body goes on as it is",
        "proxy": "the body goes on as it is",
        "empty_template": "the template is empty: the body goes on as it is",
        "no_template": "no template: the body goes on as it is",
        "mock": "MOCK without a response template: the body is empty",
    }[found.reason]
    return Chapter("passed", f"{reason}: {body(found.body)}" if found.body else reason, (), found.codes)


# -- parameters -------------------------------------------------------------------------------------------------------

_ABSENT: Final = {
    "absent": "absent, left out",
    "empty": "empty, left out",
    "not_text": "no text, left out",
    "no_such_path": "nothing at that path, left out",
    "other_case": "absent in this case, left out",
}


def mapping(found: f.MappedParameter) -> str:
    """One entry of a mapping and what it wrote: ``target <- source: value``."""
    line = f"{found.target.expression} <- {shortened(found.source.expression)}: "
    if found.values is not None:
        return line + values(found.values)
    hint = f" (the request has {found.near!r}: names match exactly)" if found.near is not None else ""
    return line + _ABSENT[found.absence or "absent"] + hint


def _parameters_mapped(found: f.ParametersMapped) -> Chapter:
    lines = tuple(mapping(each) for each in found.mapped)
    if found.fault is not None:
        return Chapter(
            "parameters", f"the body cannot be read: {shortened(found.fault)}", lines, found.codes, refused=True
        )
    if not lines:
        return Chapter("parameters", "none mapped", (), found.codes, idle=True)
    return Chapter("parameters", lines[0], lines[1:], found.codes)


# -- rendering --------------------------------------------------------------------------------------------------------


def _body_rendered(found: f.BodyRendered) -> Chapter:
    engine = "" if found.engine == "velocity" else f" by {found.engine}"
    verdict = f"{found.template.name}{engine}: {one_line(found.text)}"
    return Chapter("render", verdict, (), found.codes)


_RENDER_FAULT: Final = {
    "syntax": "does not parse",
    "render": "failed",
    "binary_body": "cannot be rendered over a binary body",
    "unreadable_body": "reads a body that is not JSON",
    "limit": "met a bound",
    "override_twice": "writes an override twice",
}


def _render_failed(found: f.RenderFailed) -> Chapter:
    template = found.template
    place = template.name if found.span is None else place_of(template, found.span.start)
    facts = []
    if found.also is not None:
        facts.append(f"the first time at {place_of(template, offset(template, found.also))}")
    if found.expected:
        facts.append(f"expected {listed(found.expected, 'or')}")
    verdict = f"{place} {_RENDER_FAULT[found.fault]}: {shortened(retold(template, found.message), 200)}"
    return Chapter("render", verdict, tuple(facts), found.codes, refused=True)


def _overrides_applied(found: f.OverridesApplied) -> Chapter:
    root = "requestOverride" if found.phase == "request" else "responseOverride"
    lines = []
    for each in found.written:
        name = root + (".status" if each.place == "status" else f".{each.place}.{each.name}")
        line = f"{name} = {values(each.values)}"
        if not each.used:
            line += " (means nothing there: not used)"
        elif each.replaced is not None:
            line += f" (was {values(each.replaced)})"
        lines.append(line)
    if not lines:
        return Chapter("overrides", "none", (), found.codes, idle=True)
    return Chapter("overrides", lines[0], tuple(lines[1:]), found.codes)


# -- the integration request ------------------------------------------------------------------------------------------

_HEADER: Final = {
    "forwarded": "from the client",
    "mapped": "mapped",
    "added": "added by API Gateway",
    "dropped": "dropped",
    "not_forwarded": "not forwarded",
    "replaced": "replaced",
    "remapped": "renamed",
    "forbidden": "may not be set",
    "not_delivered": "accepted, but not delivered",
}


def _header_facts(fates: tuple[f.HeaderFate, ...], sender: str) -> tuple[str, ...]:
    lines = []
    gone: dict[str, list[str]] = {}
    for fate in fates:
        if fate.sent_as is None:
            gone.setdefault(_HEADER[fate.verdict], []).append(fate.name)
        elif fate.sent_as == fate.name:
            lines.append(f"{fate.name}: {shortened(fate.value)} ({_HEADER[fate.verdict]})")
        else:
            lines.append(f"{fate.sent_as}: {shortened(fate.value)} ({_HEADER[fate.verdict]} from {fate.name})")
    lines += [f"the {sender}'s {listed(names)}: {verdict}" for verdict, names in gone.items()]
    return tuple(lines)


_QUERY: Final = {"uri": "from the URI", "client": "from the client", "mapped": "mapped"}


def _request_assembled(found: f.RequestAssembled) -> Chapter:
    facts = [
        f"{filled.text} = {shortened(filled.value) or 'nothing'}"
        if filled.value is not None
        else f"{filled.text}: nothing is mapped to it, left as typed"
        for filled in found.filled
    ]
    facts += (f"?{each.name}={shortened(each.value)} ({_QUERY[each.origin]})" for each in found.query)
    facts += _header_facts(found.headers, "client")
    match found.destination:
        case Service(region=region, service=service, kind=kind, api=api):
            facts.append(f"AWS service {service} in {region}, {kind} {shortened(api)}; not signed")
        case Function(arn=arn, asynchronous=asynchronous):
            facts.append(f"Lambda function {arn}{', not waited for' if asynchronous else ''}")
        case Endpoint(connection_type="VPC_LINK", connection_id=link):
            facts.append(f"over VPC link {link}")
        case Endpoint() | Mock() | None:
            pass
        case _:
            assert_never(found.destination)
    if found.credentials is not None:
        caller = found.credentials == "arn:aws:iam::*:user/*"
        facts.append(f"credentials: {'the caller' if caller else found.credentials}")
    if found.cache_key:
        key = ", ".join(f"{name}={'absent' if value is None else shortened(value)}" for name, value in found.cache_key)
        facts.append(f"cache key in {found.cache_namespace}: {key}")
    target = f"{found.method} {found.uri}"
    if found.fault is None:
        return Chapter("request", f"{target}   {size(found.body_size)}", tuple(facts), found.codes)
    fault = {
        "forbidden_header": f"the header {found.fault_detail} may not be set",
        "invalid_address": f"{shortened(found.fault_detail or found.uri)} is no endpoint address",
        "non_post": "a Lambda function is invoked by POST only",
    }[found.fault]
    return Chapter("request", f"cannot be made: {fault}", tuple(facts), found.codes, refused=True)


def _mock_answered(found: f.MockAnswered) -> Chapter:
    if found.status is None:
        verdict = f"no statusCode can be read from {shortened(found.text) or 'an empty body'}"
        return Chapter("mock", verdict, (), found.codes, refused=True)
    how = " (it is no strict JSON, but read as AWS reads it)" if found.lenient else ""
    return Chapter("mock", f"statusCode {found.status}{how}", (), found.codes)


# -- the way back -----------------------------------------------------------------------------------------------------


def _backend_answered(found: f.BackendAnswered) -> Chapter:
    facts = tuple(f"{name}: {shortened(value)}" for name, value in found.headers)
    return Chapter("backend", f"{found.status}, {size(found.size)}", facts, found.codes)


def _backend_failed(found: f.BackendFailed) -> Chapter:
    reason = {
        "timeout": f"no answer within {found.timeout_ms:,} ms",
        "connection": "the connection failed",
        "invalid_endpoint": "the endpoint address is invalid",
        "certificate": "the certificate is not trusted",
        "permission": "API Gateway may not call it",
    }[found.kind]
    detail = f": {shortened(found.detail)}" if found.detail else ""
    return Chapter("backend", f"{reason}{detail}", (), found.codes, refused=True)


def _response_selected(found: f.ResponseSelected) -> Chapter:
    what = "status" if found.matched_on == "status" else "errorMessage"
    ways = []
    has_match = any(each.verdict == "matched" for each in found.considered)
    for each in found.considered:
        pattern = "default" if not each.pattern else each.pattern
        verdict = {
            "matched": "matches",
            "no_match": "does not match the whole of it",
            "default": "not needed, since a pattern matches" if has_match else "used, since no pattern matches",
            "not_reached": "not looked at, since one before it matches",
            "bad_pattern": f"is no regular expression ({each.fault})",
        }[each.verdict]
        ways.append(f"{pattern} -> {each.status_code}: {verdict}")
    if found.matched_on == "proxy":
        return Chapter("selected", "the proxy's answer goes back as it is", (), found.codes)
    if found.status_code is None:
        verdict = f"{what} {shortened(found.text)} matches no pattern, and there is no default"
        return Chapter("selected", verdict, tuple(ways), found.codes, refused=True)
    if not found.declared:
        verdict = f"{found.status_code}, but the method declares no response of that status"
        return Chapter("selected", verdict, tuple(ways), found.codes, refused=True)
    shown = shortened(found.text) or '""'
    return Chapter("selected", f"{found.status_code}, by {what} {shown}", tuple(ways), found.codes)


_PROXY_RULE: Final = {
    "function_error": "the function failed",
    "not_json": "the answer is no JSON",
    "not_an_object": "the answer is no object",
    "unknown_key": "a key that the format does not have",
    "bad_status_code": "statusCode is no number",
    "bad_headers": "headers is no map of texts",
    "bad_multi_value_headers": "multiValueHeaders is no map of lists",
    "bad_body": "body is no text",
}


def _proxy_response_read(found: f.ProxyResponseRead) -> Chapter:
    faults = tuple(
        f"{_PROXY_RULE[fault.rule]}{': ' + shortened(fault.detail) if fault.detail else ''}" for fault in found.faults
    )
    if faults:
        return Chapter("proxy", f"malformed: {faults[0]}", faults[1:], found.codes, refused=True)
    how = ""
    if found.base64:
        how = ", base64 decoded" if found.decoded else ", base64 left as text (Accept asks for no binary type)"
    facts = tuple(f"{name}: {shortened(value)}" for name, value in found.headers)
    return Chapter("proxy", f"{found.status}, {size(found.size)}{how}", facts, found.codes)


def _response_assembled(found: f.ResponseAssembled) -> Chapter:
    verdict = f"{found.status}, {size(found.body_size)}"
    return Chapter("response", verdict, _header_facts(found.headers, "backend"), found.codes)


def _gateway_response_made(found: f.GatewayResponseMade) -> Chapter:
    source = "built in" if found.set_by is None else f"set by the API as {found.set_by}"
    message = f": {shortened(found.message)}" if found.message is not None else ""
    facts = [mapping(each) for each in found.mapped]
    facts += (f"{each.text} = {shortened(each.value or '') or 'nothing'}" for each in found.substituted)
    if found.template_key is not None:
        facts.insert(0, f"template {found.template_key}")
    return Chapter("refused", f"{found.status} {found.type} ({source}){message}", tuple(facts), found.codes)
