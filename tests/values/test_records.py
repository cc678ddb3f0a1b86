from __future__ import annotations

import pickle
import typing

import pytest

from vtlsim.values.records import NamedTuple


class Ours(NamedTuple):
    """A point."""

    x: int
    y: list[int] | None = None

    @property
    def doubled(self) -> int:
        return self.x * 2

    def plus(self, x: int) -> Ours:
        return self._replace(x=self.x + x)


class Typings(typing.NamedTuple):
    """A point."""

    x: int
    y: list[int] | None = None

    @property
    def doubled(self) -> int:
        return self.x * 2

    def plus(self, x: int) -> Typings:
        return self._replace(x=self.x + x)


@pytest.mark.parametrize("kind", [Ours, Typings])
def test_a_record_is_what_typing_makes(kind):
    made = kind(3)
    assert made == (3, None)
    assert repr(made) == f"{kind.__name__}(x=3, y=None)"
    assert made.doubled == 6
    assert made.plus(2) == kind(5)
    assert made._asdict() == {"x": 3, "y": None}
    assert kind._fields == ("x", "y") == kind.__match_args__
    assert kind._field_defaults == {"y": None}
    assert kind.__doc__ == "A point."
    assert kind.__module__ == __name__
    assert kind.__qualname__ == kind.__name__
    assert set(kind.__annotations__) == {"x", "y"}
    assert type(pickle.loads(pickle.dumps(made))) is kind
    assert kind.__mro__ == (kind, tuple, object)
    assert not hasattr(made, "__dict__")
    match made:
        case kind(x=x, y=None):
            assert x == 3
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        kind()
    with pytest.raises(AttributeError):
        made.x = 4


def test_defaults_come_last():
    with pytest.raises(TypeError, match="a field without a default"):

        class Wrong(NamedTuple):
            x: int = 1
            y: int


def test_a_record_may_have_no_fields():
    class Nothing(NamedTuple):
        """None."""

    assert Nothing() == ()
    assert repr(Nothing()) == "Nothing()"
