"""Promises of the made-up messages."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from seqconv.datasets import make_messages
from seqconv.domains.text import phrases


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
    with pytest.raises(ValueError, match="n_cases must be a whole number of at least 2, got 1"):
        make_messages(1)


def test_half_a_case_is_rejected():
    with pytest.raises(ValueError, match="n_cases must be a whole number of at least 2.* got 2.5"):
        make_messages(2.5)
