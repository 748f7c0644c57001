"""The open parts of a saved file: bounded JSON, plain values in it, and arrays in NumPy's format."""

import io
import json
import math
import re
from reprlib import repr as shown

import numpy as np

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_MOST_JSON_BYTES, _MOST_DEPTH, _MOST_DIGITS = 1 << 24, 24, 20
_DTYPE = re.compile(r"[<>|=][biuf]\d|[<>]U\d{1,7}|\|O")
_MOST_ARRAY_BYTES = 1 << 24
_MOST_HEADER = 10_000
_FLOATS = ("<f2", "<f4", "<f8")


def dump_json(value):
    """The value as ASCII JSON, without NaN or infinity."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")


def parse_json(data, name, file_size):
    """The value of a JSON member, refused where it is deep, repeats a key or would need far more memory than the file.

    Parameters
    ----------
    data : bytes
    name : str
        The member, for the message.
    file_size : int
        Bytes of the whole file.

    Returns
    -------
    None, bool, int, float, str, list or dict

    Raises
    ------
    ValueError
        The message names the member.
    """
    # A value costs up to some 200 bytes of memory, however short it is written.
    most_values = 250_000 + file_size // 64
    if len(data) > _MOST_JSON_BYTES or data.count(b'"') > 6 * most_values:
        raise ValueError(
            f"{name} must be at most {_MOST_JSON_BYTES} bytes and {most_values} values of JSON; a vocabulary that is longer "
            "must be limited by max_tokens."
        )
    bare = _STRING.sub(b"", data)
    if sum(bare.count(mark) for mark in (b",", b"[", b"{")) > most_values:
        raise ValueError(f"{name} must hold at most {most_values} values.")
    depth = 0
    for bracket in _BRACKET.findall(bare):
        depth += 1 if bracket in b"[{" else -1
        if depth > _MOST_DEPTH:
            raise ValueError(f"{name} must be at most {_MOST_DEPTH} brackets deep.")
    hooks = {"parse_int": _parse_int, "parse_float": _parse_float, "parse_constant": _parse_float}
    try:
        return json.loads(data.decode("ascii"), object_pairs_hook=_unique, **hooks)
    except ValueError as error:
        raise ValueError(f"{name} is no JSON of seqconv: {error}") from error


def _parse_int(text):
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits.")
    return int(text)


def _parse_float(text):
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text:.40} where a finite number belongs.")
    return number


def _unique(pairs):
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key that comes twice.")
    return value


def require_keys(value, keys, place):
    """Refuse what is no JSON object of exactly these keys."""
    if type(value) is not dict or set(value) != keys:
        got = sorted(value) if type(value) is dict else value
        raise ValueError(f"{place} must have {', '.join(sorted(keys))}, and nothing else, got {shown(got)}.")


def to_plain(value, name):
    """A Python or NumPy value as what JSON holds, so that `from_plain` gives it back.

    Raises
    ------
    ValueError
        It is none of: None, a truth value, number, string, list, tuple, dict or one-dimensional array of these.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": str(value)}
    if type(value) is list:
        return [to_plain(item, name) for item in value]
    if type(value) is tuple:
        return {"tuple": to_plain(list(value), name)}
    if type(value) is dict:
        return {"dict": [[to_plain(key, name), to_plain(item, name)] for key, item in value.items()]}
    if isinstance(value, np.ndarray) and _is_plain_array(value):
        return {"array": value.dtype.str, "values": to_plain(value.tolist(), name)}
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if isinstance(value, np.ndarray):
        kind += f" of shape {value.shape} and dtype {value.dtype}"
    raise ValueError(
        f"{name} holds a {kind}, which a saved file cannot hold: use numbers, strings, lists and tuples, or pickle."
    )


def _is_plain_array(array):
    is_text = array.dtype != object or all(type(item) is str for item in array.flat)
    return array.ndim == 1 and is_text and _DTYPE.fullmatch(array.dtype.str) is not None


def from_plain(plain, name):
    """The value that `to_plain` was given.

    Raises
    ------
    ValueError
        It is nothing that `to_plain` gives; the message begins with `name`.
    """
    if plain is None or type(plain) in (bool, int, float, str):
        return plain
    if type(plain) is list:
        return [from_plain(item, name) for item in plain]
    match plain:
        case {"float": "nan" | "inf" | "-inf" as text} if len(plain) == 1:
            return float(text)
        case {"tuple": list(items)} if len(plain) == 1:
            return tuple(from_plain(items, name))
        case {"dict": list(pairs)} if len(plain) == 1 and all(type(pair) is list and len(pair) == 2 for pair in pairs):
            return {_key(key, name): from_plain(item, name) for key, item in pairs}
        case {"array": str(dtype), "values": list(items)} if len(plain) == 2 and _DTYPE.fullmatch(dtype):
            return _to_array(dtype, from_plain(items, name), name)
    raise ValueError(f"{name} has {shown(plain)}, which is no value of a saved file.")


def _key(plain, name):
    if type(plain) not in (bool, int, float, str):
        raise ValueError(f"{name} must have numbers or strings as keys, got {shown(plain)}.")
    return plain


def _to_array(dtype, items, name):
    dtype = np.dtype(dtype)
    types = {"b": (bool,), "i": (int,), "u": (int,), "f": (float, int), "U": (str,), "O": (str,)}[dtype.kind]
    if len(items) * dtype.itemsize > _MOST_ARRAY_BYTES or any(type(item) not in types for item in items):
        raise ValueError(f"{name} must be at most {_MOST_ARRAY_BYTES} bytes of {dtype} values.")
    array = np.array(items, dtype=dtype)
    if array.tolist() != items and not (dtype.kind == "f" and np.isnan(array).any()):
        raise ValueError(f"{name} has values that {dtype} cannot hold.")
    return array


def dump_array(array, name):
    """The array as the bytes of a ``.npy`` file.

    Raises
    ------
    ValueError
        It is not finite, or no array of float16, float32 or float64.
    """
    array = np.asarray(array, order="C")
    if array.dtype.str not in _FLOATS or not np.isfinite(array).all():
        raise ValueError(
            f"{name} must be finite float16, float32 or float64, got {_faults(array)}; it cannot be saved."
        )
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def parse_array(data, name):
    """The array of a ``.npy`` member, as a view of its bytes.

    Raises
    ------
    ValueError
        The header promises other bytes than there are, or other values than finite floats.
    """
    stream = io.BytesIO(data[: _MOST_HEADER + 10])
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError("the version must be 1.0")
        shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=_MOST_HEADER)
    except Exception as error:
        raise ValueError(f"{name} has no header of an array: {error}.") from error
    start = stream.tell()
    is_shape = all(type(n) is int and n >= 0 for n in shape)
    if is_fortran or dtype.str not in _FLOATS or not is_shape or math.prod(shape) * dtype.itemsize != len(data) - start:
        raise ValueError(f"{name} promises {shown(shape)} numbers of {dtype!s:.20}, but has {len(data) - start} bytes.")
    array = np.frombuffer(data, dtype, offset=start).reshape(shape)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {_faults(array)}.")
    return array


def _faults(array):
    return f"{array.dtype}, {int((~np.isfinite(array)).sum())} not finite" if array.dtype.kind == "f" else array.dtype
