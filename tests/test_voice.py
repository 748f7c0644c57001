"""Docstrings and error messages are in plain English, and public names have docstrings and type hints."""

import ast
import math
import pathlib
import re

import pytest
from prose import (
    MOST_WORDS,
    Place,
    all_sentences,
    documented_methods,
    messages,
    missing_hints,
    n_words,
    needs_docstring,
    places,
    python_files,
    sentences,
)

PACKAGE = pathlib.Path(__file__).parents[1] / "seqconv"
MOST_LONG = 0.03
DIALECT = re.compile(r"\b(refus\w*|nobody|(?:is|are|be) told)\b", re.IGNORECASE)

TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in python_files(PACKAGE)}
DOCUMENTED = documented_methods(list(TREES.values()))
of_each_file = pytest.mark.parametrize("path", TREES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


def check(path, rows):
    """Fail with one line of (file, line, what) for each row."""
    where = path.relative_to(PACKAGE.parent).as_posix()
    if rows:
        pytest.fail("\n".join(f"{where}:{line}: {what}" for line, what in rows), pytrace=False)


def long_sentences(path):
    return [(line, sentence) for line, sentence in all_sentences(TREES[path]) if n_words(sentence) > MOST_WORDS]


@of_each_file
def test_no_docstring_begins_with_a_question(path):
    rows = []
    for place in places(TREES[path]):
        first = re.split(r"(?<=[.!?])\s", " ".join((place.docstring or "").split()))[0]
        if first.endswith("?"):
            rows.append((place.docstring_line, f"begin with an imperative verb instead of a question: {first}"))
    check(path, rows)


@of_each_file
def test_public_names_have_docstrings(path):
    rows = [place for place in places(TREES[path]) if needs_docstring(place, DOCUMENTED)]
    check(path, [(place.line, f"{place.name} needs a docstring") for place in rows])


@of_each_file
def test_public_functions_have_type_hints(path):
    found = [(place, missing_hints(place)) for place in places(TREES[path])]
    check(path, [(place.line, f"{place.name} needs type hints: {', '.join(names)}") for place, names in found if names])


@of_each_file
def test_sentences_are_short(path):
    rows = long_sentences(path)
    # Small files may hold one long sentence; the next test counts them all together.
    if len(rows) > math.ceil(MOST_LONG * len(all_sentences(TREES[path]))):
        check(path, [(line, f"{n_words(one)} words, at most {MOST_WORDS}: {one}") for line, one in rows])


def test_few_sentences_of_the_package_are_long():
    n_long = sum(len(long_sentences(path)) for path in TREES)
    n_sentences = sum(len(all_sentences(tree)) for tree in TREES.values())
    assert n_long < MOST_LONG * n_sentences, f"{n_long} of {n_sentences} sentences are over {MOST_WORDS} words"


@of_each_file
def test_docstrings_have_no_dialect_words(path):
    rows = []
    for place in places(TREES[path]):
        for number, line in enumerate((place.docstring or "").splitlines()):
            rows += [(place.docstring_line + number, f"{word!r} in: {line.strip()}") for word in DIALECT.findall(line)]
    check(path, rows)


# The checks themselves

DOCSTRING = """Hide a span of steps, such as ``X[:, 1:5].copy()``; return the rest.

It is (or was) hidden. Two points follow:

- The first point
  has two lines.
- The second
1. The third

    python code.py with no sentence

Parameters
----------
X : array of shape (n_cases, n_steps)
    NaN is missing. It may be
    `long over two
    lines` of code!
verbose : int, default=0

Raises
------
ValueError
    If it is empty.
    If it is full.

Notes
-----
Mask: kept.

>>> this.is_code(1)

References
----------
Somebody (1999), "A title." A journal.

Examples
--------
No sentence here.
"""


def test_sentences_are_split_and_numbered():
    assert sentences(DOCSTRING, 100) == [
        (100, "Hide a span of steps, such as X;"),
        (100, "return the rest."),
        (102, "It is (or was) hidden."),
        (102, "Two points follow:"),
        (104, "The first point has two lines."),
        (106, "The second"),
        (107, "The third"),
        (114, "NaN is missing."),
        (114, "It may be X of code!"),
        (122, "If it is empty."),
        (123, "If it is full."),
        (127, "Mask:"),
        (127, "kept."),
    ]


def test_words_are_counted_without_signs():
    assert n_words("one - two (three) 4 ... = X,") == 5


def test_messages_are_read_where_they_are_made():
    code = """
        raise ValueError(f"k must be {', '.join(names)} or {k!r:.60}, "
                         "got none. Add one.")
        raise case_error(TypeError, 3, "a" if empty else "b")
        warnings.warn("slow " + f"now {n}", stacklevel=2)
        print("nothing")
    """
    found = list(messages(ast.parse("if True:" + code)))
    assert found == [(2, "k must be X or X, got none. Add one."), (4, "a"), (4, "b"), (5, "slow  now X")]


def test_public_names_are_found_by_their_path():
    hidden = "class _A:\n  def f(self): pass\n"
    code = hidden + "class B:\n  def __init__(self): pass\n  class C:\n    @staticmethod\n    def g(x): pass"
    found = {place.name: place for place in places(ast.parse(code))}
    assert [name for name, place in found.items() if place.is_public] == ["the module", "B", "B.C", "B.C.g"]
    assert missing_hints(found["B.C.g"]) == ["x", "return"] and missing_hints(found["_A.f"]) == []


@pytest.mark.parametrize(
    "code, is_needed",
    [
        ("class A(Base):\n  def call(self): pass", False),
        ("class A(Base):\n  def known(self): pass", False),
        ("class A(Base):\n  def other(self): pass", True),
        ("class A(Unknown):\n  def known(self): pass", True),
        ("class A(Base):\n  def other(self):\n    'Do.'", False),
    ],
)
def test_an_inherited_docstring_is_enough(code, is_needed):
    base = ast.parse("class Base:\n  def known(self):\n    'Do.'")
    tree = ast.parse(code)
    method = next(place for place in places(tree) if place.owner is not None)
    assert needs_docstring(method, documented_methods([base, tree])) is is_needed


def test_a_function_is_not_a_keras_method():
    assert needs_docstring(Place("call", ast.parse("def call(): pass").body[0], 1, True), {})
