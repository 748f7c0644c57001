import gzip
import json
import os
import pickle
import re
import subprocess
import sys
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from seqconv import SequenceSet
from seqconv.adapters import TextAdapter
from seqconv.datasets import make_messages
from seqconv.domains.text.token_ids import folded
from seqconv.domains.text.tokens import HIDDEN, N_SHAPES

TEXTS = [
    "WINNER!! You have won a £1,000 prize, claim at www.prize.com.",
    "Ok lar... see you at lunch :)",
    "I don't think he goes to usf, he lives around here though",
    "İstanbul'da hava güzel 👍🏽 и всё",
    "free",
]
UNITS = ["word", "char", "subword"]


def _words(text, **parameters):
    return [text[i:j] for i, j in TextAdapter(**parameters).fit([text]).locate([text])[0]]


@pytest.fixture(scope="module")
def key_vectors():
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(20)
    vectors.add_vectors(
        ["free", "you", "at", "prize"], np.random.default_rng(0).normal(0.1, 0.3, (4, 20)).astype(np.float32)
    )
    return vectors


class NumberOfOnes(ClassifierMixin, BaseEstimator):
    """Stands in for a network: spam is what has few unknown tokens."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return ((X == 1).sum(axis=1) < 2).astype(int)


# What a step is


def test_words_numbers_addresses_emoticons_and_signs_are_steps():
    assert _words("Don't pay £1,000.50!!! See http://a.b/c?d=1, or www.site.com. 12:30pm ;-) <3 it 's") == [
        *["Don't", "pay", "£", "1,000.50", "!!!", "See", "http://a.b/c?d=1", ",", "or", "www.site.com", "."],
        *["12:30pm", ";-)", "<3", "it", "'s"],
    ]


def test_accents_and_vowel_signs_stay_in_their_words_and_colours_with_their_emoji():
    assert _words("हिन्दी e\u0301te\u0301 👍🏽 ok") == ["हिन्दी", "e\u0301te\u0301", "👍🏽", "ok"]


def test_every_character_but_white_and_hidden_ones_is_in_exactly_one_word():
    printable = [chr(i) for i in range(1, 0xD800) if i >= 32 and i != 127 or chr(i) in "\t\n\v\f\r"]
    text = " ".join(one * 2 + printable[(i * 7919) % len(printable)] for i, one in enumerate(printable))
    spans = TextAdapter("word").fit(["a"]).locate([text])[0]
    covered = np.zeros(len(text), int)
    for i, j in spans:
        covered[i:j] += 1
    # Hidden characters belong to the word that they end, if any.
    kept = np.array([re.match(f"[{HIDDEN}]", character) is None for character in text])
    expected = np.array([not character.isspace() for character in text])
    np.testing.assert_array_equal(covered[kept], expected[kept])
    assert covered.max() == 1


@pytest.mark.parametrize("text", ["a." * 50_000, "www.!" * 20_000, ":((((" * 20_000, "1,1" * 30_000, "''" * 50_000])
def test_no_text_takes_more_than_linear_work(text):
    assert TextAdapter("word").fit([text]).transform([text]).shape[0] == 1


def test_characters_are_steps_spaces_included():
    adapter = TextAdapter("char").fit(["a b"])
    assert adapter.vocabulary_ == {" ": 2, "a": 3, "b": 4}
    assert adapter.transform(["b a\n"]).tolist() == [[4, 2, 3, 1]]


def test_subwords_are_the_word_and_the_n_grams_that_fasttext_counts():
    from gensim.models.fasttext import ft_ngram_hashes

    adapter = TextAdapter("subword", n_grams=(2, 4), n_buckets=500).fit(TEXTS)
    first = 2 + len(adapter.vocabulary_)
    for word in ("prize", "unseen", "güzel", "всё", ":)", "👍🏽", "a"):
        own, shape, pair, *n_grams = adapter.transform([word])[0, 0]
        assert own == adapter.vocabulary_.get(word, 1)
        assert first + 500 <= shape < first + 500 + N_SHAPES <= pair < adapter.n_tokens_
        assert sorted(i - first for i in n_grams) == sorted(ft_ngram_hashes(word, 2, 4, 500))


def test_single_characters_may_be_n_grams_and_the_marks_around_a_word_are_none():
    adapter = TextAdapter("subword", n_grams=(1, 1)).fit(["ab"])
    assert adapter.transform(["ab"]).shape == (1, 1, 5)  # the word, its shape, its pair, a, b


def test_the_first_piece_is_the_id_of_the_word():
    ids = TextAdapter("subword", max_tokens=12).fit(TEXTS).transform(TEXTS)
    np.testing.assert_array_equal(ids[:, :, 0], TextAdapter("word", max_tokens=12).fit(TEXTS).transform(TEXTS))


def test_words_written_alike_share_their_shape():
    adapter = TextAdapter().fit(["win"])
    shapes = adapter.transform(["Call CLAIM 07781 08800 £ free"])[0, :, 1]
    assert len(set(shapes)) == 5 and shapes[2] == shapes[3]


def test_a_pair_is_told_by_both_words_in_their_order():
    pairs = TextAdapter().fit(["win"]).transform(["not good", "Not good", "good not", "so good"])[:, 1, 2]
    assert pairs[0] == pairs[1] and len(set(pairs)) == 3


def test_vectors_that_are_not_trained_must_be_given():
    with pytest.raises(ValueError, match="'static' needs vectors"):
        TextAdapter(vectors_mode="static").fit(["win"])


def test_misspelt_words_share_pieces_with_the_word_they_mean():
    adapter = TextAdapter("subword").fit(["see you tomorrow"])
    right, wrong, other = (set(adapter.transform([word])[0, 0]) for word in ("tomorrow", "tomorow", "yesterday"))
    assert len(right & wrong) > 9 and len(right & other) == 1  # the shape


def test_max_pieces_bounds_the_width_and_keeps_the_word_and_its_short_n_grams():
    adapter = TextAdapter("subword", max_pieces=8).fit(["hello"])
    whole = TextAdapter("subword", max_pieces=100).fit(["hello"])
    for word in ("hello", "x" * 60 + "y", "ab" * 2000):
        np.testing.assert_array_equal(adapter.transform([word])[0, 0], whole.transform([word])[0, 0, :8])


# What is learnt


def test_the_most_frequent_units_are_learnt_ties_by_the_alphabet_in_any_order_of_cases():
    texts = ["b b b a a z", "z y d d d d"]
    adapter = TextAdapter("word", max_tokens=3).fit(texts)
    assert adapter.vocabulary_ == {"d": 2, "b": 3, "a": 4} and adapter.n_tokens_ == 5
    assert TextAdapter("word", max_tokens=3).fit(texts[::-1]).vocabulary_ == adapter.vocabulary_
    assert list(TextAdapter("word", min_count=3).fit(texts).vocabulary_) == ["d", "b"]


def test_lowercase_folds_words_and_leaves_them_when_asked():
    assert list(TextAdapter("word").fit(["Win WIN win"]).vocabulary_) == ["win"]
    assert sorted(TextAdapter("word", lowercase=False).fit(["Win WIN win"]).vocabulary_) == ["WIN", "Win", "win"]


@pytest.mark.parametrize("unit", UNITS)
def test_ids_are_below_n_tokens_with_0_only_for_padding_and_1_for_the_unknown(unit):
    adapter = TextAdapter(unit, max_tokens=9, n_buckets=50).fit(TEXTS)
    ids = adapter.transform([*TEXTS, "quite unseen ☃"])
    assert ids.dtype == np.int32 and ids.max() < adapter.n_tokens_ and ids.min() == 0
    own = ids[:, :, 0] if unit == "subword" else ids
    lengths = [len(spans) for spans in adapter.locate([*TEXTS, "quite unseen ☃"])]
    np.testing.assert_array_equal((own != 0).sum(axis=1), lengths)
    assert (own[-1, lengths[-1] - 1] == 1) and set(range(2, 11)) == set(own.ravel()) - {0, 1}


def test_a_message_without_a_known_unit_is_one_unknown_token():
    assert TextAdapter("word").fit(["free lunch"]).transform([":)"]).tolist() == [[1]]
    assert TextAdapter("subword").fit(["free lunch"]).transform([":)"])[0, 0, 0] == 1


@pytest.mark.parametrize("unit", UNITS)
def test_one_text_alone_equals_the_text_among_others(unit):
    adapter = TextAdapter(unit, max_steps=30).fit(TEXTS)
    together = adapter.transform(TEXTS)
    for case, text in enumerate(TEXTS):
        alone = adapter.transform([text])[0]
        padded = np.zeros_like(together[case])
        padded[tuple(slice(n) for n in alone.shape)] = alone
        np.testing.assert_array_equal(together[case], padded)


def test_number_and_order_of_cases_are_kept_doubles_too():
    adapter = TextAdapter("word").fit(TEXTS)
    ids = adapter.transform([TEXTS[4], TEXTS[1], TEXTS[4]])
    assert len(ids) == 3
    np.testing.assert_array_equal(ids[0], ids[2])


def test_lists_arrays_and_series_give_the_same():
    expected = TextAdapter("word").fit(TEXTS).transform(TEXTS)
    for texts in (tuple(TEXTS), np.array(TEXTS), np.array(TEXTS, object), pd.Series(TEXTS, index=[7, 7, 1, 0, 3])):
        np.testing.assert_array_equal(TextAdapter("word").fit(texts).transform(texts), expected)


# Cutting and finding again


@pytest.mark.parametrize(("cut", "kept"), [("end", "abcde"), ("start", "efghi"), ("middle", "abchi")])
def test_a_longer_text_loses_the_part_that_cut_names(cut, kept):
    adapter = TextAdapter("char", max_steps=5, cut=cut).fit(["abcdefghi"])
    assert "".join("abcdefghi"[i] for i, _ in adapter.locate(["abcdefghi"])[0]) == kept
    by_id = {i: unit for unit, i in adapter.vocabulary_.items()}
    assert "".join(by_id[i] for i in adapter.transform(["abcdefghi"])[0]) == kept
    assert adapter.transform(["abc"]).shape == (1, 3)


@pytest.mark.parametrize("cut", ["end", "start", "middle"])
def test_one_step_can_be_all_that_is_left(cut):
    expected = {"end": "a", "start": "c", "middle": "a"}[cut]
    assert _words("a b c", max_steps=1, cut=cut) == [expected]


def test_no_pair_is_made_across_the_cut():
    adapter = TextAdapter(max_steps=3, cut="middle").fit(["a b c d e f"])
    pairs = adapter.transform(["a b c d e f", "a b", "f"])[:, :, 2]
    assert pairs[0].tolist() == [*pairs[1, :2], pairs[2, 0]]  # f stands behind nothing that is there


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("max_steps", [None, 3])
def test_locate_gives_the_span_of_every_step_in_the_raw_text(unit, max_steps):
    adapter = TextAdapter(unit, max_steps=max_steps, cut="middle").fit(TEXTS)
    ids = adapter.transform(TEXTS)
    own = ids[:, :, 0] if unit == "subword" else ids
    for text, row, spans in zip(TEXTS, own, adapter.locate(TEXTS), strict=True):
        assert spans.shape == ((row != 0).sum(), 2) and (np.diff(spans.ravel()[1::2]) > 0).all()
        found = [adapter.vocabulary_.get(text[i:j].lower(), 1) for i, j in spans]
        assert found == row[row != 0].tolist()


def test_spans_are_right_where_lower_casing_changes_the_length():
    text = "İİİ WIN"
    assert len(text.lower()) > len(text)
    assert _words(text) == ["İİİ", "WIN"]
    assert len(TextAdapter("char").fit([text]).locate([text])[0]) == len(text)


# Packed


@pytest.mark.parametrize(
    "parameters", [{}, {"max_steps": 4, "cut": "middle"}, {"max_steps": 1, "cut": "middle"}], ids=str
)
@pytest.mark.parametrize("unit", UNITS)
def test_packed_ids_are_those_of_transform(unit, parameters):
    adapter = TextAdapter(unit, **parameters).fit(TEXTS)
    for texts in (TEXTS, TEXTS[::-1], TEXTS[4:]):
        packed, ids = adapter.pack(texts), adapter.transform(texts)
        assert packed.shape == ids.shape and packed.dtype == ids.dtype == np.int32
        np.testing.assert_array_equal(packed[:], ids)
        for case, text in enumerate(texts):
            alone = adapter.transform([text])[0]
            found = packed[[case], : len(alone)][0]
            np.testing.assert_array_equal(found[tuple(slice(n) for n in alone.shape)], alone)


def test_packed_messages_take_less_than_a_tenth_of_their_array():
    texts = make_messages(5_000, random_state=0).X
    adapter = TextAdapter().fit(texts[:500])
    packed = adapter.pack(texts)
    assert packed.nbytes < np.prod(packed.shape) * packed.dtype.itemsize / 10


def test_the_words_of_all_texts_are_never_held_together():
    texts = make_messages(5_000, random_state=0).X
    tracemalloc.start()
    TextAdapter().fit(texts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * sum(map(len, texts))


def test_a_subclass_that_transforms_otherwise_packs_what_it_makes():
    class Backwards(TextAdapter):
        def transform(self, X):
            return super().transform(X)[:, ::-1]

    adapter = Backwards("word").fit(TEXTS)
    np.testing.assert_array_equal(adapter.pack(TEXTS), adapter.transform(TEXTS))
    assert adapter.pack(TEXTS)[4, 0] == 0


def test_names_are_what_texts_have_under_an_id():
    adapter = TextAdapter(n_buckets=50).fit(["see you"])
    names = adapter.names(["See you", "see ME", "see them"])
    first = 2 + len(adapter.vocabulary_)
    assert names[adapter.vocabulary_["see"]] == ["see"] and names[1] == ["me", "them"]
    shapes = [found for number, found in names.items() if number >= first + 50]
    assert sorted(shapes) == [["X+"], ["X+x+"], ["x+"]]
    ids = adapter.transform(["See you", "see ME", "see them"])
    grams = set(np.unique(ids[:, :, 3:]).tolist()) - {0}
    assert grams == {number for number in names if first <= number < first + 50}
    assert {"<s", "see>", "<me>"} <= {gram for number in grams for gram in names[number]}


# Word vectors


def test_known_words_have_their_vectors_and_the_others_random_ones_of_the_same_variance(key_vectors):
    texts = [*TEXTS, " ".join(f"word{i}" for i in range(500))]
    adapter = TextAdapter("word", vectors=key_vectors).fit(texts)
    assert adapter.vectors_.shape == (adapter.n_tokens_, adapter.n_dims_) == (len(adapter.vocabulary_) + 2, 20)
    assert adapter.vectors_.dtype == np.float32 and not adapter.vectors_[0].any()
    for word in key_vectors.index_to_key:
        np.testing.assert_array_equal(adapter.vectors_[adapter.vocabulary_[word]], key_vectors[word])
    known = [adapter.vocabulary_[word] for word in key_vectors.index_to_key]
    others = np.delete(adapter.vectors_, [0, *known], axis=0)
    assert others.var() == pytest.approx(key_vectors.vectors.var(), rel=0.05)
    assert np.abs(others).max() <= np.sqrt(3 * key_vectors.vectors.var()) * 1.001 and np.abs(others.mean()) < 0.02
    assert others.any(axis=1).all()


@pytest.mark.parametrize("binary", [False, True])
def test_a_path_gives_the_same_as_the_vectors_in_memory(key_vectors, tmp_path, binary):
    key_vectors.save_word2vec_format(tmp_path / "v", binary=binary)
    for path in (tmp_path / "v", str(tmp_path / "v")):
        ours, theirs = (TextAdapter("word", vectors=vectors).fit(TEXTS).vectors_ for vectors in (path, key_vectors))
        np.testing.assert_array_equal(ours, theirs)


def test_with_vectors_of_words_a_known_subword_starts_as_its_word(key_vectors):
    adapter = TextAdapter("subword", vectors=key_vectors, n_buckets=100).fit(TEXTS)
    assert adapter.vectors_.shape == (adapter.n_tokens_, 20)
    pieces = adapter.transform(["prize"])[0, 0]
    np.testing.assert_array_equal(adapter.vectors_[pieces].sum(axis=0), key_vectors["prize"])


def test_trained_vectors_are_the_same_in_processes_with_different_hashes():
    def trained(unit, seed=0):
        return TextAdapter(unit, vectors="train", n_dims=8, n_buckets=300, random_state=seed).fit(TEXTS).vectors_

    code = (
        "import sys; from seqconv.adapters import TextAdapter\n"
        f"for unit in {UNITS}:\n"
        f"    a = TextAdapter(unit, vectors='train', n_dims=8, n_buckets=300).fit({TEXTS!r})\n"
        "    sys.stdout.buffer.write(a.vectors_.tobytes())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
    assert told == b"".join(trained(unit).tobytes() for unit in UNITS)
    for unit in UNITS:
        assert trained(unit, seed=1).tobytes() != trained(unit).tobytes() and not trained(unit)[0].any()


def test_the_vectors_of_subwords_add_up_to_what_fasttext_says_of_seen_and_unseen_words():
    from gensim.models import FastText

    sentences = [text.lower().split() for text in TEXTS]
    theirs = FastText(sentences, vector_size=10, min_count=1, min_n=3, max_n=4, bucket=200, epochs=2, workers=1).wv
    adapter = TextAdapter("subword", vectors=theirs, n_grams=(3, 4), n_buckets=200).fit(TEXTS)
    for word in ("think", "lives", "thinking", "you"):
        pieces = adapter.transform([word])[0, 0]
        ours, wanted = adapter.vectors_[pieces].sum(axis=0), theirs.get_vector(word)
        assert ours @ wanted / np.linalg.norm(ours) / np.linalg.norm(wanted) == pytest.approx(1, abs=1e-5)
    whole = TextAdapter("word", vectors=theirs).fit(["thinking"])  # unseen: made of n-grams
    np.testing.assert_array_equal(whole.vectors_[2], theirs.get_vector("thinking"))
    with pytest.raises(ValueError, match="must be those of the fastText vectors, 3, 4 and 200, got 2, 4 and 200"):
        TextAdapter("subword", vectors=theirs, n_grams=(2, 4), n_buckets=200).fit(TEXTS)


def test_vectors_that_fit_no_word_are_no_vectors_or_are_not_finite_are_refused(key_vectors):
    with pytest.raises(ValueError, match="got none of them; compare language"):
        TextAdapter("word", vectors=key_vectors).fit(["nothing known here"])
    with pytest.raises(TypeError, match="the wv of a gensim model"):
        TextAdapter("word", vectors={"free": [1.0]}).fit(TEXTS)
    with pytest.raises(FileNotFoundError):
        TextAdapter("word", vectors="tain").fit(TEXTS)
    broken = pickle.loads(pickle.dumps(key_vectors))
    broken.vectors[0, 0] = np.nan
    with pytest.raises(ValueError, match="finite, that of 'free' is not"):
        TextAdapter("word", vectors=broken).fit(TEXTS)


def test_the_global_random_state_is_left_as_found():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    TextAdapter("word", vectors="train", n_dims=4).fit(TEXTS)
    assert np.random.rand() == expected


# scikit-learn


def test_clone_shares_the_vectors_and_forgets_what_was_learnt(key_vectors):
    adapter = TextAdapter("subword", max_tokens=3, vectors=key_vectors).fit(TEXTS)
    copy = clone(adapter)
    assert copy.vectors is key_vectors and copy.get_params() == adapter.get_params()
    with pytest.raises(NotFittedError):
        copy.transform(TEXTS)


def test_pickle_keeps_everything():
    adapter = TextAdapter("subword", vectors="train", n_dims=4, n_buckets=50).fit(TEXTS)
    copy = pickle.loads(pickle.dumps(adapter))
    np.testing.assert_array_equal(copy.transform(TEXTS), adapter.transform(TEXTS))
    np.testing.assert_array_equal(copy.vectors_, adapter.vectors_)


def test_of_many_texts_a_subword_seen_once_has_no_id_of_its_own():
    lines = [f"user{i} logged in" for i in range(1_200)]
    assert list(TextAdapter().fit(lines).vocabulary_) == ["in", "logged"]
    assert len(TextAdapter().fit(lines[:999]).vocabulary_) == 999 + 2
    assert len(TextAdapter(min_count=1).fit(lines).vocabulary_) == 1_200 + 2
    assert len(TextAdapter("word").fit(lines).vocabulary_) == 1_200 + 2


def _log_lines(n):
    rng = np.random.default_rng(0)
    what = ["timeout after {}ms", "user {} logged in", "cache miss for key {}", "disk full on /dev/sd{}"]
    return [
        f"2024-05-{1 + i % 28:02d}T{rng.integers(24):02d}:{rng.integers(60):02d}Z INFO [{rng.integers(1 << 32):08x}] "
        + what[i % 4].format(rng.integers(100_000))
        for i in range(n)
    ]


def test_words_of_log_lines_seen_once_take_no_part_of_the_table():
    lines = _log_lines(4_000)
    adapter = TextAdapter().fit(lines)
    own = adapter.transform(lines)[:, :, 0]
    _, counts = np.unique(own[own > 1], return_counts=True)
    assert counts.min() > 1 and adapter.n_tokens_ < 40_000


@pytest.mark.parametrize("unit", ["word", "subword"])
def test_a_vocabulary_of_words_seen_once_is_warned_of(unit):
    lines = _log_lines(6_000)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for texts, min_count in ((lines, None), (lines, 1), (lines, 2), (make_messages(2_000, random_state=0).X, None)):
            TextAdapter(unit, min_count=min_count).fit(texts)
    assert len(told) == (unit == "word")
    assert all("units occur once" in str(one.message) and "min_count=2" in str(one.message) for one in told)


def test_the_vocabulary_is_bounded():
    lines = [" ".join(f"w{i}x{j}" for j in range(100)) for i in range(600)]
    assert len(TextAdapter("word").fit(lines).vocabulary_) == 50_000
    assert len(TextAdapter("word", max_tokens=None).fit(lines).vocabulary_) == 60_000


def test_a_grid_search_over_max_tokens_runs_on_raw_messages():
    texts, y = ["free prize", "win free prize", "see you lunch", "hi mum late"] * 5, [1, 1, 0, 0] * 5
    pipeline = make_pipeline(TextAdapter("word"), NumberOfOnes())
    search = GridSearchCV(pipeline, {"textadapter__max_tokens": [1, 2, None]}, cv=2, error_score="raise").fit(texts, y)
    assert search.best_params_ == {"textadapter__max_tokens": 2} and search.best_score_ == 1


# One form of characters


@pytest.mark.parametrize("unit", ["word", "subword"])
@pytest.mark.parametrize(
    "written",
    [
        *[
            "ＦＲＥＥ",
            "fr\u200bee",
            "fr\u00adee",
            "\u202efree\u202c",
            "free\ufeff",
            "fr\u2060ee",
            "fr\u200dee",
            "f\u200cree",
        ],
        "ｆｒｅｅ",
    ],
)
def test_hidden_and_full_width_characters_meet_the_vocabulary(unit, written):
    adapter = TextAdapter(unit).fit(["win a free prize"])
    assert adapter.transform([f"a {written} prize"])[0, 1].flat[0] == adapter.vocabulary_["free"]
    assert adapter.locate([f"a {written} prize"])[0][1].tolist()[1] <= 2 + len(written)
    plain = TextAdapter(unit, normalize=None).fit(["win a free prize"])
    assert plain.transform([f"a {written} prize"])[0, 1].flat[0] == 1


@pytest.mark.parametrize(
    ("one", "other"), [("e\u0301te\u0301", "\xe9t\xe9"), ("❤\ufe0f", "❤"), ("ﬁn", "fin"), ("…", "...")]
)
def test_spellings_of_one_word_are_one_unit(one, other):
    assert TextAdapter("word").fit([f"{one} {other}"]).vocabulary_.keys() == {other}
    assert len(TextAdapter("word", normalize=None).fit([f"{one} {other}"]).vocabulary_) == 2
    forms = TextAdapter("word", normalize="NFC").fit([f"{one} {other}"]).vocabulary_
    assert len(forms) == (2 if one in ("ﬁn", "…") else 1)


def test_a_state_of_an_earlier_version_keeps_units_as_they_are_written():
    copy = TextAdapter("word").set_state(_state(vocabulary=["free"]), {})
    assert copy.normalize is None and copy.transform(["ＦＲＥＥ"]).tolist() == [[1]]
    for form in ("NFKC", "NFC", None):
        adapter = TextAdapter("word", normalize=form).fit(["free"])
        assert TextAdapter("word").set_state(*adapter.get_state()).normalize == form


def test_hidden_characters_are_warned_of_where_they_are_not_removed():
    texts = ["fr\u200bee", *["a b"] * 20]
    with pytest.warns(UserWarning, match="1 of 21 texts have hidden or full-width characters.*set normalize='NFKC'"):
        TextAdapter(normalize=None).fit(texts)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TextAdapter().fit(texts)
        TextAdapter(normalize=None).fit(["fr\u200bee", *["a b"] * 200])


# State


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("vectors", [None, "train"])
def test_state_through_json_gives_the_same_adapter(unit, vectors):
    adapter = TextAdapter(unit, vectors=vectors, n_dims=6, n_buckets=40, max_steps=9, cut="middle").fit(TEXTS)
    state, arrays = adapter.get_state()
    parameters = json.loads(json.dumps(adapter.get_params()))
    copy = TextAdapter(**parameters).set_state(json.loads(json.dumps(state)), arrays)
    np.testing.assert_array_equal(copy.transform(TEXTS), adapter.transform(TEXTS))
    assert (copy.n_tokens_, copy.n_dims_, copy.vectors) == (adapter.n_tokens_, 6, vectors)
    assert list(copy.vocabulary_.items()) == list(adapter.vocabulary_.items())
    assert (copy.vectors_ is None) == (vectors is None)


def test_a_path_or_vectors_in_memory_are_forgotten_and_their_rows_kept(key_vectors):
    adapter = TextAdapter("word", vectors=key_vectors).fit(TEXTS)
    copy = TextAdapter("word", vectors="/a/path").set_state(*adapter.get_state())
    assert copy.vectors is None
    np.testing.assert_array_equal(copy.vectors_, adapter.vectors_)


def _state(**changes):
    return {"vocabulary": ["a", "b"], "n_dims": 3} | changes


GOOD = np.zeros((4, 3), np.float32)
FORGED = {
    "no dict": (["a"], {}),
    "another key": (_state(other=1), {}),
    "a key missing": ({"vocabulary": ["a"]}, {}),
    "arrays no dict": (_state(), []),
    "normalize of another kind": (_state(normalize="nfkc"), {}),
    "vocabulary no list": (_state(vocabulary={"a": 2}), {}),
    "vocabulary empty": (_state(vocabulary=[]), {}),
    "unit no string": (_state(vocabulary=["a", 2]), {}),
    "unit empty": (_state(vocabulary=["a", ""]), {}),
    "unit doubled": (_state(vocabulary=["a", "a"]), {}),
    "unit unhashable": (_state(vocabulary=["a", ["b"]]), {}),
    "unit half a character": (_state(vocabulary=["a", "\udc80"]), {}),
    "n_dims no integer": (_state(n_dims=3.0), {}),
    "n_dims boolean": (_state(n_dims=True), {}),
    "n_dims 0": (_state(n_dims=0), {}),
    "n_dims huge": (_state(n_dims=10**12), {}),
    "another array": (_state(), {"other": GOOD}),
    "vectors a list": (_state(), {"vectors": GOOD.tolist()}),
    "vectors float64": (_state(), {"vectors": GOOD.astype(float)}),
    "vectors too few": (_state(), {"vectors": GOOD[1:]}),
    "vectors too wide": (_state(n_dims=2), {"vectors": GOOD}),
    "vectors not finite": (_state(), {"vectors": GOOD + np.array([[0], [0], [np.nan], [0]], np.float32)}),
    "padding not 0": (_state(), {"vectors": GOOD + np.float32(1)}),
}


@pytest.mark.parametrize(("state", "arrays"), FORGED.values(), ids=FORGED)
def test_a_forged_state_is_refused_and_leaves_the_adapter_unfitted(state, arrays):
    adapter = TextAdapter("word")
    with pytest.raises(ValueError):
        adapter.set_state(state, arrays)
    with pytest.raises(NotFittedError):
        adapter.transform(["a"])
    assert TextAdapter("word").set_state(_state(), {"vectors": GOOD}).n_tokens_ == 4


# Bad input


@pytest.mark.parametrize("call", ["fit", "transform", "locate"])
@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        (["ok", None], TypeError, "case 1 is None"),
        (["ok", "ok", float("nan")], TypeError, "case 2 is nan"),
        ([3], TypeError, "case 0 is 3"),
        ([b"ok"], TypeError, r"case 0 is b'ok'; decode the bytes, such as by \.decode\('utf-8'\)"),
        (pd.Series(["ok", pd.NA]), TypeError, "case 1"),
        (["ok", "half \udc80"], ValueError, "case 1 has half a character"),
        ([], ValueError, "got none"),
        ("one text", TypeError, "make it a list"),
        (None, TypeError, "one NoneType"),
    ],
)
def test_what_is_no_text_is_refused_by_case(call, texts, error, message):
    with pytest.raises(error, match=message):
        getattr(TextAdapter("word").fit(["ok"]), call)(texts)


def test_cases_are_all_texts_or_those_that_are_with_one_warning():
    records, y = ["ok", float("nan"), "fine", b"x", 3, "half \udc80", None], list("abcdefg")
    with pytest.warns(UserWarning) as told:
        cases = TextAdapter().cases(records, y, groups=range(7), errors="skip")
    assert cases.X == ["ok", "fine"] and cases.y.tolist() == ["a", "c"] and cases.groups.tolist() == [0, 2]
    assert cases.about.to_dict("list") == {"record": [0, 2], "start": [0, 0], "stop": [2, 4]}
    (warning,) = told
    assert str(warning.message).startswith("5 of 7 texts were left out: ") and warning.filename == __file__
    assert [f"case {case}" in str(warning.message) for case in range(7)] == [False, True, False, True, True, True, True]
    with pytest.raises(TypeError, match="case 1 is nan"):
        TextAdapter().cases(records, y)
    with pytest.raises(TypeError, match="case 0 is None"):
        TextAdapter().cases([None, b""], errors="skip")
    with pytest.raises(ValueError, match="y must have one item a case"):
        TextAdapter().cases(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="errors must be 'raise' or 'skip', got 'ignore'"):
        TextAdapter().cases(["a"], errors="ignore")
    assert len(TextAdapter().cases(pd.Series(["a", "b"]))) == 2


def test_cases_take_a_sequence_set_whose_labels_and_groups_may_be_replaced():
    given = SequenceSet(["a", None, "b"], ["x", "y", "z"], groups=[1, 2, 2], part=["train", "train", "test"])
    with pytest.warns(UserWarning, match="1 of 3 texts were left out"):
        cases = TextAdapter().cases(given, errors="skip")
    assert cases.X == ["a", "b"] and cases.y.tolist() == ["x", "z"] and cases.groups.tolist() == [1, 2]
    assert cases.part.tolist() == ["train", "test"] and cases.about["record"].tolist() == [0, 2]
    with pytest.warns(UserWarning):
        other = TextAdapter().cases(given, y=[1, 2, 3], groups=[4, 5, 6], errors="skip")
    assert other.y.tolist() == [1, 3] and other.groups.tolist() == [4, 6]


@pytest.mark.parametrize("unit", UNITS)
def test_a_mark_of_byte_order_is_no_part_of_a_text(unit):
    adapter = TextAdapter(unit).fit(["\ufeffwin a prize", "a"])
    assert not any("\ufeff" in word for word in adapter.vocabulary_)
    np.testing.assert_array_equal(adapter.transform(["\ufeffwin a"]), adapter.transform(["win a"]))
    np.testing.assert_array_equal(adapter.locate(["\ufeffwin a"])[0], adapter.locate(["win a"])[0] + 1)


@pytest.mark.parametrize("unit", UNITS)
def test_text_of_another_encoding_is_refused_or_read_and_no_other_case_changes(unit):
    adapter = TextAdapter(unit).fit(TEXTS)
    wrong = ["cafÃ© â‚¬5", "caf\ufffd", "\u202eright to left", "e" + "\u0301" * 5000, "\U0010ffff"]
    ids = adapter.transform([*wrong, *TEXTS])
    assert ids.max() < adapter.n_tokens_ and (ids.reshape(len(ids), -1) != 0).any(axis=1).all()
    alone = adapter.transform(TEXTS)
    inside = tuple(slice(n) for n in alone.shape[1:])
    np.testing.assert_array_equal(ids[(slice(len(wrong), None), *inside)], alone)
    assert ids[len(wrong) :].astype(bool).sum() == alone.astype(bool).sum()


@pytest.mark.parametrize("unit", UNITS)
def test_a_message_of_a_megabyte_is_read_in_time_and_cut_where_asked(unit):
    for text in ("word " * 210_000, "x" * 1_100_000):
        assert len(text) > 2**20
        ids = TextAdapter(unit, max_steps=300).fit([*TEXTS, text]).transform([text, *TEXTS])
        assert ids.shape[1] <= 300 and ids[0, 0].any()
    assert TextAdapter(unit).fit(["word"]).transform([text]).shape[1] == (
        len(text) if unit == "char" else len(text) // 11
    )


def test_one_endless_text_among_many_is_refused_before_memory_is_asked_for():
    texts = ["a b"] * 3000 + ["never ending " * 50_000]
    adapter = TextAdapter().fit(["a b"])
    message = "3,001 of 100,000 steps, for the one that begins 'never ending .* set max_steps"
    with pytest.raises(ValueError, match=message):
        adapter.transform(texts)
    assert TextAdapter(max_steps=100).fit(["a b"]).transform(texts).shape[:2] == (3001, 100)


@pytest.mark.parametrize(
    "parameters",
    [
        *[
            {"unit": "sentence"},
            {"cut": "left"},
            {"normalize": "nfkc"},
            {"lowercase": "yes"},
            {"max_tokens": 0},
            {"max_tokens": 1.5},
        ],
        *[
            {"min_count": 0},
            {"max_steps": -1},
            {"max_steps": True},
            {"n_buckets": 1 << 30},
            {"max_pieces": 0},
            {"piece_dropout": 1.0},
            {"stream": "yes"},
        ],
        *[{"n_grams": 3}, {"n_grams": (4, 3)}, {"n_grams": (0, 3)}, {"n_dims": 0}, {"random_state": -1}],
    ],
    ids=str,
)
def test_parameters_out_of_range_are_refused_by_name_at_fit(parameters):
    (name,) = parameters
    with pytest.raises((ValueError, TypeError), match=name):
        TextAdapter(**parameters).fit(TEXTS)
    with pytest.raises((ValueError, TypeError), match=name):
        TextAdapter(**parameters).set_state(_state(), {})


def test_no_unit_frequent_enough_is_refused():
    with pytest.raises(ValueError, match="lower min_count"):
        TextAdapter("word", min_count=9).fit(["a b"])


def test_unfitted_use_is_refused():
    for call in (TextAdapter("word").transform, TextAdapter("word").locate):
        with pytest.raises(NotFittedError):
            call(TEXTS)
    with pytest.raises(NotFittedError):
        TextAdapter("word").get_state()


# Real data


def _home(*parts):
    path = Path(os.environ.get("SEQCONV_DATA", ""), "text", *parts)
    if "SEQCONV_DATA" not in os.environ or not path.exists():
        pytest.skip(f"SEQCONV_DATA has no text/{'/'.join(parts)}")
    return path


@pytest.mark.parametrize("unit", UNITS)
def test_real_messages_are_read_and_found_again(unit):
    with gzip.open(_home("sms_spam", "SMSSpamCollection.gz"), "rt", encoding="utf-8", newline="\n") as file:
        texts = [line.rstrip("\n").split("\t", 1)[1] for line in file]
    adapter = TextAdapter(unit, max_tokens=2000, max_steps=100).fit(texts[:4000])
    ids = adapter.transform(texts)
    assert len(ids) == 5574 and ids.shape[1] == 100 and ids.max() < adapter.n_tokens_
    own = ids[:, :, 0] if unit == "subword" else ids
    for text, row, spans in list(zip(texts, own, adapter.locate(texts), strict=True))[4000:]:
        found = [adapter.vocabulary_.get(folded(adapter, text[i:j]), 1) for i, j in spans]
        assert found == row[row != 0].tolist()
    if unit == "word":
        assert (own[4000:] > 1).sum() / (own[4000:] > 0).sum() > 0.8


@pytest.mark.parametrize("cut", ["end", "start", "middle"])
def test_real_long_documents_are_cut_and_found_again(cut):
    with gzip.open(_home("r8", "r8_test.tsv.gz"), "rt", encoding="utf-8", newline="\n") as file:
        texts = [line.rstrip("\n").split("\t", 1)[1] for line in file]
    adapter = TextAdapter("word", max_steps=200, cut=cut).fit(texts[:500])
    ids, whole = adapter.transform(texts), TextAdapter("word").fit(texts[:500])
    assert ids.shape == (2189, 200) and max(len(spans) for spans in whole.locate(texts)) > 800
    for text, row, spans, every in zip(texts, ids, adapter.locate(texts), whole.locate(texts), strict=True):
        kept = {"end": every[:200], "start": every[-200:], "middle": np.concatenate([every[:100], every[-100:]])}[cut]
        np.testing.assert_array_equal(spans, kept if len(every) > 200 else every)
        assert [adapter.vocabulary_.get(text[i:j].lower(), 1) for i, j in spans] == row[row != 0].tolist()


def test_real_vectors_are_found_for_real_words():
    path = _home("word2vec_top1000", "word2vec_top1000.txt.gz")
    adapter = TextAdapter("word", vectors=path).fit(["I am looking for the people in this film ."])
    assert adapter.vectors_.shape == (adapter.n_tokens_, 300)
    np.testing.assert_allclose(adapter.vectors_[adapter.vocabulary_["in"], :2], [0.052956, 0.065460])


def test_trained_vectors_learn_the_end_of_a_long_text_too():
    rng = np.random.default_rng(0)
    units = [f"h{i}" for i in rng.integers(50, size=30_000)] + [f"t{i}" for i in rng.integers(50, size=30_000)]
    adapter = TextAdapter("word", vectors="train", n_dims=4).fit([" ".join(units)])
    sizes = {word: np.linalg.norm(adapter.vectors_[number]) for word, number in adapter.vocabulary_.items()}
    head, tail = (np.mean([sizes[word] for word in sizes if word[0] == first]) for first in "ht")
    assert tail > head / 3


def test_complex_vectors_are_refused():
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(2, dtype=np.complex64)
    vectors.add_vectors(["a"], np.array([[1j, 2]], np.complex64))
    with pytest.raises(ValueError, match="real numbers, got complex64"):
        TextAdapter("word", vectors=vectors).fit(["a b"])


@pytest.mark.parametrize(("start", "stop"), [(2, 2), (3, 1)])
def test_nothing_is_hidden_by_an_empty_span(start, stop):
    adapter = TextAdapter().fit(["a b c d"])
    ids = adapter.transform(["a b c d"])
    np.testing.assert_array_equal(adapter.hide(ids, start, stop), ids)
