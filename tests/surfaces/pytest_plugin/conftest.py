"""A project of its own for each test, and pytest runs in it.

The plugin's modules are imported here once: pytester forgets what a run imports.
"""

from __future__ import annotations

import pytest

import vtlsim.cases.folder
import vtlsim.config.definition
import vtlsim.config.yaml_text
import vtlsim.explain.console
import vtlsim.explain.mismatch
import vtlsim.surfaces.coverage.pages
import vtlsim.surfaces.library
import vtlsim.surfaces.pytest_plugin.collecting
import vtlsim.surfaces.pytest_plugin.covering
import vtlsim.surfaces.pytest_plugin.gateway  # noqa: F401 - see above

TEMPLATE = """\
#set($r = $input.path('$'))
{
  "Items": [
#foreach($i in $r.items)
    {
      "Sku": "$i.sku",
      "Qty": $i.qty
    }#if($foreach.hasNext),#end

#end
  ]
}
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A folder with a template; ``project.cases(text)`` writes its case file, ``project.run(*options)`` runs pytest."""
    (pytester.path / "orders.vtl").write_text(TEMPLATE, encoding="utf-8")

    def write(name, text):
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    pytester.write = write
    pytester.cases = lambda text: write("orders.vtltest.yaml", f"defaults: {{template: orders.vtl}}\ntests:\n{text}")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # other people's plugins take a second to load
    own = ("-p", "vtlsim.surfaces.pytest_plugin")
    pytester.run_pytest = lambda *options: pytester.runpytest_inprocess(*own, "-p", "no:cacheprovider", *options)
    return pytester
