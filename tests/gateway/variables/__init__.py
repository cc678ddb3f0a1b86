"""Tests of what templates see."""
