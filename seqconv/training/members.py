"""Train the networks of an ensemble one by one."""

from typing import Any, Protocol

from seqconv.training.part import Part
from seqconv.training.preparation import Preparation
from seqconv.training.recipe import Outcome, Recipe
from seqconv.training.seeds import member_seed


class Drawable(Protocol):
    """Anything that can draw a network again, such as a blueprint."""

    def draw(self, seed: int | None = None) -> Any:
        """Return a new network with weights drawn from the seed."""
        ...


def train_member(
    blueprint: Drawable,
    preparation: Preparation,
    recipe: Recipe,
    training: Part,
    validation: Part | None,
    seed: int,
    title: str = "fit",
) -> tuple[Any, Outcome]:
    """Draw a network, prepare it and train it; takes values only, so that any process can do it.

    Returns
    -------
    network : keras.Model
    outcome : Outcome
    """
    network = blueprint.draw(seed)
    preparation.apply(network)
    return network, recipe.fit(network, training, validation, seed, title)


def train_members(
    blueprint: Drawable,
    preparation: Preparation,
    recipe: Recipe,
    training: Part,
    validation: Part | None,
    seed: int,
    n_members: int,
) -> tuple[list[Any], list[Outcome], bool]:
    """Train several networks from different seeds.

    Returns
    -------
    networks : list of keras.Model
        Without those that Ctrl-C ended before their first epoch.
    outcomes : list of Outcome
        One a network.
    interrupted : bool
        Whether Ctrl-C ended the training.
    """
    networks, outcomes, interrupted = [], [], False
    for number in range(n_members):
        title = "fit" if n_members == 1 else f"fit of member {number + 1} of {n_members}"
        try:
            own_seed = member_seed(seed, number)
            network, outcome = train_member(blueprint, preparation, recipe, training, validation, own_seed, title)
        except KeyboardInterrupt:
            return networks, outcomes, True
        interrupted = outcome.interrupted
        if outcome.best_epoch is not None or not interrupted:
            networks.append(network)
            outcomes.append(outcome)
        if interrupted:
            break
    return networks, outcomes, interrupted
