"""Files that were cut, damaged or made to do harm: always the declared error, never another answer, nothing executed."""

import io
import json
import os
import pathlib
import pickle
import random
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
from safetensors import numpy as safetensors

import seqconv
from seqconv import SeqConvClassifier
from seqconv.adapters import TextAdapter
from seqconv.encoders import FCN, KimCNN
from seqconv.estimators import SavedFileError, registry
from seqconv.layers import AttentionPooling1D
from seqconv.saving import container

X = np.random.default_rng(0).normal(size=(12, 16)).astype("float32")
TEXTS = ["win a free prize now", "see you at lunch"] * 6
ROOT = pathlib.Path(__file__).parents[2]
HEAD = "members/0/head/0/kernel"
JSON, ARRAYS = "estimator.json", "weights.safetensors"


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


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_of(members):
    """A well-formed file of these members with the right checksums, so that only the attack itself can be rejected."""
    return container._zip(members).getvalue()


def dumped(described):
    return json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()


def pairs(plain):
    """A described dict as a dict."""
    return dict(plain["dict"])


def plain(pairs):
    return {"dict": [list(pair) for pair in pairs.items()]}


def changed(path, change):
    """The file with its JSON changed in place by `change(described)`, or by the value that it returns."""
    members = members_of(path)
    described = json.loads(members[JSON])
    returned = change(described)
    return zip_of(members | {JSON: dumped(described if returned is None else returned)})


def changed_state(path, name, value):
    """The file with one part of the fitted state replaced, or changed in place by a function of its pairs."""

    def change_state(described):
        if callable(value):
            part = pairs(described["state"][name])
            value(part)
            described["state"][name] = plain(part)
        else:
            described["state"][name] = value

    return changed(path, change_state)


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
def reject(tmp_path):
    """Assert that these bytes raise the declared error, which names the file and the cause, and do nothing else."""
    path = tmp_path / "attack.seqconv"

    def check(data, cause=None):
        path.write_bytes(data)
        before = fingerprint()
        with pytest.raises(SavedFileError, match=cause) as caught:
            seqconv.load(path)
        assert str(path) in str(caught.value)
        assert fingerprint() == before
        assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == data
        assert not os.path.exists("harm-of-a-file")

    return check


# ---- damage


@pytest.mark.parametrize("name", ["series", "texts"])
def test_a_file_cut_at_fifty_places_is_rejected(name, good, reject):
    data = (good / name).read_bytes()
    for end in np.linspace(0, len(data) - 1, 50).astype(int):
        reject(data[:end])
        if end:
            reject(data[end:])


@pytest.mark.parametrize("name", ["series", "texts"])
def test_three_hundred_flipped_bits_are_rejected(name, good, reject):
    data = (good / name).read_bytes()
    rng = np.random.default_rng(1)
    directory = int.from_bytes(data[-6:-2], "little")
    # Headers and directory, where readers of zips are lenient.
    ends = np.r_[0 : 44 * 8, 8 * directory : 8 * len(data)]
    for bit in [*rng.integers(8 * len(data), size=200), *rng.choice(ends, 100, replace=False)]:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        reject(bytes(flipped))


@pytest.mark.slow
def test_every_flipped_bit_and_every_cut_is_rejected(good):
    data = (good / "series").read_bytes()
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError):
            container.unpack(bytes(flipped))
    for end in range(len(data)):
        with pytest.raises(ValueError):
            container.unpack(data[:end])


# ---- the zip


@pytest.mark.parametrize(
    "change",
    [
        lambda members: {**members, "../x.json": b"{}"},
        lambda members: {**members, "model.pkl": b""},
        lambda members: {"manifest.json": b"{}", **members},
        lambda members: dict(reversed(members.items())),
        lambda members: {JSON: members[JSON]},
        lambda members: {JSON.upper(): members[JSON], ARRAYS: members[ARRAYS]},
        lambda members: {},
    ],
)
def test_other_members_are_rejected(change, good, reject):
    reject(zip_of(change(members_of(good / "series"))), "its members must be|saved in format 1")


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
        ("sizes after the data", 6, 8, b"\x08\0"),
        ("a name in another encoding", 6, 8, b"\0\x08"),
        ("deflated", 8, 10, b"\x08\0"),
        ("a later version of zip", 4, 6, b"\x4b\0"),
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
def test_a_member_that_is_not_plainly_stored_is_rejected(what, local, central, value, good, reject):
    reject(patched((good / "series").read_bytes(), local, central, value))


def test_bytes_around_the_zip_are_rejected(good, reject):
    data = (good / "series").read_bytes()
    reject(b"#!/bin/sh\n" + data)
    reject(data + b"\n")
    reject(data + data)
    reject(data[:-2] + b"\5\0hello")  # the comment of a zip
    directory = int.from_bytes(data[-6:-2], "little")
    reject(data[:directory] + b"hidden" + data[directory:-6] + (directory + 6).to_bytes(4, "little") + data[-2:])


def test_other_files_are_rejected(good, reject, tmp_path):
    stream = io.BytesIO()
    np.savez(stream, x=X)
    reject(stream.getvalue())
    reject(pickle.dumps({"a": 1}))
    reject(b"\x89HDF\r\n\x1a\n" + bytes(4000))
    reject(b"PK\5\6" + bytes(18))
    reject(b"")
    reject(os.urandom(5000))
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(tmp_path / "m.keras")
    data = (tmp_path / "m.keras").read_bytes()
    (tmp_path / "m.keras").unlink()
    reject(data)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in members_of(good / "series").items():
            archive.writestr(name, part)
    reject(stream.getvalue(), "without compression")


@pytest.mark.parametrize("ending", [".h5", ".hdf5", ".keras", ".pkl", ".joblib", ".npz", ".zip", ""])
def test_the_name_does_not_choose_the_reader(ending, good, tmp_path):
    (tmp_path / f"model{ending}").write_bytes((good / "series").read_bytes())
    loaded = seqconv.load(str(tmp_path / f"model{ending}"))
    assert np.array_equal(loaded.model_(X[:, :, None]), seqconv.load(good / "series").model_(X[:, :, None]))


# ---- classes and their parameters

SET_EPSILON = {"class_name": "function", "module": "keras.config", "config": "set_epsilon"}
SET_EPSILON |= {"registered_name": "function"}


@keras.saving.register_keras_serializable(package="attack")
class Harmful:
    """A registered class that is neither encoder, adapter, layer nor optimizer."""

    def __init__(self, **settings):
        os.mkdir("harm-of-a-file")

    def get_config(self):
        return {}


class Unregistered(FCN):
    def __init__(self, **settings):
        os.mkdir("harm-of-a-file")


CLASSES = {name for name in dir(keras.layers) if isinstance(getattr(keras.layers, name), type)}
ALLOWED = {"GlobalAveragePooling1D", "GlobalMaxPooling1D"}


def with_pooling(described, pooling):
    """Set the pooling in the parameters and in the fitted state."""
    described["parameters"]["pooling"] = described["state"]["pooling"] = pooling


@pytest.mark.parametrize("name", sorted(CLASSES - ALLOWED))
def test_every_keras_layer_off_the_list_is_rejected(name, good, reject):
    pooling = {"class": f"keras>{name}", "parameters": {}}
    reject(changed(good / "series", lambda described: with_pooling(described, pooling)), "not known here")


def test_the_list_is_short():
    names = {name for name in registry._public() if name.startswith("keras>")}
    assert {name for name in names if hasattr(keras.layers, name[6:])} == {f"keras>{name}" for name in ALLOWED}
    assert len(names) == 20
    assert len(CLASSES - ALLOWED) > 140


FOREIGN = {
    "a registered class of another kind": ("attack>Harmful", {}, "not known here"),
    "an encoder": ("FCN", {}, "pooling"),
    "a class that is not registered": ("Unregistered", {}, "not known here"),
    "a dotted name": ("os.system", {"command": "touch harm-of-a-file"}, "not known here"),
    "an object in an argument": ("KMaxPooling1D", {"k": {"class": "Lambda", "parameters": {}}}, "not known here"),
    "a description of Keras": ("KMaxPooling1D", {"k": SET_EPSILON}, "not a value of a saved file"),
    "a function": ("KMaxPooling1D", {"k": plain(SET_EPSILON)}, "must be a number, a string or a list"),
    "an encoder in an argument": ("KMaxPooling1D", {"k": {"class": "FCN", "parameters": {}}}, "rejects"),
    "an argument that there is not": ("KMaxPooling1D", {"path": "/etc/passwd"}, "KMaxPooling1D rejects"),
    "a size below 1": ("KMaxPooling1D", {"k": -1}, "KMaxPooling1D rejects"),
    "a policy off the list": ("KMaxPooling1D", {"k": 1, "dtype": "int8_from_float32"}, "dtype must be"),
    "a function of Keras": ("MaskedConv1D", {"filters": 1, "kernel_size": 1, "activation": "set_epsilon"}, "rejects"),
    "a list as class": (["KMaxPooling1D"], {}, "not known here"),
    "no parameters": ("KMaxPooling1D", None, "must be a JSON object"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_pooling_is_rejected(what, good, reject):
    name, parameters, cause = FOREIGN[what]
    pooling = {"class": name, "parameters": parameters}

    reject(changed(good / "series", lambda described: with_pooling(described, pooling)), cause)


@pytest.mark.parametrize(
    "encoder",
    [
        {"class": "Foreign", "parameters": {}},
        {"class": "attack>Harmful", "parameters": {}},
        {"class": "TextAdapter", "parameters": {}},
        {"class": "FCN", "parameters": {"path": "/etc"}},
        {"class": "FCN", "parameters": {"filters": {"object": "os"}}},
        {"class": "FCN", "parameters": {"filters": plain(SET_EPSILON)}},
        {"class": "FCN", "parameters": {"filters": [10**9] * 3}},
        {"class": "FCN", "parameters": {"filters": [4] * 10_000, "kernel_sizes": [3] * 10_000}},
        {"class": "InceptionTime", "parameters": {"depth": 10**7}},
        {"class": "InceptionTime", "parameters": {"depth": True}},
        {"class": "KimCNN", "parameters": {"activation": "set_epsilon"}},
        {"class": "KimCNN", "parameters": {"activation": "keras.config.set_epsilon"}},
        {"class": "FCN"},
        "os",
        "fcn",
        None,
        7,
        [],
    ],
)
def test_an_odd_encoder_is_rejected(encoder, good, reject):
    reject(changed_state(good / "series", "encoder", encoder))


@pytest.mark.parametrize(
    "name, value",
    [
        ("shape", [2**31 - 1]),
        ("shape", [None]),
        ("shape", [1, 1]),
        ("shape", [True]),
        ("shape", []),
        ("shape", "x"),
        ("shape", 1),
        ("scaling", "x"),
        ("scaling", [1]),
        ("scaling", None),
        ("scaling", "case"),
        ("pooling", "zzz"),
        ("pooling", 3),
        ("pooling", []),
        ("adapter", "text"),
        ("adapter_state", {"a": 1}),
        ("history", [1]),
        ("more", 1),
    ],
)
def test_an_odd_part_of_the_state_is_rejected(name, value, good, reject):
    reject(changed_state(good / "series", name, value))


# ---- arrays


def header(described, data=b""):
    """The bytes of a safetensors file with this header."""
    text = described if isinstance(described, bytes) else json.dumps(described).encode()
    return len(text).to_bytes(8, "little") + text + data


ODD_ARRAYS = {
    "another shape": lambda arrays: arrays | {HEAD: np.ones((2, 4), "float32")},
    "a flat shape": lambda arrays: arrays | {HEAD: np.ones(8, "float32")},
    "another precision": lambda arrays: arrays | {HEAD: np.ones((4, 2), "float64")},
    "integers": lambda arrays: arrays | {HEAD: np.ones((4, 2), "int32")},
    "truth values": lambda arrays: arrays | {HEAD: np.ones((4, 2), "bool")},
    "NaN": lambda arrays: arrays | {HEAD: np.full((4, 2), np.nan, "float32")},
    "infinity": lambda arrays: arrays | {HEAD: np.full((4, 2), np.inf, "float32")},
    "one less": lambda arrays: {name: array for name, array in arrays.items() if name != HEAD},
    "one more": lambda arrays: arrays | {"members/0/head/2/more": np.ones(1, "float32")},
    "another member": lambda arrays: arrays | {HEAD.replace("0", "1", 1): arrays[HEAD]},
    "another name": lambda arrays: {name.replace("kernel", "Kernel"): array for name, array in arrays.items()},
    "of an adapter": lambda arrays: arrays | {"adapter/more": np.ones(1, "float32")},
    "none": lambda arrays: {},
}


@pytest.mark.parametrize("what", ODD_ARRAYS)
def test_odd_arrays_are_rejected(what, good, reject):
    members = members_of(good / "series")
    arrays = {name: np.ascontiguousarray(array) for name, array in safetensors.load(members[ARRAYS]).items()}
    reject(zip_of(members | {ARRAYS: safetensors.save(ODD_ARRAYS[what](arrays))}))


ODD_HEADERS = {
    "nothing": b"",
    "no header": b"\0" * 7,
    "a header longer than the file": (2**40).to_bytes(8, "little") + b"{}",
    "a huge shape": header({HEAD: {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 32]}}, bytes(32)),
    "a product that wraps": header(
        {HEAD: {"dtype": "F32", "shape": [2**62, 4, 2], "data_offsets": [0, 32]}}, bytes(32)
    ),
    "negative": header({HEAD: {"dtype": "F32", "shape": [-4, -2], "data_offsets": [0, 32]}}, bytes(32)),
    "overlapping": header(
        {name: {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, 32]} for name in (HEAD, "other")}, bytes(32)
    ),
    "a hole": header({HEAD: {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}, bytes(8)),
    "bytes after": header({HEAD: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(8)),
    "an unknown dtype": header({HEAD: {"dtype": "OBJECT", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
    "deep": header(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "rubbish": header(b"\0\1\2\xff"),
    "metadata": header(
        {"__metadata__": {"a": "b"}, HEAD: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"1234"
    ),
}


@pytest.mark.parametrize("what", ODD_HEADERS)
def test_an_odd_header_of_arrays_is_rejected(what, good, reject):
    for name in ("series", "texts"):
        reject(zip_of(members_of(good / name) | {ARRAYS: ODD_HEADERS[what]}))


# ---- JSON

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
JSONS = {
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": DEEP,
    "deep after a string": b'["\\"[[", ' + DEEP + b"]",
    "many values": b"[" + b"[]," * 600_000 + b"[]]",
    "many strings": b"[" + b'"ab",' * 2_000_000 + b'""]',
    "a long number": b"[" + b"9" * 5_000 + b"]",
    "infinity": b"[1e999]",
    "a name for infinity": b"[Infinity]",
    "a name for nothing": b"[NaN]",
    "a key twice": b'{"class": 1, "class": 2}',
    "spaces": b'{"format": "seqconv estimator"}',
    "another encoding": '{"class": "é"}'.encode("latin-1"),
    "UTF-16": '{"class": 1}'.encode("utf-16"),
    "half a pair": b'{"class": "\\ud83d"}',
    "no end": b'{"class": "',
    "rubbish": b"\0\1\2",
    "nothing": b"",
    "a list": b"[]",
    "a string": b'"network"',
}


@pytest.mark.parametrize("what", JSONS)
def test_odd_json_is_rejected(what, good, reject):
    reject(zip_of(members_of(good / "texts") | {JSON: JSONS[what]}))


def test_a_key_that_comes_twice_is_rejected(good, reject):
    members = members_of(good / "series")
    doubled = members[JSON].replace(b'{"format"', b'{"class":"SeqConvRegressor","format"', 1)
    reject(zip_of(members | {JSON: doubled}), "bytes that seqconv.save never writes")


# ---- estimator and adapter


def _parameter(value):
    return lambda described: described["parameters"].update(value)


@pytest.mark.parametrize(
    "change",
    [
        lambda described: described.update({"class": "Pipeline"}),
        lambda described: described.update({"class": "os.system"}),
        lambda described: described.update({"class": {"module": "os"}}),
        lambda described: described.update({"class": "SeqConvRegressor"}),
        lambda described: described.update(version=3),
        lambda described: described.update(version=True),
        lambda described: described.update(format="other"),
        lambda described: described.update(written_by=3),
        lambda described: described.update(written_by={"seqconv": "0.1.0"}),
        lambda described: described["written_by"].update(keras=3),
        lambda described: described.update(more=1),
        lambda described: described.pop("state") and None,
        lambda described: described.update(state=None),
        lambda described: described.update(state=[]),
        lambda described: described.update(state={"predict": 1}),
        lambda described: described["state"].update({"__class__": "x"}),
        lambda described: described["state"].pop("history") and None,
        lambda described: described.update(adapter={}),
        lambda described: described.update(parameters=[]),
        _parameter({"callbacks": [SET_EPSILON]}),
        _parameter({"augment": SET_EPSILON}),
        _parameter({"__class__": "x"}),
        _parameter({"fit": None}),
        _parameter({"batch_size": -1}),
        _parameter({"learning_rate": "adam"}),
        _parameter({"head": "lasso"}),
        _parameter({"encoder": {"class": "Foreign", "parameters": {}}}),
        _parameter({"encoder": {"class": "attack>Harmful", "parameters": {}}}),
        _parameter({"adapter": "text"}),
        _parameter({"adapter": {"class": "FunctionTransformer", "parameters": {"func": SET_EPSILON}}}),
        _parameter({"adapter": {"class": "TextAdapter", "parameters": {"vectors": {"path": "/etc/passwd"}}}}),
        _parameter({"optimizer": {"class": "LossScaleOptimizer", "parameters": {"inner_optimizer": SET_EPSILON}}}),
        _parameter({"optimizer": {"class": "Adam", "parameters": {"learning_rate": SET_EPSILON}}}),
        _parameter({"optimizer": {"class": "Adam", "parameters": {"learning_rate": {"class": "Lambda"}}}}),
        _parameter({"optimizer": {"class": "Adam", "parameters": {"variables": "x"}}}),
        _parameter({"random_state": {"generator": [1, 2]}}),
    ],
)
def test_an_odd_estimator_is_rejected(change, good, reject):
    reject(changed(good / "series", change))


@pytest.mark.parametrize(
    "value",
    [
        ["a", "b"],
        {"array": "<i8", "values": [0, 1, 2]},
        {"array": "<i8", "values": [0, 2**70]},
        {"array": "<i2", "values": [0, 70_000]},
        {"array": "<i8", "values": [0, 1.5]},
        {"array": "<i8", "values": [[0], [1]]},
        {"array": "<U9999999", "values": ["a", "b"]},
        {"array": "<U1", "values": ["ham", "spam"]},
        {"array": "|O", "values": [1, 2]},
        {"array": "|V8", "values": ["a", "b"]},
        {"array": "<M8[D]", "values": [1, 2]},
        {"class": "ndarray", "parameters": {}},
    ],
)
def test_odd_classes_are_rejected(value, good, reject):
    reject(changed_state(good / "series", "targets", lambda targets: targets.update(classes=value)))


@pytest.mark.parametrize(
    "change",
    [
        lambda adapter: adapter.update({"class": "FunctionTransformer"}),
        lambda adapter: adapter.update({"class": "attack>Harmful"}),
        lambda adapter: adapter.update({"class": "AudioAdapter"}),
        lambda adapter: adapter["parameters"].update(vectors="/etc/passwd"),
        lambda adapter: adapter["parameters"].update(func=SET_EPSILON),
        lambda adapter: adapter["parameters"].update(unit="subword", n_buckets=2**24),
        lambda adapter: adapter["parameters"].update(unit="subword", n_buckets=2**60),
        lambda adapter: adapter["parameters"].update(max_steps=-1),
        lambda adapter: adapter.update(more=None),
        lambda adapter: adapter.clear(),
    ],
)
def test_an_odd_adapter_is_rejected(change, good, reject):
    reject(changed(good / "texts", lambda described: change(described["state"]["adapter"])))


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.update(path="x"),
        lambda state: state.update(n_dims=10**9),
        lambda state: state["vocabulary"].append("more"),
        lambda state: state["vocabulary"].pop() and None,
        lambda state: state["vocabulary"].append(state["vocabulary"][0]),
        lambda state: state.update(vocabulary={"dict": []}),
        lambda state: state.clear(),
    ],
)
def test_an_odd_state_of_an_adapter_is_rejected(change, good, reject):
    reject(changed_state(good / "texts", "adapter_state", change))


def test_an_adapter_that_the_network_does_not_fit_is_rejected(good, reject):
    texts = json.loads(members_of(good / "texts")[JSON])["state"]
    reject(changed_state(good / "texts", "adapter", None))
    adapter = {name: texts[name] for name in ("adapter", "adapter_state")}
    reject(changed(good / "series", lambda described: described["state"].update(adapter)))


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
seqconv.load(f"{folder}/good").predict_proba(np.zeros((2, 16)))  # no bomb is left for the next network
print(json.dumps(report))
"""


def bombs(good):
    series, texts = members_of(good / "series"), members_of(good / "texts")

    def encoder(**values):
        return changed_state(good / "series", "encoder", {"class": "FCN", "parameters": values})

    def wide(described):
        described["state"]["adapter"]["parameters"]["n_dims"] = 2**16
        state = pairs(described["state"]["adapter_state"])
        described["state"]["adapter_state"] = plain(state | {"n_dims": 2**16})

    def vocabulary(state):
        state["vocabulary"] = [f"{i:x}" for i in range(240_000)]

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(JSON, bytes(300 << 20))
        archive.writestr(ARRAYS, b"")
    yield "deflated", stream.getvalue()
    yield "a huge shape", zip_of(series | {ARRAYS: ODD_HEADERS["a huge shape"]})
    yield "units", encoder(filters=[4, 4, 2**31 - 1])
    yield "kernel", encoder(kernel_sizes=[8, 5, 2**31 - 1])
    yield "layers", encoder(filters=[4] * 5000, kernel_sizes=[1] * 5000)
    yield "dims", changed(good / "texts", wide)
    yield "channels", changed_state(good / "series", "shape", [2**31 - 1])
    yield "vocabulary", changed_state(good / "texts", "adapter_state", vocabulary)
    yield "a long string", zip_of(series | {JSON: b'"' + b"a" * (15 << 20) + b'\\ud83d\\ude00"'})
    large = safetensors.save({HEAD: np.ones((1 << 23, 2), "float32")})
    yield "a large array", zip_of(series | {ARRAYS: large})
    for what in ("deep lists", "deep objects", "many values", "many strings"):
        yield what, zip_of(texts | {JSON: JSONS[what]})


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak of memory is Linux's to tell")
def test_no_file_takes_memory_runs_writes_or_connects(good, tmp_path):
    (tmp_path / "good").write_bytes((good / "series").read_bytes())
    for name, data in bombs(good):
        (tmp_path / name).write_bytes(data)
    script = [sys.executable, "-c", CHILD, str(tmp_path)]
    report = json.loads(
        subprocess.run(script, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()[-1]
    )
    assert len(report) == 14
    odd = {name: line for name, line in report.items() if line[:3] != ["SavedFileError", [], True]}
    assert not odd, odd


# ---- whatever else


def test_random_changes_give_the_declared_error_or_an_estimator(good, tmp_path):
    rng = random.Random(0)
    odd = [None, True, -1, 0, 3, 2**40, 1.5, "", "relu", "../x", [], [None], {}, {"class": "Lambda"}]
    before = fingerprint()
    n_rejected = 0
    for _ in range(120):
        members = members_of(good / rng.choice(["series", "texts"]))
        value = json.loads(members[JSON])
        places = list(walk(value))
        holder, key = rng.choice(places)
        action = rng.choice(["set", "drop", "copy"])
        if action == "drop":
            del holder[key]
        else:
            other, at = rng.choice(places)
            holder[key] = rng.choice(odd) if action == "set" else json.loads(json.dumps(other[at]))
        (tmp_path / "file").write_bytes(zip_of(members | {JSON: dumped(value)}))
        try:
            seqconv.load(tmp_path / "file")
        except SavedFileError:
            n_rejected += 1
    assert n_rejected > 80
    assert fingerprint() == before


def walk(value):
    """Yield every place of a JSON value, as (holder, key)."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from walk(value[key])
