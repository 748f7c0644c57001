"""How long, how fast, in what batches and on how many of the cases a network is trained where the user does not say."""

from dataclasses import dataclass

import keras
import numpy as np

# Fits are measured in steps, not epochs: a set of 60 cases needs many epochs for the steps that one of 6,000 has in few.
SERIES_STEPS = (1_500, 15_000)
TOKEN_STEPS = (400, 15_000)
SERIES_EPOCHS, TOKEN_EPOCHS = 50, 6


@dataclass(frozen=True)
class Recipe:
    """Everything the fit loop is told.

    Parameters
    ----------
    epochs : int
    batch_size : int
    learning_rate : float
        The highest of the schedule: a rise over the first tenth of the steps, then half a cosine down to 0.
    optimizer : str or keras.optimizers.Optimizer
        A template is copied and keeps its own learning rate.
    patience : int
        Epochs without a best one after which the fit ends.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    optimizer: object
    patience: int

    def make_optimizer(self, n_batches):
        """New optimizer for epochs of `n_batches` steps."""
        if not isinstance(self.optimizer, str):
            return keras.optimizers.get(keras.optimizers.serialize(self.optimizer))
        total = max(1, self.epochs * n_batches)
        rise = max(1, total // 10)
        schedule = keras.optimizers.schedules.CosineDecay(
            self.learning_rate / 25, max(1, total - rise), warmup_target=self.learning_rate, warmup_steps=rise
        )
        optimizer = keras.optimizers.get(self.optimizer)
        return type(optimizer).from_config(optimizer.get_config() | {"learning_rate": schedule})


def choose_batch_size(n_cases, batch_size):
    """The user's batch size, else a tenth of the cases within 16 to 64."""
    return min(max(n_cases // 10, 16), 64) if batch_size is None else batch_size


def choose_epochs(n_cases, batch_size, epochs, is_tokens):
    """The user's epochs, else those that make the usual number of steps."""
    if epochs is not None:
        return epochs
    least, most = TOKEN_STEPS if is_tokens else SERIES_STEPS
    n_batches = -(-n_cases // batch_size)
    usual = (TOKEN_EPOCHS if is_tokens else SERIES_EPOCHS) * n_batches
    return max(1, round(min(max(usual, least), most) / n_batches))


def choose_patience(epochs, patience):
    """The user's patience, else a third of the epochs, at least 5."""
    return max(5, epochs // 3) if patience is None else patience


def choose_validation_fraction(n_cases, fraction, is_text, classes=None, groups=None):
    """The user's fraction, else a tenth; none of a set too small to spare it, and none of texts without groups: their passes
    are few, at a falling rate, so that there is little to choose, and a word that is set apart is not learnt."""
    if fraction is not None:
        return fraction
    rare = classes is not None and np.unique(classes, return_counts=True)[1].min() < 10
    few_groups = groups is not None and len(np.unique(groups)) < 2
    is_text_alone = is_text and groups is None
    return 0 if is_text_alone or n_cases < 200 or rare or few_groups else 0.1
