"""The promises of the two estimators: scikit-learn's own checks, their 3-D twin, and scikit-learn's tools."""

import copy
import pickle

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, StackingRegressor, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.adapters import TextAdapter
from seqconv.data import padding
from seqconv.datasets import make_messages, make_series
from seqconv.encoders import FCN, KimCNN
from seqconv.estimators import fitting

WHY = "batches of some cases: two cases of weight 1 are not in one batch as one of weight 2 is"
EXPECTED = {"check_sample_weight_equivalence_on_dense_data": WHY}
CHECKED = {
    "classifier": SeqConvClassifier(FCN(filters=(16, 16), kernel_sizes=(10, 10)), epochs=40, learning_rate=0.02),
    "regressor": SeqConvRegressor(FCN(filters=(16, 16), kernel_sizes=(10, 10)), epochs=40, learning_rate=0.02),
}
TINY = FCN(filters=(4,), kernel_sizes=(5,))


@pytest.fixture(params=sorted(CHECKED))
def checked(request):
    return clone(CHECKED[request.param]).set_params(random_state=0)


def tiny(**parameters):
    return SeqConvClassifier(TINY, **{"epochs": 2, "random_state": 0} | parameters)


@pytest.fixture(scope="module")
def series():
    return make_series(n_cases=48, n_steps=24, n_channels=2, unequal=True, random_state=0)


@pytest.fixture(scope="module")
def messages():
    return make_messages(60, random_state=0)


@pytest.mark.filterwarnings("ignore")
def test_scikit_learns_own_checks(checked, capsys):
    results = check_estimator(checked, on_fail=None, expected_failed_checks=EXPECTED)
    # A list: some checks run several times under one name.
    failed = [result["check_name"] for result in results if result["status"] == "failed"]
    n_expected = sum(result["status"] == "xfail" for result in results)
    with capsys.disabled():
        print(f"\n{type(checked).__name__}: {len(results)} checks, {n_expected} expected failure")
    assert len(results) >= 58
    assert failed == []
    assert n_expected <= 1


def test_the_tags_hide_no_check(checked):
    tags = checked.__sklearn_tags__()
    assert tags.input_tags.two_d_array and tags.input_tags.three_d_array and tags.input_tags.allow_nan
    assert not (tags.no_validation or tags.non_deterministic)
    assert not (tags.classifier_tags or tags.regressor_tags).poor_score


class TestThreeDimensions:
    """What scikit-learn asks of tables, asked of (cases, steps, channels) and of lists."""

    @pytest.fixture(params=["array", "list", "object array"])
    def X(self, request, series):
        if request.param == "array":
            return padding.pad_sequences(series.X)
        if request.param == "list":
            return series.X
        cases = np.empty(len(series), dtype=object)
        cases[:] = series.X
        return cases

    @pytest.mark.parametrize("kind", [str, int, bool])
    def test_labels_of_any_kind_come_back(self, X, series, kind):
        y = np.array([kind(label) for label in series.y])
        classifier = tiny().fit(X, y)
        np.testing.assert_array_equal(classifier.classes_, np.unique(y))
        assert set(classifier.predict(X)) <= set(y)
        probabilities = classifier.predict_proba(X)
        assert probabilities.shape == (len(y), 2)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
        np.testing.assert_array_equal(classifier.classes_[probabilities.argmax(axis=1)], classifier.predict(X))

    def test_the_form_of_x_does_not_matter(self, X, series):
        expected = tiny().fit(padding.pad_sequences(series.X), series.y).predict_proba(series.X)
        np.testing.assert_allclose(tiny().fit(X, series.y).predict_proba(X), expected, atol=1e-5)

    def test_fit_changes_neither_x_nor_y_nor_parameters(self, X, series):
        before = copy.deepcopy((list(X), series.y)), str(tiny().get_params())
        classifier = tiny().fit(X, series.y)
        np.testing.assert_equal((list(X), series.y), before[0])
        assert str(classifier.get_params()) == before[1]

    def test_order_and_number_of_cases_do_not_matter(self, X, series):
        classifier = tiny().fit(X, series.y)
        together = classifier.predict_proba(X)
        np.testing.assert_allclose(classifier.predict_proba(X[::-1])[::-1], together, atol=1e-6)
        alone = np.concatenate([classifier.predict_proba(X[i : i + 1]) for i in range(5)])
        np.testing.assert_allclose(alone, together[:5], atol=1e-5)

    def test_fitting_twice_is_fitting_once(self, X, series):
        classifier = tiny().fit(X, series.y)
        once = classifier.predict_proba(X)
        np.testing.assert_array_equal(classifier.fit(X, series.y).predict_proba(X), once)

    def test_pickle_joblib_and_copies_answer_the_same(self, X, series, tmp_path):
        classifier = tiny(n_members=2).fit(X, series.y)
        joblib.dump(classifier, tmp_path / "classifier")
        for other in (
            pickle.loads(pickle.dumps(classifier)),
            joblib.load(tmp_path / "classifier"),
            copy.deepcopy(classifier),
        ):
            np.testing.assert_array_equal(other.predict_proba(X), classifier.predict_proba(X))
        assert not hasattr(clone(classifier), "model_")

    def test_n_features_in_counts_channels(self, X, series):
        assert tiny().fit(X, series.y).n_features_in_ == 2

    def test_another_number_of_channels_is_refused(self, X, series):
        with pytest.raises(ValueError, match="2 channels.*got 1"):
            tiny().fit(X, series.y).predict([case[:, :1] for case in series.X])

    def test_a_regressor_takes_one_output_or_several(self, X, series):
        levels = np.array([[np.nanmean(case), np.nanmax(case)] for case in series.X])
        regressor = SeqConvRegressor(TINY, epochs=2, random_state=0)
        assert regressor.fit(X, levels[:, 0]).predict(X).shape == (48,)
        assert regressor.fit(X, levels).predict(X).shape == (48, 2)


def raw(name, series, messages):
    """(X, y, classifier) of one kind of input."""
    if name == "messages":
        text = SeqConvClassifier(KimCNN(filters=4), adapter=TextAdapter(n_dims=8), epochs=2, random_state=0)
        return messages.X, messages.y, text
    return (padding.pad_sequences(series.X) if name == "array" else series.X), series.y, tiny()


@pytest.fixture(params=["array", "list", "messages"])
def kind(request, series, messages):
    return raw(request.param, series, messages)


def test_pipeline(kind):
    X, y, classifier = kind
    pipeline = make_pipeline(FunctionTransformer(), classifier).fit(X, y)
    assert pipeline.score(X, y) >= 0


def test_grid_search_over_the_encoders_filters(kind):
    X, y, classifier = kind
    filters = [2, 3] if isinstance(classifier.encoder, KimCNN) else [(2,), (3,)]
    search = GridSearchCV(classifier, {"encoder__filters": filters}, cv=2, error_score="raise").fit(X, y)
    assert search.best_estimator_.encoder.filters in filters


def test_grid_search_over_the_adapters_limits(messages):
    X, y, classifier = raw("messages", None, messages)
    search = GridSearchCV(classifier, {"adapter__max_tokens": [5, 50]}, cv=2, error_score="raise").fit(X, y)
    assert len(search.best_estimator_.adapter_.vocabulary_) == search.best_params_["adapter__max_tokens"]


def test_cross_validation_with_groups(kind):
    X, y, classifier = kind
    groups = np.arange(len(y)) % 6
    scores = cross_val_score(classifier, X, y, groups=groups, cv=GroupKFold(2), error_score="raise")
    assert len(scores) == 2


def test_groups_given_as_a_fit_parameter_split_the_validation_part(series, monkeypatch):
    def watching(targets, encoded, weight, groups, *settings):
        rows, watched = split(targets, encoded, weight, groups, *settings)
        seen.append((set(groups[rows]), set(groups[watched])))
        return rows, watched

    seen, split = [], fitting.split
    monkeypatch.setattr(fitting, "split", watching)
    estimator = SeqConvClassifier(TINY, epochs=1, random_state=0, validation_fraction=0.25)
    groups = np.arange(48) // 6
    cross_val_score(estimator, series.X, series.y, cv=2, params={"groups": groups}, error_score="raise")
    assert len(seen) == 2
    for trained, watched in seen:
        assert trained and watched and not trained & watched


def test_calibration(kind):
    X, y, classifier = kind
    calibrated = CalibratedClassifierCV(classifier, cv=2).fit(X, y)
    assert calibrated.predict_proba(X).shape == (len(y), 2)


def test_stacking(kind):
    X, y, classifier = kind
    stack = StackingClassifier([("net", classifier)], LogisticRegression(), cv=2, passthrough=False).fit(X, y)
    assert len(stack.predict(X)) == len(y)


def test_voting(kind):
    X, y, classifier = kind
    vote = VotingClassifier([("one", classifier), ("other", clone(classifier))], voting="soft").fit(X, y)
    assert len(vote.predict(X)) == len(y)


def test_stacked_regressors(series):
    regressor = SeqConvRegressor(TINY, epochs=2, random_state=0)
    stack = StackingRegressor([("net", regressor)], cv=2).fit(series.X, series.y.astype(float))
    assert stack.predict(series.X).shape == (48,)
