import pytest
from sklearn.base import clone

from seqconv import encoders
from seqconv.models import build_classifier


def test_get_gives_the_papers_settings():
    assert encoders.get("inception_time").get_params() == encoders.InceptionTime().get_params()


def test_get_copies_an_encoder():
    given = encoders.FCN(filters=(1, 2, 3))
    assert encoders.get(given) is not given
    assert encoders.get(given).filters == (1, 2, 3)


def test_an_unknown_name_is_refused_and_the_near_ones_offered():
    with pytest.raises(ValueError, match="'inceptiontime'.*inception_time"):
        encoders.get("inceptiontime")


def test_what_is_no_encoder_is_refused():
    with pytest.raises(TypeError, match="got 3"):
        encoders.get(3)


@pytest.mark.parametrize("name", encoders.names())
def test_clone_and_params_see_every_argument(name):
    encoder = encoders.get(name)
    assert clone(encoder).get_params() == encoder.get_params()
    for parameter, value in encoder.get_params().items():
        assert getattr(encoder.set_params(**{parameter: value}), parameter) == value


def test_fcn_wants_one_kernel_size_a_convolution():
    with pytest.raises(ValueError, match="2 filters.*3 kernel_sizes"):
        build_classifier(encoders.FCN(filters=(1, 2)), (None, 1), 2)


@pytest.mark.parametrize("activation", ["rellu", 3])
def test_kim_cnn_wants_an_activation_of_keras(activation):
    with pytest.raises(ValueError, match=f"activation of KimCNN must be .*, got {activation!r}"):
        build_classifier(encoders.KimCNN(activation=activation), (None, 1), 2)


def test_a_bad_bottleneck_is_called_by_its_name():
    with pytest.raises(ValueError, match="bottleneck must be .* got -1"):
        build_classifier(encoders.InceptionTime(bottleneck=-1), (None, 2), 2)


def test_inception_skips_the_bottleneck_where_there_is_one_channel():
    one = build_classifier(encoders.InceptionTime(depth=1, residual=False), (None, 1), 2)
    two = build_classifier(encoders.InceptionTime(depth=1, residual=False), (None, 2), 2)
    assert len(two.layers) == len(one.layers) + 1
