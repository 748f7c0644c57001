"""Files that were cut, damaged or made to do harm: always the declared error, never another answer, nothing done."""

import base64
import hashlib
import io
import json
import marshal
import os
import pathlib
import pickle
import random
import subprocess
import sys
import zipfile
import zlib

import keras
import numpy as np
import pytest

import seqconv
from seqconv import SeqConvClassifier
from seqconv.adapters import TextAdapter
from seqconv.encoders import FCN, KimCNN
from seqconv.estimators import allow_list, container
from seqconv.estimators.saving import SavedFileError
from seqconv.layers import AttentionPooling1D

X = np.random.default_rng(0).normal(size=(12, 16)).astype("float32")
TEXTS = ["win a free prize now", "see you at lunch"] * 6
ROOT = pathlib.Path(__file__).parents[2]
CONFIG = "members/0/config.json"
HEAD = "members/0/weights/head/kernel.npy"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Two good files: of series and of texts."""
    folder = tmp_path_factory.mktemp("good")
    y = np.arange(12) % 2
    settings = {"epochs": 1, "random_state": 0}
    SeqConvClassifier(FCN(filters=(4, 4, 4)), **settings).fit(X, y).save(folder / "series")
    adapter = TextAdapter("word", n_dims=4, vectors="train")
    SeqConvClassifier(KimCNN(3), adapter=adapter, pooling=AttentionPooling1D(5), **settings).fit(TEXTS, y).save(
        folder / "texts"
    )
    return folder


class Pairs(list):
    """Members of a zip as `container` takes them, but allowing doubled names."""

    def items(self):
        return iter(self)


def manifest_of(pairs, **changes):
    members = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in pairs}
    manifest = {"format": "seqconv estimator", "version": 1, "written_by": {}, "members": members} | changes
    return json.dumps(manifest).encode()


def zip_of(pairs, manifest=None):
    """A well-formed file of these members with the right checksums, so that only the attack itself can be refused."""
    pairs = list(pairs.items() if isinstance(pairs, dict) else pairs)
    stream = io.BytesIO()
    container._write_zip(
        stream, Pairs([("manifest.json", manifest_of(pairs) if manifest is None else manifest), *pairs])
    )
    return stream.getvalue()


def changed_json(path, member, change):
    """The file with one JSON member changed in place by `change(value)`, or by the value that it returns."""
    parts = container.read(path)
    value = json.loads(parts[member])
    returned = change(value)
    value = value if returned is None else returned
    return zip_of(parts | {member: json.dumps(value).encode()})


def fingerprint():
    """What loading a file must not touch."""
    return {
        "random": hash(random.getstate()),
        "numpy": np.random.get_state()[1].tobytes() + bytes([np.random.get_state()[2] % 256]),
        "keras": [keras.config.epsilon(), keras.config.floatx(), keras.config.image_data_format()],
        "policy": keras.config.dtype_policy().name,
        "registered": sorted(keras.saving.get_custom_objects()),
        "process": [os.getcwd(), dict(os.environ), sys.path[:]],
    }


@pytest.fixture
def refuse(tmp_path):
    """Assert that these bytes are refused with the declared error, naming the file and the cause, and nothing else done."""
    path = tmp_path / "attack.seqconv"

    def check(data, cause=None):
        path.write_bytes(data)
        before = fingerprint()
        with pytest.raises(SavedFileError, match=cause) as caught:
            seqconv.load(path)
        assert str(path) in str(caught.value)
        assert fingerprint() == before
        assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == data

    return check


def layer_named(config, name):
    return next(layer for layer in config["config"]["layers"] if layer["name"] == name)


# ---- damage


@pytest.mark.parametrize("name", ["series", "texts"])
def test_a_file_cut_at_fifty_places_is_refused(name, good, refuse):
    data = (good / name).read_bytes()
    for end in np.linspace(0, len(data) - 1, 50).astype(int):
        refuse(data[:end])
        if end:
            refuse(data[end:])


@pytest.mark.parametrize("name", ["series", "texts"])
def test_two_hundred_flipped_bits_are_refused(name, good, refuse):
    data = (good / name).read_bytes()
    rng = np.random.default_rng(1)
    ends = np.r_[0 : 30 * 8, 8 * len(data) - 22 * 8 : 8 * len(data)]  # headers, where zip readers are lenient
    for bit in [*rng.integers(8 * len(data), size=200), *rng.choice(ends, 60, replace=False)]:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        refuse(bytes(flipped))


def test_swapped_members_are_refused(good, refuse):
    parts = container.read(good / "series")
    bias, scale = "members/0/weights/scaling/centre.npy", "members/0/weights/scaling/scale.npy"
    refuse(zip_of(parts | {bias: parts[scale]}, manifest_of(parts.items())), "sha256")


# ---- the zip


@pytest.mark.parametrize(
    "cause, change",
    [
        ("no member can have the name", lambda parts: [*parts, ("../x.json", b"{}")]),
        ("no member can have the name", lambda parts: [*parts, ("/tmp/x.json", b"{}")]),
        ("no member can have the name", lambda parts: [*parts, ("C:x.json", b"{}")]),
        ("no member can have the name", lambda parts: [*parts, ("members\\0\\x.json", b"{}")]),
        ("no member can have the name", lambda parts: [*parts, ("members/0/../x.json", b"{}")]),
        ("no member can have the name", lambda parts: [*parts, ("x.json\0.npy", b"{}")]),
        ("no member can have the name", lambda parts: [*parts, ("members/", b"")]),
        ("no member can have the name", lambda parts: [*parts, ("model.keras", b"")]),
        ("no member can have the name", lambda parts: [*parts, ("data.pkl", b"")]),
        ("different names", lambda parts: [*parts, parts[0]]),
        ("different names", lambda parts: [*parts, (parts[0][0].upper()[:-4] + "json", parts[0][1])]),
        ("belongs to nothing", lambda parts: [*parts, ("extra.json", b"{}")]),
        ("belongs to nothing", lambda parts: [*parts, ("members/1/config.json", dict(parts)[CONFIG])]),
        ("belongs to nothing", lambda parts: [*parts, ("members/1/weights/head/kernel.npy", dict(parts)[HEAD])]),
        ("none of its layers", lambda parts: [*parts, ("members/0/weights/tail/kernel.npy", dict(parts)[HEAD])]),
        ("has no weight 'more'", lambda parts: [*parts, ("members/0/weights/head/more.npy", dict(parts)[HEAD])]),
        ("needs kernel", lambda parts: [(name, data) for name, data in parts if name != HEAD]),
        ("config.json is missing", lambda parts: [(name, data) for name, data in parts if name != CONFIG]),
        ("estimator.json is missing", lambda parts: []),
    ],
)
def test_odd_members_are_refused_though_the_manifest_lists_them(cause, change, good, refuse):
    refuse(zip_of(change(list(container.read(good / "series").items()))), cause)


def test_a_manifest_that_lists_other_members_is_refused(good, refuse):
    parts = container.read(good / "series")
    refuse(zip_of({**parts, "extra.json": b"{}"}, manifest_of(parts.items())), "not in the manifest")
    refuse(zip_of(parts, manifest_of([*parts.items(), ("gone.json", b"")])), "only in the manifest")
    refuse(zip_of(parts, manifest_of(parts.items(), version=2)), "version 2")
    refuse(zip_of(parts, manifest_of(parts.items(), version=True)), "version True")
    refuse(zip_of(parts, manifest_of(parts.items(), format="other")), "format")
    refuse(zip_of(parts, manifest_of(parts.items(), more=1)), "nothing else")
    refuse(zip_of(parts, b"[]"), "format")
    refuse(zip_of(parts, b'{"format": "a", "format": "seqconv estimator"}'), "twice")


def patched(data, local, central, value):
    """The zip with one field of its second member set, in the local header and in the directory."""
    directory = int.from_bytes(data[-6:-2], "little")
    second = data.index(b"PK\1\2", directory + 4)
    where = int.from_bytes(data[second + 42 : second + 46], "little")
    data = bytearray(data)
    for at in ([] if local is None else [where + local]) + [second + central]:
        data[at : at + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize(
    "what, local, central, value",
    [
        ("encrypted", 6, 8, b"\1\0"),
        ("sizes behind the data", 6, 8, b"\x08\0"),
        ("a name in another encoding", 6, 8, b"\0\x08"),
        ("deflated", 8, 10, b"\x08\0"),
        ("an extra field", 28, 30, b"\4\0"),
        ("a comment", None, 32, b"\4\0"),
        ("on another disk", None, 34, b"\1\0"),
        ("a link", None, 38, (0o120777 << 16).to_bytes(4, "little")),
        ("a folder", None, 38, (0o40755 << 16 | 0x10).to_bytes(4, "little")),
        ("larger than the file", 22, 24, b"\xff\xff\xff\x7f"),
        ("64-bit sizes", 22, 24, b"\xff\xff\xff\xff"),
        ("overlapping", None, 42, b"\0\0\0\0"),
    ],
)
def test_a_member_that_is_not_plainly_stored_is_refused(what, local, central, value, good, refuse):
    refuse(patched((good / "series").read_bytes(), local, central, value))


def test_bytes_around_the_zip_are_refused(good, refuse):
    data = (good / "series").read_bytes()
    refuse(b"#!/bin/sh\n" + data)
    refuse(data + b"\n")
    refuse(data + data)
    refuse(data[:-2] + b"\5\0hello")  # the comment of a zip
    directory = int.from_bytes(data[-6:-2], "little")
    gap = data[:directory] + b"hidden" + data[directory:-6] + (directory + 6).to_bytes(4, "little") + data[-2:]
    refuse(gap, "belong to no member|flag, date, field or place")


def test_other_files_are_refused_whatever_their_name(good, refuse, tmp_path):
    stream = io.BytesIO()
    np.savez(stream, x=X)
    refuse(stream.getvalue())
    refuse(pickle.dumps({"a": 1}))
    refuse(b"\x89HDF\r\n\x1a\n" + bytes(4000))
    refuse(b"PK\5\6" + bytes(18))
    refuse(b"")
    refuse(os.urandom(5000))
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(tmp_path / "m.keras")
    data = (tmp_path / "m.keras").read_bytes()
    (tmp_path / "m.keras").unlink()
    refuse(data)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in container.read(good / "series").items():
            archive.writestr(name, part)
    refuse(stream.getvalue())


@pytest.mark.parametrize("ending", [".h5", ".hdf5", ".keras", ".pkl", ".joblib", ".npz", ".zip", ""])
def test_the_name_does_not_choose_the_reader(ending, good, tmp_path):
    (tmp_path / f"model{ending}").write_bytes((good / "series").read_bytes())
    loaded = seqconv.load(str(tmp_path / f"model{ending}"))
    assert np.array_equal(loaded.model_(X[:, :, None]), seqconv.load(good / "series").model_(X[:, :, None]))


# ---- the network


def spoilt_layer(good, change, name="features"):
    def spoil(config):
        change(layer_named(config, name))

    return changed_json(good / "series", CONFIG, spoil)


ALLOWED = {name for module, name in allow_list.LAYERS if module == "keras.layers"}


CLASSES = {name for name in dir(keras.layers) if isinstance(getattr(keras.layers, name), type)}


@pytest.mark.parametrize("name", sorted(CLASSES - ALLOWED))
def test_every_keras_layer_off_the_list_is_refused(name, good, refuse):
    refuse(spoilt_layer(good, lambda layer: layer.update(class_name=name)), "not among the layers of our networks")


def test_the_list_is_short():
    allowed = {
        "InputLayer",
        "Activation",
        "Dense",
        "Dropout",
        "GlobalAveragePooling1D",
        "Identity",
    }
    assert allowed | {"ReLU"} == ALLOWED
    assert {module for module, _ in allow_list.LAYERS} == {"keras.layers", "seqconv.layers"}
    assert len(CLASSES - ALLOWED) > 140


CODE = base64.b64encode(marshal.dumps((lambda x: os.mkdir("harm-of-a-file")).__code__)).decode()
SET_EPSILON = {
    "class_name": "function",
    "module": "keras.config",
    "config": "set_epsilon",
    "registered_name": "function",
}


@keras.saving.register_keras_serializable(package="attack")
class Wrapper(keras.layers.Layer):
    def __init__(self, path=None, **kwargs):
        super().__init__(**kwargs)
        os.mkdir("harm-of-a-file")


FOREIGN = {
    "a Lambda of bytecode": {
        "class_name": "Lambda",
        "config": {
            "function": {"class_name": "__lambda__", "config": {"code": CODE, "defaults": None, "closure": None}}
        },
    },
    "a Lambda of a function": {"class_name": "Lambda", "config": {"name": "features", "function": SET_EPSILON}},
    "TFSMLayer": {"class_name": "TFSMLayer", "config": {"name": "features", "filepath": "/etc"}},
    "TorchModuleWrapper": {"class_name": "TorchModuleWrapper", "config": {"name": "features", "module": CODE}},
    "JaxLayer": {"class_name": "JaxLayer", "config": {"name": "features", "call_fn": SET_EPSILON}},
    "a registered class": {"module": "attack", "class_name": "Wrapper", "registered_name": "attack>Wrapper"},
    "a registered name beside ours": {"registered_name": "attack>Wrapper"},
    "our registered name on Keras's": {"registered_name": "seqconv>Identity"},
    "any module": {"module": "os", "class_name": "system", "config": {"command": "touch harm-of-a-file"}},
    "a nested model": {"module": "keras", "class_name": "Functional", "config": {"layers": []}},
    "a function": {"module": "keras.config", "class_name": "function", "config": "set_epsilon"},
    "a wrapper": {"class_name": "TimeDistributed", "config": {"layer": {"class_name": "Lambda"}}},
    "a list as class": {"class_name": ["Identity"]},
    "no config": {"config": None},
    "more keys": {"build_config": {"input_shape": [None, 10**12]}},
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_layer_is_refused(what, good, refuse):
    refuse(spoilt_layer(good, lambda layer: layer.update(FOREIGN[what])), "layer")
    assert not os.path.exists("harm-of-a-file")


ARGUMENTS = {
    "a function": ("head", "activation", SET_EPSILON),
    "a dotted function": ("head", "activation", "keras.config.set_epsilon"),
    "a registered function": ("head", "activation", "attack>function"),
    "a function off the list": ("head", "activation", "serialize"),
    "a function of ours": ("features", "activation", "relu"),
    "an initializer": ("head", "kernel_initializer", {"class_name": "Lambda", "config": {}}),
    "a regularizer": ("head", "kernel_regularizer", SET_EPSILON),
    "a foreign constraint": ("head", "kernel_constraint", {"class_name": "Lambda", "module": "keras.layers"}),
    "an infinite bound": (
        "head",
        "kernel_constraint",
        {"class_name": "MaxNorm", "module": "keras.constraints", "config": {"max_value": 1e40, "axis": 0}},
    ),
    "a policy object": ("head", "dtype", {"class_name": "DTypePolicyMap", "module": "keras", "config": {}}),
    "a quantized policy": ("head", "dtype", "int8_from_float32"),
    "a path": ("head", "filepath", "/etc/passwd"),
    "an address": ("head", "vocabulary", "https://localhost/x"),
    "low-rank weights": ("head", "lora_rank", 10**9),
    "a name with a slash": ("features", "name", "../features"),
    "another name": ("features", "name", "other"),
    "a number as truth": ("features", "trainable", 1),
    "truth as a number": ("head", "units", True),
    "a float as a number": ("head", "units", 2.0),
    "a string as a number": ("head", "units", "2"),
    "nothing": ("head", "units", None),
    "zero units": ("head", "units", 0),
    "3 units": ("head", "units", 3),
    "many units": ("head", "units", 2**31 - 1),
    "a great many units": ("head", "units", 10**12),
    "many filters": ("masked", "filters", 2**31 - 1),
    "a long kernel": ("masked", "kernel_size", [65_536]),
    "a longer kernel": ("masked", "kernel_size", [2**31 - 1]),
    "a kernel of two sizes": ("masked", "kernel_size", [3, 3]),
    "groups": ("masked", "groups", 3),
    "far strides": ("masked", "strides", [10**9]),
    "far taps": ("masked", "dilation_rate", [10**9]),
    "many channels": ("X", "batch_shape", [None, None, 2**31 - 1]),
    "a fixed length": ("X", "batch_shape", [None, 10**9, 1]),
    "a batch": ("X", "batch_shape", [10**9, None, 1]),
    "another input": ("X", "dtype", "string"),
    "a case scaled": ("scaling", "per_case", 1),
}


@pytest.mark.parametrize("what", ARGUMENTS)
def test_an_odd_argument_is_refused(what, good, refuse):
    start, argument, value = ARGUMENTS[what]

    def spoil(config):
        layer = next(layer for layer in config["config"]["layers"] if layer["name"].startswith(start))
        layer["config"][argument] = value

    refuse(changed_json(good / "series", CONFIG, spoil))


@pytest.mark.parametrize(
    "name, argument, value",
    [
        *(("stem", "n_tokens", n) for n in (3, 10**9, 2**31 - 1, -1)),
        *(("stem", "n_dims", n) for n in (5, 10**9)),
        ("stem", "mode", "static"),
        *(("pooling", "units", n) for n in (6, 2**31 - 1)),
        *(("pooling", "heads", n) for n in (2, 2**31 - 1)),
        ("pooling", "gated", True),
        ("dropout", "rate", 2),
        ("dropout", "seed", {"class_name": "SeedGenerator"}),
    ],
)
def test_sizes_must_agree_with_the_stored_weights(name, argument, value, good, refuse):
    def spoil(config):
        layer_named(config, name)["config"][argument] = value

    refuse(changed_json(good / "texts", CONFIG, spoil), f"{name}|{argument}")


def _call(layer):
    return layer["inbound_nodes"][0]


@pytest.mark.parametrize(
    "name, change",
    {
        "head with keyword": ("head", lambda layer: _call(layer)["kwargs"].update(inputs=123.0)),
        "head with mask": ("head", lambda layer: _call(layer)["kwargs"].update(mask=_call(layer)["args"][0])),
        "number": ("features", lambda layer: _call(layer).update(args=[123.0])),
        "two arguments": ("features", lambda layer: _call(layer).update(args=_call(layer)["args"] * 2)),
        "no argument": ("features", lambda layer: _call(layer).update(args=[])),
        "empty list": ("features", lambda layer: _call(layer).update(args=[[]])),
        "many tensors": ("features", lambda layer: _call(layer).update(args=[_call(layer)["args"] * 65])),
        "a list of one": ("head", lambda layer: _call(layer).update(args=[_call(layer)["args"]])),
        "twice": ("features", lambda layer: layer.update(inbound_nodes=layer["inbound_nodes"] * 2)),
        "never": ("features", lambda layer: layer.update(inbound_nodes=[])),
        "of itself": ("features", lambda layer: _history(layer, ["features", 0, 0])),
        "of a later one": ("features", lambda layer: _history(layer, ["head", 0, 0])),
        "of nobody": ("features", lambda layer: _history(layer, ["nobody", 0, 0])),
        "of another node": ("features", lambda layer: _history(layer, ["stem", 1, 0])),
        "of X": ("head", lambda layer: _history(layer, ["X", 0, 0])),
        "round the network": ("features", lambda layer: _history(layer, ["stem", 0, 0])),
        "of another shape": ("features", lambda layer: _call(layer)["args"][0]["config"].update(shape=[None, 7])),
        "of another class": ("features", lambda layer: _call(layer)["args"][0].update(class_name="__numpy__")),
        "renamed": ("pooling", lambda layer: (layer.update(name="pool"), layer["config"].update(name="pool"))),
    }.items(),
)
def test_a_graph_that_our_builders_never_draw_is_refused(name, change, good, refuse):
    where, spoil = change
    refuse(spoilt_layer(good, spoil, where))


def _history(layer, history):
    _call(layer)["args"][0]["config"]["keras_history"] = history


@pytest.mark.parametrize(
    "change",
    [
        lambda config: config.update(class_name="Sequential"),
        lambda config: config.update(module="attack"),
        lambda config: config.update(registered_name="attack>Wrapper"),
        lambda config: config.update(compile_config={"optimizer": SET_EPSILON}),
        lambda config: config["config"].update(name="../x"),
        lambda config: config["config"].update(output_layers=["features", 0, 0]),
        lambda config: config["config"].update(input_layers=[["X", 0, 0], ["X", 0, 0]]),
        lambda config: config["config"].update(layers=[]),
        lambda config: config["config"].update(layers={}),
        lambda config: config["config"].update(layers=config["config"]["layers"] * 500),
        lambda config: config["config"]["layers"].reverse(),
        lambda config: config["config"]["layers"].append(config["config"]["layers"][-1]),
        lambda config: [config],
        lambda config: "network",
        lambda config: 1,
    ],
)
def test_an_odd_network_is_refused(change, good, refuse):
    refuse(changed_json(good / "series", CONFIG, change))


# ---- arrays


def npy(header, data=b""):
    text = header.encode()
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + data


def saved(array, **settings):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, **settings)
    return stream.getvalue()


ARRAYS = {
    "a huge shape": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }\n", bytes(32)),
    "a product that wraps": npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({2**62}, 4, 2), }}\n", bytes(32)),
    "negative": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-4, -2), }\n", bytes(32)),
    "truth as a size": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4, True), }\n", bytes(16)),
    "objects": saved(np.array([[{}]], dtype=object), allow_pickle=True),
    "numbers and objects": npy("{'descr': '|O', 'fortran_order': False, 'shape': (4, 1), }\n", bytes(32)),
    "integers": saved(np.ones((4, 2), "int32")),
    "the other byte order": saved(np.ones((4, 2), ">f4")),
    "another precision": saved(np.ones((4, 2), "float64")),
    "Fortran order": saved(np.asfortranarray(np.ones((4, 2), "float32"))),
    "another shape": saved(np.ones((2, 4), "float32")),
    "NaN": saved(np.full((4, 2), np.nan, "float32")),
    "infinity": saved(np.full((4, 2), np.inf, "float32")),
    "bytes behind": saved(np.ones((4, 2), "float32")) + b"more",
    "cut": saved(np.ones((4, 2), "float32"))[:-1],
    "version 2": saved(np.ones((4, 2), "float32"), version=(2, 0)),
    "a header without end": b"\x93NUMPY\1\0\xff\xff" + b"(" * 65_535,
    "a header of many brackets": npy("(" * 9_000),
    "a header that calls": npy("__import__('os').mkdir('harm-of-a-file')\n"),
    "no header": b"\x93NUMPY",
    "nothing": b"",
}


@pytest.mark.parametrize("what", ARRAYS)
def test_an_odd_array_is_refused(what, good, refuse):
    for name, member in (("series", HEAD), ("texts", "adapter/vectors.npy")):
        refuse(zip_of(container.read(good / name) | {member: ARRAYS[what]}))
    assert not os.path.exists("harm-of-a-file")


# ---- JSON


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
JSONS = {
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": DEEP,
    "deep behind a string": b'["\\"[[", ' + DEEP + b"]",
    "many values": b"[" + b"[]," * 300_000 + b"[]]",
    "many strings": b"[" + b'"ab",' * 2_000_000 + b'""]',
    "a long number": b"[" + b"9" * 5_000 + b"]",
    "infinity": b"[1e999]",
    "a name for infinity": b"[Infinity]",
    "a name for nothing": b"[NaN]",
    "a key twice": b'{"class": 1, "class": 2}',
    "another encoding": '{"class": "é"}'.encode(),
    "UTF-16": '{"class": 1}'.encode("utf-16"),
    "no end": b'{"class": "',
    "rubbish": b"\0\1\2",
    "nothing": b"",
}


@pytest.mark.parametrize("what", JSONS)
def test_odd_json_is_refused(what, good, refuse):
    parts = container.read(good / "texts")
    for member in ("estimator.json", "adapter.json", CONFIG):
        refuse(zip_of(parts | {member: JSONS[what]}), member)
    refuse(zip_of(parts, manifest=JSONS[what]), "manifest.json")


# ---- estimator and adapter


def _learnt(value):
    return lambda estimator: estimator["learnt"].update(value)


def _parameter(value):
    return lambda estimator: estimator["parameters"].update(value)


@pytest.mark.parametrize(
    "change",
    [
        lambda estimator: estimator.update({"class": "Pipeline"}),
        lambda estimator: estimator.update({"class": "os.system"}),
        lambda estimator: estimator.update({"class": {"module": "os"}}),
        lambda estimator: estimator.update({"class": "SeqConvRegressor"}),
        lambda estimator: estimator.update(n_networks=2),
        lambda estimator: estimator.update(n_networks=0),
        lambda estimator: estimator.update(n_networks=10**9),
        lambda estimator: estimator.update(n_networks=True),
        lambda estimator: estimator.update(more=1),
        lambda estimator: estimator.pop("learnt") and None,
        _parameter({"callbacks": [SET_EPSILON]}),
        _parameter({"augment": FOREIGN["a Lambda of a function"]}),
        _parameter({"__class__": "x"}),
        _parameter({"fit": None}),
        _parameter({"batch_size": -1}),
        _parameter({"learning_rate": "adam"}),
        _parameter({"encoder": "os"}),
        _parameter({"encoder": {"class": "Foreign", "parameters": {}}}),
        _parameter({"encoder": {"class": "FCN", "parameters": {"path": "/etc"}}}),
        _parameter({"encoder": {"class": "FCN", "parameters": {"filters": {"object": "os"}}}}),
        _parameter({"encoder": {"class": "TextAdapter", "parameters": {}}}),
        _parameter({"adapter": "text"}),
        _parameter({"adapter": {"class": "FunctionTransformer", "parameters": {"func": SET_EPSILON}}}),
        _parameter({"adapter": {"class": "TextAdapter", "parameters": {"vectors": "/etc/passwd"}}}),
        _parameter(
            {"pooling": {"class_name": "Lambda", "module": "keras.layers", "config": {}, "registered_name": None}}
        ),
        _parameter({"optimizer": {"class_name": "LossScaleOptimizer", "config": {"inner_optimizer": SET_EPSILON}}}),
        _parameter({"optimizer": {"class_name": "Adam", "config": {"learning_rate": SET_EPSILON}}}),
        _parameter({"optimizer": {"class_name": "Adam", "config": {"variables": "x"}}}),
        _parameter({"random_state": {"generator": [1, 2]}}),
        _learnt({"__class__": "x"}),
        _learnt({"predict": 1}),
        _learnt({"members_": []}),
        _learnt({"_multi_label": 0}),
        _learnt({"history_": []}),
        _learnt({"n_channels_in_": 2}),
        _learnt({"n_channels_in_": True}),
        _learnt({"n_channels_in_": {"array": "<i8", "values": [1]}}),
        _learnt({"classes_": ["a", "b"]}),
        _learnt({"classes_": {"array": "<i8", "values": [0, 1, 2]}}),
        _learnt({"classes_": {"array": "<i8", "values": [0, 2**70]}}),
        _learnt({"classes_": {"array": "<i2", "values": [0, 70_000]}}),
        _learnt({"classes_": {"array": "<i8", "values": [0, 1.5]}}),
        _learnt({"classes_": {"array": "<i8", "values": [[0], [1]]}}),
        _learnt({"classes_": {"array": "<U9999999", "values": ["a", "b"]}}),
        _learnt({"classes_": {"array": "<U1", "values": ["ham", "spam"]}}),
        _learnt({"classes_": {"array": "|O", "values": [1, 2]}}),
        _learnt({"classes_": {"array": "|V8", "values": ["a", "b"]}}),
        _learnt({"classes_": {"array": "<M8[D]", "values": [1, 2]}}),
    ],
)
def test_an_odd_estimator_is_refused(change, good, refuse):
    refuse(changed_json(good / "series", "estimator.json", change))


@pytest.mark.parametrize(
    "change",
    [
        lambda adapter: adapter.update({"class": "FunctionTransformer"}),
        lambda adapter: adapter["parameters"].update(vectors="/etc/passwd"),
        lambda adapter: adapter["parameters"].update(func=SET_EPSILON),
        lambda adapter: adapter["parameters"].update(unit="subword", n_buckets=2**24),
        lambda adapter: adapter["parameters"].update(unit="subword", n_buckets=2**60),
        lambda adapter: adapter["parameters"].update(max_steps=-1),
        lambda adapter: adapter["state"].update(path="x"),
        lambda adapter: adapter["state"].update(n_dims=10**9),
        lambda adapter: adapter["state"]["vocabulary"].append("more"),
        lambda adapter: adapter["state"]["vocabulary"].pop() and None,
        lambda adapter: adapter["state"]["vocabulary"].append(adapter["state"]["vocabulary"][0]),
        lambda adapter: adapter["state"].update(vocabulary={}),
        lambda adapter: adapter.update(arrays=[]),
        lambda adapter: adapter.update(arrays=["vectors", "vectors"]),
        lambda adapter: adapter.update(arrays=["vectors", "../x"]),
        lambda adapter: adapter.update(arrays=[["vectors"]]),
        lambda adapter: adapter.update(state=None),
        lambda adapter: adapter.update(more=None),
        lambda adapter: [],
    ],
)
def test_an_odd_adapter_is_refused(change, good, refuse):
    refuse(changed_json(good / "texts", "adapter.json", change))


def test_an_adapter_that_the_network_does_not_fit_is_refused(good, refuse):
    series, texts = container.read(good / "series"), container.read(good / "texts")
    refuse(zip_of({name: data for name, data in texts.items() if not name.startswith("adapter")}))
    adapter = {name: data for name, data in texts.items() if name.startswith("adapter")}
    refuse(zip_of(series | adapter), "learnt")


# ---- bombs, with their memory and what they try to do, in a process of its own

CHILD = """
import json, os, sys, time
import numpy as np
import seqconv
folder = sys.argv[1]

def mebibytes(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(field))

seqconv.load(f"{folder}/good").predict_proba(np.zeros((2, 16)))
seqconv.load(f"{folder}/good")
done, watching = [], False
FORBIDDEN = ("subprocess", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "socket", "pickle", "shutil", "ctypes")
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.putenv", "os.truncate")

def hook(event, args):
    if watching and (event.startswith(FORBIDDEN) or event in CHANGES):
        done.append(event)
    if watching and event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        done.append(f"open {args[0]}")

sys.addaudithook(hook)
report = {}
for name in sorted(set(os.listdir(folder)) - {"good"}):
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")  # the peak begins anew
    before, began, watching = mebibytes("VmRSS"), time.monotonic(), True
    try:
        seqconv.load(f"{folder}/{name}")
        error = "none"
    except Exception as caught:
        error = type(caught).__name__
    watching = False
    seconds, grown = time.monotonic() - began, mebibytes("VmHWM") - before
    allowed = 128 + 4 * os.path.getsize(f"{folder}/{name}") / 2**20
    report[name] = [error, done[:], grown <= allowed, f"{seconds:.2f} s, {grown:.0f} MiB of {allowed:.0f}"]
    done.clear()
print(json.dumps(report))
"""


def bombs(good):
    series, texts = container.read(good / "series"), container.read(good / "texts")
    vocabulary = json.loads(texts["adapter.json"])
    vocabulary["state"]["vocabulary"] = [f"{i:x}" for i in range(240_000)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(300 << 20))

    def spoilt(file, name, **arguments):
        return changed_json(good / file, CONFIG, lambda c: layer_named(c, name)["config"].update(arguments))

    yield "deflated", stream.getvalue()
    yield "a huge shape", zip_of(series | {HEAD: ARRAYS["a huge shape"]})
    yield "units", spoilt("series", "head", units=2**31 - 1)
    yield "tokens", spoilt("texts", "stem", n_tokens=2**31 - 1)
    yield "dims", spoilt("texts", "stem", n_dims=2**31 - 1)
    yield "heads", spoilt("texts", "pooling", heads=2**31 - 1)
    yield "channels", spoilt("series", "X", batch_shape=[None, None, 2**31 - 1])
    yield "vocabulary", zip_of(texts | {"adapter.json": json.dumps(vocabulary).encode()})
    yield "members", zip_of([(f"a{i}.json", b"{}") for i in range(59_999)])
    yield "a long string", zip_of(series | {"estimator.json": b'"' + b"a" * (15 << 20) + b'\\ud83d\\ude00"'})
    yield "a large array", zip_of(series | {HEAD: saved(np.ones((1 << 23, 2), "float32"))})
    for what in ("deep lists", "deep objects", "many values", "many strings"):
        yield what, zip_of(series | {CONFIG: JSONS[what]})
    for what in ("a Lambda of bytecode", "a Lambda of a function", "TFSMLayer", "TorchModuleWrapper", "any module"):
        yield what, spoilt_layer(good, lambda layer, what=what: layer.update(FOREIGN[what]))


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak of memory is Linux's to tell")
def test_no_file_takes_memory_runs_writes_or_connects(good, tmp_path):
    (tmp_path / "good").write_bytes((good / "series").read_bytes())
    for name, data in bombs(good):
        (tmp_path / name).write_bytes(data)
    script = [sys.executable, "-c", CHILD, str(tmp_path)]
    report = json.loads(
        subprocess.run(script, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()[-1]
    )
    assert len(report) == 20
    odd = {name: line for name, line in report.items() if line[:3] != ["SavedFileError", [], True]}
    assert not odd, odd


# ---- whatever else


def test_random_changes_give_the_declared_error_or_an_estimator(good, tmp_path):
    rng = random.Random(0)
    odd = [None, True, -1, 0, 3, 2**40, 1.5, "", "relu", "../x", [], [None], {}, {"class_name": "Lambda"}]
    before = fingerprint()
    refused = 0
    for _ in range(120):
        parts = container.read(good / rng.choice(["series", "texts"]))
        member = rng.choice([name for name in parts if name.endswith(".json")])
        value = json.loads(parts[member])
        places = list(walk(value))
        holder, key = rng.choice(places)
        action = rng.choice(["set", "drop", "copy"])
        if action == "drop":
            del holder[key]
        else:
            other, at = rng.choice(places)
            holder[key] = rng.choice(odd) if action == "set" else json.loads(json.dumps(other[at]))
        (tmp_path / "file").write_bytes(zip_of(parts | {member: json.dumps(value).encode()}))
        try:
            seqconv.load(tmp_path / "file")
        except SavedFileError:
            refused += 1
    assert refused > 80
    assert fingerprint() == before


def walk(value):
    """Every place of a JSON value, as (holder, key)."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from walk(value[key])


def test_the_checksum_in_the_zip_is_checked_too(good, refuse):
    data = bytearray((good / "series").read_bytes())
    manifest = container.read(good / "series")
    assert manifest
    crc = int.from_bytes(data[14:18], "little")
    assert crc == zlib.crc32(bytes(data[43 : 43 + int.from_bytes(data[22:26], "little")]))
    directory = int.from_bytes(data[-6:-2], "little")
    for at in (14, directory + 16):
        data[at : at + 4] = (crc ^ 1).to_bytes(4, "little")
    refuse(bytes(data), "checksum")
