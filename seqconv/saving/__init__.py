"""One file for a fitted estimator: parameters, state and weights; nothing in it can be executed."""
