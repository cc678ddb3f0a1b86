"""Write fixtures/velocity/agreement.jsonl: what the live reference makes of generated templates.

``cd tests && python -m velocity.record_agreement``: for machines without Java, where test_agreement.py replays it.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from reference import Reference
from reference.generator import VARIABLES, Generator

from velocity.differences import explained
from velocity.rendering_cases import DIALECTS, RECORDED, ours

if TYPE_CHECKING:
    from reference import Case

TEMPLATES = 600


def main() -> None:
    lines = []
    with Reference() as reference:
        for profile in DIALECTS:
            templates = list(islice(Generator(f"recorded {profile}"), TEMPLATES))
            cases: list[Case] = [{"profile": profile, "template": text, "vars": VARIABLES} for text in templates]
            for template, result in zip(templates, reference.render_all(cases), strict=True):
                if explained(ours(template, profile), result.out) is None:
                    line = {"profile": profile, "template": template, "out": result.out}
                    lines.append(json.dumps(line, ensure_ascii=True) + "\n")
    RECORDED.write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
