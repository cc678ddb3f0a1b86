"""Which lines of a template its code runs, and which line may follow which.

What may live here: facts read off a compiled template's code object, for debuggers and coverage tools. They are what
those tools see when the code runs, because both come from the same instructions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from dis import Instruction
    from types import CodeType

    from vtlsim.velocity.template import Template


def executable_lines(template: Template) -> frozenset[int]:
    """The template's lines, counted from 1, at which something is evaluated or written."""
    return frozenset(line for code in _codes(template.code) for line in _lines(code))


def arcs(template: Template) -> frozenset[tuple[int, int]]:
    """Pairs of lines of which the second may follow the first; entering and leaving are negative, as coverage.py has it.

    Jumps inside one line are no pair: branches that share a line are the watched rendering's to count.
    """
    return frozenset(arc for code in _codes(template.code) for arc in _arcs(code))


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if hasattr(constant, "co_lines"):
            yield from _codes(constant)


def _lines(code: CodeType) -> Iterator[int]:
    prologue = _prologue(code)
    for start, _, line in code.co_lines():
        if line and start >= prologue:
            yield line


def _prologue(code: CodeType) -> int:
    """The offset at which the template's own code begins: before it, variables are looked up."""
    from dis import get_instructions

    for instruction in get_instructions(code):
        if instruction.opname in ("STORE_FAST", "STORE_DEREF") and instruction.argval == "write":
            return instruction.offset + 2
    return 0


def _arcs(code: CodeType) -> Iterator[tuple[int, int]]:
    from dis import get_instructions, hasjabs, hasjrel

    instructions = [found for found in get_instructions(code) if found.opname != "CACHE"]
    prologue = _prologue(code)
    line_of: dict[int, int] = {}
    line = code.co_firstlineno
    for instruction in instructions:
        position = instruction.positions
        if position is not None and position.lineno:
            line = position.lineno
        line_of[instruction.offset] = line
    first = code.co_firstlineno
    entered = False
    for at, instruction in enumerate(instructions):
        if instruction.offset < prologue:
            continue
        here = line_of[instruction.offset]
        if not entered:
            entered = True
            yield (-first, here)
        for target in _successors(instruction, instructions, at, (*hasjrel, *hasjabs)):
            there = line_of.get(target)
            if there is not None and there != here:
                yield (here, there)
        if instruction.opname in ("RETURN_VALUE", "RETURN_CONST"):
            yield (here, -first)


def _successors(
    instruction: Instruction, instructions: list[Instruction], at: int, jumps: tuple[int, ...]
) -> Iterator[int]:
    if instruction.opcode in jumps and isinstance(instruction.argval, int):
        yield instruction.argval
    if instruction.opname in ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE") or (
        instruction.opname.startswith("JUMP_") and "IF" not in instruction.opname
    ):
        return
    if at + 1 < len(instructions):
        yield instructions[at + 1].offset
