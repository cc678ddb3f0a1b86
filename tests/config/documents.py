"""Loading documents in tests: from texts, or from fixtures with the files beside them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from vtlsim.config.definition import AmbiguousApi, Loaded, load_definition
from vtlsim.config.marked import Node, read
from vtlsim.config.problems import Problem, Problems
from vtlsim.config.reader import ReadError, Texts

FIXTURES = Path(__file__).parents[2] / "fixtures"


class Folder:
    """A Reader over a folder of fixtures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> str:
        try:
            return (self.folder / path).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ReadError(path, "there is no such file") from error


def fixture(path: str, **given: object) -> Loaded:
    """A fixture, loaded; it defines one Api."""
    file = FIXTURES / path
    found = load_definition(file.read_text(encoding="utf-8"), path, Folder(file.parent), **given)
    assert isinstance(found, Loaded)
    return found


def loaded(text: str, files: dict[str, str] | None = None, name: str = "d", **given: object) -> Loaded:
    """A document from its text (dedented), which defines one Api or none."""
    found = load_definition(dedent(text), name, Texts(files), **given)
    assert isinstance(found, Loaded), found
    return found


def ambiguous(text: str, **given: object) -> AmbiguousApi:
    """A document that defines several Apis."""
    found = load_definition(dedent(text), "d", Texts(), **given)
    assert isinstance(found, AmbiguousApi), found
    return found


def places(problems: tuple[Problem, ...]) -> list[str]:
    """Each problem as ``line:column severity code``."""
    return [f"{each.line}:{each.column} {each.severity} {each.code}" for each in problems]


def marked(text: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """A text's marked value and its problems."""
    problems = Problems()
    return read(text, "d", problems), problems.all()
