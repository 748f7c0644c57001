"""Base of the pools over positive values."""

from typing import Any

from keras import backend, ops

from seqconv.arguments import number
from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import as_booleans, zero_hidden


class PositivePooling(GlobalPooling):
    """Base of the pools that tell positive values from others.

    Parameters
    ----------
    temperature : float, optional
        Width of the soft step, above 0: a value x counts as positive by sigmoid(x / temperature), which can be trained
        through. None counts exactly, by x > 0, and has no gradient through the count.
    data_format, keepdims, **kwargs
        As of `GlobalPooling`.
    """

    def __init__(
        self,
        temperature: float | None = None,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.temperature = number("temperature", temperature, above=0, optional=True)

    def _pool(self, x: Any, mask: Any) -> Any:
        if x.shape[1] == 0:
            return ops.sum(x, axis=1)  # zeros
        wide = zero_hidden(ops.cast(x, backend.result_type(x.dtype, "float32")), mask)
        positive = wide > 0 if self.temperature is None else ops.sigmoid(wide / self.temperature)
        # (batch, steps, channels), 0 where hidden
        positive = zero_hidden(ops.cast(positive, wide.dtype), mask)
        pooled = self._pool_positive(wide, positive, mask)
        if mask is not None:
            pooled = ops.where(ops.any(as_booleans(mask), axis=1, keepdims=True), pooled, 0)
        return ops.cast(pooled, x.dtype)

    def _pool_positive(self, x: Any, positive: Any, mask: Any) -> Any:
        """Pool values and how far they are positive, both (batch, steps, channels), to (batch, channels)."""
        raise NotImplementedError(f"{type(self).__name__} must define _pool_positive(x, positive, mask).")

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "temperature": self.temperature}


def shares(positive: Any) -> tuple[Any, Any]:
    """Return the weights of the steps, which sum to 1 for each channel, and whether any step is positive."""
    total = ops.sum(positive, axis=1, keepdims=True)  # (batch, 1, channels)
    is_any = total > 0
    return positive / ops.where(is_any, total, 1), is_any[:, 0]
