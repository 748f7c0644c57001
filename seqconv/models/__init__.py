"""Keras models around any encoder: stem, encoder, pooling and head in one flat graph."""

from seqconv.models.average import build_average
from seqconv.models.classifier import build_classifier
from seqconv.models.complete import complete_twin
from seqconv.models.fully_convolutional import to_fully_convolutional
from seqconv.models.joined import build_joined
from seqconv.models.regressor import build_regressor
from seqconv.models.series_stem import SeriesStem
from seqconv.models.streaming_model import StreamingModel, streaming
from seqconv.models.token_stem import TokenStem

__all__ = [
    "SeriesStem",
    "StreamingModel",
    "TokenStem",
    "build_average",
    "build_classifier",
    "build_joined",
    "build_regressor",
    "complete_twin",
    "streaming",
    "to_fully_convolutional",
]
