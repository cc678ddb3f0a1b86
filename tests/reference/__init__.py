"""The live reference, Apache Velocity 1.7 on a JVM, and what is needed to compare with it."""

from __future__ import annotations

from reference.harness import Case, Reference, Result, available

__all__ = ["Case", "Reference", "Result", "available"]
