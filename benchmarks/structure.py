"""Counts of the package's structure that a reader can check: sizes, import cycles, touch points and the prose.

Files are read by their syntax tree and never imported.

    python benchmarks/structure.py
    python benchmarks/structure.py path/to/another/seqconv
"""

import argparse
import ast
import collections
import io
import pathlib
import sys
import tokenize

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))

import prose

ESTIMATOR = "SeqConvClassifier"
N_LARGEST = 8
NOT_CODE = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


def code_lines(source, tree):
    """Return the number of lines without blank lines, comments and docstrings."""
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        is_place = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if is_place and ast.get_docstring(node) is not None:
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def imported(tree, modules):
    """Return the modules of the package that a module imports, also within functions, but not for type hints only."""
    for_hints = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    names = set()
    for node in ast.walk(tree):
        if id(node) in for_hints:
            continue
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            names.update(name if name in modules else node.module for name in submodules)
    return names & modules


def cycles(graph):
    """Return the groups of modules that import each other, directly or not."""

    def reached_from(start):
        seen, waiting = set(), [start]
        while waiting:
            for name in graph[waiting.pop()] - seen:
                seen.add(name)
                waiting.append(name)
        return seen

    reached = {name: reached_from(name) for name in graph}
    groups = {
        frozenset(one for one in reached[name] if name in reached[one]) for name in graph if name in reached[name]
    }
    return sorted(map(sorted, groups))


def constructor_parameters(trees):
    """Return the names of the parameters of the estimator."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name == ESTIMATOR:
                init = next(one for one in node.body if getattr(one, "name", "") == "__init__")
                return [one.arg for one in [*init.args.args[1:], *init.args.kwonlyargs]]
    return []


def mentioned(tree):
    """Return every identifier, attribute, keyword and string of a module, without its docstrings."""
    found = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "value"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.add(value)
    return found


def room(path, package):
    """Return the folder of a file within the package, or the file itself at the top."""
    first = path.relative_to(package).parts[0]
    return f"{first}/" if (package / first).is_dir() else first


def share(n_found, n_all):
    """Write a number as a share of another."""
    return f"{n_found} of {n_all} ({100 * n_found / max(1, n_all):.1f} %)"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = pathlib.Path(__file__).parents[1] / "seqconv"
    parser.add_argument("package", nargs="?", type=pathlib.Path, default=default, help="folder of the package")
    package = parser.parse_args().package.resolve()
    sources = {path: path.read_text(encoding="utf-8") for path in prose.python_files(package)}
    trees = {path: ast.parse(source) for path, source in sources.items()}

    print(f"Largest of {len(trees)} files (lines)")
    for path in sorted(sources, key=lambda path: -sources[path].count("\n"))[:N_LARGEST]:
        print(f"{sources[path].count(chr(10)):8} {path.relative_to(package.parent)}")

    names = {path: ".".join([package.name, *path.relative_to(package).with_suffix("").parts]) for path in trees}
    names = {path: name.removesuffix(".__init__") for path, name in names.items()}
    graph = {names[path]: imported(tree, set(names.values())) for path, tree in trees.items()}
    found = cycles(graph)
    print(f"\nImport cycles between files: {len(found)}")
    for group in found:
        print(f"{len(group):8} files: {', '.join(group)}")

    n_lines = collections.Counter()
    for path, tree in trees.items():
        n_lines[room(path, package)] += code_lines(sources[path], tree)
    print("\nLines of code, without blank lines, comments and docstrings")
    for name in sorted(n_lines):
        print(f"{n_lines[name]:8} {name}")
    print(f"{n_lines.total():8} in all; saving/ {n_lines.get('saving/', 'does not exist')}")

    words = [mentioned(tree) for tree in trees.values()]
    touched = {name: sum(name in one for one in words) for name in constructor_parameters(trees.values())}
    print(f"\nFiles that mention a parameter of {ESTIMATOR}, as a name, attribute or string")
    for name, n_files in sorted(touched.items(), key=lambda item: (-item[1], item[0])):
        print(f"{n_files:8} {name}")
    print(f"{sum(touched.values()) / max(1, len(touched)):8.1f} on average of {len(touched)}")

    documented = prose.documented_methods(list(trees.values()))
    public = [place for tree in trees.values() for place in prose.places(tree) if place.is_public]
    functions = [place for place in public if place.is_function]
    n_documented = sum(not prose.needs_docstring(place, documented) for place in public)
    all_sentences = [sentence for tree in trees.values() for _, sentence in prose.all_sentences(tree)]
    n_long = sum(prose.n_words(sentence) > prose.MOST_WORDS for sentence in all_sentences)
    print("\nProse")
    print(f"Public names with a docstring, own or inherited: {share(n_documented, len(public))}")
    n_hinted = sum(not prose.missing_hints(place) for place in functions)
    print(f"Public functions and methods with all type hints: {share(n_hinted, len(functions))}")
    print(f"Sentences over {prose.MOST_WORDS} words: {share(n_long, len(all_sentences))}")


if __name__ == "__main__":
    main()
