"""The catalogue: multiply-accumulates against published or counted ones, and the page that shows the table."""

import pathlib
import runpy

import keras
import numpy as np
import pandas as pd
import pytest

import seqconv
from seqconv import encoders, layers
from seqconv.encoders.costs import draw, multiply_accumulates, n_parameters, without_memory

ROOT = pathlib.Path(__file__).parents[2]

# Encoder, steps, channels, classes, and millions of multiply-accumulates as published or counted from the authors' code.
COUNTED = [
    (encoders.FCN(), 512, 1, 10, 134.7),
    (encoders.ResNet(), 512, 1, 10, 256.2),
    (encoders.InceptionTime(), 512, 1, 10, 214.1),
    (encoders.LITE(), 512, 1, 10, 5.07),
    (encoders.TimeCNN(), 512, 1, 10, 0.11),
    (encoders.OmniScaleCNN(), 512, 1, 10, 120),
    (encoders.DisjointCNN(), 512, 9, 10, 451),
    (encoders.TCN(), 784, 1, 10, 51.6),
    (encoders.TCN(64, 6), 512, 1, 10, 161.7),
    (encoders.LeNet(), 512, 1, 10, 0.39),
    (encoders.VGG(11, dense=()), 512, 1, 10, 170),
    (encoders.VGG(16, dense=()), 512, 1, 10, 289.5),
    (encoders.VGG(16), 512, 1, 10, 339.9),
    (encoders.VDCNN(9), 1024, 16, 4, 305),
    (encoders.VDCNN(49), 1024, 16, 4, 1639),
    (encoders.RawAudioCNN(3), 32_000, 1, 10, 557),
    (encoders.RawAudioCNN(5), 32_000, 1, 10, 279),
    (encoders.HannunECG(), 5_888, 1, 14, 1_600),
    (encoders.RibeiroECG(), 4_096, 12, 6, 1_830),
    (encoders.DeepLOB(), 100, 40, 3, 39),
    (encoders.InceptionTime(), 512, 9, 10, 250.5),
    (encoders.RawAudioCNN(18), 32_000, 1, 10, 397),
]
# The same, counted without padding; our layers pad at both ends, which costs a few steps more.
COUNTED_WITHOUT_PADDING = [
    (encoders.AlexNet(), 512, 1, 10, 72.4),
    (encoders.AlexNet(dense=()), 512, 1, 10, 39.9),
    (encoders.KimCNN(), 64, 300, 2, 21.9),
    (encoders.CharCNN(), 1_014, 70, 4, 370),
    (encoders.KachueeECG(), 187, 1, 5, 3.6),
]


@pytest.mark.parametrize(("encoder", "n_steps", "n_channels", "n_classes", "millions"), COUNTED, ids=repr)
def test_multiply_accumulates_are_the_published_ones(encoder, n_steps, n_channels, n_classes, millions):
    with without_memory():
        model = draw(encoder, (n_steps, n_channels), n_classes)
    assert multiply_accumulates(model) / 1e6 == pytest.approx(millions, rel=0.01)


@pytest.mark.parametrize(
    ("encoder", "n_steps", "n_channels", "n_classes", "millions"), COUNTED_WITHOUT_PADDING, ids=repr
)
def test_multiply_accumulates_with_padding_are_a_little_more(encoder, n_steps, n_channels, n_classes, millions):
    with without_memory():
        model = draw(encoder, (n_steps, n_channels), n_classes)
    assert millions < multiply_accumulates(model) / 1e6 < 1.06 * millions


def test_each_kind_of_layer_is_counted():
    x = inputs = keras.Input((20, 6))
    x = layers.MaskedConv1D(4, 3, groups=2)(x)  # 18 steps of 3 * 3 * 4
    x = layers.MaskedDepthwiseConv1D(3, padding="same", depth_multiplier=2)(x)  # 18 steps of 3 * 8
    x = layers.MaskedSeparableConv1D(6, 5, padding="same")(x)  # 18 steps of 5 * 8 + 8 * 6
    x = layers.EachGroup(3, [layers.MaskedConv1D(2, 4, 2, "same"), keras.layers.ReLU()])(x)  # 9 steps of 3 * 4 * 2 * 2
    x = layers.ReparameterizedConv1D(5, (5, 3))(x)  # 9 steps of 5 * 6 * 5
    x = layers.WeightNormConv1D(4, 1)(layers.MaxoutConv1D(2, 3, padding="same")(x))  # 9 steps of 3 * 5 * 4 and 2 * 4
    x = layers.HandCraftedFilters1D((2,), depthwise=True)(x)  # 9 steps of 4 * 4
    x = keras.layers.LSTM(3, return_sequences=True)(x)  # 9 steps of 12 * (8 + 3)
    x = keras.layers.Dense(7)(layers.GlobalMaxPooling1D()(x))  # once 3 * 7
    steps_18, steps_9 = 36 + 24 + 88, 48 + 150 + 60 + 8 + 16 + 132
    assert multiply_accumulates(keras.Model(inputs, x)) == 18 * steps_18 + 9 * steps_9 + 21


@pytest.fixture(scope="module")
def table():
    return seqconv.encoders.catalogue()


def test_the_catalogue_has_a_row_for_each_name(table):
    assert table.index.tolist() == encoders.names() and table.index.name == "name"
    assert table.loc["inception_time", "parameters"] == 421_482
    assert table.loc["kim_cnn", ["paper", "year", "domain", "pooling"]].tolist() == ["Kim", 2014, "text", "max"]
    assert (table["paper"] != "").all() and table["year"].between(1998, 2026).all()
    domains = {"series", "text", "audio", "medical", "finance", "image"}
    assert set(table["domain"]) == domains
    assert table["receptive_field"].loc[["fcn", "tcn"]].tolist() == [14, 3_061]


def test_the_catalogue_tells_what_each_can_do(table):
    flags = ["variable_length", "multivariate", "fully_convolutional", "causal", "fixed_bank", "paper_training"]
    assert all(table[flag].dtype == bool for flag in flags)
    assert table["variable_length"].all()
    assert table.index[~table["multivariate"]].tolist() == ["sinc_net"]
    assert table.index[table["causal"]].tolist() == ["fcn", "tcn"]
    is_bank = [isinstance(encoders.get(name), encoders.FixedBank) for name in table.index]
    assert table["fixed_bank"].tolist() == is_bank == table["multiply_accumulates"].isna().tolist()
    convolutional = table.index[table["fully_convolutional"]]
    assert {"fcn", "kim_cnn", "tcn", "conv_next1d"} <= set(convolutional)
    assert not {"le_net", "vdcnn", "dcnn", "deep_lob", "x_res_net1d", "bank"} & set(convolutional)


def test_an_encoder_that_the_shape_does_not_fit_has_its_own(table):
    others = table.index[[shape != (512, 1) for shape in table["input_shape"]]]
    assert others.tolist() == ["dcnn", "deep_lob"]
    of_books = seqconv.encoders.catalogue((100, 40), 3)
    assert of_books.loc["deep_lob", "parameters"] == 142_435
    assert of_books.loc["deep_lob", "input_shape"] == (100, 40)
    assert of_books.loc["sinc_net", "input_shape"] == (3_200, 1)


@pytest.mark.parametrize("shape", [512, (512,), (0, 1), (512, 1.5)])
def test_another_shape_is_rejected(shape):
    with pytest.raises(ValueError, match="input_shape"):
        seqconv.encoders.catalogue(shape)


def test_counting_leaves_no_weight_to_be_allocated_later():
    with without_memory():
        draw(encoders.FCN((2, 2, 2)), (20, 1), 3)
    later = keras.layers.Dense(1)
    assert np.isfinite(np.asarray(keras.ops.convert_to_numpy(later(np.ones((1, 2)))))).all()
    from keras.src.backend.common import global_state

    assert not global_state.get_global_attribute("uninitialized_variables")


def test_the_page_is_what_the_command_writes(table):
    command = runpy.run_path(str(ROOT / "benchmarks/encoders.py"))
    page = (ROOT / "docs/encoders.md").read_text(encoding="utf-8")
    assert page == command["document"](table), "run python benchmarks/encoders.py docs/encoders.md"
    shown = pd.Series([line.split("|")[1].strip(" `") for line in page.splitlines() if line.startswith("| `")])
    assert shown.tolist() == encoders.names()


def test_parameters_are_counted_without_memory():
    with without_memory():
        assert n_parameters(draw(encoders.AlexNet(), (None, 1), 10)) == 33_712_522
