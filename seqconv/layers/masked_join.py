"""Base of the masked joins."""

import keras

from seqconv.masks import intersection, zero_hidden


class MaskedJoin(keras.layers.Layer):
    """What the two joins share: the output is real where all inputs are, and 0 where their masks differ."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        joined = self._join(inputs)
        masks = mask_list(mask, inputs)
        if all(one is masks[0] for one in masks):
            return joined
        return zero_hidden(joined, intersection(masks))

    def compute_mask(self, inputs, mask=None):
        return intersection(mask_list(mask, inputs))


def mask_list(mask, inputs):
    return [None] * len(inputs) if mask is None else list(mask)
