"""Electrocardiograms and other electrical recordings to clean windows of equal length."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.data import SequenceSet
from seqconv.data.case_errors import case_error, of_case
from seqconv.data.excerpt import Excerpt
from seqconv.data.padding import pad_sequences
from seqconv.domains.base import Adapter
from seqconv.domains.medical.devices import warn_of_devices
from seqconv.domains.medical.grid import Pass, StepGrid
from seqconv.domains.medical.overlapping_beats import with_constants
from seqconv.domains.medical.parameters import check_ecg_parameters, check_ecg_state
from seqconv.domains.medical.records import check_records, leads_of_all, read_record
from seqconv.domains.medical.windows import cut_recordings


class ECGAdapter(Adapter):
    """Turn recordings of leads, or beats cut from them, into filtered millivolts at one rate.

    Parameters
    ----------
    sampling_rate_hz : float or None, default=None
        Rate that every recording is resampled to. None takes that of the training recordings and rejects any other.
    leads : list of str or None, default=None
        Leads to take, or aliases (II for MLII), in this order. None takes those that all training recordings have, and
        warns if others are left out.
    missing_leads : {"raise", "nan"}, default="raise"
        Raise if a recording lacks a lead, or warn and give NaN in its place. With NaN and without `leads`, all leads of
        any training recording are taken.
    window_seconds : (float, float), default=(0.4, 0.6)
        Length of an excerpt before its R peak and from it on. Whole recordings are not cut.
    band_hz : (float or None, float or None) or None, default=(0.5, 40)
        Lowest and highest frequency that passes; None passes all. 0.5 Hz removes drift, 40 Hz most muscle noise.
    notch_hz : float or None, default=None
        Hum of the mains to remove, 50 or 60, within 1 Hz.
    flat_seconds : float or None, default=1.0
        A lead that keeps one value that long is not in contact: NaN. So are three samples or more in a row at a known
        limit of the converter. None keeps flat lines.
    rhythm : bool, default=False
        Add the eight values of `seqconv.domains.medical.beats.rhythm` as channels. This needs excerpts of `cases`.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch during training. This saves memory if the cases are paths
        of whole files; excerpts hold their decoded recordings.

    Attributes
    ----------
    sampling_rate_hz_ : float or None
        Rate of the steps; None if only arrays were seen and no rate was given.
    leads_ : tuple of str or None
        Names; None if only arrays were seen.
    n_leads_ : int
        Number of leads.

    Notes
    -----
    A record is one of: a `seqconv.data.recording.Recording`, or the path of a WFDB header (``119.hea`` or ``119``) or
    of an EDF or BDF file, all of which is one case; an ``Excerpt`` of a recording, as `cases` cuts them; an array
    ``(n_steps, n_leads)`` of at most 512 leads at the rate of the steps, NaN where nothing was observed. Arrays are not
    filtered, resampled or searched for lost contact; an adapter that saw recordings in `fit` warns of them.

    Shape: n_cases records to float32 ``(n_cases, n_steps, n_leads [+ 8])``, filled with NaN at the end of shorter ones.
    NaN also where no lead was in contact and beyond the ends of a recording.

    Locate: seconds in the recording, half a step before and after the moment of each step; in an array from its first
    step. Steps of an excerpt beyond the ends of its recording have a place, too.

    Order: lost contact and saturation become NaN, then resampling, then filters of linear phase, which shift nothing in
    time. Gaps are bridged by straight lines for the filters alone. An excerpt equals the same part of its filtered
    recording, up to some microvolts near gaps longer than the filters see (4 s at 0.5 Hz).

    Examples
    --------
    >>> from seqconv.datasets import make_heartbeats
    >>> adapter = ECGAdapter(sampling_rate_hz=125)
    >>> beats = adapter.cases(make_heartbeats(n_patients=2, n_beats=20, as_recordings=True))
    >>> adapter.fit(beats.X).transform(beats.X[:3]).shape
    (3, 125, 1)
    """

    def __init__(
        self,
        sampling_rate_hz: float | None = None,
        *,
        leads: Sequence[str] | None = None,
        missing_leads: str = "raise",
        window_seconds: tuple[float, float] = (0.4, 0.6),
        band_hz: tuple[float | None, float | None] | None = (0.5, 40),
        notch_hz: float | None = None,
        flat_seconds: float | None = 1.0,
        rhythm: bool = False,
        stream: bool = False,
    ):
        self.sampling_rate_hz, self.window_seconds = sampling_rate_hz, window_seconds
        self.leads, self.missing_leads = leads, missing_leads
        self.band_hz, self.notch_hz, self.flat_seconds = band_hz, notch_hz, flat_seconds
        self.rhythm, self.stream = rhythm, stream

    array_dims = (2, 3)
    takes_nan = True
    _check_parameters = check_ecg_parameters
    _check_records = staticmethod(check_records)

    def fit(self, X: Any, y: Sequence | None = None) -> "ECGAdapter":
        """Fit as `Adapter.fit`, and warn if sampling rates may tell the class of y, by 200 headers at most."""
        self._check_parameters()
        records = self.check(X)
        self._fit(records)
        warn_of_devices(self, records, y, stacklevel=2)
        return self

    def _fit(self, records):
        numbers = [i for i, record in enumerate(records) if not isinstance(record, np.ndarray)]
        if numbers:
            shared = [getattr(records[i], "recording", records[i]) for i in numbers]  # of an excerpt
            leads = leads_of_all(shared, self.leads, self.missing_leads, numbers)
            with of_case(numbers[0]):
                grid = StepGrid.of(self, read_record(shared[0], leads, None, self.missing_leads), leads)
        else:
            rate = None if self.sampling_rate_hz is None else float(self.sampling_rate_hz)
            grid = StepGrid(self, rate, None, records[0].shape[1])
        seen = Pass()
        for case, record in enumerate(records):
            # Files are opened by transform.
            if not isinstance(record, str):
                grid.prepared(record, case, seen)
        seen.warn(grid, stacklevel=3)
        self._become(grid)

    def _transform(self, records):
        grid = self._grid()
        signals, excerpts, seen = [None] * len(records), {}, Pass()
        for case, record in enumerate(records):
            recording = grid.prepared(record, case, seen)
            if recording is None:
                signals[case] = record.astype(np.float32)
            elif isinstance(record, Excerpt):
                of_rate = excerpts.setdefault(recording.sampling_rate_hz, [])
                of_rate.append((case, Excerpt(recording, record.anchor)))
            else:
                signals[case] = grid.path(recording.sampling_rate_hz).whole(recording)
        seen.warn(grid, stacklevel=3)
        for rate, of_rate in excerpts.items():
            path = grid.path(rate)
            cases, found = zip(*of_rate, strict=True)
            for case, window in zip(cases, path.around(found, *grid.window_steps), strict=True):
                signals[case] = window
        for case, signal in enumerate(signals):
            if np.isnan(signal).all():
                what = f"a lead must be in contact, none is ({records[case]!r:.80}); leave it out."
                raise case_error(ValueError, case, f"{{case}}: {what}")
        X = pad_sequences(signals)
        return with_constants(X, [record.rhythm for record in records]) if self.rhythm else X

    def cases(
        self,
        records: Any,
        y: Sequence | None = None,
        groups: Sequence | None = None,
        *,
        around: str = "beats",
        classes: Any = "aami",
        stride_seconds: float | None = None,
        annotator: str | None = "atr",
        errors: str = "raise",
    ) -> SequenceSet:
        """Cut recordings into cases: one around each beat, labelled by its symbol, or window after window.

        Parameters
        ----------
        records : list of recordings or paths, or SequenceSet
        y : array of shape (n_recordings,) or (n_recordings, n_labels), data frame, or list of sets, optional
            Labels of each recording, which all of its windows get. Not for beats. A frame keeps its columns.
        groups : array of shape (n_recordings,), optional
            Patient of each recording; by default the name of the recording or its file, which must differ. In the
            MIT-BIH database 201 and 202 are one patient.
        around : {"beats", "windows"}, default="beats"
        classes : "aami", None, dict or callable, default="aami"
            Label of each symbol of a beat: ``"aami"`` is `seqconv.domains.medical.beats.AAMI_CLASSES` (N, S, V, F, Q),
            None the symbol itself. Beats of a symbol without a label are left out. For windows see
            `seqconv.domains.medical.intervals.label_windows`; ``"aami"`` gives them no label.
        stride_seconds : float, optional
            Distance from one window to the next; None is the length of a window. Not for beats.
        annotator : str or None, default="atr"
            Ending of the annotation files of WFDB records. ``"gqrs"`` finds beats by `find_beats` of
            `seqconv.domains.medical.beat_finding`; so does, with a warning, any other if no beat is annotated.
        errors : {"raise", "skip"}, default="raise"
            Raise the error of a recording that this adapter cannot take, or leave it out with one warning. So are
            cases without a lead in contact. ``about.attrs["skipped"]`` lists both, with their errors. An adapter that
            is not fitted takes the leads that all recordings have, and the rate of the first one with a case.

        Returns
        -------
        SequenceSet
            X: an `Excerpt` a case, which shares its recording with others. y: None for beats that were found. about: a
            data frame with ``record``, ``start`` and ``stop`` in seconds, and ``symbol``.

        Raises
        ------
        ValueError, TypeError, OSError
            If a recording cannot be taken, or under ``"skip"`` none can. If two of one name have no groups.

        Warns
        -----
        UserWarning
            If something is left out, or filled up with NaN as a recording is shorter than a window.

        Notes
        -----
        Split the cases between patients by the groups, not at random: see `seqconv.data.splits.split_cases`.

        Examples
        --------
        >>> from seqconv.datasets import make_heartbeats
        >>> recordings = make_heartbeats(n_patients=2, n_beats=20, as_recordings=True)
        >>> windows = ECGAdapter(window_seconds=(0, 5)).cases(recordings, y=["well", "ill"], around="windows")
        >>> windows.y[0], windows.about["stop"][0]
        (np.str_('well'), np.float64(5.0))
        """
        check_ecg_parameters(self)
        grid = self._grid() if hasattr(self, "n_leads_") else None
        options = around, classes, stride_seconds, annotator, errors
        return cut_recordings(self, grid, records, y, groups, *options, stacklevel=2)

    def _locate(self, records):
        grid, seen = self._grid(), Pass()
        if grid.rate_hz is None:
            raise ValueError("the rate of arrays must be known to locate their steps; give sampling_rate_hz.")
        return [grid.spans(record, grid.prepared(record, case, seen)) for case, record in enumerate(records)]

    def channel_names(self) -> list[str] | None:
        """Return the names of the leads and of the values of the rhythm; None if only arrays were seen."""
        return self.leads_ and [*self.leads_, *(f"rhythm {number}" for number in range(1, 9) if self.rhythm)]

    def _state(self):
        leads = self.leads_ and [*self.leads_]
        return {"sampling_rate_hz": self.sampling_rate_hz_, "leads": leads, "n_leads": self.n_leads_}, {}

    def _restore(self, state, arrays):
        self._become(StepGrid(self, *check_ecg_state(state, arrays, self)))

    def _grid(self):
        """Return the grid of the fitted adapter."""
        return StepGrid(self, self.sampling_rate_hz_, self.leads_, self.n_leads_)

    def _become(self, grid):
        self.sampling_rate_hz_, self.leads_, self.n_leads_ = grid.rate_hz, grid.leads, grid.n_leads
