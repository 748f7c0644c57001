"""Keras layers that respect the mask: padding never changes an answer."""

from seqconv.layers.attention_pooling1d import AttentionPooling1D
from seqconv.layers.bilinear_normalization import BilinearNormalization
from seqconv.layers.channel_scaling import ChannelScaling
from seqconv.layers.channel_shuffle import ChannelShuffle
from seqconv.layers.chunk_max_pooling1d import ChunkMaxPooling1D
from seqconv.layers.chunk_mean_pooling1d import ChunkMeanPooling1D
from seqconv.layers.dynamic_k_max_pooling1d import DynamicKMaxPooling1D
from seqconv.layers.each_group import EachGroup
from seqconv.layers.feature_scaling import FeatureScaling
from seqconv.layers.folding1d import Folding1D
from seqconv.layers.fractional_max_pooling1d import FractionalMaxPooling1D
from seqconv.layers.gated_linear_unit import GatedLinearUnit
from seqconv.layers.generalized_mean_pooling1d import GeneralizedMeanPooling1D
from seqconv.layers.global_max_pooling1d import GlobalMaxPooling1D
from seqconv.layers.global_mean_max_pooling1d import GlobalMeanMaxPooling1D
from seqconv.layers.global_mean_pooling1d import GlobalMeanPooling1D
from seqconv.layers.global_std_pooling1d import GlobalStdPooling1D
from seqconv.layers.hand_crafted_filters1d import HandCraftedFilters1D
from seqconv.layers.highway import Highway
from seqconv.layers.hydra_features1d import HydraFeatures1D
from seqconv.layers.k_max_pooling1d import KMaxPooling1D
from seqconv.layers.k_mean_pooling1d import KMeanPooling1D
from seqconv.layers.last_pooling1d import LastPooling1D
from seqconv.layers.layer_scale import LayerScale
from seqconv.layers.log_sum_exp_pooling1d import LogSumExpPooling1D
from seqconv.layers.longest_positive_pooling1d import LongestPositivePooling1D
from seqconv.layers.masked_add import MaskedAdd
from seqconv.layers.masked_average_pooling1d import MaskedAveragePooling1D
from seqconv.layers.masked_batch_normalization import MaskedBatchNormalization
from seqconv.layers.masked_concatenate import MaskedConcatenate
from seqconv.layers.masked_conv1d import MaskedConv1D
from seqconv.layers.masked_conv1d_transpose import MaskedConv1DTranspose
from seqconv.layers.masked_depthwise_conv1d import MaskedDepthwiseConv1D
from seqconv.layers.masked_group_normalization import MaskedGroupNormalization
from seqconv.layers.masked_layer_normalization import MaskedLayerNormalization
from seqconv.layers.masked_max_pooling1d import MaskedMaxPooling1D
from seqconv.layers.masked_separable_conv1d import MaskedSeparableConv1D
from seqconv.layers.max_pooling_with_switches1d import MaxPoolingWithSwitches1D
from seqconv.layers.max_unpooling1d import MaxUnpooling1D
from seqconv.layers.maxout import Maxout
from seqconv.layers.maxout_conv1d import MaxoutConv1D
from seqconv.layers.missing_masking import MissingMasking
from seqconv.layers.pooling import get
from seqconv.layers.pooling import names as pooling_names
from seqconv.layers.positive_index_pooling1d import PositiveIndexPooling1D
from seqconv.layers.positive_mean_pooling1d import PositiveMeanPooling1D
from seqconv.layers.positive_proportion_pooling1d import PositiveProportionPooling1D
from seqconv.layers.quantile_features1d import QuantileFeatures1D
from seqconv.layers.reparameterized_conv1d import ReparameterizedConv1D
from seqconv.layers.rocket_features1d import RocketFeatures1D
from seqconv.layers.sinc_conv1d import SincConv1D
from seqconv.layers.softmax_mixture import SoftmaxMixture
from seqconv.layers.squeeze_excitation1d import SqueezeExcitation1D
from seqconv.layers.token_embedding import TokenEmbedding
from seqconv.layers.transposed_filters1d import TransposedFilters1D
from seqconv.layers.unpooling1d import Unpooling1D
from seqconv.layers.unscaling import Unscaling
from seqconv.layers.weight_norm_conv1d import WeightNormConv1D
from seqconv.layers.wide_logits import WideLogits

__all__ = [
    "AttentionPooling1D",
    "BilinearNormalization",
    "ChannelScaling",
    "ChannelShuffle",
    "ChunkMaxPooling1D",
    "ChunkMeanPooling1D",
    "DynamicKMaxPooling1D",
    "EachGroup",
    "FeatureScaling",
    "Folding1D",
    "FractionalMaxPooling1D",
    "GatedLinearUnit",
    "GeneralizedMeanPooling1D",
    "GlobalMaxPooling1D",
    "GlobalMeanMaxPooling1D",
    "GlobalMeanPooling1D",
    "GlobalStdPooling1D",
    "HandCraftedFilters1D",
    "Highway",
    "HydraFeatures1D",
    "KMaxPooling1D",
    "KMeanPooling1D",
    "LastPooling1D",
    "LayerScale",
    "LogSumExpPooling1D",
    "LongestPositivePooling1D",
    "MaskedAdd",
    "MaskedAveragePooling1D",
    "MaskedBatchNormalization",
    "MaskedConcatenate",
    "MaskedConv1D",
    "MaskedConv1DTranspose",
    "MaskedDepthwiseConv1D",
    "MaskedGroupNormalization",
    "MaskedLayerNormalization",
    "MaskedMaxPooling1D",
    "MaskedSeparableConv1D",
    "MaxPoolingWithSwitches1D",
    "MaxUnpooling1D",
    "Maxout",
    "MaxoutConv1D",
    "MissingMasking",
    "PositiveIndexPooling1D",
    "PositiveMeanPooling1D",
    "PositiveProportionPooling1D",
    "QuantileFeatures1D",
    "ReparameterizedConv1D",
    "RocketFeatures1D",
    "SincConv1D",
    "SoftmaxMixture",
    "SqueezeExcitation1D",
    "TokenEmbedding",
    "TransposedFilters1D",
    "Unpooling1D",
    "Unscaling",
    "WeightNormConv1D",
    "WideLogits",
    "get",
    "pooling_names",
]
