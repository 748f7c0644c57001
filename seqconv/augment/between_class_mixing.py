"""Mixing of sounds of two classes."""

import math
from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.mixing import Mixing
from seqconv.augment.observed import observed

_FRAME_SECONDS = 0.05


@keras.saving.register_keras_serializable(package="seqconv")
class BetweenClassMixing(Mixing):
    """Mix each waveform with one of another class, so that both are heard in the proportion of the targets.

    Parameters
    ----------
    sampling_rate_hz : float
        Steps per second, 100 to 1e6. It sets the frames in which loudness is measured, and the weight of each
        frequency.
    rate : float, default=1.0
        Probability that a case is mixed, 0 to 1.
    seed : int, optional
        None draws one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If x has several channels, or y is not (batch, outputs); raised when called.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, 1) waveforms around 0, y (batch, outputs).
    Mask: the mixture is as long as the longer sound, and a value is missing if it is missing in both.
    Backend: all.
    Differs: frames of 0.05 seconds, rounded up to a power of two steps, at all sampling rates.
    A case is mixed with any other if the batch holds no other class.

    References
    ----------
    Tokozume, Ushiku and Harada (2018), "Learning from between-class examples for deep sound recognition", section 3.2,
    equation 2; A-weighting as in IEC 61672-1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import BetweenClassMixing
    >>> t = np.arange(800) / 8000
    >>> x = np.stack([np.sin(2 * np.pi * 440 * t), 0.1 * np.sin(2 * np.pi * 600 * t)])[..., None]
    >>> layer = BetweenClassMixing(8000, seed=0)
    >>> x, y, weight = layer((x, np.eye(2, dtype="float32"), np.ones(2, "float32")), training=True)
    >>> np.asarray(y).sum(axis=1).round(3).tolist()
    [1.0, 1.0]
    """

    def __init__(self, sampling_rate_hz: float, rate: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.sampling_rate_hz = arguments.number("sampling_rate_hz", sampling_rate_hz, 100, 1e6)
        self.frame_steps = 2 ** math.ceil(math.log2(_FRAME_SECONDS * self.sampling_rate_hz))
        unit = self.sampling_rate_hz / self.frame_steps
        self.heard = [_a_weight(unit * i) for i in range(self.frame_steps // 2 + 1)]

    def check_x(self, x: Any) -> None:
        """Raise if X is not a batch of waveforms.

        Raises
        ------
        ValueError
            If x has several channels.
        """
        super().check_x(x)
        if x.shape[2] != 1:
            raise ValueError(
                f"BetweenClassMixing works on waveforms, x of (batch, steps, 1), got {x.shape[2]} channels. "
                "Use an AudioAdapter with features='waveform'."
            )

    def partners(self, y: Any) -> Any:
        """Draw a case of another class for every case, (batch,)."""
        y = ops.cast(y, "float32")
        square = ops.sum(ops.square(y), axis=1)
        distance = ops.expand_dims(square, 1) + square - 2 * ops.matmul(y, ops.transpose(y))
        luck = self.uniform(distance.shape)
        is_self = ops.eye(y.shape[0], dtype="float32")
        return ops.argmax(luck + 2 * ops.cast(distance > 1e-2, "float32") - 4 * is_self, axis=1)

    def mixed(self, x: Any, partner: Any) -> tuple[Any, Any]:
        """Mix every sound with its partner in proportion to a drawn share."""
        share = self.uniform((x.shape[0], 1))
        loudness, other = self.loudness(x), ops.take(x, partner, axis=0)
        ours, theirs = (1 - share) * ops.take(loudness, partner, axis=0), share * loudness
        # The factor of each sound is inverse to its loudness; two silent sounds are mixed by share alone.
        part = ops.where(ours + theirs > 0, ours / ops.maximum(ours + theirs, 1e-30), 1 - share)
        part = ops.expand_dims(part, -1)  # (batch, 1, 1)
        there, other_there = observed(x), observed(other)
        sum_ = part * ops.where(there, x, 0) + (1 - part) * ops.where(other_there, other, 0)
        sum_ = sum_ / ops.sqrt(ops.square(part) + ops.square(1 - part))
        return ops.where(ops.logical_or(there, other_there), sum_, x), share

    def loudness(self, x: Any) -> Any:
        """Return the A-weighted amplitude of the loudest frame, float32 (batch, 1)."""
        x = ops.where(observed(x), x, 0)[:, :, 0]
        # A frame of silence at the end, so that padding of x adds no frame that touches the sound.
        x = ops.pad(x, ((0, 0), (0, self.frame_steps)))
        half = self.frame_steps // 2
        real, imaginary = ops.stft(x, self.frame_steps, half, self.frame_steps, window="hann", center=False)
        power = (ops.square(real) + ops.square(imaginary)) * ops.square(ops.convert_to_tensor(self.heard, "float32"))
        power = ops.sum(power, axis=2)  # (batch, frames)
        return ops.sqrt(ops.max(power, axis=1, keepdims=True))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"sampling_rate_hz": self.sampling_rate_hz}


def _a_weight(hertz):
    """Return the factor by which the ear weighs the amplitude of a frequency, 1 at 1000 Hz."""
    f = hertz**2
    ear = 12194.0**2 * f**2 / ((f + 20.6**2) * math.sqrt((f + 107.7**2) * (f + 737.9**2)) * (f + 12194.0**2))
    return ear * 10 ** (2.0 / 20)
