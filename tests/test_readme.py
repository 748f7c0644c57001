"""The python blocks of the README, of docs/streaming.md and of docs/export.md run, and print what the page says that they print."""

import contextlib
import io
import os
import pathlib
import re
import runpy

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PAGES = [(ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/streaming.md", "docs/export.md")]
BLOCKS = [block for page in PAGES for block in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]
# Scores differ a little between machines, whose threads add numbers in another order.
TOLERANCE = 0.02
NUMBER = re.compile(r"-?\d+\.\d+")


def stated(block):
    """Return the comments that follow the calls of print, in order."""
    return re.findall(r"^print\(.*\)  # (.+)$", block, re.MULTILINE)


def agree(line, comment):
    """Whether a printed line is the stated one, its decimal numbers within the tolerance."""
    if NUMBER.sub("x", line) != NUMBER.sub("x", comment):
        return False
    pairs = zip(NUMBER.findall(line), NUMBER.findall(comment), strict=True)
    return all(abs(float(printed) - float(expected)) <= TOLERANCE for printed, expected in pairs)


def test_there_are_blocks_and_all_state_what_they_print():
    assert len(BLOCKS) >= 3
    for block in BLOCKS:
        assert block.count("print(") == len(stated(block)) > 0


@pytest.mark.parametrize("block", BLOCKS, ids=[f"block{number}" for number in range(len(BLOCKS))])
def test_a_block_prints_what_its_page_says(block, monkeypatch, tmp_path):
    if "import load_" in block and not os.environ.get("SEQCONV_DATA"):
        pytest.skip("reads a real data set: set SEQCONV_DATA to the data home")
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    (tmp_path / "block.py").write_text(block, encoding="utf-8")
    with contextlib.redirect_stdout(printed):
        runpy.run_path("block.py", run_name="__main__")
    lines, comments = printed.getvalue().splitlines(), stated(block)
    assert len(lines) == len(comments)
    for line, comment in zip(lines, comments, strict=True):
        assert agree(line, comment), f"the page says {comment!r}, the block prints {line!r}"


@pytest.mark.parametrize(
    ("line", "comment", "same"),
    [("0.9811", "0.98", True), ("0.95", "0.98", False), ("['spam']", "['spam']", True), ("['ham']", "['spam']", False)],
)
def test_numbers_are_compared_within_the_tolerance_and_words_exactly(line, comment, same):
    assert agree(line, comment) == same


def test_links_and_pictures_of_the_documents_exist():
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"
