import keras
import numpy as np
import pytest

from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.adapters import TextAdapter
from seqconv.encoders import KimCNN
from seqconv.explain import ngrams

TEXTS = ["win a Prize", "win cash now", "claim a prize", "see you at lunch", "lunch at one?", "see me now"] * 4
LABELS = ["spam", "spam", "spam", "ham", "ham", "ham"] * 4


def fitted(**settings):
    adapter = TextAdapter(**{"n_dims": 2, "n_buckets": 4096, "max_pieces": 16} | settings)
    return SeqConvClassifier(adapter=adapter, epochs=1, random_state=0).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def classifier():
    return fitted()


def rows(found, label, kind):
    chosen = found[(found["class"] == label) & (found["kind"] == kind)]
    return dict(zip(chosen["feature"], chosen["weight"], strict=True))


def test_words_of_one_class_speak_for_it_and_the_strongest_come_first(classifier):
    found = ngrams(classifier, TEXTS, n=1000)
    assert {"win", "prize", "cash", "claim"} <= set(rows(found, "spam", "word"))
    assert {"see", "lunch", "you", "at"} <= set(rows(found, "ham", "word"))
    assert not set(rows(found, "spam", "word")) & set(rows(found, "ham", "word"))
    for label in ("ham", "spam"):
        weights = found.loc[found["class"] == label, "weight"].to_numpy()
        assert (np.diff(weights) <= 0).all() and (weights > 0).all()
    assert ngrams(classifier, TEXTS, n=3).groupby("class").size().tolist() == [3, 3]


def test_weights_are_those_of_the_layer(classifier):
    weights = classifier.model_.get_layer("wide").weights
    wide = {weight.name: keras.ops.convert_to_numpy(weight) for weight in weights}
    found = ngrams(classifier, TEXTS, n=1000)
    table = wide["table"]
    number = classifier.adapter_.vocabulary_["prize"]
    assert rows(found, "spam", "word")["prize"] == pytest.approx(table[number, 1] - table[number].mean())
    vocabulary = classifier.adapter_.vocabulary_
    code = vocabulary["a"] * 2**15 + vocabulary["prize"]
    place = code % len(wide["pair_codes"])
    assert wide["pair_codes"][place] == code
    weights = wide["pair_table"][place]
    assert rows(found, "spam", "pair")["a prize"] == pytest.approx(weights[1] - weights.mean())


def test_n_grams_and_shapes_are_named_by_what_the_texts_hold(classifier):
    found = ngrams(classifier, TEXTS, n=1000)
    assert any("pri" in feature for feature in rows(found, "spam", "n-gram"))
    assert "X+x+" in rows(found, "spam", "shape")  # Prize
    few = ngrams(classifier, ["lunch"], n=1000)
    assert len(few) > 0
    assert set(few["kind"]) <= {"word", "n-gram", "shape"}
    assert all(
        set(name) <= set("<lunch>") for row in few["feature"][few["kind"] == "n-gram"] for name in row.split(" | ")
    )


def test_n_grams_that_share_a_weight_are_named_together():
    found = ngrams(fitted(n_buckets=7), TEXTS, n=1000)
    grams = found[found["kind"] == "n-gram"]
    assert len(grams) <= 7 and grams["n_names"].max() > 3
    for feature, n in zip(grams["feature"], grams["n_names"], strict=True):
        assert len(feature.split(" | ")) == min(n, 4) and feature.endswith("...") == (n > 3)


def test_whole_words_have_words_and_pairs():
    found = ngrams(fitted(unit="word"), TEXTS, n=1000)
    assert set(found["kind"]) == {"word", "pair"} and (found["n_names"] == 1).all()


def test_no_pair_spans_the_middle_that_is_cut_out():
    classifier = fitted()
    classifier.adapter_.set_params(max_steps=2, cut="middle")
    found = ngrams(classifier, ["claim no such thing prize", "a prize"], n=1000)
    assert set(rows(found, "spam", "pair")) == {"a prize"}


def test_pieces_of_few_texts_are_not_listed_of_many(classifier):
    many = TEXTS * 5 + ["see a prize", "claim lunch"]
    found = ngrams(classifier, many, n=1000)
    pairs = set(found["feature"][found["kind"] == "pair"])
    assert "a prize" in pairs and found["n_texts"].min() >= 3
    every = ngrams(classifier, many, n=1000, min_texts=1)
    assert dict(zip(every["feature"], every["n_texts"], strict=True))["a prize"] == 41
    assert 0 < len(ngrams(classifier, many, n=1000, min_texts=42)) < len(found)
    assert len(ngrams(classifier, many, min_texts=1000)) == 0
    assert ngrams(classifier, ["win win a prize"], n=1000)["n_texts"].tolist() == [1] * len(
        ngrams(classifier, ["win win a prize"], n=1000)
    )


def test_a_classifier_without_a_linear_model_is_rejected():
    alone = SeqConvClassifier(KimCNN(filters=2), adapter=TextAdapter(n_dims=2), epochs=1).fit(TEXTS, LABELS)
    with pytest.raises(ValueError, match="must have a linear model, this one has none"):
        ngrams(alone, TEXTS)


def test_bad_arguments_are_rejected(classifier):
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, got 0"):
        ngrams(classifier, TEXTS, n=0)
    with pytest.raises(ValueError, match="min_texts must be None or a whole number of at least 1, got 0"):
        ngrams(classifier, TEXTS, min_texts=0)
    for other in (SeqConvRegressor(), 3):
        with pytest.raises(TypeError, match="must be a SeqConvClassifier, got"):
            ngrams(other, TEXTS)
