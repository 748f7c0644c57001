"""Keras layers that respect the mask: padding never changes an answer."""

from seqconv.layers.attention_pooling1d import AttentionPooling1D
from seqconv.layers.channel_scaling import ChannelScaling
from seqconv.layers.chunk_max_pooling1d import ChunkMaxPooling1D
from seqconv.layers.dynamic_k_max_pooling1d import DynamicKMaxPooling1D
from seqconv.layers.feature_scaling import FeatureScaling
from seqconv.layers.global_max_pooling1d import GlobalMaxPooling1D
from seqconv.layers.global_mean_max_pooling1d import GlobalMeanMaxPooling1D
from seqconv.layers.global_mean_pooling1d import GlobalMeanPooling1D
from seqconv.layers.hydra_features1d import HydraFeatures1D
from seqconv.layers.k_max_pooling1d import KMaxPooling1D
from seqconv.layers.k_mean_pooling1d import KMeanPooling1D
from seqconv.layers.masked_add import MaskedAdd
from seqconv.layers.masked_average_pooling1d import MaskedAveragePooling1D
from seqconv.layers.masked_batch_normalization import MaskedBatchNormalization
from seqconv.layers.masked_concatenate import MaskedConcatenate
from seqconv.layers.masked_conv1d import MaskedConv1D
from seqconv.layers.masked_max_pooling1d import MaskedMaxPooling1D
from seqconv.layers.masked_separable_conv1d import MaskedSeparableConv1D
from seqconv.layers.missing_masking import MissingMasking
from seqconv.layers.pooling import get
from seqconv.layers.pooling import names as pooling_names
from seqconv.layers.quantile_features1d import QuantileFeatures1D
from seqconv.layers.rocket_features1d import RocketFeatures1D
from seqconv.layers.softmax_mixture import SoftmaxMixture
from seqconv.layers.token_embedding import TokenEmbedding
from seqconv.layers.unscaling import Unscaling
from seqconv.layers.wide_logits import WideLogits

__all__ = [
    "AttentionPooling1D",
    "ChannelScaling",
    "ChunkMaxPooling1D",
    "DynamicKMaxPooling1D",
    "FeatureScaling",
    "GlobalMaxPooling1D",
    "GlobalMeanMaxPooling1D",
    "GlobalMeanPooling1D",
    "HydraFeatures1D",
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
    "QuantileFeatures1D",
    "RocketFeatures1D",
    "SoftmaxMixture",
    "TokenEmbedding",
    "Unscaling",
    "WideLogits",
    "get",
    "pooling_names",
]
