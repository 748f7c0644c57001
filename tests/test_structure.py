"""The rooms of the package, who may import whom, and how large and how well named files are."""

import ast
import pathlib
import re
import subprocess
import sys

import pytest

PACKAGE = pathlib.Path(__file__).parents[1] / "seqconv"

# Room: what it may import from seqconv, and from third parties.
MAY_IMPORT = {
    "arguments": (set(), set()),
    "geometry": (set(), set()),
    "masks": ({"geometry"}, {"keras"}),
    "data": ({"arguments", "data"}, {"numpy", "scipy", "sklearn"}),
    "domains": ({"arguments", "data"}, {"numpy", "scipy", "sklearn", "pandas"}),
    "near_names": (set(), set()),
    "adapters": ({"domains", "near_names"}, set()),
    "datasets": ({"domains", "near_names"}, set()),
    "formats": ({"domains", "near_names"}, set()),
    "layers": ({"arguments", "layers", "masks", "geometry"}, {"keras"}),
    "augment": ({"arguments", "augment", "masks", "layers", "geometry"}, {"keras"}),
    "banks": ({"banks", "geometry"}, {"numba", "numpy"}),
    "encoders": (
        {"arguments", "banks", "encoders", "layers", "masks", "geometry", "near_names"},
        {"keras", "numpy"},
    ),
    "models": ({"arguments", "models", "masks", "layers", "geometry", "encoders"}, {"keras"}),
    "training": (
        {"arguments", "training", "banks", "data", "models", "layers"},
        {"keras", "numpy", "scipy", "sklearn"},
    ),
    "saving": ({"arguments", "saving", "data"}, {"numpy", "safetensors"}),
    "estimators": (
        {
            "adapters",
            "arguments",
            "data",
            "domains",
            "encoders",
            "estimators",
            "geometry",
            "layers",
            "masks",
            "models",
            "saving",
            "training",
        },
        {"keras", "sklearn", "numpy"},
    ),
    "explain": (
        {"arguments", "data", "estimators", "explain", "layers", "masks", "models", "training"},
        {"keras", "numpy", "sklearn"},
    ),
    "export": ({"arguments", "export", "layers"}, {"keras", "numpy"}),
    "metrics": ({"arguments", "data", "metrics"}, {"numpy", "sklearn"}),
}
# Third parties that a room may import inside the function that needs them.
INSIDE_FUNCTIONS = {
    "export": {"ai_edge_litert", "onnx", "onnxruntime", "tensorflow", "tf2onnx"},
    "domains": {"edfio", "gensim", "librosa", "platformdirs", "pooch", "rich", "soundfile", "wfdb"},
}
# Files that may import more.
FILES = {
    "encoders/base.py": {"sklearn"},
    "encoders/__init__.py": {"sklearn"},
    "encoders/fixed_bank.py": {"sklearn"},
    "encoders/listing.py": {"pandas"},  # its answer is a data frame
    "estimators/over_time.py": {"pandas"},  # its answer is a data frame
    "explain/ngrams.py": {"pandas"},  # its answer is a data frame
    "layers/hand_crafted_filters1d.py": {"numpy"},  # fixed filters
    "layers/sinc_conv1d.py": {"numpy"},  # first edges on the mel scale
    "layers/token_embedding.py": {"tensorflow"},  # the fast form of one sum, beside its portable form
    "models/stream_pools.py": {"numpy"},  # sums in double precision, outside the graph
    "models/streaming_model.py": {"numpy"},  # chunks and answers outside the graph
    "training/wide.py": {"scipy"},  # sparse counts
    "data/window_columns.py": {"pandas"},  # recordings that are data frames
    "data/window_intervals.py": {"pandas"},  # intervals of dates
    "data/window_labels.py": {"pandas"},  # missing labels
    "data/window_recordings.py": {"pandas"},  # recordings that are data frames
    "data/windows.py": {"pandas"},  # origins as a data frame, as adapters give them
}
# Facades import their names lazily, by name.
LAZY = {"__init__.py", "adapters.py", "datasets.py", "formats.py", "encoders/__init__.py", "estimators/__init__.py"}
# In a wing, a file may import its own wing and the files beside the wings.
WINGS = {path.name for path in (PACKAGE / "domains").iterdir() if path.is_dir() and path.name != "__pycache__"}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in PACKAGE.rglob("*.py")}


def imports(path):
    """(imported module, whether inside a function) for every import of a file that is not for type hints only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node) for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    for_hints = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in for_hints:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in inside
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module, id(node) in inside


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_room_may(path):
    file = path.relative_to(PACKAGE).as_posix()
    room = file.split("/")[0].removesuffix(".py")
    ours, theirs = MAY_IMPORT[room]
    for name, is_inside in imports(path):
        top, *rest = name.split(".")
        assert top != "importlib" or file in LAZY, f"{file} must name what it imports"
        if top == "seqconv":
            allowed = ours | ({room} if room == "domains" else set())
            assert rest and rest[0] in allowed, f"{file} imports {name}, its room may import {sorted(ours)}"
            if room == "domains":
                wing = file.split("/")[1]
                assert rest[1:2] in ([], [wing]) or rest[1] not in WINGS, f"{file} imports another wing: {name}"
        elif top not in sys.stdlib_module_names:
            allowed = theirs | FILES.get(file, set()) | (INSIDE_FUNCTIONS.get(room, set()) if is_inside else set())
            assert top in allowed, f"{file} imports {name}, it may import {sorted(allowed)}"


def test_every_file_is_in_a_known_room():
    assert {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in modules()} == set(MAY_IMPORT)


def test_no_file_imports_itself_by_a_detour():
    graph = {name: {found for found, _ in imports(path) if found in MODULES} for name, path in MODULES.items()}

    def reached_from(start):
        seen, waiting = set(), [start]
        while waiting:
            for name in graph[waiting.pop()] - seen:
                seen.add(name)
                waiting.append(name)
        return seen

    assert [name for name in graph if name in reached_from(name)] == []


def public_classes():
    """(module, name) of each class in the `__all__` of a room or of a facade."""
    import seqconv

    rooms = [getattr(seqconv, name) for name in seqconv.__all__]
    found = [getattr(room, name) for room in rooms for name in getattr(room, "__all__", ())]
    return {(one.__module__, one.__name__) for one in found if isinstance(one, type)}


PUBLIC_CLASSES = public_classes()


@pytest.mark.parametrize("path", sorted(MODULES.values()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_has_at_most_250_lines_and_the_name_of_its_public_class(path):
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 250
    classes = [node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
    exported = [name for name in classes if (name_of(path), name) in PUBLIC_CLASSES]
    for name in exported:
        words = [word.lower() for word in re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|\d+[A-Z]?|[A-Z]+", name)]
        # All words of the name, or its last ones: classifier.py has SeqConvClassifier.
        endings = {"".join(words[i:]) for i in range(len(words))}
        is_base = path.stem == "base" and name == "Encoder"
        assert is_base or path.stem.replace("_", "") in endings, f"{name} must be in {'_'.join(words)}.py"


def test_import_seqconv_is_lazy():
    heavy = "{'keras', 'tensorflow', 'numpy', 'pandas', 'librosa', 'gensim'}"
    code = f"import sys, seqconv; print({heavy} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "set()"


def test_the_estimators_and_the_domains_do_not_import_keras():
    code = (
        "import sys; from seqconv import SeqConvClassifier, SeqConvRegressor, SequenceSet; "
        "from seqconv.adapters import AudioAdapter, ECGAdapter, OrderBookAdapter, PriceAdapter, TextAdapter; "
        "from seqconv.datasets import make_messages, make_series; SeqConvClassifier(adapter=TextAdapter()); "
        "print({'keras', 'tensorflow', 'librosa', 'gensim'} & set(sys.modules))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "set()"


def test_every_public_name_is_there():
    import seqconv

    for name in seqconv.__all__:
        room = getattr(seqconv, name)
        assert room is not None
        for inner in getattr(room, "__all__", ()):
            assert getattr(room, inner) is not None, f"seqconv.{name}.{inner}"
