"""Promises of the made-up sets."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from seqconv.datasets import make_messages, make_series, phrases


def equal(a, b):
    return len(a.X) == len(b.X) and all(np.array_equal(x, z, equal_nan=True) for x, z in zip(a.X, b.X, strict=True))


@pytest.mark.parametrize("n_cases, n_spam", [(2, 1), (5, 1), (200, 40), (1503, 301)])
def test_messages_are_distinct_and_a_fifth_is_spam(n_cases, n_spam):
    s = make_messages(n_cases)
    assert len(s) == len(set(s.X)) == n_cases and (s.y == "spam").sum() == n_spam
    assert set(s.y.tolist()) == {"ham", "spam"}
    assert all(isinstance(text, str) and text.strip() and "{" not in text and "\n" not in text for text in s.X)


def test_the_same_seed_gives_the_same_messages_whatever_the_global_state():
    np.random.seed(1)
    first = make_messages(100, random_state=3)
    np.random.seed(2)
    before = np.random.get_state()[1].copy()
    second = make_messages(100, random_state=3)
    assert first.X == second.X and first.y.tolist() == second.y.tolist()
    assert np.array_equal(np.random.get_state()[1], before)
    assert make_messages(100, random_state=4).X != first.X


def test_a_plain_classifier_is_good_at_messages_but_not_perfect():
    s = make_messages(1000)
    accuracy = cross_val_score(make_pipeline(TfidfVectorizer(), LinearSVC()), s.X, s.y, cv=5).mean()
    assert 0.95 <= accuracy <= 0.99


def test_ham_and_spam_share_the_words_that_give_spam_away():
    s = make_messages(1000)
    for word in ("free", "won", "claim", ".example", "call me on 0"):
        for label in ("ham", "spam"):
            assert any(word in text.lower() for text, y in zip(s.X, s.y, strict=True) if y == label), (word, label)


def test_addresses_in_messages_lead_nowhere():
    assert all(
        word.rstrip(",.!?").split("/")[0].lower().endswith(".example")
        for text in make_messages(1000).X
        for word in text.removeprefix("http://").split()
        if word.lower().startswith("www.")
    )


def test_every_slot_of_the_phrases_can_be_filled():
    lists = [phrases.HAM, phrases.HARD_HAM, phrases.SPAM, phrases.HARD_SPAM, phrases.EITHER, *phrases.SLOTS.values()]
    assert all(
        option.strip() == option and option for text in lists for option in text.strip().replace("\n", "|").split("|")
    )


def test_too_few_messages_are_refused():
    with pytest.raises(ValueError, match="n_cases must be a whole number of at least 2, one of each class, got 1"):
        make_messages(1)


def test_series_have_the_shape_and_the_balance_asked_for():
    s = make_series(n_cases=20, n_steps=40, n_channels=3, n_classes=3)
    assert s.X.shape == (20, 40, 3) and s.X.dtype == np.float32 and np.isfinite(s.X).all()
    assert s.y.dtype == np.int64 and sorted(np.bincount(s.y)) == [6, 7, 7]


def test_unequal_series_run_from_half_the_steps_to_all_of_them():
    s = make_series(n_cases=100, n_steps=41, unequal=True)
    lengths = {len(case) for case in s.X}
    assert isinstance(s.X, list) and min(lengths) == 21 and max(lengths) == 41


def test_missing_values_are_as_many_as_asked_for_and_every_case_keeps_its_first_step():
    X = make_series(n_cases=100, missing=0.3).X
    assert abs(np.isnan(X).mean() - 0.3) < 0.02 and not np.isnan(X[:, 0]).any()
    assert not np.isnan(make_series(n_cases=10).X).any()


@pytest.mark.parametrize("settings", [{}, {"unequal": True, "missing": 0.1}])
def test_the_same_seed_gives_the_same_series_whatever_the_global_state(settings):
    np.random.seed(1)
    first = make_series(20, random_state=5, **settings)
    np.random.seed(2)
    before = np.random.get_state()[1].copy()
    assert equal(first, make_series(20, random_state=5, **settings))
    assert np.array_equal(np.random.get_state()[1], before)
    assert not equal(first, make_series(20, random_state=6, **settings))


def test_the_class_is_told_by_the_shape_and_by_no_summary_of_the_case():
    s = make_series(400, n_classes=2)
    X = s.X[:, :, 0]
    for summary in (X.mean(axis=1), X.std(axis=1)):
        gap = summary[s.y == 0].mean() - summary[s.y == 1].mean()
        assert abs(gap) < 4 * summary.std() * np.sqrt(2 / 200)
    averages = [shape - shape.mean() for shape in (forward_wave(25), forward_wave(25)[::-1])]
    responses = np.stack([[np.correlate(row, w, "valid").max() for row in X] for w in averages])
    assert (responses.argmax(axis=0) == s.y).mean() > 0.95


def forward_wave(length):
    time = np.arange(length) / length
    return np.sin(2 * np.pi * time * (1 + time)) * np.sin(np.pi * time)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"n_cases": 2, "n_classes": 3}, "n_cases must be a whole number of at least 3, got 2"),
        ({"n_steps": 15}, "n_steps must be a whole number of at least 16, got 15"),
        ({"n_channels": 0}, "n_channels must be a whole number of at least 1, got 0"),
        ({"n_classes": 1}, "n_classes must be a whole number of at least 2, got 1"),
        ({"missing": 1.0}, "missing must be at least 0 and below 1, got 1.0"),
        ({"missing": float("nan")}, "missing must be at least 0 and below 1"),
    ],
)
def test_a_number_out_of_range_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_series(**arguments)


@pytest.mark.parametrize("make", [make_messages, make_series])
def test_half_a_case_is_refused(make):
    with pytest.raises(ValueError, match="n_cases must be a whole number of at least 2.* got 2.5"):
        make(2.5)
