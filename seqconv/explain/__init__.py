"""Explanations of a network's predictions."""

from seqconv.explain.ngrams import ngrams
from seqconv.explain.occlusion import Occlusion, occlusion

__all__ = ["Occlusion", "ngrams", "occlusion"]
