"""Draw and train the networks of an estimator."""

import gc
from typing import Any

import keras

from seqconv.encoders import Encoder
from seqconv.estimators import joining, plans
from seqconv.training.members import train_members
from seqconv.training.optimizer_leak import forget_kernels
from seqconv.training.part import Part
from seqconv.training.recipe import Outcome


def fit_networks(
    estimator: Any, encoder: Encoder, pooling: Any, training: Part, validation: Part | None, seed: int
) -> tuple[list[Outcome], bool]:
    """Train the members of an estimator, and set `members_` and `model_`.

    Returns
    -------
    outcomes : list of Outcome
    interrupted : bool
        Whether Ctrl-C ended the training.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C came before the first epoch ended.
    """
    # Networks of earlier fits are cycles of hundreds of thousands of objects, which Python itself collects late.
    gc.collect()
    forget_kernels()
    dtype = keras.config.dtype_policy().name
    settings = encoder, pooling, estimator.scaling, estimator.adapter_, estimator._targets, training.survey.shape, dtype
    estimator._blueprint = plans.blueprint(*settings)
    preparation, wide = plans.preparation(estimator, training), None
    if plans.is_joined(estimator, estimator._targets):
        may_set_apart, n_tokens = estimator.validation_fraction is None, estimator.adapter_.n_tokens_
        wide = joining.Joining(training, validation, n_tokens, may_set_apart, seed, estimator.verbose)
        training = wide.training
    recipe = plans.recipe(estimator, training)
    networks, outcomes, interrupted = train_members(
        estimator._blueprint, preparation, recipe, training, validation, seed, estimator.n_members
    )
    if not networks:
        raise KeyboardInterrupt
    estimator.members_, estimator._wide = networks, None if wide is None else wide.weighed(networks)
    estimator.model_ = joining.build(networks, estimator._wide)
    return outcomes, interrupted
