"""Messages and sentences to token ids."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqconv.data import SequenceSet
from seqconv.domains.base import Adapter
from seqconv.domains.text.parameters import check_text_parameters, check_text_state
from seqconv.domains.text.piece_names import piece_names
from seqconv.domains.text.records import check_texts, text_cases, warn_of_doubts
from seqconv.domains.text.token_ids import FIRST, PAIR, count_tokens, frequent_units, packed_ids, token_ids, units_of
from seqconv.domains.text.vectors import start_vectors, trains_vectors


class TextAdapter(Adapter):
    """Turn messages or sentences into the token ids that a network reads.

    Parameters
    ----------
    unit : {"subword", "word", "char"}, default="subword"
        Kind of a step. ``"word"``: a word, number, address, emoticon, punctuation mark or sign (``!!!`` is one).
        ``"char"``: a character, spaces included. ``"subword"``: a word given by
        its own id, its shape (``WIN`` is capitals), its pair with the word before, and its hashed character n-grams.
        So misspelt and unseen words have a meaning.
    max_tokens : int or None, default=50000
        Most units learnt, the frequent ones first, then in order of the alphabet. All others are unknown.
    min_count : int, optional
        Least number of occurrences of a unit learnt. None is 2 for ``"subword"`` from 1,000 texts on, else 1.
    lowercase : bool, default=True
        Whether ``WIN`` and ``win`` are one unit.
    normalize : {"NFKC", "NFC", None}, default="NFKC"
        Unicode form of the units learnt; hidden characters are removed. ``"NFKC"``: full-width letters are letters.
    max_steps : int or None, default=None
        Longest text in steps; None never cuts. For documents of hundreds of words choose 200 to 400.
    cut : {"end", "start", "middle"}, default="end"
        Part of a longer text that is dropped.
    n_grams : (int, int), default=(2, 5)
        Shortest and longest n-gram in characters, for ``"subword"``. The marks ``<`` and ``>`` around a word count.
    n_buckets : int, default=16384
        Number of ids that the n-grams share, for ``"subword"``; at most 2**24.
    max_pieces : int, default=48
        Most pieces of a word, for ``"subword"``: at least 3, as the word, its shape and its pair come first.
    piece_dropout : float, default=0.5
        Share of pieces hidden in each training step, for ``"subword"``; from 0 to below 1.
    vectors : None, "train", path or gensim KeyedVectors, default=None
        Start of the embedding. None: random. A word2vec, GloVe or fastText ``.vec`` file (text or binary, also
        ``.gz``) or vectors in memory: their rows for known words, random ones of the same variance for the others.
        ``"train"``: gensim's word2vec, or fastText for ``"subword"``, on the texts of `fit`.
    vectors_mode : {"trained", "static", "both"}, default="trained"
        Train the vectors, keep them fixed, or add one table of each; the last two need `vectors`.
    n_dims : int, default=24
        Length of a token's vector, unless `vectors` sets it.
    random_state : int or None, default=0
        Seed of random and trained vectors; None draws anew.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch during training, to save memory.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Ids of the units learnt, from 2 on; 0 is no token, 1 any unknown unit.
    n_tokens_ : int
        Number of ids: the vocabulary, the two special ids and the buckets.
    n_dims_ : int
        Length of a token's vector.
    vectors_ : array of float32, shape (n_tokens_, n_dims_), or None
        Start of the embedding; row 0 is 0.

    Notes
    -----
    Shape: n_cases texts to int32 ``(n_cases, n_steps)``, or ``(n_cases, n_steps, n_pieces)`` for ``"subword"``, filled
    with 0 at the end. ``ids[:, :, 0]`` are then the ids of ``"word"``.

    Locate: characters of the text. Control characters and codes that colour a terminal's text are white space. A text
    without any other character is one unknown token. Missing texts, bytes and surrogates are rejected. Runs of scripts
    without spaces, and runs of more than 45 characters, are cut into words of 11 characters.

    With `vectors` of whole words, n-grams start at 0, so that a word starts as its own vector. Vectors of fastText in
    memory give unseen words a vector made of n-grams. For ``"subword"`` their n-gram vectors are used; `n_grams` and
    `n_buckets` must equal theirs. A loaded adapter has ``vectors_``, but `vectors` is None unless it is ``"train"``.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", section 3.1: unknown words, `vectors_mode`.
    Bojanowski and others (2017), "Enriching word vectors with subword information", section 3.2: n-grams. Differs: the
    vectors of fastText are divided by the mean number of pieces of the vocabulary, not by that of the word.

    Examples
    --------
    >>> from seqconv.adapters import TextAdapter
    >>> adapter = TextAdapter("word").fit(["Win a prize!!!", "see you at lunch"])
    >>> adapter.transform(["see a prize", "prize"])
    array([[7, 3, 6],
           [6, 0, 0]], dtype=int32)
    >>> adapter.locate(["a prize"])[0].tolist()
    [[0, 1], [2, 7]]
    """

    makes = "tokens"

    def __init__(
        self,
        unit: str = "subword",
        *,
        max_tokens: int | None = 50_000,
        min_count: int | None = None,
        lowercase: bool = True,
        normalize: str | None = "NFKC",
        max_steps: int | None = None,
        cut: str = "end",
        n_grams: tuple[int, int] = (2, 5),
        n_buckets: int = 16_384,
        max_pieces: int = 48,
        piece_dropout: float = 0.5,
        vectors: Any = None,
        vectors_mode: str = "trained",
        n_dims: int = 24,
        random_state: int | None = 0,
        stream: bool = False,
    ):
        self.unit = unit
        self.max_tokens = max_tokens
        self.min_count = min_count
        self.lowercase = lowercase
        self.normalize = normalize
        self.max_steps = max_steps
        self.cut = cut
        self.n_grams = n_grams
        self.n_buckets = n_buckets
        self.max_pieces = max_pieces
        self.piece_dropout = piece_dropout
        self.vectors = vectors
        self.vectors_mode = vectors_mode
        self.n_dims = n_dims
        self.random_state = random_state
        self.stream = stream

    def _fit(self, texts):
        if self.vectors_mode != "trained" and self.vectors is None:
            raise ValueError(f"vectors_mode={self.vectors_mode!r} needs vectors to start from, got vectors=None.")
        warn_of_doubts(texts, self.normalize)
        words = frequent_units(self, texts)
        vectors = None if self.vectors is None else start_vectors(self, texts, words)
        self._set_learnt(words, vectors, self.n_dims if vectors is None else vectors.shape[1])

    def hide(self, ids: np.ndarray, start: int, stop: int) -> np.ndarray:
        """Return a copy of token ids without the steps from `start` to below `stop`.

        The step after them loses its pair, which names a hidden word.
        """
        check_is_fitted(self)
        hidden = ids.copy()
        hidden[:, start:stop] = 0
        if self.unit == "subword" and stop > start:
            hidden[:, stop : stop + 1, PAIR] = 0
        return hidden

    def names(self, X: Any) -> dict[int, list[str]]:
        """Return the units, shapes and n-grams of texts by id, the frequent first; pairs are left out.

        Examples
        --------
        >>> from seqconv.adapters import TextAdapter
        >>> TextAdapter("word").fit(["see you"]).names(["You see me"])
        {3: ['you'], 2: ['see'], 1: ['me']}
        """
        check_is_fitted(self)
        return piece_names(self, self._check_records(X))

    def cases(
        self, records: Any, y: Sequence | None = None, groups: Sequence | None = None, errors: str = "raise"
    ) -> SequenceSet:
        """Validate texts and build cases from the valid ones.

        Parameters
        ----------
        records : list, array or Series of str, or SequenceSet
            A set gives its y, groups and official split, too.
        y, groups : array of shape (n_records,), optional
            Label and group of each text; they replace those of a set.
        errors : {"raise", "skip"}, default="raise"
            Raise the error of an invalid text, or leave such texts out with one UserWarning.

        Returns
        -------
        SequenceSet
            X: list of str. about: a data frame with ``record``, ``start`` and ``stop`` (characters).

        Raises
        ------
        ValueError, TypeError
            If a text is invalid; under ``"skip"`` if no text is valid.

        Examples
        --------
        >>> from seqconv.adapters import TextAdapter
        >>> cases = TextAdapter().cases(["hi", "WIN"], y=["ham", "spam"])
        >>> cases.X, cases.about["stop"].tolist()
        (['hi', 'WIN'], [2, 3])
        """
        return text_cases(records, y, groups, errors, stacklevel=2)

    def _check_parameters(self):
        check_text_parameters(self)

    def _check_records(self, X):
        return check_texts(X)

    def _transform(self, texts):
        return token_ids(self, texts)

    def _pack(self, texts):
        return packed_ids(self, texts)

    def _locate(self, texts):
        return [np.array(units_of(self, text)) for text in texts]

    def _state(self):
        arrays = {} if self.vectors_ is None else {"vectors": self.vectors_}
        return {"vocabulary": list(self.vocabulary_), "n_dims": self.n_dims_, "normalize": self.normalize}, arrays

    def _restore(self, state, arrays):
        words, n_dims, vectors = check_text_state(state, arrays, count_tokens(self, 0))
        # Files of earlier versions do not have it, and learnt units as they are written.
        self.normalize = state.get("normalize")
        if not trains_vectors(self.vectors):
            self.vectors = None
        self._set_learnt(words, vectors, n_dims)

    def _set_learnt(self, words, vectors, n_dims):
        self.vocabulary_ = {word: i for i, word in enumerate(words, FIRST)}
        self.n_tokens_ = count_tokens(self, len(words))
        self.n_dims_ = int(n_dims)
        self.vectors_ = vectors

    def __sklearn_clone__(self):
        # Word vectors can be gigabytes: a clone shares them, where deepcopy would copy them for each fit of a search.
        return type(self)(**self.get_params(deep=False))
