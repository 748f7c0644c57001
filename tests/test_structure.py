"""The rooms of the package and who may import whom."""

import ast
import pathlib
import subprocess
import sys

import pytest

PACKAGE = pathlib.Path(__file__).parents[1] / "seqconv"

# Room: what it may import from seqconv, and from third parties.
MAY_IMPORT = {
    "arguments": (set(), set()),
    "masks": ({"geometry"}, {"keras"}),
    "geometry": (set(), set()),
    "data": ({"data"}, {"numpy", "scipy", "sklearn"}),
    "domains": ({"arguments", "data", "domains"}, {"numpy", "scipy", "sklearn", "pandas"}),
    "adapters": ({"domains"}, set()),
    "datasets": ({"domains"}, set()),
    "formats": ({"domains"}, set()),
    "layers": ({"layers", "masks", "geometry"}, {"keras"}),
    "augment": ({"augment", "masks", "layers"}, {"keras"}),
    "encoders": ({"encoders", "layers", "geometry"}, {"keras"}),
    "models": ({"models", "masks", "layers", "geometry", "encoders"}, {"keras"}),
    "estimators": (
        {"estimators", "data", "adapters", "augment", "encoders", "models", "layers", "masks", "geometry"},
        {"keras", "sklearn", "numpy"},
    ),
    "explain": ({"explain", "estimators", "models", "layers", "data", "masks"}, {"keras", "numpy", "sklearn"}),
    "metrics": ({"metrics"}, {"numpy", "sklearn"}),
}
# What one room may import inside the function that needs it, and files that may import more.
INSIDE_FUNCTIONS = {
    "domains": {"soundfile", "librosa", "gensim", "wfdb", "edfio", "pooch", "rich"},
}
# Single modules that load the names of `domains` when they are first used.
FACADES = {"adapters", "datasets", "formats"}
FILES = {
    "encoders/base.py": {"sklearn"},
    "encoders/__init__.py": {"sklearn"},
    "layers/token_embedding.py": {"tensorflow"},  # the fast form of one sum, beside its portable form
}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imports(path):
    """(imported module, whether inside a function) for every import of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node) for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in inside
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [f"seqconv.{alias.name}" for alias in node.names] if node.module == "seqconv" else [node.module]
            for name in names:
                yield name, id(node) in inside


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_room_may(path):
    file = path.relative_to(PACKAGE).as_posix()
    room = file.split("/")[0].removesuffix(".py")
    ours, theirs = MAY_IMPORT[room]
    for name, is_inside in imports(path):
        top, *rest = name.split(".")
        if name == "seqconv" and file == "estimators/saving.py":
            continue  # for its version
        assert top != "importlib" or room in FACADES, f"{file} must name what it imports"
        if top == "seqconv":
            assert rest and rest[0] in ours, f"{file} imports {name}, its room may import {sorted(ours)}"
        elif top not in sys.stdlib_module_names:
            allowed = theirs | FILES.get(file, set()) | (INSIDE_FUNCTIONS.get(room, set()) if is_inside else set())
            assert top in allowed, f"{file} imports {name}, it may import {sorted(allowed)}"


def test_every_file_is_in_a_known_room():
    assert {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in modules()} == set(MAY_IMPORT)
    assert all(
        len(path.relative_to(PACKAGE).parts) <= (3 if path.relative_to(PACKAGE).parts[0] == "domains" else 2)
        for path in modules()
    )


def test_import_seqconv_is_lazy():
    code = (
        "import sys, seqconv; print({'keras', 'tensorflow', 'numpy', 'pandas', 'librosa', 'gensim'} & set(sys.modules))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "set()"


def test_every_public_name_is_there():
    import seqconv

    for name in seqconv.__all__:
        assert getattr(seqconv, name) is not None
