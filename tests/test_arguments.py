"""Checks of arguments: what is accepted, what is returned, and what the message says."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from seqconv import arguments

NAN, INF = math.nan, math.inf
HUGE = 10**400


def check_table(function, value, options, expected):
    """Compare with the expected value and its exact type, or with the whole message."""
    if isinstance(expected, str):
        with pytest.raises(ValueError) as caught:
            function("x", value, **options)
        assert str(caught.value) == f"x must be {expected}."
    else:
        found = function("x", value, **options)
        assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    "value, options, expected",
    [
        (3, {}, 3),
        (-3, {}, -3),
        (0, {"least": 0}, 0),
        (9, {"most": 9}, 9),
        (np.int8(3), {"least": 1, "most": 3}, 3),
        (np.uint64(2**63), {}, 2**63),
        (np.array(4), {}, 4),
        (HUGE, {"least": 1}, HUGE),
        (None, {"optional": True}, None),
        (None, {}, "a whole number, got None"),
        (3.0, {}, "a whole number, got 3.0"),
        (np.float64(3), {}, "a whole number, got np.float64(3.0)"),
        ("3", {"least": 1}, "a whole number of at least 1, got '3'"),
        (True, {}, "a whole number, got True"),
        (np.True_, {}, "a whole number, got np.True_"),
        (np.array([4]), {}, "a whole number, got array([4])"),
        (NAN, {}, "a whole number, got nan"),
        (INF, {"optional": True}, "None or a whole number, got inf"),
        (0, {"least": 1}, "a whole number of at least 1, got 0"),
        (4, {"most": 3}, "a whole number of at most 3, got 4"),
        (4, {"least": 1, "most": 3, "optional": True}, "None or a whole number from 1 to 3, got 4"),
        (HUGE, {"most": 3}, f"a whole number of at most 3, got 1{'0' * 196}..."),
    ],
)
def test_whole(value, options, expected):
    check_table(arguments.whole, value, options, expected)


@pytest.mark.parametrize(
    "value, options, expected",
    [
        (0.5, {}, 0.5),
        (1, {}, 1.0),
        (0, {"least": 0, "below": 1}, 0.0),
        (np.float32(0.5), {"above": 0, "most": 0.5}, 0.5),
        (np.int64(2), {}, 2.0),
        (Fraction(1, 4), {}, 0.25),
        (None, {"optional": True}, None),
        (None, {}, "a number, got None"),
        (NAN, {}, "a number, got nan"),
        (np.float64(NAN), {"least": 0}, "a number of at least 0, got np.float64(nan)"),
        (INF, {"above": 0}, "a number above 0, got inf"),
        (-INF, {}, "a number, got -inf"),
        (HUGE, {"most": 1}, f"a number of at most 1, got 1{'0' * 196}..."),
        (Fraction(HUGE), {}, f"a number, got Fraction(1{'0' * 187}..."),
        (True, {}, "a number, got True"),
        (np.False_, {}, "a number, got np.False_"),
        ("0.5", {}, "a number, got '0.5'"),
        (1j, {}, "a number, got 1j"),
        (Decimal("0.5"), {}, "a number, got Decimal('0.5')"),
        (np.array(0.5), {}, "a number, got array(0.5)"),
        (1, {"above": 0, "below": 1}, "a number above 0 and below 1, got 1"),
        (1, {"least": 0, "below": 1}, "a number from 0 to below 1, got 1"),
        (0, {"above": 0, "most": 1}, "a number from above 0 to 1, got 0"),
        (1, {"below": 1, "optional": True}, "None or a number below 1, got 1"),
        (-0.1, {"least": 0, "most": 0.25}, "a number from 0 to 0.25, got -0.1"),
    ],
)
def test_number(value, options, expected):
    check_table(arguments.number, value, options, expected)


@pytest.mark.parametrize(
    "value, options, expected",
    [
        ((1, 2), {}, (1.0, 2.0)),
        ([0.5, 0.5], {"least": 0.5, "most": 0.5}, (0.5, 0.5)),
        ((np.int32(-1), np.float32(2)), {}, (-1.0, 2.0)),
        ((2, 1), {}, "(lowest, highest), got (2, 1). Exchange the two"),
        ((1,), {}, "two numbers (lowest, highest), got (1,)"),
        ("ab", {}, "two numbers (lowest, highest), got 'ab'"),
        (3, {}, "two numbers (lowest, highest), got 3"),
        (None, {}, "two numbers (lowest, highest), got None"),
    ],
)
def test_pair(value, options, expected):
    check_table(arguments.pair, value, options, expected)


@pytest.mark.parametrize("value", [(0, 3), (NAN, 1), (0, "1"), (False, True)])
def test_each_number_of_a_pair_is_checked(value):
    with pytest.raises(ValueError, match=r"^each of x must be a number from 0 to 2, got "):
        arguments.pair("x", value, 0, 2)


@pytest.mark.parametrize(
    "value, choices, expected",
    [
        ("same", ("same", "valid"), "same"),
        (np.str_("valid"), ("same", "valid"), "valid"),
        (np.int64(2), iter([1, 2]), 2),
        (None, (None, "mean"), None),
        (np.True_, (True, "auto"), True),
    ],
)
def test_a_choice_is_returned_as_python_writes_it(value, choices, expected):
    found = arguments.choice("x", value, choices)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    "value, choices, message",
    [
        ("Same", ("same",), "x must be 'same', got 'Same'."),
        ("c", ("a", "b"), "x must be 'a' or 'b', got 'c'."),
        ("d", ("a", "b", None), "x must be 'a', 'b' or None, got 'd'."),
        (1, (True, False), "x must be True or False, got 1."),
        (True, (0, 1), "x must be 0 or 1, got True."),
        (1.0, (1, 2), "x must be 1 or 2, got 1.0."),
        (NAN, ("a",), "x must be 'a', got nan."),
        (np.array(["a", "b"]), ("a", "b"), "x must be 'a' or 'b', got array(['a', 'b'], dtype='<U1')."),
        (["a"], ("a",), "x must be 'a', got ['a']."),
        ("z" * 999, ("a",), f"x must be 'a', got '{'z' * 196}...."),
    ],
)
def test_another_choice_is_rejected_with_all_of_them(value, choices, message):
    with pytest.raises(ValueError) as caught:
        arguments.choice("x", value, choices)
    assert str(caught.value) == message


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_])
def test_a_flag_is_true_or_false(value):
    assert arguments.flag("x", value) is bool(value)


@pytest.mark.parametrize("value", [0, 1, None, "True", np.int64(1), np.array(True), NAN])
def test_another_flag_is_rejected(value):
    with pytest.raises(TypeError, match=r"^x must be True or False, got "):
        arguments.flag("x", value)


@pytest.mark.parametrize("value", [["a", "b"], ("a", "b"), [np.str_("a"), "b"]])
def test_strings_are_a_list(value):
    found = arguments.strings("x", value)
    assert found == ["a", "b"] and type(found) is list


def test_strings_may_be_optional():
    assert arguments.strings("x", None, optional=True) is None
    with pytest.raises(ValueError, match="^x must be None or a list of different strings, got 3"):
        arguments.strings("x", 3, optional=True)


@pytest.mark.parametrize("value", [None, "ab", b"ab", [], ["a", "a"], ["a", 1], [["a"]], {"a"}, {"a": 1}, 3])
def test_other_strings_are_rejected(value):
    with pytest.raises(ValueError, match=r"^x must be a list of different strings, got "):
        arguments.strings("x", value)


def test_a_long_value_is_shortened_in_the_message():
    for call in (arguments.whole, arguments.number, arguments.pair, arguments.strings):
        with pytest.raises(ValueError) as caught:
            call("x", [1] * 100_000)
        assert len(str(caught.value)) < 270 and str(caught.value).endswith("....")


@pytest.mark.parametrize(
    "value, is_whole, is_number",
    [
        (2, True, True),
        (np.uint8(2), True, True),
        (HUGE, False, False),
        (2.0, False, True),
        (np.float16(2.5), False, True),
        (9, False, False),
        (NAN, False, False),
        (INF, False, False),
        (True, False, False),
        (np.True_, False, False),
        ("2", False, False),
        (None, False, False),
    ],
)
def test_the_questions_have_bounds(value, is_whole, is_number):
    assert arguments.is_whole(value, 1, 3) is is_whole
    assert arguments.is_number(value, 1, 3) is is_number


def test_without_bounds_every_real_number_counts():
    assert all(arguments.is_number(value) for value in (NAN, INF, HUGE, -1, Fraction(1, 3)))
    assert not any(arguments.is_number(value) for value in (1j, True, np.False_, "1", None))
    assert arguments.is_whole(-HUGE) and not arguments.is_whole(1.0)
