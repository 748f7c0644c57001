"""Shares of several models in a mixture."""

import numpy as np


def mixture_shares(
    answers: np.ndarray, y: np.ndarray, weight: np.ndarray, activation: str, n_steps: int = 200
) -> np.ndarray:
    """Return the shares that give a mixture of models the greatest likelihood, by expectation maximisation.

    Parameters
    ----------
    answers : array of shape (n_models, n_cases, n_outputs)
        Probabilities that each model gives without having seen the case.
    y : array of shape (n_cases, n_outputs)
        0 and 1.
    weight : array of shape (n_cases,)
    activation : {"softmax", "sigmoid"}
        For "sigmoid" each label of a case counts as a case.
    n_steps : int, default=200

    Returns
    -------
    array of float64, shape (n_models,)
        At least 0, with sum 1.

    References
    ----------
    Dempster, Laird and Rubin (1977), "Maximum likelihood from incomplete data via the EM algorithm", section 4.3.

    Examples
    --------
    >>> answers = np.array([[[0.9, 0.1], [0.1, 0.9]], [[0.5, 0.5], [0.5, 0.5]]])
    >>> mixture_shares(answers, np.eye(2), np.ones(2), "softmax").round(2).tolist()
    [1.0, 0.0]
    """
    chosen = np.where(y > 0.5, answers, 1 - answers) if activation == "sigmoid" else (answers * y).sum(axis=-1)
    chosen = np.maximum(chosen.reshape(len(answers), -1), 1e-12)
    weight = np.repeat(weight, chosen.shape[1] // len(weight))
    weight = weight / weight.sum()
    shares = np.full(len(answers), 1 / len(answers))
    for _ in range(n_steps):
        shares = (shares[:, None] * chosen / (shares @ chosen)) @ weight
    return shares / shares.sum()
