"""Keras layers that change cases at random, in training only.

Each maps ``(x, y, weight)`` to the same three. Give them to an estimator as ``augment=[...]``; they act before its
network scales X.
"""

from seqconv.augment.add_noise import AddNoise
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.between_class_mixing import BetweenClassMixing
from seqconv.augment.channel_dropout import ChannelDropout
from seqconv.augment.cut_mix import CutMix
from seqconv.augment.drift import Drift
from seqconv.augment.equalizer import Equalizer
from seqconv.augment.frequency_masking import FrequencyMasking
from seqconv.augment.frequency_shift import FrequencyShift
from seqconv.augment.frequency_warp import FrequencyWarp
from seqconv.augment.gain import Gain
from seqconv.augment.hidden_spans import HiddenSpans
from seqconv.augment.jitter import Jitter
from seqconv.augment.magnitude_warp import MagnitudeWarp
from seqconv.augment.mixup import Mixup
from seqconv.augment.permutation import Permutation
from seqconv.augment.random_shift import RandomShift
from seqconv.augment.scaling import Scaling
from seqconv.augment.speed_change import SpeedChange
from seqconv.augment.time_masking import TimeMasking
from seqconv.augment.time_warp import TimeWarp
from seqconv.augment.token_dropout import TokenDropout
from seqconv.augment.window_slice import WindowSlice

__all__ = [
    "AddNoise",
    "Augmentation",
    "BetweenClassMixing",
    "ChannelDropout",
    "CutMix",
    "Drift",
    "Equalizer",
    "FrequencyMasking",
    "FrequencyShift",
    "FrequencyWarp",
    "Gain",
    "HiddenSpans",
    "Jitter",
    "MagnitudeWarp",
    "Mixup",
    "Permutation",
    "RandomShift",
    "Scaling",
    "SpeedChange",
    "TimeMasking",
    "TimeWarp",
    "TokenDropout",
    "WindowSlice",
    "names",
]


def names() -> list[str]:
    """Return the names of all augmentations, in alphabetical order.

    Examples
    --------
    >>> import seqconv
    >>> seqconv.augment.names()[:3]
    ['AddNoise', 'BetweenClassMixing', 'ChannelDropout']
    """
    return [name for name in __all__ if name not in ("Augmentation", "names")]
