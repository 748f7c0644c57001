"""Keras layers at work in training only: cases changed at random as the field of the data would change them.

Each takes and gives ``(x, y, weight)`` and is handed to an estimator as ``augment=[...]``, before its network scales X.
"""

from seqconv.augment.amplitude import Gain, Scaling
from seqconv.augment.base import Augmentation
from seqconv.augment.between_class import BetweenClassMixing
from seqconv.augment.equalizing import Equalizer
from seqconv.augment.frequency import FrequencyShift, FrequencyWarp
from seqconv.augment.hiding import ChannelDropout, HiddenSpans
from seqconv.augment.mixing import CutMix, Mixup
from seqconv.augment.noise import AddNoise, Jitter
from seqconv.augment.smooth import Drift, MagnitudeWarp
from seqconv.augment.spectrum import FrequencyMasking, TimeMasking
from seqconv.augment.timing import Permutation, RandomShift, WindowSlice
from seqconv.augment.tokens import TokenDropout
from seqconv.augment.warping import SpeedChange, TimeWarp

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
]
