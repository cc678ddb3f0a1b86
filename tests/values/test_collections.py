import pytest

from vtlsim.values.collections import (
    Entry,
    EntrySet,
    HashMap,
    JavaArray,
    JavaIterator,
    JSONArray,
    KeySet,
    LazyRange,
    SubList,
    ValuesView,
    index_of,
    key_of,
    key_value,
    sequence,
    table_size,
)
from vtlsim.values.numbers import Long
from vtlsim.values.objects import JavaException
from vtlsim.values.text import Character


def test_keys_that_python_would_mix_up_are_kept_apart():
    values = [1, True, 1.0, Long(1), "1", Character("1"), None, [1], {"a": 1}]
    mapping = {key_of(value): place for place, value in enumerate(values)}
    assert len(mapping) == len(values)
    assert [mapping[key_of(value)] for value in values] == list(range(len(values)))
    assert [key_value(key) for key in mapping] == values
    assert mapping[key_of(JSONArray([1]))] == 7
    assert key_of("a") == "a"
    assert key_of(key_of(1.5)) == key_of(1.5)


@pytest.mark.parametrize("wanted, size", [(0, 1), (1, 1), (2, 2), (3, 4), (16, 16), (17, 32)])
def test_table_size(wanted, size):
    assert table_size(wanted) == size


def test_a_hash_map_keeps_its_order_when_a_value_changes_and_finds_it_anew_when_a_key_does():
    mapping = HashMap({"zeta": 1, "alpha": 2, "stage": 3})
    before = list(mapping)
    mapping["alpha"] = 5
    assert list(mapping) == before
    mapping["B"] = 6
    assert "B" in list(mapping)
    del mapping["zeta"]
    assert "zeta" not in mapping.keys()  # noqa: SIM118 - keys() is what is asked
    assert mapping.items() == [(key, mapping[key]) for key in mapping]
    assert list(reversed(mapping)) == list(mapping)[::-1]
    assert dict(mapping) == mapping
    assert mapping.setdefault("C", 7) == 7
    assert mapping.values() == [mapping[key] for key in mapping.copy()]
    mapping.clear()
    assert list(mapping) == []
    with pytest.raises(TypeError):
        mapping | {}


def test_a_hash_map_gives_its_last_key():
    mapping = HashMap({"a": 1})
    assert mapping.popitem() == ("a", 1)
    assert mapping.pop("a", None) is None


def test_views_are_live():
    mapping: dict = {"a": 1}
    keys, values, entries = KeySet(mapping), ValuesView(mapping), EntrySet(mapping)
    mapping["b"] = 2
    assert [list(keys), list(values), len(keys), len(values), len(entries)] == [["a", "b"], [1, 2], 2, 2, 2]
    assert ["a" in keys, 2 in values, True in values, Entry(mapping, "a") in entries, "a" in entries] == [
        *[True, True, False, True, False]
    ]
    assert Entry({"a": 9}, "a") not in entries
    entry = next(iter(entries))
    entry.value = 5
    assert mapping["a"] == 5
    mapping["a"] = 6
    assert (entry.key, entry.value) == ("a", 6)
    del mapping["a"]
    assert entry.value == 6
    entry.value = 7
    assert (entry.value, mapping) == (7, {"b": 2})


def test_a_range_makes_no_items_until_it_is_changed():
    numbers = LazyRange(1, 2_000_000_000)
    assert len(numbers) == 2_000_000_000
    assert numbers[-1] == 2_000_000_000
    assert 5 in numbers
    assert True not in numbers
    down = LazyRange(3, 1)
    down.list.append("x")
    assert [list(down), len(down), down[3], "x" in down, 9 in down] == [[3, 2, 1, "x"], 4, "x", True, False]


def test_a_sub_list_writes_through():
    items: list = [1, 2, 3, 4]
    part = SubList(items, 1, 3)
    inner = SubList(part, 0, 1)
    part[0] = "b"
    inner[0] = "B"
    assert (items, list(part), list(inner), part[1]) == ([1, "B", 3, 4], ["B", 3], ["B"], 3)
    inner.append("new")
    part = SubList(items, 0, 2)
    part.append("end")
    assert part.pop(0) == 1
    assert (items, len(part)) == (["B", "end", "new", 3, 4], 2)


def test_a_sub_list_notices_what_others_do():
    items: list = [1, 2, 3]
    part = SubList(items, 0, 2)
    with pytest.raises(JavaException, match="Index 2 out of bounds for length 2"):
        part[2]
    items.append(4)
    with pytest.raises(JavaException, match="ConcurrentModificationException"):
        len(part)


def test_an_iterator_gives_each_item_and_then_throws():
    for items in ([1, 2], LazyRange(1, 2), SubList([1, 2, 3], 0, 2), KeySet({1: 0, 2: 0}), iter([1, 2])):
        iterator = JavaIterator(items)
        taken = []
        while iterator.has_next():
            taken.append(iterator.next())
        assert taken == [1, 2]
        assert iterator.cursor == 2
        with pytest.raises(JavaException, match="NoSuchElementException"):
            iterator.next()


def test_a_list_iterator_goes_back():
    iterator = JavaIterator(["a", "b"], "java.util.ArrayList$ListItr")
    assert [iterator.next(), iterator.next(), iterator.previous(), iterator.previous()] == ["a", "b", "b", "a"]
    with pytest.raises(JavaException, match="NoSuchElementException"):
        iterator.previous()


@pytest.mark.parametrize("grow", [lambda items: items.append(3), lambda items: items.pop(0)])
def test_an_iterator_notices_that_a_list_changed(grow):
    items: list = [1, 2, 3, 4]
    iterator = JavaIterator(items)
    iterator.next()
    grow(items)
    assert iterator.has_next()
    with pytest.raises(JavaException, match="ConcurrentModificationException"):
        iterator.next()


def test_as_in_java_an_iterator_overlooks_a_removal_that_leaves_as_many_as_were_taken():
    items: list = [1, 2]
    iterator = JavaIterator(items)
    iterator.next()
    items.pop()
    assert not iterator.has_next()


def test_an_iterator_notices_that_a_map_changed():
    mapping: dict = {"a": 1, "b": 2}
    iterator = JavaIterator(KeySet(mapping))
    iterator.next()
    mapping["c"] = 3
    assert iterator.has_next()
    with pytest.raises(JavaException, match="ConcurrentModificationException"):
        iterator.next()


@pytest.mark.parametrize(
    "value, expected",
    [
        ([1], [1]),
        (JSONArray([1]), [1]),
        (LazyRange(1, 2), [1, 2]),
        (SubList([1, 2, 3], 1, 2), [2]),
        (JavaArray([1]), None),
        ({}, None),
        ("a", None),
    ],
    ids=repr,
)
def test_sequence(value, expected):
    found = sequence(value)
    assert (None if found is None else list(found)) == expected


def test_index_of_goes_by_equals():
    assert index_of([True, 1.0, 1], 1) == 2
    assert index_of([None, 1], None) == 0
    assert index_of(["a"], "b") == -1
