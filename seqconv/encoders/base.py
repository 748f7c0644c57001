"""Base of the encoders: a scikit-learn value object that draws layers on a tensor."""

from collections.abc import Sequence
from typing import Any

from sklearn.base import BaseEstimator

from seqconv import geometry


class Encoder(BaseEstimator):
    """Hyper-parameters of a convolutional encoder, callable on a Keras tensor.

    A subclass stores its constructor arguments unchanged, so that a grid search reaches them as ``encoder__filters``.
    It draws the layers in `__call__` and names its longest path in `convolutions`.

    Attributes
    ----------
    paper, year, domain : str, int, str
        Authors and year of the paper, and what it classifies: "series", "text", "audio", "medical", "finance", "image".
    paper_shape : tuple of int or None
        Steps and channels of the paper's cases, for an encoder that does not take any number of channels.
    pooling : str or keras.layers.Layer
        Global pooling of the paper, a name or a template.
    dense : sequence of int
        Units of the dense layers between pooling and head, rectified; empty if the paper has none.
    dropout : float
        Share of the features dropped before the head, and after each of these layers; 0 if the paper has no dropout.
    max_norm : float or None
        Largest Euclidean norm of the weights of a class in the head; None if the paper has no such bound.
    padding : str
        Padding of the convolutions; under "valid" a case must be as long as the receptive field.
    paper_epochs, paper_batch_size : int
        Epochs and largest batch of the paper's training, from which the default number of steps is derived. Those of
        the FCN where the paper is not about small sets of series.
    """

    paper, year, domain = "", 0, "series"
    paper_shape: tuple[int, int] | None = None
    pooling: Any = "mean"
    dense: Sequence[int] = ()
    padding = "same"
    dropout = 0.0
    max_norm = None
    paper_epochs, paper_batch_size = 2_000, 16

    def __call__(self, x: Any) -> Any:
        """Draw the encoder on a tensor (batch, steps, channels), and return its features."""
        raise TypeError(
            f"{type(self).__name__} must define __call__(x): a tensor (batch, steps, channels) to features."
        )

    def get_config(self) -> dict[str, Any]:
        """Return the parameters; Keras asks this of every class that it registers."""
        return self.get_params(deep=False)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Encoder":
        """Make an encoder of these parameters."""
        return cls(**config)

    def sizes(self, name: str) -> Sequence[int]:
        """Return the parameter of that name, a sequence of integers.

        Raises
        ------
        ValueError
            If it is not a sequence, or is empty.
        """
        values = getattr(self, name)
        if isinstance(values, str) or not hasattr(values, "__len__") or len(values) == 0:
            raise ValueError(f"{name} of {type(self).__name__} must be a sequence of whole numbers, got {values!r}.")
        return values

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        """Return how the paper trained on so many cases, as parameters of an estimator, with new objects of Keras.

        Raises
        ------
        ValueError
            If it is not known.
        """
        raise ValueError(f"the training of the paper of {type(self).__name__} is not known here; leave preset out.")

    def convolutions(self) -> list[tuple[int, int, int]]:
        """Return the path with the largest receptive field, a list of (kernel_size, strides, dilation_rate)."""
        raise TypeError(f"{type(self).__name__} must define convolutions().")

    @property
    def min_steps(self) -> int:
        """Length of the shortest case with a feature, in steps."""
        return self.receptive_field if self.padding == "valid" else 1

    @property
    def receptive_field(self) -> int:
        """Number of input steps on which one feature step depends."""
        return geometry.receptive_field(self.convolutions())
