"""The page in a real browser: its main paths, light and dark, with hostile content."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import orders  # type: ignore[import-not-found]

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TEMPLATE = """#set($order = $input.path('$'))
{"Who": "$order.who", "Items": [
#foreach($item in $order.items)
  {"Sku": "$item.sku"}#if($foreach.hasNext),#end

#end
]}"""
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip("there is no /usr/bin/chromium here")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield found
        found.close()


@pytest.fixture
def served(serve, backend):
    return serve(orders(backend, TEMPLATE))


@pytest.fixture
def page(browser, request):
    """A page that fails the test on any error or refused resource in it."""
    context = browser.new_context(
        color_scheme=getattr(request, "param", "light"), viewport={"width": 1400, "height": 900}
    )
    made = context.new_page()
    made.set_default_timeout(10_000)
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    made.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield made
    context.close()
    assert faults == []


def order(served, **body):
    given = {"who": "Ann", "items": [{"sku": "a-1"}, {"sku": "b-2"}], **body}
    return served.ask("POST", "/test/orders", json.dumps(given).encode(), {"Content-Type": "application/json"})


def test_exchanges_appear_while_it_is_open(served, page):
    page.goto(f"{served.url}/_vtlsim/")
    page.get_by_text("No exchange yet").wait_for()
    order(served)
    page.locator("#exchanges li[data-id='1']").wait_for()
    page.get_by_role("heading", name="The client asked").wait_for()
    headings = page.locator(".station h3").all_inner_texts()
    assert headings == [
        "The client asked",
        "The request was transformed",
        "The backend was sent",
        "The backend answered",
        "The answer was transformed",
        "The client got",
    ]


def test_output_and_template_are_linked_both_ways(served, page):
    order(served)
    page.goto(f"{served.url}/_vtlsim/#1")
    panel = page.locator(".linked").first
    panel.locator(".piece", has_text="b-2").hover()
    assert panel.locator(".region.lit").all_inner_texts() == ["$item.sku"]
    assert panel.locator(".payload .lit").all_inner_texts() == ['"b-2"']
    telling = panel.locator(".telling").inner_text()
    assert re.search(r"\$item\.sku\s*=\s*b-2\s*from\s*\$\.items\[1\]\.sku\s*iteration 2", telling)
    panel.locator(".region", has_text="$item.sku").hover()
    assert panel.locator(".piece.lit").all_inner_texts() == ["a-1", "b-2"]
    panel.locator(".region", has_text="#foreach").hover()
    assert "ran 2 times" in panel.locator(".telling").inner_text()
    panel.locator(".payload .v", has_text='"Ann"').last.hover()
    assert panel.locator(".piece.lit").all_inner_texts() == ["Ann"]


def test_the_keyboard_is_enough(served, page):
    order(served)
    order(served, who="Bob")
    page.goto(f"{served.url}/_vtlsim/")
    page.locator("#exchanges li.chosen[data-id='2']").wait_for()
    page.keyboard.press("j")
    page.locator("#exchanges li.chosen[data-id='1']").wait_for()
    page.locator("h2", has_text="/test/orders").wait_for()
    output = page.locator(".code.output").first
    output.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".linked").first.locator(".piece.lit").all_inner_texts() == ["Ann"]
    page.keyboard.press("Enter")
    assert "held" in page.locator(".telling").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type("nothing-like-it")
    page.get_by_text("Nothing").first.wait_for()


def test_edit_and_run_again(served, page, backend):
    order(served)
    page.goto(f"{served.url}/_vtlsim/#1")
    page.get_by_role("button", name="Edit and run again").click()
    template = page.locator(".edit textarea").nth(2)
    assert template.input_value() == TEMPLATE
    template.fill('{"changed": "$input.path(\'$.who\')"}')
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".banner").wait_for()
    assert page.locator(".code.output").first.inner_text() == '{"changed": "Ann"}'
    assert len(backend.received) == 1
    page.get_by_role("button", name="Back to what happened").click()
    assert "a-1" in page.locator(".code.output").first.inner_text()


def test_a_refusal_is_told(served, page):
    served.ask("POST", "/test/orders", b"<a/>", {"Content-Type": "text/xml"})
    page.goto(f"{served.url}/_vtlsim/#1")
    page.get_by_role("heading", name="The request was turned back").wait_for()
    assert "Content-Type text/xml" in page.locator(".finding.refused").first.inner_text()
    page.get_by_text("Refused", exact=True).click()
    assert page.locator("#exchanges li").count() == 1


def test_bodies_are_compared(served, page):
    order(served)
    page.goto(f"{served.url}/_vtlsim/#1")
    page.get_by_role("button", name="Compared with the client's").click()
    assert page.locator(".diff .row.new").count() > 0
    assert page.locator(".diff .row.gone").count() > 0


@pytest.mark.parametrize("page", ["light", "dark"], indirect=True)
def test_hostile_content_is_text(served, page, backend):
    body = json.dumps({"OrderId": HOSTILE}).encode()
    backend.answer = b"HTTP/1.1 200 OK\r\nX-Evil: %s\r\nContent-Length: %d\r\n\r\n%s" % (
        HOSTILE.encode(),
        len(body),
        body,
    )
    order(served, who=HOSTILE)
    served.ask("GET", "/test/%3Cscript%3E?x=<script>alert(3)</script>", headers={"X-Evil": HOSTILE})
    for number in (1, 2):
        page.goto(f"{served.url}/_vtlsim/#{number}")
        page.reload()
        page.locator(".station").first.wait_for()
        for each in page.locator("details").all():
            each.evaluate("each => each.open = true")
        assert page.locator("#story img, #story script, #exchanges script").count() == 0
        assert "onerror=alert(1)" in page.locator("#story").inner_text()


def test_a_broken_definition_is_shown_with_its_place(served, page):
    page.goto(f"{served.url}/_vtlsim/")
    page.locator("#served", has_text="tests").wait_for()
    path = Path(served.running.definitions[0].definition)
    good = path.read_text(encoding="utf-8")
    path.write_text(good[:40] + "\n,,", encoding="utf-8")
    page.locator(".trouble", has_text="The last good one is served").wait_for()
    assert "definition-0.json:" in page.locator(".trouble pre").first.inner_text()
    path.write_text(good, encoding="utf-8")
    page.locator(".trouble").wait_for(state="detached")


def test_clear_and_pause(served, page):
    order(served)
    page.goto(f"{served.url}/_vtlsim/")
    page.locator("#exchanges li[data-id='1']").wait_for()
    page.get_by_role("button", name="Pause").click()
    order(served)
    page.get_by_text("Resume (1 new)").click()
    page.locator("#exchanges li[data-id='2']").wait_for()
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("No exchange yet").wait_for()
