"""The path of a new user, as the README tells it: explore, save a case, green, break the template, red at its line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("vtlsim")
TEMPLATE = """\
#set($order = $input.path('$'))
{"Items": [
#foreach($item in $order.items)
  {"Sku": "$item.sku", "Qty": $item.qty}#if($foreach.hasNext),#end

#end
]}
"""
SESSION = """\
:set body={"items": [{"sku": "a", "qty": 2}, {"sku": "b", "qty": 1}]}
:run
:save case "two items"
"""


def run(folder, *arguments, **given):
    return subprocess.run(
        [str(each) for each in arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=120, **given
    )


def test_from_a_template_to_a_test_that_guards_it(tmp_path):
    template = tmp_path / "orders.vtl"
    template.write_text(TEMPLATE)

    explored = run(tmp_path, COMMAND, "repl", "orders.vtl", input=SESSION)
    assert explored.returncode == 0, explored.stderr
    assert "added to orders.vtltest.yaml" in explored.stdout

    green = run(tmp_path, sys.executable, "-m", "pytest", "-q")
    assert green.returncode == 0, green.stdout
    assert "1 passed" in green.stdout

    template.write_text(TEMPLATE.replace("$item.qty", "$item.quantity"))
    red = run(tmp_path, sys.executable, "-m", "pytest", "-q")
    assert red.returncode == 1
    assert "orders.vtl:4:31: this printed nothing" in red.stdout
    assert "$item.quantity" in red.stdout

    again = run(tmp_path, COMMAND, "test")
    assert again.returncode == 1
    assert "orders.vtl:4:31: this printed nothing" in again.stdout
    (rerun,) = [line.split("rerun: ")[1] for line in again.stdout.splitlines() if "rerun: " in line]
    assert rerun == "vtlsim render orders.vtl -e 'orders.vtltest.yaml::two items' --format trace"
    shown = run(tmp_path, COMMAND, "render", "orders.vtl", "-e", "orders.vtltest.yaml::two items", "--format", "trace")
    assert "$item.quantity" in shown.stdout
