"""Promises of the data home: what is there is used, what is missing is fetched whole or not at all."""

import gzip
import hashlib
import io
import multiprocessing
import os
import re
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from seqconv.domains import home as cache

CONTENT = b"1\t0.5\t0.25\n2\t1\t0\n" * 2000


def everything_in(home):
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()) if home.exists() else []


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_the_data_home_is_the_one_of_the_environment(monkeypatch):
    monkeypatch.setenv("SEQCONV_DATA", "~/sets")
    assert cache.data_home() == Path.home() / "sets"


def test_a_data_home_of_an_unknown_user_is_refused(monkeypatch):
    monkeypatch.setenv("SEQCONV_DATA", "~nobody-of-that-name/sets")
    with pytest.raises(ValueError, match="SEQCONV_DATA must be a folder, got '~nobody-of-that-name/sets'"):
        cache.data_home()


@pytest.mark.parametrize("value", [None, ""])
def test_without_the_variable_the_data_home_is_the_users_cache(monkeypatch, tmp_path, value):
    monkeypatch.delenv("SEQCONV_DATA", raising=False)
    if value is not None:
        monkeypatch.setenv("SEQCONV_DATA", value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.data_home().name == "seqconv" or "seqconv" in cache.data_home().parts


def test_a_file_that_is_there_is_used_unasked_and_unchecked(home, server, offer):
    offer("text/t.tsv", CONTENT)
    for name in ("t.tsv.gz", "t.tsv"):
        path = home / "text" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine")
        assert cache.fetch("text/t.tsv") == path
    assert server.asked == []


def test_a_missing_file_is_fetched_once_and_then_used(home, server, offer):
    offer("ucr/Toy/Toy_TRAIN.tsv", CONTENT)
    path = cache.fetch("ucr/Toy/Toy_TRAIN.tsv")
    assert path == home / "ucr" / "Toy" / "Toy_TRAIN.tsv" and path.read_bytes() == CONTENT
    assert cache.fetch("ucr/Toy/Toy_TRAIN.tsv") == path
    assert len(server.asked) == 1 and everything_in(home) == ["ucr/Toy/Toy_TRAIN.tsv"]


def test_a_fetched_file_may_be_read_by_whom_the_user_lets_read(home, offer):
    offer("t.tsv", CONTENT)
    old = os.umask(0o022)
    try:
        assert cache.fetch("t.tsv").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(old)


def test_a_member_of_a_zip_is_taken_by_its_name(home, offer):
    offer("text/sms", CONTENT, served=zipped({"readme": b"x", "sms": CONTENT}), member="sms")
    assert cache.fetch("text/sms").read_bytes() == CONTENT
    assert everything_in(home) == ["text/sms"]


def test_other_line_ends_at_the_source_are_turned_before_the_pin_is_checked(home, offer):
    offer("t", b"a\tb\nc\td\n", served=b"a\tb\r\nc\td", layout="lines")
    assert cache.fetch("t").read_bytes() == b"a\tb\nc\td\n"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_label_and_text_of_the_source_are_parted_by_a_tab_before_the_pin_is_checked(home, offer, encoding):
    ours = "0\ta clich\xe9 , no less .\n1\t. . . good\n"
    source = "0 a clich\xe9 , no less . \n1  . . . good\n"
    offer("t.tsv", ours.encode(), served=source.encode(encoding), layout="label")
    assert cache.fetch("t.tsv").read_text(encoding="utf-8") == ours


def failing(name, offer, server):
    source = offer("a/t.tsv", CONTENT)
    address = "/original/a/t.tsv"
    if name == "other content":
        server.files[address] = CONTENT[:-1] + b"x"
    elif name == "cut":
        server.cut.add(address)
    elif name == "gone":
        del server.files[address]
    elif name == "endless":
        server.files[address] = bytes(4 * len(CONTENT) + 2**20 + 1)
    elif name == "no archive":
        offer("a/t.tsv", CONTENT, member="t.tsv")
    elif name == "cut archive":
        offer("a/t.tsv", CONTENT, served=zipped({"t.tsv": CONTENT})[:-30], member="t.tsv")
    elif name == "no server":
        server.shutdown()
        server.server_close()
    elif name == "no plain file":
        cache.registered()["a/t.tsv"] = source._replace(url=None)
    return cache.registered()["a/t.tsv"]


FAILURES = ["other content", "cut", "gone", "endless", "no archive", "cut archive", "no server", "no plain file"]


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_fetch_says_what_to_put_where_and_leaves_nothing(home, offer, server, name):
    source = failing(name, offer, server)
    with pytest.raises(OSError) as caught:
        cache.fetch("a/t.tsv")
    text = str(caught.value)
    assert "\n" not in text and str(home / "a" / "t.tsv") in text and "t.tsv.gz" in text
    assert (source.url or "its archive") in text
    assert everything_in(home) == []


def test_a_failed_fetch_leaves_the_neighbours_alone(home, offer, server):
    offer("a/t.tsv", CONTENT)
    server.files.clear()
    (home / "a").mkdir(parents=True)
    (home / "a" / "other.tsv").write_text("mine")
    with pytest.raises(OSError):
        cache.fetch("a/t.tsv")
    assert everything_in(home) == ["a/other.tsv"]


def test_a_wrong_hash_names_both_hashes(home, offer, server):
    source = offer("t.tsv", CONTENT)
    server.files["/original/t.tsv"] = b"other"
    with pytest.raises(OSError, match=f"must be {source.sha256}, got {hashlib.sha256(b'other').hexdigest()}"):
        cache.fetch("t.tsv")


def test_a_home_that_cannot_be_written_is_named(tmp_path, monkeypatch, offer):
    blocker = tmp_path / "file"
    blocker.write_text("no folder")
    monkeypatch.setenv("SEQCONV_DATA", str(blocker))
    offer("a/t.tsv", CONTENT)
    with pytest.raises(OSError, match=f"must be in {re.escape(str(blocker))}"):
        cache.fetch("a/t.tsv")
    assert blocker.read_text() == "no folder"


def test_a_file_nobody_knows_is_refused(home):
    with pytest.raises(ValueError, match="knows no source"):
        cache.fetch("text/nothing.tsv")


def fetch_elsewhere(home, relative_path, source, results):
    os.environ.update(SEQCONV_DATA=str(home), NO_PROXY="127.0.0.1")
    try:
        results.put(cache.fetch(relative_path, source).read_bytes() == CONTENT)
    except (OSError, ValueError) as error:
        results.put(repr(error))


def test_processes_that_fetch_at_once_get_one_good_file(home, server, offer):
    n_processes = 4
    source = offer("a/t.tsv", CONTENT, served=zipped({"t.tsv": CONTENT}), member="t.tsv")
    server.barrier = threading.Barrier(n_processes)  # nobody is served before all have asked
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    arguments = (home, "a/t.tsv", source, results)
    processes = [context.Process(target=fetch_elsewhere, args=arguments) for _ in range(n_processes)]
    for process in processes:
        process.start()
    answers = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join(timeout=60)
    assert answers == [True] * n_processes and len(server.asked) == n_processes
    assert everything_in(home) == ["a/t.tsv"] and (home / "a" / "t.tsv").read_bytes() == CONTENT


def test_a_killed_fetch_leaves_nothing_under_the_final_name(home, server, offer):
    source = offer("a/t.tsv", CONTENT)
    server.barrier = threading.Barrier(2)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=fetch_elsewhere, args=(home, "a/t.tsv", source, results))
    process.start()
    while not server.asked and process.is_alive():
        process.join(timeout=0.05)
    process.kill()
    process.join()
    server.barrier.abort()
    assert server.asked and cache.present("a/t.tsv") is None
    server.barrier = None
    assert cache.fetch("a/t.tsv").read_bytes() == CONTENT


def test_importing_the_loaders_costs_no_keras_pandas_or_pooch():
    code = "import sys, seqconv.datasets; print([m for m in ('keras', 'pandas', 'pooch', 'rich') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_registered_file_is_pinned_and_comes_by_https():
    for path, source in cache.registered().items():
        assert re.fullmatch(
            r"(ucr|uea|text|audio|finance|medical)/[\w-]+/[\w-]+(\.(tsv|ts|csv|zip|arff|dat|hea|atr)|)", path
        )
        assert re.fullmatch("[0-9a-f]{64}", source.sha256) and source.n_bytes > 0
        assert source.url is None or source.url.startswith("https://")
        assert source.layout in (None, "lines", "label")
    # Of these no plain file is known: whoever has them puts them there.
    kept = {path.rsplit("/", 1)[0] for path, source in cache.registered().items() if source.url is None}
    assert kept - _medical(kept) == {
        *("audio/esc10", "audio/fsdd", "finance/kdd17_2007_2015", "finance/stocknet_acl18"),
        *("text/agnews_test", "ucr/ECG5000"),
    }


def _medical(folders):
    return {folder for folder in folders if folder.startswith("medical/")}


def test_the_files_of_the_data_home_are_those_that_are_pinned():
    found = {path: cache.present(path) for path in cache.registered()}
    if not any(found.values()):
        pytest.skip("no registered file lies in the data home (SEQCONV_DATA)")
    for path, local in found.items():
        if local is not None:
            data = gzip.decompress(local.read_bytes()) if local.suffix == ".gz" else local.read_bytes()
            assert hashlib.sha256(data).hexdigest() == cache.registered()[path].sha256, path
            assert len(data) == cache.registered()[path].n_bytes


def test_a_progress_bar_is_shown_on_a_terminal_only(home, offer, capsys):
    offer("t.tsv", CONTENT)
    cache.fetch("t.tsv")
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_bar_names_the_file(home, offer, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    offer("t.tsv", CONTENT)
    cache.fetch("t.tsv")
    captured = capsys.readouterr()
    assert captured.out == "" and "t.tsv" in captured.err
