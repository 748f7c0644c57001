"""Clips of sound to channels over time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from seqconv.data import SequenceSet
from seqconv.data.case_errors import of_case
from seqconv.domains.audio.feature_cache import entry_of, read_entry, write_entry
from seqconv.domains.audio.features import (
    feature_settings,
    features_of,
    n_channels_of,
    read_clip,
    statistics_of,
    step_edges,
)
from seqconv.domains.audio.parameters import check_audio_parameters, check_audio_state
from seqconv.domains.audio.recorders import warn_of_recorders
from seqconv.domains.audio.records import check_records
from seqconv.domains.audio.windows import cut_recordings
from seqconv.domains.base import Adapter
from seqconv.domains.progress import shown


class AudioAdapter(Adapter):
    """Turn clips of sound into decibels by mel band, mel cepstra or waveforms.

    Parameters
    ----------
    sampling_rate_hz : int, default=16000
        Rate that every clip is resampled to, 1000 to 192000, and the rate of arrays without one. Sounds above half of
        it are lost.
    features : {"log_mel", "mfcc", "waveform"}, default="log_mel"
        Channels of a step. ``"log_mel"``: the power in each mel band, in decibels. ``"mfcc"``: the first cepstra of
        those. ``"waveform"``: one sample.
    n_mels : int, default=64
        Number of mel bands, from 0 Hz to half the sampling rate; the channels of ``"log_mel"``.
    n_mfcc : int, default=20
        Number of cepstra, at most `n_mels`; the channels of ``"mfcc"``.
    window_seconds, hop_seconds : float, default=0.025, 0.01
        Length of the window of a step, and distance to the next, for ``"log_mel"`` and ``"mfcc"``.
    max_seconds : float or None, default=None
        Longest clip, at most 600; the rest is not decoded. None rejects clips of more than 600 s, which `cases` cuts.
    trim_db : float or None, default=None
        Level below the loudest part under which the start and the end of a clip are left out, such as 30. None trims
        nothing, nor is a silent clip trimmed.
    range_db : float, default=80
        Raise what is that much quieter than the loudest band of a clip to this level. 40 hides noise.
    normalize : {"clip", "channel", "learnt"} or None, default="clip"
        Scale to mean 0 and deviation 1: each clip, each channel of each clip, or each channel of all training clips.
        ``"clip"`` removes loudness, ``"channel"`` also the microphone and lasting noise. ``"clip"`` is applied to the
        bands before MFCC are computed.
    n_jobs : int or None, default=None
        Number of threads; -1 uses all processors.
    cache : str, path or None, default=None
        Folder that keeps features, found by the content of the file and the settings. Nothing is deleted there.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch during training, to save memory.
    verbose : int, default=0
        1 shows a bar with the time left, for more than 256 clips.

    Attributes
    ----------
    n_channels_ : int
        Number of channels of a step.
    centre_, scale_ : arrays of float64, shape (n_channels_,), or None
        Mean and deviation of each channel under ``"learnt"``.

    Notes
    -----
    A clip is one of: a path of a sound file that libsndfile reads, such as WAV, FLAC, MP3, Ogg or AIFF (str, path,
    ``zipfile.Path``, or through a zip archive, ``clips.zip/dogs/rex.wav``); ``(path, start_seconds, stop_seconds)``, a
    part of it; ``(samples, sampling_rate_hz)``; an array of samples ``(n_samples[, n_channels])`` at `sampling_rate_hz`.
    Samples are floats, or uint8, int16 or int32, which are divided by their full scale. Channels are averaged; of those
    that cancel, the loudest is taken, with a warning.

    Shape: n_cases clips to float32 ``(n_cases, n_steps, n_channels)``, filled with NaN after the end of shorter ones.

    Locate: seconds in the file or the array, half a hop before and after the middle of the window of each step. Each
    clip is computed alone. A clip of one sample gives one step, a silent clip steps of one constant. Decibels end
    `range_db` below the loudest, and, unless normalised by clip or channel, at -100. A saved adapter forgets `cache`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.adapters import AudioAdapter
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(4000) / 8000)
    >>> adapter = AudioAdapter(8000, n_mels=40).fit([tone])
    >>> X = adapter.transform([tone, (tone, 16_000)])  # the second lasts half as long
    >>> X.shape, int(np.isnan(X[1, :, 0]).sum())
    ((2, 51, 40), 25)
    >>> adapter.locate([tone])[0][:2].tolist()
    [[0.0, 0.005], [0.005, 0.015]]
    """

    def __init__(
        self,
        sampling_rate_hz: int = 16_000,
        *,
        features: str = "log_mel",
        n_mels: int = 64,
        n_mfcc: int = 20,
        window_seconds: float = 0.025,
        hop_seconds: float = 0.01,
        max_seconds: float | None = None,
        trim_db: float | None = None,
        range_db: float = 80.0,
        normalize: str | None = "clip",
        n_jobs: int | None = None,
        cache: Any = None,
        stream: bool = False,
        verbose: int = 0,
    ):
        self.sampling_rate_hz = sampling_rate_hz
        self.features = features
        self.n_mels = n_mels
        self.n_mfcc = n_mfcc
        self.window_seconds = window_seconds
        self.hop_seconds = hop_seconds
        self.max_seconds = max_seconds
        self.trim_db = trim_db
        self.range_db = range_db
        self.normalize = normalize
        self.n_jobs = n_jobs
        self.cache = cache
        self.stream = stream
        self.verbose = verbose

    def cases(
        self,
        records: Any,
        y: Sequence | None = None,
        groups: Sequence | None = None,
        *,
        stride_seconds: float | None = None,
        errors: str = "raise",
    ) -> SequenceSet:
        """Cut recordings of any length into cases of at most `max_seconds` and label them.

        Parameters
        ----------
        records : list of clips or SequenceSet
            A set, such as `seqconv.datasets.list_audio` returns, gives its y, groups and part, too.
        y : array of shape (n_records,), optional
            Label of each recording, which all of its cases get.
        groups : array of shape (n_records,), optional
            Group of each recording; by default each is a group of its own.
        stride_seconds : float, optional
            Distance from the start of one case to that of the next; None is `max_seconds`.
        errors : {"raise", "skip"}, default="raise"
            Raise the error of a recording that cannot be read, or leave such recordings out with one warning.

        Returns
        -------
        SequenceSet
            X: a clip a case, of files as ``(path, start_seconds, stop_seconds)``, unread. about: a data frame with
            ``record``, the number of the recording, ``start`` and ``stop`` in seconds. ``about.attrs["skipped"]`` has
            the number and the error of each recording left out.

        Raises
        ------
        ValueError, TypeError, OSError
            If a recording cannot be read; under ``"skip"`` if none can.

        Warns
        -----
        UserWarning
            If recordings were left out; the first errors are named.

        Notes
        -----
        Every recording is decoded once, piece by piece, so that `transform` can read all cases. The last case of a
        recording may be shorter; it is dropped if less than half of `max_seconds` is left.

        Examples
        --------
        >>> import numpy as np
        >>> from seqconv.adapters import AudioAdapter
        >>> cut = AudioAdapter(8000, max_seconds=1).cases([np.zeros(20_000), np.zeros(4000)], y=["hum", "hiss"])
        >>> cut.y.tolist(), cut.about["stop"].tolist()
        (['hum', 'hum', 'hum', 'hiss'], [1.0, 2.0, 2.5, 0.5])
        """
        check_audio_parameters(self)
        return cut_recordings(self, records, y, groups, stride_seconds, errors, stacklevel=2)

    def fit(self, X: Any, y: Sequence | None = None) -> "AudioAdapter":
        """Fit as `Adapter.fit`, and warn if sampling rates or channels may tell the class of y, by 200 headers at most."""
        super().fit(X, y)
        warn_of_recorders(self, X, y, stacklevel=2)
        return self

    array_dims = (2, 3)
    _check_parameters = check_audio_parameters

    _check_records = staticmethod(check_records)

    def _fit(self, clips):
        self._set_learnt(None, None)
        if self.normalize == "learnt":
            self._set_learnt(*statistics_of(self._over(clips, self._features)))

    def _transform(self, clips):
        cases = list(self._over(clips, self._features))
        if self.centre_ is not None:
            cases = [((case - self.centre_) / self.scale_).astype(np.float32) for case in cases]
        return cases

    def _locate(self, clips):
        spans = []
        for samples, start in self._over(clips, lambda clip: read_clip(clip, self)):
            edges = start + step_edges(len(samples), self) / self.sampling_rate_hz
            spans.append(np.stack([edges[:-1], edges[1:]], axis=1))
        return spans

    def _state(self):
        arrays = {} if self.centre_ is None else {"centre": self.centre_, "scale": self.scale_}
        return {"n_channels": self.n_channels_}, arrays

    def _restore(self, state, arrays):
        self.cache = None
        self._set_learnt(*check_audio_state(state, arrays, n_channels_of(self), self.normalize == "learnt"))

    def _set_learnt(self, centre, scale):
        self.n_channels_ = n_channels_of(self)
        self.centre_, self.scale_ = centre, scale

    def _features(self, clip):
        """Return the steps of one clip, (n_steps, n_channels), before the learnt scaling."""
        if self.cache is None:
            return features_of(read_clip(clip, self)[0], self)
        entry = entry_of(self.cache, clip, feature_settings(self))
        steps = read_entry(entry, n_channels_of(self))
        if steps is None:
            steps = features_of(read_clip(clip, self)[0], self)
            write_entry(entry, steps)
        return steps

    def _over(self, clips, compute):
        """Yield the result of `compute` for each clip, in order."""
        threads = Parallel(n_jobs=self.n_jobs, prefer="threads", return_as="generator")
        calls = (delayed(_of_case)(compute, case, clip) for case, clip in enumerate(clips))
        yield from shown(threads(calls), len(clips), "clips", self.verbose)


def _of_case(compute, case, clip):
    with of_case(case):
        return compute(clip)
