"""What every encoder is: a scikit-learn value object that draws layers on a tensor."""

from typing import Any

from sklearn.base import BaseEstimator

from seqconv import geometry


class Encoder(BaseEstimator):
    """Hyper-parameters of a convolutional encoder, callable on a Keras tensor.

    Subclasses store their constructor arguments unchanged (so that a grid search reaches them as ``encoder__filters``),
    draw the layers in `__call__` and name their longest path in `convolutions`.

    Attributes
    ----------
    pooling : str
        The global pooling of the paper.
    dropout : float
        Share of pooled features dropped in front of the head, 0 where the paper has none.
    max_norm : float or None
        Largest Euclidean norm of a class's weights in the head, None where the paper has no such bound.
    min_steps : int
        Shortest case, in steps, of which a feature can be computed.
    """

    pooling = "mean"
    dropout = 0.0
    max_norm = None
    min_steps = 1

    def __call__(self, x):
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

    def sizes(self, name):
        """The parameter of that name, which must be a sequence of whole numbers."""
        values = getattr(self, name)
        if isinstance(values, str) or not hasattr(values, "__len__") or len(values) == 0:
            raise ValueError(f"{name} of {type(self).__name__} must be a sequence of whole numbers, got {values!r}.")
        return values

    def convolutions(self):
        """The path that sees most steps, as a list of (kernel_size, strides, dilation_rate)."""
        raise TypeError(f"{type(self).__name__} must define convolutions().")

    @property
    def receptive_field(self):
        """Number of input steps that one feature step depends on."""
        return geometry.receptive_field(self.convolutions())
