"""Fit fixed banks without Keras, and draw their networks when they are asked for."""

import threading
from typing import Any

import numpy as np

from seqconv.estimators.scaling import statistics
from seqconv.training.bank_model import BankModel
from seqconv.training.banks import fit_bank
from seqconv.training.part import Part
from seqconv.training.recipe import Outcome
from seqconv.training.seeds import member_seed

DRAWN = ("_blueprint", "members_", "model_")
_DRAWING = threading.RLock()


def fit_banks(
    estimator: Any, encoder: Any, training: Part, validation: Part | None, seed: int
) -> tuple[list[BankModel], list[Outcome]]:
    """Fit a bank for each member."""
    targets, start = estimator._targets, {}
    scaling = statistics(estimator, training)
    if scaling is not None:
        start |= {"scaling/centre": scaling[0], "scaling/scale": scaling[1]}
    if targets.activation == "linear":
        start |= {"head/centre": _float32(targets.centre), "head/scale": _float32(targets.scale)}
    fitted = []
    for number in range(estimator.n_members):
        title = "fit" if estimator.n_members == 1 else f"fit of member {number + 1} of {estimator.n_members}"
        own = member_seed(seed, number)
        fitted.append(
            fit_bank(
                encoder,
                estimator.scaling,
                start,
                training,
                validation,
                targets.activation,
                own,
                title,
                estimator.verbose,
            )
        )
    return [model for model, _ in fitted], [outcome for _, outcome in fitted]


def draw_networks(estimator: Any) -> None:
    """Draw the networks of fitted banks, and keep them in the estimator."""
    from seqconv.estimators import plans
    from seqconv.estimators.randomness import random_state_kept
    from seqconv.models import build_average

    with _DRAWING, random_state_kept():
        if "model_" in vars(estimator):  # another thread was faster
            return
        first = estimator._banks[0]
        blueprint = plans.blueprint(
            first.encoder, None, first.scaling, estimator.adapter_, estimator._targets, estimator._shape, "float32"
        )
        networks = [blueprint.draw(0) for _ in estimator._banks]
        for bank, network in zip(estimator._banks, networks, strict=True):
            bank.write_into(network)
        vars(estimator).update(_blueprint=blueprint, members_=networks, model_=build_average(networks))


def of_networks(estimator: Any) -> list[BankModel]:
    """Return the banks of networks that were drawn from a file."""
    blueprint = estimator._blueprint
    settings = blueprint.encoder, blueprint.activation, blueprint.stem.scaling
    return [BankModel.of(network, *settings) for network in estimator.members_]


def _float32(values):
    return np.asarray(values, np.float32)
