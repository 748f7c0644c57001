import keras
import pytest

from seqconv import layers


@pytest.mark.parametrize("name", ["mean", "max", "mean_max", "k_max", "k_mean", "chunk_max", "attention"])
def test_a_name_gives_a_new_layer_of_one_vector_a_case(name):
    layer = layers.get(name)
    assert layer is not layers.get(name)
    assert len(layer(keras.Input((None, 3))).shape) == 2


def test_k_max_by_name_keeps_four_values():
    assert layers.get("k_max").get_config().items() >= {"k": 4, "flatten": True}.items()


def test_an_unknown_name_offers_the_near_ones():
    with pytest.raises(ValueError, match="got 'kmax'; did you mean .*k_max"):
        layers.get("kmax")
    with pytest.raises(ValueError, match="must be one of .*'attention'.*, got 'zzz'"):
        layers.get("zzz")


def test_a_layer_is_a_template_and_stays_as_it_is():
    template = layers.KMaxPooling1D(7, name="mine")
    layer = layers.get(template)
    assert layer is not template and layer.get_config() == template.get_config()
    layer(keras.Input((None, 3)))
    assert not template.built


def test_a_layer_of_keras_is_accepted():
    assert isinstance(layers.get(keras.layers.GlobalAveragePooling1D()), keras.layers.GlobalAveragePooling1D)


def test_a_layer_that_is_not_registered_is_refused_with_the_way_out():
    class Unheard(keras.layers.Layer):
        pass

    with pytest.raises(ValueError, match="Unheard.*register_keras_serializable"):
        layers.get(Unheard())


@pytest.mark.parametrize("given", [None, 3, keras.layers.GlobalMaxPooling1D])
def test_what_is_neither_a_name_nor_a_layer_is_refused(given):
    with pytest.raises(TypeError, match="must be one of .* or a Keras layer"):
        layers.get(given)
