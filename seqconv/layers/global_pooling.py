"""Base of the global pools."""

import keras


class GlobalPooling(keras.layers.Layer):
    """What the pools share that give one vector a case: the mask is spent."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])
