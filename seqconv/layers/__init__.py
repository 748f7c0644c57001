"""Keras layers that respect the mask: no answer depends on how far a batch was padded."""

from seqconv.layers.convolution import MaskedConv1D, MaskedSeparableConv1D
from seqconv.layers.embedding import TokenEmbedding
from seqconv.layers.global_pooling import (
    AttentionPooling1D,
    ChunkMaxPooling1D,
    GlobalMaxPooling1D,
    GlobalMeanMaxPooling1D,
    GlobalMeanPooling1D,
    get,
)
from seqconv.layers.joining import MaskedAdd, MaskedConcatenate
from seqconv.layers.k_max_pooling import DynamicKMaxPooling1D, KMaxPooling1D, KMeanPooling1D
from seqconv.layers.masking import MissingMasking
from seqconv.layers.normalization import ChannelScaling, MaskedBatchNormalization
from seqconv.layers.pooling import MaskedAveragePooling1D, MaskedMaxPooling1D
from seqconv.layers.unscaling import Unscaling

__all__ = [
    "AttentionPooling1D",
    "ChannelScaling",
    "ChunkMaxPooling1D",
    "DynamicKMaxPooling1D",
    "GlobalMaxPooling1D",
    "GlobalMeanMaxPooling1D",
    "GlobalMeanPooling1D",
    "KMaxPooling1D",
    "KMeanPooling1D",
    "MaskedAdd",
    "MaskedAveragePooling1D",
    "MaskedBatchNormalization",
    "MaskedConcatenate",
    "MaskedConv1D",
    "MaskedMaxPooling1D",
    "MaskedSeparableConv1D",
    "MissingMasking",
    "TokenEmbedding",
    "Unscaling",
    "get",
]
