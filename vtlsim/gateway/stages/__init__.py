"""The stages: one decision about a request or a response per file.

What may live here: plain functions from the typed inputs that a stage needs to an immutable finding with its reasons.
A stage that will not let the request pass raises ``Refused``. Stages never import one another; their order is stated
in :mod:`vtlsim.gateway.transform`.
"""
