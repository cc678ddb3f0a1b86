"""Definitions and the files beside them, read for the config room.

What may live here: the Reader that touches a disk, which stays inside the definition's folder, and which file of a
project's folder is its definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.reader import ReadError, leaves

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 50 * 1024 * 1024
"""Bytes of a file that is read. A bound of ours; AWS takes definitions of 6 MB."""


DEFINITIONS: Final = (
    *("cdk.out/manifest.json", "manifest.json"),
    *("serverless.yml", "serverless.yaml", "serverless.json"),
    *("template.yaml", "template.yml", "template.json"),
)
"""What a project's folder calls its definition: CDK, serverless, SAM."""


class NoDefinitionError(ValueError):
    """A folder holds no definition under a name that tools give it, or several. The text of the error says which."""


def definition_in(path: Path) -> Path:
    """The definition of a project's folder; any other path as it is. Raises NoDefinitionError."""
    if not path.is_dir():
        return path
    found = [path / name for name in DEFINITIONS if (path / name).is_file()]
    if not found:
        raise NoDefinitionError(f"a folder without {', '.join(DEFINITIONS[:-1])} or {DEFINITIONS[-1]}: name the file")
    if len(found) > 1:
        raise NoDefinitionError(f"a folder with several definitions: name one of {', '.join(map(str, found))}")
    return found[0]


class Folder:
    """The files of one folder, by paths relative to it."""

    __slots__ = ("folder",)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> str:
        """The file's text, without a byte order mark. Raises ReadError."""
        if leaves(path):
            raise ReadError(path, "it lies outside the definition's folder")
        target = self.folder / path
        try:
            if not target.resolve().is_relative_to(self.folder.resolve()):
                raise ReadError(path, "it lies outside the definition's folder")
            return text_of(target)
        except (OSError, ValueError) as error:
            raise ReadError(path, reason(error)) from None


def text_of(path: Path) -> str:
    """A file of UTF-8 text, without a byte order mark. Raises OSError, or ValueError for what is no such text."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST // (1024 * 1024)} MB")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None


def reason(error: Exception) -> str:
    """Why a file cannot be read, in a few words."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
