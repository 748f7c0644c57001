"""Electrocardiograms and other electrical recordings to clean, equally long windows."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from seqconv.data.padding import pad_sequences
from seqconv.data.excerpt import Excerpt
from seqconv.domains.medical.grid import StepGrid
from seqconv.domains.medical.overlapping_beats import with_constants
from seqconv.domains.medical.parameters import check_ecg_parameters, check_ecg_state
from seqconv.domains.medical.records import check_records, name_of, read_record
from seqconv.domains.medical.windows import cut_recordings
from seqconv.domains.naming import naming


class ECGAdapter(TransformerMixin, BaseEstimator):
    """Turn recordings of leads, or beats cut from them, into filtered millivolts at one rate; arrays stay as they are.

    Parameters
    ----------
    sampling_rate_hz : float or None, default=None
        Every recording is resampled to this rate. None takes that of the training recordings and refuses any other.
    leads : list of str or None, default=None
        Leads to take, in this order, by name; None takes those of the first training recording.
    window_seconds : (float, float), default=(0.4, 0.6)
        What an excerpt covers, before its R peak and from it on. Whole recordings are not cut.
    band_hz : (float or None, float or None) or None, default=(0.5, 40)
        Lowest and highest frequency that passes; None passes all. 0.5 Hz takes out drift, 40 Hz most of the muscles' noise.
    notch_hz : float or None, default=None
        Hum of the mains to take out, 50 or 60, within 1 Hz to each side.
    flat_seconds : float or None, default=1.0
        A lead that keeps one value for so long is not in contact; its values become NaN, as do three samples or more in a row
        at a limit of the converter, where the file tells the limits. None looks for no flat lines.
    rhythm : bool, default=False
        Add the eight values of `seqconv.domains.medical.beats.rhythm` as channels, each the same at all steps of a beat: how early and
        late it came. Only for excerpts of `cases`, which know the beats around.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch beside the training. Where the cases are paths, each a whole
        file, their signals then never lie in memory at once. Excerpts hold their decoded recordings, so that what `cases`
        cut, also from paths, is in memory with its recordings; only the windows are not. `transform` does the same.

    Attributes
    ----------
    sampling_rate_hz_ : float or None
        Of the steps; None where only arrays were seen and no rate was given.
    leads_ : tuple of str or None
        None where only arrays were seen.
    n_leads_ : int

    Notes
    -----
    A record is one of: a `seqconv.data.recording.Recording`, or a path of a WFDB header (``119.hea`` or ``119``) or of an EDF
    file, all of which is one case; an ``Excerpt`` of a recording, as `cases` cuts them; an array ``(n_steps, n_leads)`` of
    at most 512 leads. An array is taken as it is, neither filtered nor resampled nor searched for lost contact: at the rate
    of the steps, in millivolt or any other unit, NaN where nothing was observed.

    Shape: n_cases records to float32 ``(n_cases, n_steps, n_leads [+ 8])``, filled with NaN at the end of shorter ones.
    NaN also where no lead was in contact and beyond the ends of a recording.

    Order: lost contact and saturation become NaN, then resampling, then the filters, which have linear phase: nothing is
    shifted in time. Gaps are bridged by straight lines for the filters alone. An excerpt is filtered with as much of its
    recording around it as the filters see, so that its edges are no artefacts and it is what it would be in the whole
    recording, but for rounding and but for gaps that reach farther than the filters see (4 s at 0.5 Hz): the line over such
    a gap then ends within sight, and values beside it can differ by some microvolts. Each case is computed alone.

    Examples
    --------
    >>> from seqconv.adapters import ECGAdapter
    >>> from seqconv.datasets import make_heartbeats
    >>> recordings = make_heartbeats(n_patients=2, n_beats=20, as_recordings=True)
    >>> adapter = ECGAdapter(sampling_rate_hz=125)
    >>> beats = adapter.cases(recordings)
    >>> adapter.fit(beats.X).transform(beats.X[:3]).shape
    (3, 125, 1)
    >>> str(beats.groups[0]), beats.about.columns.tolist()
    ('made00', ['record', 'start', 'stop', 'symbol'])
    """

    def __init__(
        self,
        sampling_rate_hz=None,
        *,
        leads=None,
        window_seconds=(0.4, 0.6),
        band_hz=(0.5, 40),
        notch_hz=None,
        flat_seconds=1.0,
        rhythm=False,
        stream=False,
    ):
        self.sampling_rate_hz = sampling_rate_hz
        self.leads = leads
        self.window_seconds = window_seconds
        self.band_hz = band_hz
        self.notch_hz = notch_hz
        self.flat_seconds = flat_seconds
        self.rhythm = rhythm
        self.stream = stream

    def fit(self, X, y=None):
        """Learn the leads and, where none is given, the rate of the training records; no signal is learnt from.

        Parameters
        ----------
        X : list of records
            Of files the first is opened, where no other kind of record is before it, and no other one: `transform` judges
            those.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError, OSError
            A parameter out of range; a record, other than a file that is not opened, that cannot be read, or whose rate or
            leads are not those of the first, by case.
        """
        check_ecg_parameters(self)
        records = check_records(X)
        first = next((i for i, record in enumerate(records) if not isinstance(record, np.ndarray)), None)
        if first is None:
            rate = None if self.sampling_rate_hz is None else float(self.sampling_rate_hz)
            grid = StepGrid(self, rate, None, records[0].shape[1])
        else:
            record = getattr(records[first], "recording", records[first])  # of an excerpt
            with naming(f"case {first}"):
                grid = StepGrid.of_first(self, read_record(record, name_of(record, first), self.leads))
        seen = {}
        for case, record in enumerate(records):
            if not isinstance(record, str):  # files are opened by transform
                grid.prepared(record, case, seen)
        return self._become(grid)

    def transform(self, X):
        """Turn records into clean signals.

        Parameters
        ----------
        X : list of records

        Returns
        -------
        array of float32, shape (n_cases, n_steps, n_channels)

        Raises
        ------
        ValueError, TypeError, OSError
            A record that cannot be read, of another rate or without a lead of the training records, in which no lead is in
            contact, or without the rhythm that `rhythm` asks for, by case.
        """
        grid, records = self._grid(), check_records(X)
        signals, excerpts, seen = [None] * len(records), {}, {}
        for case, record in enumerate(records):
            recording = grid.prepared(record, case, seen)
            if recording is None:
                signals[case] = record.astype(np.float32)
            elif isinstance(record, Excerpt):
                of_rate = excerpts.setdefault(recording.sampling_rate_hz, [])
                of_rate.append((case, Excerpt(recording, record.anchor)))
            else:
                signals[case] = grid.path(recording.sampling_rate_hz).whole(recording)
        for rate, of_rate in excerpts.items():
            path = grid.path(rate)
            cases, found = zip(*of_rate, strict=True)
            for case, window in zip(cases, path.around(found, *grid.window_steps), strict=True):
                signals[case] = window
        for case, signal in enumerate(signals):
            if np.isnan(signal).all():
                raise ValueError(
                    f"case {case}: a lead must be in contact, none is ({records[case]!r:.80}); leave it out."
                )
        X = pad_sequences(signals)
        return with_constants(X, [record.rhythm for record in records]) if self.rhythm else X

    def check(self, X):
        """The records as a list, checked without opening a file; a wrong one is named by its case.

        Parameters
        ----------
        X : list of records

        Returns
        -------
        list
            Paths as strings, the others as they came.

        Raises
        ------
        ValueError, TypeError, OSError
            Not a list, or a record of another kind, without values, or of a file that is not there.
        """
        return check_records(X)

    def cases(
        self,
        records,
        y=None,
        groups=None,
        *,
        around="beats",
        classes="aami",
        stride_seconds=None,
        annotator="atr",
        errors="raise",
    ):
        """Cut recordings into cases: one around each annotated beat, labelled by its symbol, or one window after another.

        Parameters
        ----------
        records : list of recordings or paths, or SequenceSet
        y : array of shape (n_recordings,), optional
            A label a recording, which all of its windows get. Not for beats.
        groups : array of shape (n_recordings,), optional
            Patient of each recording; by default the recording's name (of a file: without folder and ending), where no two
            are the same. In the MIT-BIH database 201 and 202 are one patient.
        around : {"beats", "windows"}, default="beats"
        classes : "aami", None or dict, default="aami"
            Label of each symbol: ``"aami"`` is `seqconv.domains.medical.beats.AAMI_CLASSES` (N, S, V, F, Q), None the symbol itself. Beats
            of a symbol without a label are left out.
        stride_seconds : float, optional
            From one window to the next; None is the length of a window. Not for beats.
        annotator : str or None, default="atr"
            Ending of the annotation files of WFDB records.
        errors : {"raise", "skip"}, default="raise"
            What is done with a recording that cannot be read, has no annotated beat, annotations beyond its end, or another
            rate or other leads than this adapter takes, and with cases in which no lead is in contact: raise the error, or
            leave them out and warn once, with the number of all such recordings and the reason of each. So `fit` and
            `transform` refuse no case that is kept. An adapter that is not fitted goes by the first recording that gives a
            case: its leads, where `leads` names none, are then all that the others keep, and its rate is the one required.

        Returns
        -------
        SequenceSet
            X: an `Excerpt` a case, which shares its recording with the others. y, groups. about: a data frame with
            ``record``, ``start`` and ``stop`` in seconds, and ``symbol``.

        Raises
        ------
        ValueError, TypeError, OSError
            As above, by recording; under ``"skip"`` only if nothing is left. Recordings of one name without groups.

        Warns
        -----
        UserWarning
            Something was left out.

        Notes
        -----
        Split the cases between patients, not at random: `seqconv.data.splits.split_cases` does, by the groups.

        Examples
        --------
        >>> from seqconv.adapters import ECGAdapter
        >>> from seqconv.datasets import make_heartbeats
        >>> recordings = make_heartbeats(n_patients=2, n_beats=20, as_recordings=True)
        >>> windows = ECGAdapter(window_seconds=(0, 5)).cases(recordings, y=["well", "ill"], around="windows")
        >>> windows.y[0], windows.about["stop"][0]
        (np.str_('well'), np.float64(5.0))
        """
        check_ecg_parameters(self)
        grid = self._grid() if hasattr(self, "n_leads_") else None
        return cut_recordings(self, grid, records, y, groups, around, classes, stride_seconds, annotator, errors)

    def locate(self, X):
        """When each step was recorded, so that what is said of a step can be said of the recording.

        Parameters
        ----------
        X : list of records
            Those given to `transform`.

        Returns
        -------
        list of arrays of float64, shape (n_steps, 2)
            Seconds in the recording (of an array: from its first step) where each step starts and stops: half a step before
            and behind the moment that it stands for. Steps of an excerpt beyond an end of its recording are there as well.

        Raises
        ------
        ValueError, TypeError, OSError
            As `transform`; arrays, where no rate is known.
        """
        grid, records, seen, spans = self._grid(), check_records(X), {}, []
        if grid.rate_hz is None:
            raise ValueError("the rate of arrays must be known to locate their steps; give sampling_rate_hz.")
        for case, record in enumerate(records):
            recording = grid.prepared(record, case, seen)
            start, n_steps = 0.0, len(record) if recording is None else None
            if isinstance(record, Excerpt):
                n_before, n_after = grid.window_steps
                start = record.anchor / recording.sampling_rate_hz - n_before / grid.rate_hz
                n_steps = n_before + n_after
            elif recording is not None:
                up, down = grid.path(recording.sampling_rate_hz).ratio
                n_steps = -(-len(recording.signal) * up // down)
            edges = start + (np.arange(n_steps + 1) - 0.5) / grid.rate_hz
            spans.append(np.stack([edges[:-1], edges[1:]], axis=1))
        return spans

    def get_state(self):
        """What `fit` learnt, as plain JSON values and arrays; the parameters are those of `get_params`.

        Returns
        -------
        state : dict
            ``sampling_rate_hz``, ``leads`` and ``n_leads``.
        arrays : dict
            Empty.

        Examples
        --------
        >>> import numpy as np
        >>> from seqconv.adapters import ECGAdapter
        >>> ECGAdapter().fit([np.zeros((187, 1))]).get_state()
        ({'sampling_rate_hz': None, 'leads': None, 'n_leads': 1}, {})
        """
        check_is_fitted(self, "n_leads_")
        leads = None if self.leads_ is None else list(self.leads_)
        return {"sampling_rate_hz": self.sampling_rate_hz_, "leads": leads, "n_leads": self.n_leads_}, {}

    def set_state(self, state, arrays):
        """Become the fitted adapter that gave this state; it may come from a file that nobody trusts.

        Parameters
        ----------
        state, arrays : dict
            As given by `get_state`, of an adapter with the same parameters.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            The parameters or the state are not those that a fitted adapter can have.
        """
        check_ecg_parameters(self)
        return self._become(StepGrid(self, *check_ecg_state(state, arrays, self)))

    def _grid(self):
        """What the fitted adapter asks of recordings, and its steps."""
        check_is_fitted(self, "n_leads_")
        return StepGrid(self, self.sampling_rate_hz_, self.leads_, self.n_leads_)

    def _become(self, grid):
        self.sampling_rate_hz_, self.leads_, self.n_leads_ = grid.rate_hz, grid.leads, grid.n_leads
        return self
