"""Ridge regression in closed form: its leave-one-out predictions against fits without each case."""

import numpy as np
import pytest

from seqconv.training.ridge import solve_ridge


def scores_without(X, targets, weight, case, penalty):
    """Score of a case by the ridge regression on all others, solved step by step."""
    kept = np.arange(len(X)) != case
    own = weight[kept]
    x_mean, y_mean = own @ X[kept] / own.sum(), own @ targets[kept] / own.sum()
    rows = X[kept] - x_mean
    gram = (rows * own[:, None]).T @ rows + penalty * np.eye(X.shape[1])
    kernel = np.linalg.solve(gram, (rows * own[:, None]).T @ (targets[kept] - y_mean))
    return (X[case] - x_mean) @ kernel + y_mean


@pytest.mark.parametrize("in_blocks", [False, True])
@pytest.mark.parametrize(("n_cases", "n_features"), [(30, 5), (20, 60), (25, 25)])
@pytest.mark.parametrize("multiple", [1e-3, 1.0])
def test_leave_one_out_is_a_fit_without_the_case(in_blocks, n_cases, n_features, multiple):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_cases, n_features)) * rng.uniform(0.1, 10, n_features) + 0.3
    Y, weight = rng.normal(size=(n_cases, 2)), rng.uniform(0.5, 2, n_cases)
    given = (lambda: (X[start : start + 7] for start in range(0, n_cases, 7))) if in_blocks else X
    found = solve_ridge(given, Y, weight, "linear", np.array([multiple]))
    weight = weight / weight.mean()
    for case in range(n_cases):
        expected = scores_without(X, Y, weight, case, found.penalty)
        np.testing.assert_allclose(found.left_out[case], expected, atol=1e-8)


def test_both_gram_matrices_give_one_solution():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(40, 60)), np.eye(3)[rng.integers(3, size=40)]
    by_cases = solve_ridge(X, y, np.ones(40), "softmax")
    by_features = solve_ridge(lambda: iter([X[:11], X[11:]]), y, np.ones(40), "softmax")
    assert by_cases.penalty == pytest.approx(by_features.penalty)
    np.testing.assert_allclose(by_cases.kernel, by_features.kernel, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(by_cases.left_out, by_features.left_out, atol=1e-6)


def test_a_weak_penalty_gives_least_squares():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(50, 3)) * [1, 10, 0.1] + 2, rng.normal(size=(50, 1))
    found = solve_ridge(X, Y, np.ones(50), "linear", np.array([1e-12]))
    expected, *_ = np.linalg.lstsq(np.c_[X, np.ones(50)], Y, rcond=None)
    np.testing.assert_allclose(np.r_[found.kernel, found.bias[None]], expected, rtol=1e-4)


def test_a_constant_feature_has_no_weight():
    X = np.c_[np.arange(10.0), np.full(10, 5.0)]
    found = solve_ridge(X, X[:, :1], np.ones(10), "linear")
    assert np.isfinite(found.kernel).all() and abs(found.kernel[1]).max() < 1e-9


def test_float32_features_far_more_than_cases_have_finite_losses():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 5_000)).astype("float32")
    y = np.eye(2)[np.arange(60) % 2]
    found = solve_ridge(X, y, np.ones(60), "softmax")
    # There is nothing to learn: the honest loss is that of the base rate.
    assert found.loss == pytest.approx(np.log(2), abs=0.02)


def test_equal_cases_and_a_duplicate_do_not_break_it():
    X = np.zeros((12, 20), "float32")
    y = np.eye(2)[np.arange(12) % 2]
    assert np.isfinite(solve_ridge(X, y, np.ones(12), "softmax").kernel).all()
    X[:, 0] = np.arange(12) // 2
    assert np.isfinite(solve_ridge(X, y, np.ones(12), "softmax").left_out).all()


@pytest.mark.parametrize(("n_cases", "n_features"), [(30, 5), (20, 60)])
def test_groups_are_left_out_together(n_cases, n_features):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(n_cases, n_features)) + 0.2, rng.normal(size=(n_cases, 2))
    weight, groups = rng.uniform(0.5, 2, n_cases), rng.integers(6, size=n_cases)
    found = solve_ridge(X, Y, weight, "linear", np.array([0.1]), groups=groups)
    weight = weight / weight.mean()
    for case in range(n_cases):
        kept = groups != groups[case]
        own = weight[kept]
        x_mean, y_mean = own @ X[kept] / own.sum(), own @ Y[kept] / own.sum()
        rows = X[kept] - x_mean
        gram = (rows * own[:, None]).T @ rows + found.penalty * np.eye(n_features)
        kernel = np.linalg.solve(gram, (rows * own[:, None]).T @ (Y[kept] - y_mean))
        np.testing.assert_allclose(found.left_out[case], (X[case] - x_mean) @ kernel + y_mean, atol=1e-8)


def test_one_group_alone_is_no_group():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 5)), np.eye(2)[np.arange(20) % 2]
    one, none = (solve_ridge(X, y, np.ones(20), "softmax", groups=groups) for groups in (np.zeros(20, int), None))
    np.testing.assert_array_equal(one.left_out, none.left_out)


def test_one_case_of_each_class_is_solved_with_a_usual_penalty():
    X = np.random.default_rng(0).normal(size=(3, 50))
    found = solve_ridge(X, np.eye(3), np.ones(3), "softmax")
    scores = X @ found.kernel + found.bias
    assert (scores.argmax(axis=1) == np.arange(3)).all() and np.abs(scores).max() > 0.1
