"""Base of the augmentations."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.observed import holds_nothing, with_steps


class Augmentation(keras.layers.Layer):
    """Base of the augmentations: active in training only, and no case loses all that was observed.

    A subclass defines `changed`, or `augmented` if targets and weights change too.

    Parameters
    ----------
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        Seed of all draws. None draws one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Attributes
    ----------
    may_hide : bool
        Whether X without a missing value can come out with some, so that a network must know its mask.
    may_empty : bool
        Whether a change may remove all observed values of a case. Such a case is left unchanged.
    mixes_cases : bool
        Whether cases are mixed with others, and with them targets and weights.
    takes_tokens : bool
        Whether X holds token ids instead of numbers.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If the input is not ``(x, y, weight)``, or x is of another shape; raised when called.
    TypeError
        If x holds token ids instead of numbers, or numbers instead of token ids; raised when called.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: NaN marks what was not observed.
    Backend: all, called outside compiled graphs; x is float32 after training calls.
    """

    may_hide = False
    may_empty = False
    mixes_cases = False
    takes_tokens = False

    def __init__(self, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.rate = arguments.number("rate", rate, 0, 1)
        self.seed = arguments.whole("seed", seed, 0, 2**31 - 1, optional=True)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.supports_masking = True

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        # Checked here and not in `call`, where Keras would add all its inputs to the error.
        if not isinstance(inputs, tuple | list) or len(inputs) != 3:
            raise ValueError(f"{type(self).__name__} takes (x, y, weight), got {_named(inputs)}; give all three.")
        self.check_x(inputs[0])
        return super().__call__(inputs, *args, **kwargs)

    def check_x(self, x: Any) -> None:
        """Raise if the layer does not work on such X.

        Raises
        ------
        TypeError
            If x holds token ids instead of numbers, or numbers instead of token ids.
        ValueError
            If x is of another number of dimensions.
        """
        name, kind = type(self).__name__, keras.backend.standardize_dtype(x.dtype)
        if ("int" in kind) != self.takes_tokens:
            if self.takes_tokens:
                raise TypeError(f"{name} works on token ids, got x of {kind}; leave it out.")
            needed = "numbers with NaN where nothing was observed"
            raise TypeError(f"{name} works on {needed}, got x of {kind} (token ids); TokenDropout is for tokens.")
        if len(x.shape) != 3 and not (self.takes_tokens and len(x.shape) == 2):
            needed = "(batch, steps[, pieces])" if self.takes_tokens else "(batch, steps, channels)"
            raise ValueError(f"{name} requires x of {needed}, got shape {tuple(x.shape)}.")

    def call(self, inputs: Any, training: bool | None = None) -> tuple[Any, Any, Any]:
        x, y, weight = inputs
        if not training:
            return x, y, weight
        return self.augmented(x if self.takes_tokens else ops.cast(x, "float32"), y, weight)

    def augmented(self, x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
        """Return x, y and weight after augmentation; here x alone is changed."""
        new = self.changed(x)
        x = with_steps(x, new.shape[1])
        kept = self.kept(new)
        return new if kept is None else ops.where(kept, x, new), y, weight

    def changed(self, x: Any) -> Any:
        """Change every case of x; `augmented` chooses between old and new."""
        raise NotImplementedError(f"{type(self).__name__} must define changed(x).")

    def kept(self, new: Any) -> Any:
        """Return the mask of cases left unchanged: not drawn, or nothing would remain observed.

        Returns
        -------
        bool tensor (batch, 1, 1) or None
            None if all cases are changed.
        """
        by_chance = self.uniform((new.shape[0], 1, 1)) >= self.rate if self.rate < 1 else None
        if not self.may_empty:
            return by_chance
        empty = holds_nothing(new)
        return empty if by_chance is None else ops.logical_or(by_chance, empty)

    def uniform(self, shape: tuple[int, ...], low: float = 0.0, high: float = 1.0) -> Any:
        """Draw float32 numbers uniformly from `low` to below `high`."""
        return keras.random.uniform(shape, low, high, dtype="float32", seed=self.seed_generator)

    def normal(self, shape: tuple[int, ...], mean: float = 0.0, std: float = 1.0) -> Any:
        """Draw float32 numbers from a normal distribution."""
        return keras.random.normal(shape, mean, std, dtype="float32", seed=self.seed_generator)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"rate": self.rate, "seed": self.seed}


def _named(inputs):
    if isinstance(inputs, tuple | list):
        return f"{len(inputs)} parts"
    return f"one array of shape {tuple(inputs.shape)}" if hasattr(inputs, "shape") else type(inputs).__name__
