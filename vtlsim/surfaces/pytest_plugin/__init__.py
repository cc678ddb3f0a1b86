"""The pytest plugin: case files, the fixtures ``vtl`` and ``vtl_api``, and coverage of templates.

What may live here: hooks, fixtures and options. This module is imported in every pytest run of everyone who installs
vtlsim, so it imports nothing but pytest; what a hook needs is imported when the hook has work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vtlsim.surfaces.pytest_plugin.gateway import Gateways
    from vtlsim.surfaces.pytest_plugin.templates import Templates

_CASES = (".vtltest.yaml", ".vtltest.yml", ".vtltest.json")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, all of which begin with ``--vtl``."""
    group = parser.getgroup("vtlsim", "mapping templates (vtlsim)")
    group.addoption("--vtl-update", action="store_true", help="write the snapshots of case files anew")
    group.addoption("--vtl-cov", action="store_true", help="tell which lines, branches and loops of templates ran")
    group.addoption(
        "--vtl-cov-source",
        action="append",
        default=[],
        metavar="DIR",
        help="count the templates below DIR that nothing rendered, too (implies --vtl-cov)",
    )
    group.addoption("--vtl-cov-html", metavar="DIR", help="write the coverage as pages, too (implies --vtl-cov)")
    group.addoption(
        "--vtl-cov-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail the run when less of the templates ran (implies --vtl-cov)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begins to count, where that is asked for."""
    option = config.option
    if option.vtl_cov or option.vtl_cov_source or option.vtl_cov_html or option.vtl_cov_fail_under is not None:
        from vtlsim.surfaces.pytest_plugin.covering import Covering

        config.pluginmanager.register(Covering(config), "vtlsim-coverage")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Case files by their ending, and the folders of AWS's VTL editor by their ``template.vtl``."""
    name = file_path.name
    if name.endswith(_CASES):
        from vtlsim.surfaces.pytest_plugin.collecting import CaseFile

        return CaseFile.from_parent(parent, path=file_path)
    if name == "template.vtl":
        from vtlsim.surfaces.case_running import is_case_folder

        if is_case_folder(file_path):
            from vtlsim.surfaces.pytest_plugin.collecting import CaseFolder

            return CaseFolder.from_parent(parent, path=file_path)
    return None


@pytest.fixture
def vtl(request: pytest.FixtureRequest) -> Templates:
    """Renders mapping templates: ``vtl.render("orders.vtl", body={...}).json``; names are found beside the test."""
    from vtlsim.surfaces.pytest_plugin.templates import Templates

    return Templates(request.path.parent)


@pytest.fixture
def vtl_api(request: pytest.FixtureRequest) -> Iterator[Gateways]:
    """A gateway in the test's own process, with stubs in the place of its backends.

    ``api = vtl_api("openapi.yaml")``, then ``api.backend("POST", "/orders").respond(201, json={...})`` and ``api.invoke("POST", "/orders", body={...})``. A
    stub that nothing calls fails the test; a call that no stub matches fails with every stub and why it did not.
    """
    from vtlsim.surfaces.pytest_plugin.gateway import Gateways

    gateways = Gateways(request.path.parent)
    failed_before = request.session.testsfailed
    yield gateways
    unused = gateways.unused()
    if unused and request.session.testsfailed == failed_before:
        pytest.fail(unused, pytrace=False)
