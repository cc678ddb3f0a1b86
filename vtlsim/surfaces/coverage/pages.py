"""Coverage as a page: the text of every template, with what did not run marked to the character.

What may live here: HTML. The figures and the words are report.py's.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from vtlsim.surfaces.coverage.report import total

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vtlsim.surfaces.coverage.report import Covered

_STYLE: Final = """
:root { color-scheme: light dark; --ran: #1a7f3722; --missed: #cf222e33; --line: #cf222e; --soft: #6e7781; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem; text-align: right; }
td:first-child, th:first-child { text-align: left; }
pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; border: 1px solid #8884; border-radius: 6px; padding: .5rem 0; }
.row { display: block; padding: 0 .8rem; min-height: 1.5em; white-space: pre; }
.row.missed { box-shadow: inset 3px 0 var(--line); }
.number { color: var(--soft); display: inline-block; width: 4ch; text-align: right; margin-right: 2ch; user-select: none; }
.ran { background: var(--ran); } .gone { background: var(--missed); }
.note { color: var(--line); font-style: italic; user-select: none; }
"""


def write(templates: Sequence[Covered], folder: Path) -> Path:
    """Writes ``index.html`` into a folder, which is made where it is missing; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    path.write_text(page(templates), encoding="utf-8")
    return path


def page(templates: Sequence[Covered]) -> str:
    """The whole page; it needs no other file."""
    rows = "".join(
        f'<tr><td><a href="#t{at}">{escape(each.name)}</a></td>{_cells(each)}</tr>' for at, each in enumerate(templates)
    )
    all_of_them = total(templates)
    sections = "".join(_section(at, each) for at, each in enumerate(templates))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Coverage of templates</title>'
        f"<style>{_STYLE}</style><h1>Coverage of templates: {int(all_of_them.percent)} %</h1>"
        f"<table><tr><th>template<th>lines<th>branches<th>loops<th></tr>{rows}</table>{sections}</html>\n"
    )


def _cells(each: Covered) -> str:
    tally = each.tally
    cells = "".join(f"<td>{ran}/{there}</td>" if there else "<td>-</td>" for ran, there in tally)
    return f"{cells}<td>{int(tally.percent)} %</td>"


def _section(at: int, each: Covered) -> str:
    source = each.found.source
    marks = _marks(each)
    notes: dict[int, list[str]] = {}
    gone: set[int] = set()
    for line, column, said in each.missing():
        if column:
            notes.setdefault(line, []).append(said)
        else:
            gone.add(line)
    rows = []
    for number, start in enumerate(source.starts, 1):
        text = source.line(number)
        if number == len(source.starts) and not text and number > 1:
            break
        shown = _marked(text, marks[start : start + len(text)])
        said = f'  <span class="note">{escape("; ".join(notes[number]))}</span>' if number in notes else ""
        missed = " missed" if number in gone or number in notes else ""
        rows.append(f'<span class="row{missed}"><span class="number">{number}</span>{shown}{said}</span>')
    return f'<h2 id="t{at}">{escape(each.name)}</h2><pre>{"".join(rows)}</pre>'


def _marks(each: Covered) -> list[str]:
    """For each character of the template: whether it ran, did not, or cannot."""
    marks = [""] * (len(each.found.source.text) + 1)
    for at, piece in enumerate(each.found.pieces):
        kind = "ran" if at in each.counts.pieces else "gone"
        for offset in range(piece.span.start, piece.span.end):
            marks[offset] = kind
    return marks


def _marked(text: str, marks: list[str]) -> str:
    made: list[str] = []
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and marks[end] == marks[at]:
            end += 1
        part = escape(text[at:end])
        made.append(f'<span class="{marks[at]}">{part}</span>' if marks[at] else part)
        at = end
    return "".join(made)
