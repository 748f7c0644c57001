"""Checks of the parameters and the state of an AudioAdapter."""

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.arguments import choice, flag, is_whole, number, whole
from seqconv.domains.audio.features import n_window_of
from seqconv.domains.audio.records import LONGEST_SECONDS
from seqconv.domains.audio.spectra import fft_size, mel_filters

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

_WHOLE = {"sampling_rate_hz": (1000, 192_000), "n_mels": (2, 512), "n_mfcc": (1, 512)}
_REAL = {
    "window_seconds": (1e-4, 1.0),
    "hop_seconds": (1e-4, 1.0),
    "max_seconds": (1e-3, LONGEST_SECONDS),
    "trim_db": (1.0, 200.0),
    "range_db": (1.0, 200.0),
}
_OPTIONAL = ("max_seconds", "trim_db")


def check_audio_parameters(adapter: "Adapter") -> None:
    """Raise if a parameter of an AudioAdapter is out of range, or two contradict each other."""
    choice("features", adapter.features, ("log_mel", "mfcc", "waveform"))
    choice("normalize", adapter.normalize, ("clip", "channel", "learnt", None))
    choice("verbose", adapter.verbose, (0, 1, False, True))
    flag("stream", adapter.stream)
    for name, (least, most) in _WHOLE.items():
        whole(name, getattr(adapter, name), least, most)
    for name, (least, most) in _REAL.items():
        number(name, getattr(adapter, name), least, most, optional=name in _OPTIONAL)
    if adapter.n_jobs is not None and (not is_whole(adapter.n_jobs, -1, 1024) or adapter.n_jobs == 0):
        raise ValueError(f"n_jobs must be None, -1 or a whole number from 1 to 1024, got {adapter.n_jobs!r}.")
    if adapter.cache is not None and not isinstance(adapter.cache, str | os.PathLike):
        raise TypeError(f"cache must be None or the path of a folder, got {adapter.cache!r}.")
    if adapter.features != "waveform":
        _check_bands(adapter)


def _check_bands(adapter):
    if adapter.features == "mfcc" and adapter.n_mfcc > adapter.n_mels:
        raise ValueError(f"n_mfcc must be at most n_mels={adapter.n_mels}, got {adapter.n_mfcc}.")
    n_fft = fft_size(n_window_of(adapter))
    is_empty = ~mel_filters(int(adapter.sampling_rate_hz), n_fft, int(adapter.n_mels)).any(axis=1)
    if is_empty.any():
        raise ValueError(
            f"each mel band must hold a frequency, {is_empty.sum()} of n_mels={adapter.n_mels} hold none with windows "
            f"of {adapter.window_seconds} s; lower n_mels or raise window_seconds."
        )


def check_audio_state(
    state: Any, arrays: Any, n_channels: int, is_learnt: bool
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return centre and scale of a state from an untrusted file, None where none is learnt.

    Parameters
    ----------
    state, arrays : dict
    n_channels : int
        Channels of an adapter with these parameters.
    is_learnt : bool
        Whether such an adapter learns centre and scale.

    Raises
    ------
    ValueError
        If `AudioAdapter.fit` cannot leave this state.
    """
    if state != {"n_channels": n_channels} or type(state["n_channels"]) is not int:
        raise ValueError(f"the state must be n_channels={n_channels} alone, got {state!r:.80}.")
    names = {"centre", "scale"} if is_learnt else set()
    if not isinstance(arrays, dict) or set(arrays) != names:
        raise ValueError(f"the arrays must be {sorted(names) or 'none'}.")
    for name in names:
        array = arrays[name]
        is_right = isinstance(array, np.ndarray) and array.dtype == np.float64 and array.shape == (n_channels,)
        if not is_right or not np.isfinite(array).all() or (name == "scale" and array.min() <= 0):
            raise ValueError(f"{name} must be {n_channels} finite float64, above 0 for a scale.")
    return (arrays["centre"], arrays["scale"]) if is_learnt else (None, None)
