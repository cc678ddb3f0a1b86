import pytest

from vtlsim.values.objects import JavaException, JavaObject, out_of_memory, stack_overflow


@pytest.mark.parametrize(
    "thrown, shown",
    [
        (
            JavaException("java.lang.NumberFormatException", "Infinite or NaN"),
            "java.lang.NumberFormatException: Infinite or NaN",
        ),
        (stack_overflow(), "java.lang.StackOverflowError"),
        (out_of_memory(), "java.lang.OutOfMemoryError: Java heap space"),
    ],
)
def test_a_thrown_exception_reads_as_in_java(thrown, shown):
    assert str(thrown) == shown


def test_an_object_is_equal_to_itself_only():
    one, two = JavaObject(), JavaObject()
    assert one.java_equals(one)
    assert not one.java_equals(two)
    assert not one.java_equals(None)
    assert one.java_hash() == two.java_hash()
    assert one.java_text() == f"java.lang.Object@{one.java_hash():x}"
