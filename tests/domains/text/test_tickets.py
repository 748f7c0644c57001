"""Promises of the made-up tickets."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from seqconv.datasets import make_tickets
from seqconv.domains.text import tickets

QUEUES = ["access", "billing", "delivery", "returns", "fault", "security"]


@pytest.mark.parametrize(
    "n_cases, counts", [(6, [1] * 6), (100, [38, 28, 18, 10, 4, 2]), (1503, [575, 420, 270, 150, 60, 30])]
)
def test_tickets_are_distinct_and_the_queues_unequal(n_cases, counts):
    s = make_tickets(n_cases)
    assert len(s) == len(set(s.X)) == n_cases
    found = [int((s.y == queue).sum()) for queue in QUEUES]
    assert sum(found) == n_cases and np.abs(np.subtract(found, counts)).max() <= 4 and min(found) >= 1
    assert all(isinstance(text, str) and "{" not in text and "|" not in text and "\n" in text for text in s.X)


def test_the_same_seed_gives_the_same_tickets_whatever_the_global_state():
    np.random.seed(1)
    first = make_tickets(100, random_state=3)
    np.random.seed(2)
    before = np.random.get_state()[1].copy()
    second = make_tickets(100, random_state=3)
    assert first.X == second.X and first.y.tolist() == second.y.tolist()
    assert np.array_equal(np.random.get_state()[1], before)
    assert make_tickets(100, random_state=4).X != first.X


def test_a_plain_classifier_is_good_at_tickets_but_not_perfect():
    s = make_tickets(1000)
    svm = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(class_weight="balanced"))
    assert 0.9 <= f1_score(s.y, cross_val_predict(svm, s.X, s.y, cv=5), average="macro") <= 0.99


def test_words_of_a_queue_stand_in_the_tickets_of_others_too():
    s = make_tickets(1000)
    for word in ("invoice", "password", "returned", "screen", "signed in", "in time"):
        queues = {y for text, y in zip(s.X, s.y, strict=True) if word in text}
        assert queues == set(QUEUES), word


def test_a_ticket_is_about_one_item_and_one_order():
    items = tickets._SLOTS["item"].split("|")
    for text in make_tickets(500).X:
        assert sum(item in text for item in items) <= 1
        assert len({word for word in text.replace(".", " ").split() if word.isdigit() and 4 <= len(word) <= 5}) <= 1


def test_every_slot_can_be_filled_and_no_option_is_lost():
    lists = [
        *tickets._TROUBLES.values(),
        *tickets._SUBJECTS.values(),
        *tickets._SLOTS.values(),
        tickets._VAGUE,
        tickets._ASIDES,
    ]
    draw = np.random.default_rng(0)
    for options in lists:
        found = {tickets._pick(options, draw, {"item": "I", "number": "N"}) for _ in range(300)}
        assert all(text and "{" not in text and "  " not in text for text in found)
        assert len(found) >= len(options.split("|"))


def test_too_few_tickets_are_refused():
    with pytest.raises(ValueError, match="n_cases must be a whole number of at least 6, got 5"):
        make_tickets(5)
