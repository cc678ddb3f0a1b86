"""`vtlsim explain`: the public register of rules that vtlsim follows where AWS has not been seen.

What may live here: printing entries. The entries are vtlsim.explain.register's.
"""

from __future__ import annotations

import click

from vtlsim.surfaces.cli import Stopped, writing


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Print what CODE stands for: the rule, its evidence, what would settle it. Without CODE, list every code."""
    from vtlsim.explain import register

    if code is None:
        width = max(len(entry.code) for entry in register.ENTRIES)
        writing.product("".join(f"{entry.code:<{width}}  {entry.title}\n" for entry in register.ENTRIES))
        return 0
    entry = register.find(code)
    if entry is None:
        near = register.near(code)
        hint = f"; did you mean {near.code} ({near.title})?" if near is not None else ""
        raise Stopped(2, f"error: there is no code {code!r}{hint}\n  help: vtlsim explain lists them all")
    writing.product(register.page(entry) + "\n")
    return 0
