"""`vtlsim explain`: the public register of rules that vtlsim follows where AWS has not been seen.

What may live here: printing entries. The entries are vtlsim.explain.register's.
"""

from __future__ import annotations

import click

from vtlsim.surfaces.cli import Command, Stopped, writing


@click.command(cls=Command)
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Print what CODE stands for: the rule, its evidence, what would settle it. Without CODE, list every code."""
    from vtlsim.explain.register import ENTRIES, find, near, page

    if code is None:
        writing.product("".join(f"{entry.code}  {entry.title}\n" for entry in ENTRIES))
        return 0
    entry = find(code)
    if entry is None:
        like = near(code)
        hint = f"; did you mean {like.code} ({like.title})?" if like is not None else ""
        raise Stopped(2, f"error: there is no code {code!r}{hint}\n  help: vtlsim explain lists them all")
    writing.product(page(entry) + "\n")
    return 0
