"""OmniScale network of Tang and others."""

from collections.abc import Sequence
from typing import Any

from seqconv.arguments import whole
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import normalize, rectify
from seqconv.encoders.training import archive_settings
from seqconv.layers import MaskedConcatenate, MaskedConv1D


class OmniScaleCNN(Encoder):
    """Convolutions of all prime lengths side by side, so that their sums cover every receptive field.

    Parameters
    ----------
    max_kernel_size : int, default=89
        Longest filter: all primes up to it and 1 are lengths. The paper takes a quarter of the case, at most 89.
    budgets : sequence of int, default=(1024, 229_376)
        Number of weights of each layer, which is divided among its lengths.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: where the budget is below one filter for a length, there is one, so that cases of many channels work.

    References
    ----------
    Tang, Long, Liu, Zhou, Blumenstein and Jiang (2022), "Omni-scale CNNs: a simple and effective kernel size
    configuration for time series classification", section 4. With one channel and ten classes: 236,149 trainable
    parameters.

    Examples
    --------
    >>> from seqconv.encoders import OmniScaleCNN
    >>> OmniScaleCNN().receptive_field
    178
    """

    paper, year, domain = "Tang et al.", 2022, "series"

    def __init__(
        self,
        max_kernel_size: int = 89,
        budgets: Sequence[int] = (1024, 229_376),
    ) -> None:
        self.max_kernel_size = max_kernel_size
        self.budgets = budgets

    def __call__(self, x: Any) -> Any:
        lengths, n_first = self._lengths(), None
        for budget in self.sizes("budgets"):
            filters = max(1, budget // (x.shape[-1] * sum(lengths)))
            n_first = n_first or filters * len(lengths)
            x = self._side_by_side(x, filters, lengths)  # (batch, steps, lengths * filters)
        return self._side_by_side(x, n_first, (1, 2))

    def _side_by_side(self, x, filters, lengths):
        branches = [MaskedConv1D(filters, length, padding="same")(x) for length in lengths]
        return rectify(normalize(branches[0] if len(branches) == 1 else MaskedConcatenate()(branches)))

    def _lengths(self):
        most = whole("max_kernel_size", self.max_kernel_size, 1)
        return [n for n in range(1, most + 1) if all(n % divisor for divisor in range(2, n))]

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return archive_settings(2_000, 16)

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(self._lengths()[-1], 1, 1)] * len(self.sizes("budgets")) + [(2, 1, 1)]
