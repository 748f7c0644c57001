"""Start of an embedding: vectors of the known tokens, given or trained on the texts, and of the unknown."""

import os
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.domains.text.token_ids import count_tokens, words_of
from seqconv.domains.text.word_vectors import read_word_vectors

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# Id 0 is no token, 1 the unknown.
_FIRST_WORD = 2


def trains_vectors(vectors: Any) -> bool:
    """Return whether the parameter `vectors` asks for vectors trained on the texts."""
    return isinstance(vectors, str) and vectors == "train"


def start_vectors(adapter: "Adapter", texts: list[str], words: list[str]) -> np.ndarray:
    """Return the start of an adapter's embedding, (n_tokens, n_dims): vectors that are given, or trained on texts."""
    rng = np.random.default_rng(adapter.random_state)
    subwords = (tuple(adapter.n_grams), adapter.n_buckets) if adapter.unit == "subword" else None
    source = adapter.vectors
    if trains_vectors(source):
        source = train_vectors([words_of(adapter, text) for text in texts], adapter.n_dims, subwords, rng)
    vectors = embedding_table(source, words, subwords, rng)
    # No file has vectors of shapes and pairs: they start at 0.
    return np.pad(vectors, ((0, count_tokens(adapter, len(words)) - len(vectors)), (0, 0)))


def train_vectors(
    texts: list[list[str]], n_dims: int, subwords: tuple[tuple[int, int], int] | None, rng: np.random.Generator
) -> Any:
    """Train gensim vectors of the units of texts: skip-gram word2vec, or fastText if n-grams have vectors.

    One worker and a hash that Python does not salt give the same bits for the same texts and seed.

    Parameters
    ----------
    texts : list of lists of str
        Units of each text.
    n_dims : int
    subwords : ((shortest, longest), n_buckets) or None
        N-grams that have vectors.
    rng : numpy.random.Generator

    Returns
    -------
    gensim KeyedVectors
    """
    from gensim.models import FastText, Word2Vec
    from gensim.models.word2vec import MAX_WORDS_IN_BATCH

    # gensim learns only the beginning of a longer text.
    texts = [text[i : i + MAX_WORDS_IN_BATCH] for text in texts for i in range(0, len(text), MAX_WORDS_IN_BATCH)]
    settings = {"vector_size": n_dims, "sg": 1, "min_count": 1, "workers": 1, "epochs": 15, "hashfxn": _stable_hash}
    settings["seed"] = int(rng.integers(2**31))
    if subwords is None:
        return Word2Vec(texts, **settings).wv
    (shortest, longest), n_buckets = subwords
    return FastText(texts, min_n=shortest, max_n=longest, bucket=n_buckets, **settings).wv


def _stable_hash(text):
    return zlib.crc32(str(text).encode())


def embedding_table(
    vectors: Any, words: list[str], subwords: tuple[tuple[int, int], int] | None, rng: np.random.Generator
) -> np.ndarray:
    """Return the rows of an embedding: no token, the unknown, the words in order of id, the n-gram buckets.

    Parameters
    ----------
    vectors : gensim KeyedVectors or path
        Vectors of words; those of fastText also of n-grams.
    words : list of str
        Words of the ids from 2 on.
    subwords : ((shortest, longest), n_buckets) or None
        N-grams that have rows of their own after the words.
    rng : numpy.random.Generator
        Generator for the words without a vector.

    Returns
    -------
    array of float32, shape (2 + len(words) + n_buckets, n_dims)

    Raises
    ------
    TypeError
        If `vectors` is not a path or gensim vectors.
    ValueError
        If no word has a vector, a vector is not finite, or the n-grams are not those of fastText.
    """
    is_path = isinstance(vectors, str | os.PathLike)
    if is_path:
        words_found, rows = read_word_vectors(vectors, words)
        vectors = dict(zip(words_found, rows, strict=True))
    elif not (hasattr(vectors, "key_to_index") and hasattr(vectors, "get_vector")):
        raise TypeError(
            "vectors must be None, 'train', a path or gensim KeyedVectors (the wv of a gensim model), "
            f"got {type(vectors).__name__}."
        )
    if subwords and getattr(vectors, "bucket", 0):
        table = _from_fasttext(vectors, words, subwords)
    else:
        get = vectors.__getitem__ if is_path else vectors.get_vector
        n_buckets = subwords[1] if subwords else 0
        table = _from_words({word: get(word) for word in words if word in vectors}, words, n_buckets, rng)
    if not np.isfinite(table).all():
        raise ValueError("the vectors of words and n-grams must be finite float32, some are not; train them anew.")
    return table


def _from_words(found, words, n_buckets, rng):
    if not found:
        raise ValueError(
            f"vectors must hold some of the {len(words)} words of the texts, got none of them; "
            "compare language and lower-casing."
        )
    known = np.stack(list(found.values()))
    if known.dtype.kind not in "fiu":
        raise ValueError(f"vectors must be real numbers, got {known.dtype}.")
    known = known.astype(np.float32)
    if not np.isfinite(known).all():
        word = list(found)[np.argmin(np.isfinite(known).all(axis=1))]
        raise ValueError(f"vectors must be finite, that of {word!r} is not; drop this word.")
    # U(-a, a) has the variance of the known vectors.
    a = np.sqrt(3 * known.var(dtype=np.float64))
    table = rng.uniform(-a, a, (_FIRST_WORD + len(words), known.shape[1])).astype(np.float32)
    table[0] = 0
    table[[i for i, word in enumerate(words, _FIRST_WORD) if word in found]] = known
    # The n-grams start at 0, so that a known word starts as its own vector.
    return np.concatenate([table, np.zeros((n_buckets, table.shape[1]), np.float32)])


def _from_fasttext(vectors, words, subwords):
    (shortest, longest), n_buckets = subwords
    theirs = vectors.min_n, vectors.max_n, vectors.bucket
    if theirs != (shortest, longest, n_buckets):
        raise ValueError(
            "n_grams and n_buckets must be those of the fastText vectors, {}, {} and {}, got {}, {} and {}.".format(
                *theirs, shortest, longest, n_buckets
            )
        )
    table = np.zeros((_FIRST_WORD + len(words) + n_buckets, vectors.vector_size), np.float32)
    known = [
        (i, vectors.key_to_index[word]) for i, word in enumerate(words, _FIRST_WORD) if word in vectors.key_to_index
    ]
    if known:
        rows, theirs = np.transpose(known)
        table[rows] = vectors.vectors_vocab[theirs]
    table[_FIRST_WORD + len(words) :] = vectors.vectors_ngrams
    # fastText takes the mean of a word's pieces, the embedding their sum: this makes both equal on average.
    n_pieces = [1 + sum(max(0, len(word) + 3 - n) for n in range(shortest, longest + 1)) for word in words]
    return table / np.float32(np.mean(n_pieces))
