"""Global poolings by name."""

import difflib

import keras

from seqconv.layers.attention_pooling1d import AttentionPooling1D
from seqconv.layers.chunk_max_pooling1d import ChunkMaxPooling1D
from seqconv.layers.global_max_pooling1d import GlobalMaxPooling1D
from seqconv.layers.global_mean_max_pooling1d import GlobalMeanMaxPooling1D
from seqconv.layers.global_mean_pooling1d import GlobalMeanPooling1D
from seqconv.layers.k_max_pooling1d import KMaxPooling1D
from seqconv.layers.k_mean_pooling1d import KMeanPooling1D
from seqconv.layers.registration import check_registered

_BY_NAME = {
    "mean": GlobalMeanPooling1D,
    "max": GlobalMaxPooling1D,
    "mean_max": GlobalMeanMaxPooling1D,
    "k_max": lambda: KMaxPooling1D(k=4, flatten=True),
    "k_mean": lambda: KMeanPooling1D(k=4),
    "chunk_max": lambda: ChunkMaxPooling1D(chunks=4, flatten=True),
    "attention": lambda: AttentionPooling1D(units=64),
}


def names():
    """Return the names that `get` understands, in alphabetical order.

    Examples
    --------
    >>> import seqconv
    >>> seqconv.layers.pooling_names()
    ['attention', 'chunk_max', 'k_max', 'k_mean', 'max', 'mean', 'mean_max']
    """
    return sorted(_BY_NAME)


def get(pooling):
    """Make a new global pooling layer from its name or from a template.

    Parameters
    ----------
    pooling : str or keras.layers.Layer
        "mean", "max", "mean_max", "k_max" (k = 4), "k_mean" (k = 4), "chunk_max" (4 chunks) or "attention"
        (64 units), each giving one vector a case; or a layer, which is left as it is.

    Returns
    -------
    keras.layers.Layer
        Not built yet.

    Raises
    ------
    ValueError
        If the name is unknown, or the layer is of a class that Keras could not load back from a file.
    TypeError
        If `pooling` is neither.

    Examples
    --------
    >>> from seqconv.layers import get
    >>> get("k_max").k
    4
    """
    if isinstance(pooling, str):
        if pooling not in _BY_NAME:
            near = difflib.get_close_matches(pooling, _BY_NAME, n=3, cutoff=0.4) or list(_BY_NAME)
            raise ValueError(f"pooling must be a known name, got {pooling!r}; did you mean {' or '.join(near)}?")
        return _BY_NAME[pooling]()
    if not isinstance(pooling, keras.layers.Layer):
        raise TypeError(
            f"pooling must be a name or a Keras layer, got {pooling!r}; give one of {', '.join(_BY_NAME)} or a layer."
        )
    check_registered(pooling, "A pooling layer")
    made_of = type(pooling)
    if not pooling.supports_masking:
        raise ValueError(
            f"A pooling layer must spend the mask, {made_of.__name__} ignores it and would pool the padding; "
            f"give one of {', '.join(_BY_NAME)} or a layer of seqconv."
        )
    return made_of.from_config(pooling.get_config())
