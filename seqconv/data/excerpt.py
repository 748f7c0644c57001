"""An excerpt of a recording, as the ECG adapter takes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from seqconv.data.recording import Recording


@dataclass(frozen=True, eq=False, repr=False)
class Excerpt:
    """A position in a recording, around which an adapter cuts a window.

    The whole recording is kept, because filters need the samples around the window.

    Parameters
    ----------
    recording : Recording
        Shared by all its excerpts.
    anchor : int
        Sample number of the position: an R peak, or the start of a window.
    rhythm : sequence of float, optional
        Rhythm features of the beat at the anchor, computed from the intervals around it.

    Examples
    --------
    >>> import numpy as np
    >>> Excerpt(Recording(np.zeros((720, 1)), 360, ["MLII"], name="100"), anchor=360)
    Excerpt('100', at 1.000 s)
    """

    recording: Recording
    anchor: int
    rhythm: Sequence[float] | None = None

    def __repr__(self) -> str:
        return f"Excerpt({self.recording.name!r}, at {self.anchor / self.recording.sampling_rate_hz:.3f} s)"
