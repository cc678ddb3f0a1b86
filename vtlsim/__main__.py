"""`python -m vtlsim`: the command line."""

from __future__ import annotations

from vtlsim.surfaces.cli import main

if __name__ == "__main__":
    main()
