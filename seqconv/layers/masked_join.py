"""Base of the masked joins."""

from collections.abc import Sequence
from typing import Any

from seqconv.masks import checked, intersection, zero_hidden


class MaskedJoin:
    """Base of the masked joins, set before a join of Keras among the parents of a class.

    A step of the output is real if it is real in every branch, and 0 where the masks of the branches differ.
    """

    def call(self, inputs: Sequence[Any], mask: Any = None) -> Any:
        joined = super().call(inputs)
        masks = _masks_of(inputs, mask)
        if all(one is masks[0] for one in masks):
            return joined
        return zero_hidden(joined, self.compute_mask(inputs, masks))

    def compute_output_spec(self, inputs: Sequence[Any], mask: Any = None) -> Any:
        return super().compute_output_spec(inputs)

    def compute_mask(self, inputs: Sequence[Any], mask: Any = None) -> Any:
        return intersection(_masks_of(inputs, mask))


def _masks_of(inputs, mask):
    """Return one mask, or None, for each input."""
    if mask is None:
        return [None] * len(inputs)
    if not isinstance(mask, list | tuple) or len(mask) != len(inputs):
        raise ValueError(f"mask must be a list of {len(inputs)} masks or None, one for each input.")
    return [None if one is None else checked(one, x) for one, x in zip(mask, inputs, strict=True)]
