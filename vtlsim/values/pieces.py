"""Text that is put together from many pieces.

What may live here: the one list into which printing and writing a value put what they make, with the bound on its size.
"""

from __future__ import annotations

from typing import Final

from vtlsim.values.objects import TEXT_CHARACTERS, out_of_memory

LONG: Final = 64
"""Pieces longer than this are added by :meth:`Pieces.add_long`."""

_SETTLED_AT_ONCE: Final = 20_000


class Pieces(list[str]):
    """Short pieces are appended as to any list and counted now and then, long ones are counted at once: so counting
    costs nearly nothing, and what a small value unfolds to cannot fill the memory first.
    """

    _characters = 0
    _settled = 0

    def add_long(self, piece: str) -> None:
        """Append a piece of any length; raises JavaException(OutOfMemoryError) beyond :data:`TEXT_CHARACTERS`."""
        if len(piece) > LONG:
            self._count(len(piece))
        self.append(piece)

    def settle(self) -> None:
        """Count what was appended, when it is much; to be called at the end of each collection. Raises as above."""
        if len(self) - self._settled > _SETTLED_AT_ONCE:
            fresh = self[self._settled :]
            self._settled = len(self)
            self._count(sum(length for piece in fresh if (length := len(piece)) <= LONG))

    def join(self) -> str:
        """The whole text."""
        self.settle()
        return "".join(self)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > TEXT_CHARACTERS:
            raise out_of_memory()
