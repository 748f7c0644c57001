"""Targets of several labels a case, from their names to a saved model."""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.model_selection import cross_val_score
from sklearn.utils import _safe_indexing

import seqconv
from seqconv import SeqConvClassifier, SequenceSet
from seqconv.adapters import TextAdapter
from seqconv.data import MultilabelStratifiedKFold
from seqconv.data.splits import split_cases, thin_cases
from seqconv.encoders import FCN, KimCNN
from seqconv.estimators.split import split
from seqconv.metrics import best_thresholds, class_report, ranking_report

NAMES = np.array(["CLBBB", "AFIB", "NORM"])  # not in order of the alphabet
DRAW = np.random.default_rng(0)
Y = (DRAW.random((40, 3)) < 0.4).astype(int)
# Each label is a wave of its own.
WAVES = np.sin(np.outer([0.2, 0.5, 1.1], np.arange(50)))
X = (0.3 * DRAW.standard_normal((40, 50)) + Y @ WAVES).astype("f4")[:, :, None]
FRAME = pd.DataFrame(Y, columns=NAMES)
SETS = [set(NAMES[row == 1].tolist()) for row in Y]

FORMS = {
    "array": Y,
    "booleans": Y.astype(bool),
    "list of rows": Y.tolist(),
    "sparse matrix": scipy.sparse.csr_matrix(Y),
    "frame": FRAME,
    "frame of booleans": FRAME.astype(bool),
    "frame without names": pd.DataFrame(Y),
    "sets": SETS,
    "lists": [sorted(labels) for labels in SETS],
    "series of tuples": pd.Series([tuple(labels) for labels in SETS]),
}


def fast(**settings):
    return SeqConvClassifier("mini_rocket", random_state=0, **settings)


@pytest.fixture(scope="module")
def fitted():
    return fast().fit(X, FRAME)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_labels_trains_the_same_model(form, fitted):
    classifier = fast().fit(X, FORMS[form])
    named = {"frame": NAMES, "frame of booleans": NAMES}
    by_set = form in ("sets", "lists", "series of tuples")
    names = np.sort(NAMES) if by_set else named.get(form, np.arange(3))
    assert classifier.classes_.tolist() == names.tolist()
    order = np.argsort(NAMES) if by_set else [0, 1, 2]
    np.testing.assert_allclose(classifier.predict_proba(X), fitted.predict_proba(X)[:, order], atol=1e-5)
    assert classifier.score(X, FORMS[form]) == fitted.score(X, Y)


def test_the_default_learns_several_labels():
    classifier = SeqConvClassifier(random_state=0).fit(X[:30], FRAME[:30])
    assert type(classifier._banks[0].encoder).__name__ == "Bank"
    assert (classifier.predict(X[30:]) == Y[30:]).all(axis=0).all()
    assert classifier.predict(X[30:]).dtype.kind == "i"
    assert classifier.loo_proba_.shape == (30, 3) and np.isfinite(classifier.history_["loss"]).all()


def test_columns_are_matched_by_name_in_validation_and_score(fitted):
    turned = FRAME[["NORM", "CLBBB", "AFIB"]]
    assert (
        fitted.score(X, turned) == fitted.score(X, SETS) == fitted.score(SequenceSet(X, turned)) == fitted.score(X, Y)
    )
    losses = [
        fast().fit(X, FRAME, validation_data=data).history_["val_loss"]
        for data in ((X, Y), (X, turned), (X, SETS), SequenceSet(X, turned), SequenceSet(X, SETS))
    ]
    assert losses[1:] == losses[:1] * 4


@pytest.mark.parametrize(
    "y, message",
    [
        (FRAME[["NORM", "AFIB"]], "validation_data must be the labels .*it lacks 'CLBBB'"),
        (FRAME.assign(WPW=0), "it has 'WPW'"),
        (Y[:, :2], r"validation_data must have 3 labels a case, got shape \(40, 2\)"),
        ([{"NORM"}] * 39 + [{"WPW"}], "in validation_data: .*got 'WPW' in case 39"),
    ],
)
def test_other_labels_are_rejected_by_name(y, message):
    with pytest.raises(ValueError, match=message):
        fast().fit(X, FRAME, validation_data=(X, y))


def test_score_of_other_labels_is_rejected(fitted):
    with pytest.raises(ValueError, match="it lacks 'CLBBB'"):
        fitted.score(X, FRAME[["NORM", "AFIB"]])
    with pytest.raises(ValueError, match="got 'WPW' in case 0"):
        fitted.score(X[:1], [{"WPW"}])


@pytest.mark.parametrize(
    "y, error, message",
    [
        ([{"NORM": 100.0}] * 40, TypeError, "got dicts; give the set of keys"),
        ([{"NORM"}] * 39 + [None], ValueError, "got NaN or None in case 39"),
        ([{"NORM"}] * 39 + [{np.nan}], ValueError, "got NaN or None in case 39"),
        (FRAME.replace({1: 100}), ValueError, "y must be 0 or 1 for each label, got .*100.* in case"),
        (pd.concat([FRAME, FRAME], axis=1), ValueError, "a name of its own, got 'CLBBB' again"),
    ],
)
def test_labels_that_cannot_be_right_are_rejected(y, error, message):
    with pytest.raises(error, match=message):
        fast().fit(X, y)


def test_the_names_are_saved(fitted, tmp_path):
    fitted.save(tmp_path / "model.seqconv")
    loaded = seqconv.load(tmp_path / "model.seqconv")
    assert loaded.classes_.tolist() == NAMES.tolist() and loaded.score(X, FRAME[np.sort(NAMES)]) == fitted.score(X, Y)
    np.testing.assert_array_equal(loaded.predict(X), fitted.predict(X))
    loaded.save(tmp_path / "again.seqconv")
    assert (tmp_path / "again.seqconv").read_bytes() == (tmp_path / "model.seqconv").read_bytes()
    numbered = fast().fit(X, Y)
    assert set(numbered._targets.get_state()) == {"classes", "is_multi_label"}


@pytest.mark.parametrize("names", [["a", "b"], ["a", "b", "a"], [0.5, 1.5, 2.5], None])
def test_names_that_no_fit_could_have_learnt_are_rejected(fitted, names):
    state = fitted._targets.get_state()
    with pytest.raises(ValueError, match="names must be 3 different labels of a table"):
        fast()._new_targets().set_state(state | {"names": names and np.array(names)})
    with pytest.raises(ValueError, match="names must be 0 different labels"):
        fast()._new_targets().set_state({"classes": np.arange(3), "is_multi_label": False, "names": NAMES})


def test_labels_of_no_case_or_of_all_are_named():
    y = FRAME.assign(WPW=0, SR=1)
    with pytest.warns(UserWarning) as told:
        fast().fit(X, y)
    assert [str(one.message).partition(";")[0] for one in told] == [
        "no case of the training part has these labels, so nothing is learnt of them: WPW",
        "every case of the training part has these labels, so nothing is learnt of them: SR",
    ]
    assert {one.filename for one in told} == {__file__}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast().fit(X, FRAME)


def test_a_label_that_a_split_leaves_without_cases_is_named():
    groups = np.arange(40) // 10
    y = FRAME.assign(WPW=(groups == 3).astype(int))
    # The seed that sets the last group apart.
    small = SeqConvClassifier(FCN((2,), (3,)), epochs=1, validation_fraction=0.25, random_state=4)
    with pytest.warns(UserWarning, match="no case of the training part has these labels, .* of them: WPW;"):
        small.fit(X, y, groups=groups)


@pytest.mark.parametrize("y", [Y, FRAME, SETS])
def test_a_set_keeps_the_labels_through_selection_and_splits(y):
    cases = SequenceSet(X, y, groups=np.arange(40))
    chosen = cases[[3, 0, 7]]
    assert type(chosen.y) is type(cases.y)
    assert [*map(tuple, np.asarray(chosen.y))] == [*map(tuple, np.asarray(_safe_indexing(y, [3, 0, 7])))]
    train, test = split_cases(cases, 0.25, random_state=0)
    assert len(train.y) == 30 and len(test.y) == 10
    if y is FRAME:
        assert list(test.y.columns) == NAMES.tolist() and fast().fit(train).classes_.tolist() == NAMES.tolist()


def test_parts_have_about_the_same_share_of_each_label():
    for y in (Y, FRAME, SETS):
        rest, apart = split_cases(SequenceSet(X, y), 0.25, random_state=0)
        again = split_cases(SequenceSet(X, y), 0.25, random_state=0)[1]
        table = (
            np.array([[name in labels for name in NAMES] for labels in apart.y]) if y is SETS else np.asarray(apart.y)
        )
        assert np.abs(table.sum(axis=0) - Y.sum(axis=0) / 4).max() <= 1 and len(rest) == 30
        np.testing.assert_array_equal(apart.X, again.X)
    # Groups stay whole.
    rest, apart = split_cases(SequenceSet(X, Y, groups=np.arange(40) // 4), 0.2)
    assert not set(rest.groups) & set(apart.groups)
    # Tables of numbers are no labels.
    assert len(split_cases(SequenceSet(X, Y * 0.37), 0.25)[1]) == 10


def test_the_inner_validation_part_has_about_the_same_share_of_each_label():
    targets, y = fast()._new_targets(), (DRAW.random((300, 4)) < [0.5, 0.2, 0.05, 0.02]).astype(int)
    encoded = targets.learn(y, range(300))
    train, watched = split(targets, encoded, np.ones(300), None, None, False, 0)
    assert len(watched) == 30 and len(train) == 270
    assert np.abs(y[watched].sum(axis=0) - y.sum(axis=0) / 10).max() <= 1


def test_cases_of_the_same_labels_are_thinned():
    y = np.array([[1, 0], [1, 0], [1, 1], [0, 0], [1, 0], [0, 0]])
    names = np.array(["a", "b"])
    for given in (y, pd.DataFrame(y, columns=names), [set(names[row == 1]) for row in y]):
        thin = thin_cases(SequenceSet(np.arange(6), given), 1)
        assert len(thin) == 3 and 2 in thin.X
    assert len(thin_cases(SequenceSet(np.arange(6), y, groups=[0, 0, 0, 1, 1, 1]), 1)) == 4


def test_it_goes_through_cross_validation():
    folds = MultilabelStratifiedKFold(3, shuffle=True, random_state=0)
    wanted = cross_val_score(fast(), X, Y, cv=folds).tolist()
    assert cross_val_score(fast(), X, FRAME, cv=folds).tolist() == wanted
    cases = SequenceSet(X, SETS)
    assert cross_val_score(fast(), cases, cases.y, cv=folds).tolist() == wanted


def test_reports_and_thresholds_take_what_the_estimator_gives(fitted):
    train, test = split_cases(SequenceSet(X, FRAME), 0.25, random_state=0)
    classifier = fast().fit(train)
    probabilities = classifier.predict_proba(test)
    assert ranking_report(test.y, probabilities, classifier.classes_).overall["macro_roc_auc"] > 0.9
    thresholds = best_thresholds(train.y, classifier.loo_proba_, classifier.classes_)
    report = class_report(test.y, probabilities > thresholds, classifier.classes_)
    assert report.classes.tolist() == NAMES.tolist() and report.overall["macro_f1"] > 0.9


def test_texts_may_have_several_named_labels(tmp_path):
    texts = ["invoice is wrong", "app crashes", "invoice wrong and app crashes", "thank you"] * 4
    y = [{"billing"}, {"bug"}, {"billing", "bug"}, set()] * 4
    classifier = SeqConvClassifier(KimCNN(2), adapter=TextAdapter("word", n_dims=4), epochs=1, random_state=0)
    classifier.fit(texts, y).save(tmp_path / "texts.seqconv")
    loaded = seqconv.load(tmp_path / "texts.seqconv")
    assert loaded.classes_.tolist() == ["billing", "bug"] and loaded.predict(texts).shape == (16, 2)


def test_one_column_and_lists_of_one_label_are_told_apart():
    assert fast().fit(X, [{"a"} if row[0] else set() for row in Y]).predict(X).shape == (40, 1)
    with pytest.warns(match="column-vector y was passed"):
        assert fast().fit(X, FRAME[["AFIB"]]).predict(X).shape == (40,)


def test_a_balanced_weight_of_several_labels_is_not_defined():
    with pytest.raises(ValueError, match="class_weight needs one label a case"):
        fast(class_weight="balanced").fit(X, FRAME)
