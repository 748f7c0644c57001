"""Global poolings by name."""

import difflib

import keras

from seqconv.layers.attention_pooling1d import AttentionPooling1D
from seqconv.layers.chunk_max_pooling1d import ChunkMaxPooling1D
from seqconv.layers.chunk_mean_pooling1d import ChunkMeanPooling1D
from seqconv.layers.generalized_mean_pooling1d import GeneralizedMeanPooling1D
from seqconv.layers.global_max_pooling1d import GlobalMaxPooling1D
from seqconv.layers.global_mean_max_pooling1d import GlobalMeanMaxPooling1D
from seqconv.layers.global_mean_pooling1d import GlobalMeanPooling1D
from seqconv.layers.global_std_pooling1d import GlobalStdPooling1D
from seqconv.layers.k_max_pooling1d import KMaxPooling1D
from seqconv.layers.k_mean_pooling1d import KMeanPooling1D
from seqconv.layers.last_pooling1d import LastPooling1D
from seqconv.layers.log_sum_exp_pooling1d import LogSumExpPooling1D
from seqconv.layers.registration import check_registered

_BY_NAME = {
    "mean": GlobalMeanPooling1D,
    "max": GlobalMaxPooling1D,
    "mean_max": GlobalMeanMaxPooling1D,
    "k_max": lambda: KMaxPooling1D(k=4, flatten=True),
    "k_mean": lambda: KMeanPooling1D(k=4),
    "chunk_max": lambda: ChunkMaxPooling1D(chunks=4, flatten=True),
    "chunk_mean": lambda: ChunkMeanPooling1D(chunks=4, flatten=True),
    "attention": lambda: AttentionPooling1D(units=64),
    "generalized_mean": GeneralizedMeanPooling1D,
    "log_sum_exp": LogSumExpPooling1D,
    "std": GlobalStdPooling1D,
    "last": LastPooling1D,
}


def names() -> list[str]:
    """Return the names that `get` understands, in alphabetical order.

    Examples
    --------
    >>> import seqconv
    >>> seqconv.layers.pooling_names()
    ['attention', 'chunk_max', 'chunk_mean', 'generalized_mean', 'k_max', 'k_mean', 'last', 'log_sum_exp', 'max', 'mean', \
'mean_max', 'std']
    """
    return sorted(_BY_NAME)


def get(pooling: str | keras.layers.Layer) -> keras.layers.Layer:
    """Make a new global pooling layer from its name or from a template.

    Parameters
    ----------
    pooling : str or keras.layers.Layer
        One of `names()`: "k_max" and "k_mean" take k = 4, the chunks are 4, "attention" 64 units. Or a layer, which
        is copied.

    Returns
    -------
    keras.layers.Layer
        Not built yet; by name it gives one vector for each case.

    Raises
    ------
    ValueError
        If the name is unknown.
    ValueError
        If the layer ignores the mask, or Keras could not load its class from a file.
    TypeError
        If `pooling` is neither a name nor a layer.

    Examples
    --------
    >>> from seqconv.layers import get
    >>> get("k_max").k
    4
    """
    if isinstance(pooling, str):
        if pooling not in _BY_NAME:
            near = difflib.get_close_matches(pooling, _BY_NAME, n=3, cutoff=0.4) or names()
            raise ValueError(f"pooling must be one of {names()}, got {pooling!r}; did you mean {' or '.join(near)}?")
        return _BY_NAME[pooling]()
    if not isinstance(pooling, keras.layers.Layer):
        raise TypeError(f"pooling must be one of {names()} or a Keras layer, got {pooling!r:.200}.")
    check_registered(pooling, "A pooling layer")
    if not pooling.supports_masking:
        raise ValueError(
            f"pooling must respect the mask, got {type(pooling).__name__}, which would pool the padding. "
            f"Give one of {names()} or a layer of seqconv."
        )
    return type(pooling).from_config(pooling.get_config())
