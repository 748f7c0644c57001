"""What an estimator's parameters and its training part say about network, preparation and recipe."""

from typing import Any

import keras
import numpy as np

from seqconv import encoders
from seqconv.estimators.blueprint import Blueprint
from seqconv.estimators.parameters import makes_tokens
from seqconv.estimators.scaling import statistics
from seqconv.models import SeriesStem, TokenStem
from seqconv.training.augmentation import listed
from seqconv.training.closed_form import RidgeRecipe
from seqconv.training.defaults import (
    choose_batch_size,
    choose_epochs,
    choose_learning_rate,
    choose_patience,
    series_steps,
)
from seqconv.training.gradient import GradientRecipe
from seqconv.training.part import Part
from seqconv.training.preparation import Preparation
from seqconv.training.recipe import Recipe


def is_joined(estimator: Any, targets: Any) -> bool:
    """Return whether a linear model is fitted beside the network: of words, where the user chose no encoder."""
    is_default = estimator.encoder is None and estimator.head is None
    # Characters alone and their pairs tell a linear model too little.
    of_words = makes_tokens(estimator.adapter) and getattr(estimator.adapter, "unit", None) in ("word", "subword")
    return is_default and of_words and targets.activation == "softmax"


def blueprint(
    encoder: encoders.Encoder,
    pooling: Any,
    scaling: str | None,
    adapter: Any,
    targets: Any,
    shape: tuple[int, ...],
    dtype: str,
) -> Blueprint:
    """Return the structure of the networks.

    Parameters
    ----------
    encoder : Encoder
    pooling, scaling
        As of the estimator.
    adapter : transformer or None
        Fitted.
    targets : ClassTargets or NumberTargets
        Fitted.
    shape : tuple of int
        Shape of a step: channels, pieces, or nothing where a step is one id.
    dtype : str
        Name of the dtype policy of Keras.
    """
    encoder = encoders.get(encoder)
    if isinstance(pooling, keras.layers.Layer):  # the user's own may change later
        pooling = pooling.from_config(pooling.get_config())
    stem = _stem(scaling, adapter, shape)
    return Blueprint(encoder, (None, *shape), targets.n_outputs, targets.activation, stem, pooling, dtype)


def _stem(scaling, adapter, shape):
    if not makes_tokens(adapter):
        return SeriesStem(scaling)
    vectors = getattr(adapter, "vectors_", None)
    n_dims = adapter.n_dims_ if vectors is None else vectors.shape[1]
    dropout = getattr(adapter, "piece_dropout", 0.0) if shape else 0.0
    return TokenStem(adapter.n_tokens_, n_dims, mode=getattr(adapter, "vectors_mode", "trained"), dropout=dropout)


def preparation(estimator: Any, training: Part) -> Preparation:
    """Return what the networks start with: statistics of the training part, or word vectors."""
    targets = estimator._targets
    start = {"vectors": getattr(estimator.adapter_, "vectors_", None)} if makes_tokens(estimator.adapter_) else {}
    scaling = None if training.survey.moments is None else statistics(estimator, training)
    if scaling is not None:
        start |= {"centre": scaling[0], "scale": scaling[1]}
    if targets.activation == "linear":
        start |= {"target_centre": targets.centre, "target_scale": targets.scale}
    return Preparation(**start)


def recipe(estimator: Any, training: Part) -> Recipe:
    """Return how the networks are trained."""
    targets = estimator._targets
    if estimator.head == "ridge":
        return RidgeRecipe(targets.activation, targets.loss_layer, estimator.verbose)
    n_cases, is_tokens = len(training), training.cases.dtype.kind == "i"
    is_beside = is_joined(estimator, targets)
    if is_tokens:
        batch_size, least = choose_batch_size(n_cases, estimator.batch_size), None
    else:
        batch_size = choose_batch_size(
            n_cases, estimator.batch_size, int(np.quantile(training.survey.lengths, 0.9, method="lower"))
        )
        encoder = estimator._blueprint.encoder
        least = series_steps(n_cases, encoder.paper_epochs, encoder.paper_batch_size)
    epochs = choose_epochs(n_cases, batch_size, estimator.epochs, is_tokens, least, is_beside)
    return GradientRecipe(
        epochs=epochs,
        batch_size=batch_size,
        patience=choose_patience(epochs, estimator.patience),
        loss=targets.loss,
        accuracy=targets.accuracy,
        output=targets.loss_layer,
        learning_rate=choose_learning_rate(estimator.learning_rate, is_beside),
        optimizer=estimator.optimizer,
        augment=listed(estimator.augment),
        callbacks=estimator.callbacks or (),
        # Accuracy is counted anyway where there are classes.
        metrics=[metric for metric in estimator.metrics or () if targets.accuracy is None or metric != "accuracy"],
        verbose=estimator.verbose,
    )
