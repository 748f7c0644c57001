"""Clips of sound to channels over time."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import check_is_fitted

from seqconv.data.padding import pad_sequences
from seqconv.domains.audio.feature_cache import entry_of, read_entry, write_entry
from seqconv.domains.audio.features import feature_settings, features_of, n_channels_of, read_clip, step_edges
from seqconv.domains.audio.parameters import check_audio_parameters, check_audio_state
from seqconv.domains.audio.records import check_records
from seqconv.domains.audio.windows import cut_recordings
from seqconv.domains.naming import naming
from seqconv.domains.progress import shown


class AudioAdapter(TransformerMixin, BaseEstimator):
    """Turn clips of sound into decibels by mel band, mel cepstra or waveforms.

    Parameters
    ----------
    sampling_rate_hz : int, default=16000
        Every clip is brought to this rate, 1000 to 192000; arrays that come without a rate are taken to have it. Sounds
        above half of it are lost.
    features : {"log_mel", "mfcc", "waveform"}, default="log_mel"
        What a step is. ``"log_mel"``: the power in each mel band, in decibels. ``"mfcc"``: the first cepstra of those.
        ``"waveform"``: one sample.
    n_mels : int, default=64
        Mel bands, from 0 Hz to half the sampling rate; the channels of ``"log_mel"``.
    n_mfcc : int, default=20
        Cepstra, at most `n_mels`; the channels of ``"mfcc"``.
    window_seconds, hop_seconds : float, default=0.025, 0.01
        How much sound a step of ``"log_mel"`` and ``"mfcc"`` hears, and how far it is to the next.
    max_seconds : float or None, default=None
        Longest clip, at most 600; what lies behind is not decoded. None refuses clips of more than 600 s. Use `cases`
        to cut long recordings into several cases.
    trim_db : float or None, default=None
        Leave out what is so much quieter than the loudest at the start and the end of a clip, such as 30; None leaves
        out nothing. Of a silent clip nothing is left out.
    range_db : float, default=80
        What is so much quieter than the loudest band of a clip becomes as loud as that: 40 hides the noise behind a
        voice, which is another in each recording.
    normalize : {"clip", "channel", "learnt"} or None, default="clip"
        Mean 0 and deviation 1 over each clip as a whole (loudness goes), over each channel of each clip (the microphone
        and lasting noise go, too), over each channel of all training clips, or nothing. ``"clip"`` is done to the bands
        before MFCC are made of them.
    n_jobs : int or None, default=None
        Threads that read and compute; -1 takes all processors.
    cache : str, path or None, default=None
        Folder in which features are kept, found again by the content of the file and the settings. Damaged entries are
        computed anew; nothing is ever thrown away: delete the folder when it grows too large.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch beside the training, so that the features of all clips
        never lie in memory at once. `transform` itself does the same.
    verbose : int, default=0
        1 shows a bar with the time left, where there are more than 256 clips.

    Attributes
    ----------
    n_channels_ : int
        Channels of a step.
    centre_, scale_ : arrays of float64, shape (n_channels_,), or None
        What ``"learnt"`` subtracts and divides by.

    Notes
    -----
    A clip is one of: a path of a WAV or FLAC file (str, path, ``zipfile.Path``, or a path through a zip archive,
    ``clips.zip/dogs/rex.wav``); ``(path, start_seconds, stop_seconds)``, a part of such a file; ``(samples,
    sampling_rate_hz)`` as librosa gives them; an array of samples ``(n_samples,)`` or ``(n_samples, n_channels)`` at
    `sampling_rate_hz`. Samples are floats, or uint8, int16 or int32, which are divided by their full scale. Channels
    are averaged.

    Shape: n_cases clips to float32 ``(n_cases, n_steps, n_channels)``, filled with NaN behind the end of shorter ones;
    nothing in a clip is missing. Each clip is computed alone. A clip of one sample gives one step, a clip of silence
    steps of one constant. Decibels end `range_db` below the loudest of the clip, and, unless they are normalised by
    clip or channel, at -100.

    A saved adapter forgets `cache`: a loaded one writes nothing until the folder is set again.

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
        sampling_rate_hz=16_000,
        *,
        features="log_mel",
        n_mels=64,
        n_mfcc=20,
        window_seconds=0.025,
        hop_seconds=0.01,
        max_seconds=None,
        trim_db=None,
        range_db=80.0,
        normalize="clip",
        n_jobs=None,
        cache=None,
        stream=False,
        verbose=0,
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

    def fit(self, X, y=None):
        """Check the parameters and, for ``normalize="learnt"``, learn the level and spread of each channel.

        Parameters
        ----------
        X : list of clips
            The training clips.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError, OSError
            A parameter out of range; a clip that cannot be read, by case.
        """
        check_audio_parameters(self)
        records = check_records(X)
        self._set_learnt(None, None)
        if self.normalize == "learnt":
            self._set_learnt(*_statistics(self._over(records, self._features)))
        return self

    def transform(self, X):
        """Turn clips into channels over time.

        Parameters
        ----------
        X : list of clips

        Returns
        -------
        array of float32, shape (n_cases, n_steps, n_channels_)
            NaN behind the end of shorter clips.

        Raises
        ------
        ValueError, TypeError, OSError
            A clip that cannot be read, by case and file.
        """
        check_is_fitted(self, "n_channels_")
        cases = list(self._over(check_records(X), self._features))
        if self.centre_ is not None:
            cases = [((case - self.centre_) / self.scale_).astype(np.float32) for case in cases]
        return pad_sequences(cases)

    def check(self, X):
        """The clips as a list, checked without opening a file; a wrong one is named by its case.

        Parameters
        ----------
        X : list of clips

        Returns
        -------
        list
            Paths as strings, the others as they came.

        Raises
        ------
        ValueError, TypeError, FileNotFoundError
            Not a list, or a clip of another kind, without samples, or of a file that is not there.
        """
        return check_records(X)

    def cases(self, records, y=None, groups=None, *, stride_seconds=None, errors="raise"):
        """Cut recordings of any length into cases of at most `max_seconds` and label them.

        Parameters
        ----------
        records : list of clips or SequenceSet
            Of a set, such as `seqconv.datasets.list_audio` gives, y, groups and part are taken, too.
        y : array of shape (n_records,), optional
            A label a recording, which all of its cases get.
        groups : array of shape (n_records,), optional
            What must not be torn apart; by default each recording.
        stride_seconds : float, optional
            From the start of one case to that of the next; None is `max_seconds`, so that they do not overlap.
        errors : {"raise", "skip"}, default="raise"
            What is done with a recording that cannot be read: raise its error, or leave it out and warn once, with the
            number of all such and the reason of each.

        Returns
        -------
        SequenceSet
            X: a clip a case, of files as ``(path, start_seconds, stop_seconds)``, unread. y, groups, and of a set part.
            about: a data frame with ``record``, the number of the recording, ``start`` and ``stop`` in seconds.

        Raises
        ------
        ValueError, TypeError, OSError
            A recording that cannot be read; under ``"skip"`` only if no one can.

        Warns
        -----
        UserWarning
            Recordings were left out.

        Notes
        -----
        Every recording is decoded once, piece by piece, so that `transform` can read what was kept. A recording in a zip
        archive is unpacked first, in memory, at most 512 MiB of it; unpack the archive of longer ones. The last case of a
        recording may be shorter; it is dropped where less than half of `max_seconds` is left.

        Examples
        --------
        >>> import numpy as np
        >>> from seqconv.adapters import AudioAdapter
        >>> cut = AudioAdapter(8000, max_seconds=1).cases([np.zeros(20_000), np.zeros(4000)], y=["hum", "hiss"])
        >>> cut.y.tolist(), cut.about["stop"].tolist()
        (['hum', 'hum', 'hum', 'hiss'], [1.0, 2.0, 2.5, 0.5])
        """
        check_audio_parameters(self)
        return cut_recordings(self, records, y, groups, stride_seconds, errors)

    def locate(self, X):
        """When each step of the clips was heard, so that what is said of a step can be said of the sound.

        Parameters
        ----------
        X : list of clips
            Those given to `transform`.

        Returns
        -------
        list of arrays of float64, shape (n_steps, 2)
            Seconds in the file or the array where each step starts and stops: half a hop before and behind the middle
            of its window, so that the steps follow one another. What was trimmed or cut has no step.

        Raises
        ------
        ValueError, TypeError, OSError
            As `transform`.
        """
        check_is_fitted(self, "n_channels_")
        spans = []
        for samples, start in self._over(check_records(X), lambda record: read_clip(record, self)):
            edges = start + step_edges(len(samples), self) / self.sampling_rate_hz
            spans.append(np.stack([edges[:-1], edges[1:]], axis=1))
        return spans

    def get_state(self):
        """What `fit` learnt, as plain JSON values and arrays; the parameters are those of `get_params`.

        Returns
        -------
        state : dict
            ``n_channels``.
        arrays : dict of str to array
            ``centre`` and ``scale``, where they were learnt.

        Examples
        --------
        >>> import numpy as np
        >>> from seqconv.adapters import AudioAdapter
        >>> AudioAdapter(features="mfcc").fit([np.ones(9)]).get_state()
        ({'n_channels': 20}, {})
        """
        check_is_fitted(self, "n_channels_")
        arrays = {} if self.centre_ is None else {"centre": self.centre_, "scale": self.scale_}
        return {"n_channels": self.n_channels_}, arrays

    def set_state(self, state, arrays):
        """Become the fitted adapter that gave this state; it may come from a file that nobody trusts.

        Parameters
        ----------
        state, arrays : dict
            As given by `get_state`, of an adapter with the same parameters. `cache` becomes None.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            The parameters or the state are not those that a fitted adapter can have.
        """
        self.cache = None
        check_audio_parameters(self)
        self._set_learnt(*check_audio_state(state, arrays, n_channels_of(self), self.normalize == "learnt"))
        return self

    def _set_learnt(self, centre, scale):
        self.n_channels_ = n_channels_of(self)
        self.centre_, self.scale_ = centre, scale

    def _features(self, record):
        """Channels over time of one record, (n_steps, n_channels), before what is learnt."""
        if self.cache is None:
            return features_of(read_clip(record, self)[0], self)
        entry = entry_of(self.cache, record, feature_settings(self))
        steps = read_entry(entry, n_channels_of(self))
        if steps is None:
            steps = features_of(read_clip(record, self)[0], self)
            write_entry(entry, steps)
        return steps

    def _over(self, records, compute):
        """Yield what `compute` makes of each record, in their order."""
        threads = Parallel(n_jobs=self.n_jobs, prefer="threads", return_as="generator")
        calls = (delayed(_named)(compute, case, record) for case, record in enumerate(records))
        yield from shown(threads(calls), len(records), "clips", self.verbose)


def _named(compute, case, record):
    """What `compute` makes of a record; its error says which case it was."""
    with naming(f"case {case}"):
        return compute(record)


def _statistics(cases):
    """Mean and deviation of each channel over all steps, met one case at a time; 1 for a channel that never changes."""
    n, total, squares = 0, 0.0, 0.0
    for steps in cases:
        n += len(steps)
        total = total + steps.sum(axis=0, dtype=np.float64)
        squares = squares + np.square(steps, dtype=np.float64).sum(axis=0)
    centre = total / n
    deviation = np.sqrt(np.maximum(squares / n - centre**2, 0))
    return centre, np.where(deviation > 1e-6 * np.abs(centre), deviation, 1.0)
