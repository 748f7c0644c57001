"""Sets of sequences and recordings, with their checks, padding, splits and moments."""

from seqconv.data.excerpt import Excerpt
from seqconv.data.multilabel_stratified_k_fold import MultilabelStratifiedKFold
from seqconv.data.recording import Recording
from seqconv.data.sequence_set import SequenceSet
from seqconv.data.splits import split_cases
from seqconv.data.walk_forward_split import WalkForwardSplit

__all__ = [
    "Excerpt",
    "MultilabelStratifiedKFold",
    "Recording",
    "SequenceSet",
    "WalkForwardSplit",
    "split_cases",
]
