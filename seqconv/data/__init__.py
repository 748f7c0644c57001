"""Arrays to arrays: sets of sequences, their checks, padding, splits and scaling."""

from seqconv.data.recording import Excerpt, Recording
from seqconv.data.sequence_set import SequenceSet

__all__ = ["Excerpt", "Recording", "SequenceSet"]
