"""The garbage collector of a process that answers requests.

What may live here: how it is set, once, for the server and for the process beside it.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """What is there now stays: the collector need not walk through all of it again under load, nor after every few
    requests, each of which leaves hundreds of objects behind without a cycle among them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
