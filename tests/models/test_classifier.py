import keras
import pytest

from seqconv.encoders import FCN
from seqconv.models import (
    build_classifier,
    build_regressor,
)

SMALL = FCN(filters=(4, 4, 4))


def test_multi_label_probabilities_do_not_sum_to_one(rng):
    model = build_classifier(SMALL, (None, 1), 3, multi_label=True)
    assert model.get_layer("head").activation is keras.activations.sigmoid


@pytest.mark.parametrize(("n_classes", "multi_label", "least"), [(1, False, 2), (0, True, 1)])
def test_too_few_classes_are_refused(n_classes, multi_label, least):
    with pytest.raises(ValueError, match=f"n_classes must be a whole number of at least {least}, got {n_classes}"):
        build_classifier(SMALL, (None, 1), n_classes, multi_label=multi_label)


@pytest.mark.parametrize("n_classes", [2.0, "2", None])
def test_a_number_of_classes_or_outputs_that_is_not_whole_is_refused(n_classes):
    with pytest.raises(ValueError, match=f"n_classes must be .* at least 2, got {n_classes!r}"):
        build_classifier(SMALL, (None, 1), n_classes)
    with pytest.raises(ValueError, match=f"n_outputs must be .* at least 1, got {n_classes!r}"):
        build_regressor(SMALL, (None, 1), n_classes)
