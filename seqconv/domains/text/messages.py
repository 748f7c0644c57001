"""Synthetic text messages from a seed, for examples and tests without a download."""

import re

import numpy as np

from seqconv.arguments import whole
from seqconv.data import SequenceSet
from seqconv.domains.text import phrases


def make_messages(n_cases: int = 1000, random_state: int = 0) -> SequenceSet:
    """Make synthetic text messages, a fifth of them spam: sentences put together from lists of words.

    Parameters
    ----------
    n_cases : int
        Number of messages, at least 2. All messages differ.
    random_state : int
        Seed; the global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: list of str. y: ``"ham"`` or ``"spam"``.

    Raises
    ------
    ValueError
        If ``n_cases`` is less than 2.

    Notes
    -----
    Some ham speaks of prizes and codes, and some spam only chats. A few messages of both kinds are built alike, so that
    no classifier is always right.

    Examples
    --------
    >>> s = make_messages(200)
    >>> len(s), int((s.y == "spam").sum())
    (200, 40)
    >>> make_messages(200).X == s.X
    True
    """
    whole("n_cases", n_cases, 2)
    draw = np.random.RandomState(random_state)
    labels = np.where(np.arange(n_cases) < max(1, round(n_cases / 5)), "spam", "ham")
    draw.shuffle(labels)
    texts = {}
    for label in labels:
        text = _message(label, draw)
        while text in texts:
            text = _message(label, draw)
        texts[text] = label
    return SequenceSet(list(texts), labels)


def _message(label, draw):
    is_spam = label == "spam"
    plain, hard = (phrases.SPAM, phrases.HARD_SPAM) if is_spam else (phrases.HAM, phrases.HARD_HAM)
    kind = draw.rand()
    if kind < 0.7:
        parts = [_pick(plain, draw) for _ in range(draw.choice([1, 1, 2]))]
    else:
        parts = [_pick(hard if kind < 0.9 else phrases.EITHER, draw)]
    if draw.rand() < 0.4:
        parts.insert(0, _pick(phrases.OPENINGS[label if kind < 0.7 else "either"], draw))
    if draw.rand() < 0.4:
        parts.append(_pick(phrases.CLOSINGS[label if kind < 0.7 else "either"], draw))
    return _as_typed(", ".join(_filled(part, draw) for part in parts), is_spam, draw)


def _pick(options, draw):
    options = options.strip().replace("\n", "|").split("|")
    return options[draw.randint(len(options))]


def _filled(text, draw):
    numbers = {
        "few": lambda: str(draw.randint(2, 45)),
        "code": lambda: str(draw.randint(1000, 999999)),
        "phone": lambda: f"0{draw.choice([7, 8, 9])}{draw.randint(10**8, 10**9)}",
        "short": lambda: str(draw.randint(60000, 90000)),
        "amount": lambda: f"£{draw.choice([5, 10, 20, 50, 100, 250, 500, 1000, 2000])}",
    }
    while slot := re.search(r"\{(\w+)\}", text):
        name = slot[1]
        word = numbers[name]() if name in numbers else _pick(phrases.SLOTS[name], draw)
        text = text[: slot.start()] + word + text[slot.end() :]
    return text


def _as_typed(text, is_spam, draw):
    """Return the text with the short forms, slips and capitals of a phone."""
    if draw.rand() < 0.5:
        for long, short in phrases.SHORT_FORMS.items():
            if draw.rand() < 0.6:
                text = re.sub(rf"\b{long}\b", short, text)
    words = [_slip(word, draw) if draw.rand() < 0.04 else word for word in text.split(" ")]
    if draw.rand() < (0.3 if is_spam else 0.1):
        words = [word.upper() if draw.rand() < 0.3 else word for word in words]
    text = " ".join(words)
    style = draw.rand()
    if style < 0.5:
        text = text[0].upper() + text[1:]
    elif style < 0.6:
        text = text.replace(", ", " ")
    return text + ["", "", ".", "!", "!!", " x"][draw.randint(6)]


def _slip(word, draw):
    if len(word) < 4 or not word.isalpha():
        return word
    i = draw.randint(1, len(word) - 1)
    return [
        word[:i] + word[i + 1 :],
        word[:i] + word[i] + word[i:],
        word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :],
    ][draw.randint(3)]
