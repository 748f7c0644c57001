import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.svm import LinearSVC

from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.adapters import TextAdapter
from seqconv.encoders import FCN, KimCNN
from seqconv.explain import Occlusion, occlusion

TINY = FCN(filters=(8,), kernel_sizes=(5,))


@pytest.fixture(scope="module")
def pulses():
    """Cases with a pulse in the second class only, and where it is."""
    rng = np.random.default_rng(0)
    X, y, at = rng.normal(0, 0.1, (60, 30, 1)), np.arange(60) % 2, rng.integers(5, 25, 60)
    X[y == 1, at[y == 1]] += 5
    return X, y, at


@pytest.fixture(scope="module")
def classifier(pulses):
    encoder_settings = {"pooling": "max", "epochs": 40, "learning_rate": 0.02, "random_state": 0}
    return SeqConvClassifier(TINY, **encoder_settings).fit(pulses[0], pulses[1])


def test_the_loudest_window_is_where_the_pulse_is(classifier, pulses):
    X, y, at = pulses
    found = occlusion(classifier, X[y == 1], window=3, target=1)
    hits = [spans[0][0] <= where < spans[0][1] for spans, where in zip(found.loudest(1), at[y == 1], strict=True)]
    assert np.mean(hits) > 0.9


def test_a_drop_is_the_difference_of_two_predictions(classifier, pulses):
    X = pulses[0]
    found = occlusion(classifier, X[:4], window=6, stride=4, target=1)
    hidden = X[:4].copy()
    hidden[:, 4:10] = np.nan
    expected = (classifier.predict_proba(X[:4]) - classifier.predict_proba(hidden))[:, 1]
    np.testing.assert_allclose(found.drops[:, 1], expected, atol=1e-5)
    assert found.starts.tolist() == [0, 4, 8, 12, 16, 20, 24]


def test_without_a_target_each_case_is_asked_for_its_own_class(classifier, pulses):
    X = pulses[0]
    own = occlusion(classifier, X[:6], window=5)
    for case, label in enumerate(classifier.predict(X[:6])):
        expected = occlusion(classifier, X[case : case + 1], window=5, target=label).drops[0]
        np.testing.assert_allclose(own.drops[case], expected, atol=1e-5)


def test_what_is_not_observed_has_no_attribution(classifier, pulses):
    X = pulses[0][:2].copy()
    X[0, 20:] = np.nan
    found = occlusion(classifier, X, window=1).attributions
    assert np.isnan(found[0, 20:]).all() and np.isfinite(found[0, :20]).all() and np.isfinite(found[1]).all()


@pytest.mark.parametrize("stride", [1, 2])
def test_a_case_is_explained_alone_as_beside_longer_ones(classifier, pulses, stride):
    X = pulses[0][:3].copy()
    X[0, 13:] = np.nan
    X[1, :4] = X[1, 9] = X[1, 21:] = np.nan
    together = occlusion(classifier, X, window=4, stride=stride, target=1)
    for case, n_steps in enumerate([13, 21, 30]):
        alone = occlusion(classifier, X[case : case + 1, :n_steps], window=4, stride=stride, target=1)
        np.testing.assert_allclose(together.attributions[case, :n_steps], alone.attributions[0], atol=1e-5)
        assert np.isnan(together.attributions[case, n_steps:]).all()
        spans = [span[:2] for span in together.loudest(9)[case]]
        assert spans == [span[:2] for span in alone.loudest(9)[0]] and all(stop <= n_steps for _, stop in spans)
    np.testing.assert_array_equal(np.isnan(together.attributions[1]), np.isnan(X[1, :, 0]))


def test_a_window_longer_than_a_case_ends_with_it(classifier, pulses):
    X = pulses[0][:2].copy()
    X[0, 5:] = np.nan
    found = occlusion(classifier, X, window=8)
    assert np.isfinite(found.drops[0]).tolist() == [True] + 22 * [False]
    np.testing.assert_array_equal(found.attributions[0], [found.drops[0, 0]] * 5 + [np.nan] * 25)
    loud = Occlusion(np.array([[0.5]]), np.array([0]), window=8, observed=np.arange(30)[None] < 5)
    assert loud.loudest() == [[(0, 5, 0.5)]]


def test_attributions_are_means_over_the_windows_that_hide_a_step():
    found = Occlusion(np.array([[2.0, 4.0, np.nan]]), np.array([0, 1, 2]), window=2, observed=np.ones((1, 4), bool))
    np.testing.assert_array_equal(found.attributions, [[2.0, 3.0, 4.0, np.nan]])


def test_the_last_steps_are_hidden_whatever_the_stride(classifier, pulses):
    found = occlusion(classifier, pulses[0][:1], window=4, stride=3)
    assert found.starts[-1] + 4 == pulses[0].shape[1]


def test_a_hidden_end_leaves_a_case_as_long_as_its_filters_need(pulses):
    X, y, _ = pulses
    encoder = FCN(filters=(4, 4), kernel_sizes=(20, 7), padding="valid")
    classifier = SeqConvClassifier(encoder, epochs=1, random_state=0).fit(X, y)
    found = occlusion(classifier, X[:4], window=20, stride=10)
    assert found.starts.tolist() == [0, 10] and np.isfinite(found.drops).all()


def test_loudest_windows_do_not_overlap_and_speak_for_the_target():
    found = Occlusion(np.array([[0.5, 0.4, 0.1, -0.2]]), np.arange(4), window=2, observed=np.ones((1, 5), bool))
    assert found.loudest(3) == [[(0, 2, 0.5), (2, 4, 0.1)]]


def test_words_are_hidden_one_by_one():
    texts, y = ["good day", "bad day", "good night", "bad night"] * 5, ["yes", "no"] * 10
    adapter = TextAdapter("word", n_dims=8)
    classifier = SeqConvClassifier(KimCNN(filters=8), adapter=adapter, epochs=60, learning_rate=0.01, random_state=0)
    classifier.fit(texts, y)
    found = occlusion(classifier, ["good day"], target="yes")
    assert found.attributions[0, 0] > found.attributions[0, 1]


def test_a_hidden_word_is_not_told_by_the_next():
    texts, y = ["claim your prize today", "claim your lunch today"] * 10, ["spam", "ham"] * 10
    classifier = SeqConvClassifier(KimCNN(filters=4), adapter=TextAdapter(n_dims=8), epochs=1, random_state=0)
    classifier.fit(texts, y)
    hidden = [classifier.adapter_.hide(classifier.as_arrays([text]), 2, 3) for text in texts[:2]]
    np.testing.assert_array_equal(*hidden)
    found = occlusion(classifier, texts[:2], target="spam")
    left = classifier.predict_proba(texts[:2])[:, 1] - found.drops[:, 2]
    assert left[0] == pytest.approx(left[1], abs=1e-6)


def test_a_regressors_output_is_watched(pulses):
    X = pulses[0]
    regressor = SeqConvRegressor(TINY, epochs=1, random_state=0).fit(X, X.max(axis=(1, 2)))
    assert occlusion(regressor, X[:3], window=10, stride=10).drops.shape == (3, 3)


def test_verbose_shows_a_bar(classifier, pulses, capsys):
    occlusion(classifier, pulses[0][:1], window=10, stride=10, verbose=1)
    assert "3/3" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"window": 0}, "window must be a whole number of at least 1, got 0"),
        ({"stride": 0}, "stride must be a whole number of at least 1, got 0"),
        ({"window": 2.5}, "window must be a whole number of at least 1, got 2.5"),
        ({"target": 7}, r"target must be one of \[0, 1\], got 7"),
    ],
)
def test_bad_arguments_are_rejected(classifier, pulses, arguments, message):
    with pytest.raises(ValueError, match=message):
        occlusion(classifier, pulses[0], **arguments)


def test_an_unfitted_estimator_is_rejected(pulses):
    with pytest.raises(NotFittedError):
        occlusion(SeqConvClassifier(), pulses[0])


def test_another_estimator_is_rejected(pulses):
    with pytest.raises(TypeError, match="estimator must be a SeqConvClassifier or SeqConvRegressor, got LinearSVC"):
        occlusion(LinearSVC(), pulses[0])
