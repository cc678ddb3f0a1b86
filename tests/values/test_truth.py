import pytest

from vtlsim.values.objects import JavaObject
from vtlsim.values.truth import is_true


class Mute(JavaObject):
    __slots__ = ()

    def java_text(self):
        return None


@pytest.mark.parametrize("value", [True, "", "false", 0, 0.0, [], {}, JavaObject()], ids=repr)
def test_true(value):
    assert is_true(value)


@pytest.mark.parametrize("value", [None, False, Mute()], ids=repr)
def test_false(value):
    assert not is_true(value)
