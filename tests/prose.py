"""Reading of docstrings and error messages by their syntax tree, without importing the files."""

import ast
import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Keras asks for these methods; a docstring would repeat that of Keras.
KERAS_METHODS = (
    "build",
    "call",
    "compute_mask",
    "compute_output_shape",
    "compute_output_spec",
    "from_config",
    "get_config",
)
MOST_WORDS = 25
_ITEM_SECTIONS = ("Attributes", "Other Parameters", "Parameters", "Raises", "Returns", "Warns", "Yields")
_NOT_PROSE = ("Examples", "References", "See Also")
_POINT = re.compile(r"^\s*(?:[-*]|\d+\.) ")
_CODE = re.compile(r"``.+?``|`.+?`", re.DOTALL)
_SENTENCE_END = re.compile(r"""[.:;!?]["')\]*]*$""")


@dataclass(frozen=True)
class Place:
    """A module, class or function, with the line where it begins."""

    name: str
    node: ast.AST
    line: int
    is_public: bool
    owner: str | None = None

    @property
    def is_function(self) -> bool:
        """Whether this is a function or method."""
        return isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef)

    @property
    def docstring(self) -> str | None:
        """Docstring without its indentation, or None."""
        return ast.get_docstring(self.node)

    @property
    def docstring_line(self) -> int:
        """Number of the line where the docstring begins."""
        return self.node.body[0].lineno


def python_files(folder: pathlib.Path) -> list[pathlib.Path]:
    """Return all Python files below a folder, sorted."""
    return sorted(folder.rglob("*.py"))


def places(tree: ast.Module) -> Iterator[Place]:
    """Yield the module and all its classes, functions and methods, but no functions within functions.

    Examples
    --------
    >>> tree = ast.parse("class A:\\n  def f(self): pass\\ndef _g(): pass")
    >>> [(place.name, place.is_public) for place in places(tree)]
    [('the module', True), ('A', True), ('A.f', True), ('_g', False)]
    """
    yield Place("the module", tree, 1, True)
    yield from _places_within(tree, "", True)


def _places_within(node, prefix, is_public):
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name, is_seen = prefix + child.name, is_public and not child.name.startswith("_")
            yield Place(name, child, child.lineno, is_seen, prefix.removesuffix(".") or None)
            if isinstance(child, ast.ClassDef):
                yield from _places_within(child, f"{name}.", is_seen)


def documented_methods(trees: list[ast.Module]) -> dict[str, set[str]]:
    """Return the names of the documented methods of every class, with those of its bases in these modules.

    Examples
    --------
    >>> code = 'class A:\\n  def f(self):\\n    "Do."\\nclass B(A):\\n  def f(self): pass'
    >>> documented_methods([ast.parse(code)])
    {'A': {'f'}, 'B': {'f'}}
    """
    classes = {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}

    def found(name, seen):
        if name not in classes or name in seen:
            return set()
        node = classes[name]
        own = {one.name for one in node.body if isinstance(one, ast.FunctionDef) and ast.get_docstring(one)}
        bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
        return own.union(*(found(base, seen | {name}) for base in bases))

    return {name: found(name, frozenset()) for name in classes}


def needs_docstring(place: Place, documented: dict[str, set[str]]) -> bool:
    """Return whether a public name has no docstring, neither its own nor an inherited one."""
    if not place.is_public or place.docstring is not None:
        return False
    method = place.name.rpartition(".")[2]
    return place.owner is None or method not in {*KERAS_METHODS, *documented.get(place.owner, ())}


def missing_hints(place: Place) -> list[str]:
    """Return the parameters of a public function or method without a type hint, and "return" if it has none.

    Examples
    --------
    >>> function = ast.parse("def f(a, b: int, *c, d=1): pass").body[0]
    >>> missing_hints(Place("f", function, 1, True))
    ['a', 'd', 'c', 'return']
    """
    if not place.is_public or not place.is_function:
        return []
    given = place.node.args
    named = [*given.posonlyargs, *given.args]
    is_static = any(getattr(one, "id", "") == "staticmethod" for one in place.node.decorator_list)
    if place.owner is not None and not is_static:
        named = named[1:]
    named += [*given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    missing = [one.arg for one in named if one.annotation is None]
    return missing if place.node.returns is not None else [*missing, "return"]


def sentences(docstring: str, first_line: int = 1) -> list[tuple[int, str]]:
    """Split the prose of a docstring into sentences, at . : ; ! and ?, each with the number of its line.

    Code, the sections Examples, References and See Also, titles of sections and lines of parameters are left out.
    Inline code counts as one word, X.

    Examples
    --------
    >>> sentences("Pool the ``k`` largest values.\\n\\nParameters\\n----------\\nk : int\\n    How many: above 0.", 10)
    [(10, 'Pool the X largest values.'), (15, 'How many:'), (15, 'above 0.')]
    """
    found = []
    for line, paragraph in _paragraphs(docstring.splitlines()):
        words, start = [], None
        code_as_word = _CODE.sub(lambda code: "X" + "\n" * code.group().count("\n"), paragraph)
        for number, text in enumerate(code_as_word.split("\n"), first_line + line):
            for word in text.split():
                start = number if start is None else start
                words.append(word)
                if _SENTENCE_END.search(word):
                    found.append((start, " ".join(words)))
                    words, start = [], None
        if words:
            found.append((start, " ".join(words)))
    return found


def _paragraphs(lines):
    """Yield (number of the first line, text) of each paragraph of prose."""
    section, start, kept = "", 0, []
    for number, line in enumerate([*lines, ""]):
        is_title = number + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[number + 1].strip())
        if is_title:
            section = line.strip()
        is_indented = line.startswith("    ")
        is_item = section in _ITEM_SECTIONS and not is_indented
        is_code = section not in _ITEM_SECTIONS and is_indented and not kept
        is_rule = re.fullmatch(r"[-=+|\s]*", line) is not None
        is_break = is_title or is_rule or is_item or is_code or section in _NOT_PROSE or line.lstrip().startswith(">>>")
        is_point = _POINT.match(line) is not None
        if (is_break or is_point) and kept:
            yield start, "\n".join(kept)
            kept = []
        if not is_break:
            start = start if kept else number
            kept.append(_POINT.sub("", line))


def messages(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every message of an error or warning; what is inserted counts as one word, X.

    Examples
    --------
    >>> list(messages(ast.parse('raise ValueError(f"k must be {what}, " "got none.")')))
    [(1, 'k must be X, got none.')]
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name.endswith(("Error", "Exception", "case_error")) or name == "warn":
                yield from ((node.lineno, text) for value in node.args for text in _texts(value))


def _texts(value):
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "X" for part in value.values)
    elif isinstance(value, ast.IfExp):
        yield from (text for side in (value.body, value.orelse) for text in _texts(side))
    elif isinstance(value, ast.BinOp):
        yield " ".join(text for side in (value.left, value.right) for text in _texts(side))


def all_sentences(tree: ast.Module) -> list[tuple[int, str]]:
    """Return the line and text of every sentence of the docstrings and messages of a module."""
    found = []
    for place in places(tree):
        if place.docstring is not None:
            found += sentences(place.docstring, place.docstring_line)
    for line, message in messages(tree):
        found += [(line, sentence) for _, sentence in sentences(message)]
    return found


def n_words(sentence: str) -> int:
    """Return the number of words that hold a letter or digit."""
    return sum(any(character.isalnum() for character in word) for word in sentence.split())
