"""The pytest plugin: the fixture ``vtl``.

What may live here: hooks and fixtures. This module is imported in every pytest run of everyone who installs vtlsim, so
it imports nothing but pytest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from vtlsim.surfaces.pytest_plugin.templates import Templates


@pytest.fixture
def vtl(request: pytest.FixtureRequest) -> Templates:
    """Renders mapping templates: ``vtl.render("orders.vtl", body={...}).json``; names are found beside the test."""
    from vtlsim.surfaces.pytest_plugin.templates import Templates

    return Templates(request.path.parent)
