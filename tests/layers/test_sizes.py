import json

import numpy as np
import pytest

from seqconv import layers


@pytest.mark.parametrize("made_of", [layers.KMaxPooling1D, layers.KMeanPooling1D, layers.ChunkMaxPooling1D])
@pytest.mark.parametrize("count", [0, -1, 2.0, True, None])
def test_a_count_below_one_is_refused(made_of, count):
    with pytest.raises(ValueError, match="whole number of at least 1"):
        made_of(count)


@pytest.mark.parametrize(
    "made",
    [
        lambda n: layers.MaskedConv1D(n, n, n, groups=n),
        lambda n: layers.MaskedConv1D(n, (n,), dilation_rate=[n]),
        lambda n: layers.MaskedSeparableConv1D(n, n, depth_multiplier=n),
        lambda n: layers.MaskedMaxPooling1D(n, n),
        lambda n: layers.KMaxPooling1D(n),
        lambda n: layers.KMeanPooling1D(n),
        lambda n: layers.DynamicKMaxPooling1D(n, n, n),
        lambda n: layers.ChunkMaxPooling1D(n),
        lambda n: layers.AttentionPooling1D(n, heads=n),
        lambda n: layers.TokenEmbedding(n, n),
    ],
)
def test_integers_of_numpy_are_as_good_as_pythons(made):
    configs = [made(n).get_config() | {"name": ""} for n in (2, np.int64(2))]
    assert json.dumps(configs[0]) == json.dumps(configs[1])
