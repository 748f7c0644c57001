"""Synthetic support tickets of queues of unequal size, from a seed: subject, greeting, trouble, signature, slips."""

import re

import numpy as np

from seqconv.arguments import whole
from seqconv.data import SequenceSet

# Share of each queue; the first takes what rounding leaves.
_SHARES = {"access": 0.38, "billing": 0.28, "delivery": 0.18, "returns": 0.10, "fault": 0.04, "security": 0.02}

# Sentences of one queue; a name in braces is drawn from the slots.
_TROUBLES = {
    "access": """I cannot sign in to {portal} since {when}|the password reset mail never arrives|my account is locked after
        {few} tries|the code for signing in comes too late|{person} has left, please hand the account over to me|I still see
        the old user name when I sign in|please add {few} users to {portal}""",
    "billing": """invoice {number} has the wrong address|we were charged twice for the {item}|the invoice for {month} is missing
        VAT|please change our card to bank transfer|why did the price of the {item} go up in {month}?|we need a receipt for
        order {number}|the discount of {few} per cent is not on the bill""",
    "delivery": """order {number} was due {when} and has not come|tracking says delivered but nobody here has the
        {item}|can you send the {item} to another address?|half of order {number} is missing from the parcel|the driver left a
        card and no {item}|when will order {number} be shipped?""",
    "returns": """I would like to send back the {item}, it does not fit|where is the label for the return of the {item}?|you have
        our {item} back since {when} but no refund came|can I swap the {item} for another size?|the {item} we sent back was
        refused at your door""",
    "fault": """the {item} makes a loud noise and switches itself off|after the update the {item} shows error {number}|the
        screen of the {item} stays black|the {item} gets hot and smells|the {item} loses its settings every night""",
    "security": """somebody signed in to my account from {place}|I got a mail in your name asking for my card|there is an
        order {number} that I never made|my data show up on a page that is not yours|{person} says our accounts were read
        by strangers""",
}
# Trouble of any queue.
_VAGUE = """order {number} is not what we agreed, please look into it|something is wrong with my account since {when}|please
    call me about the {item}|nobody answers my mail about order {number}|I have a question about the {item} and your letter"""
# Sentences with the words of other queues.
_ASIDES = """the last invoice was fine by the way|I did change my password in {month} as you asked|the {item} itself arrived in
    time, thank you|I have returned things before and it went well|I can send you a picture of the screen|we have been
    customers for {few} years|I signed in to {portal} to write this|please do not charge us for this|our {item} works well
    otherwise|I tried your chat first but it closed|I have already written {when}"""
_SUBJECTS = {
    "access": "sign in|password|account locked|new user",
    "billing": "invoice {number}|wrong bill|payment|VAT",
    "delivery": "order {number}|where is my parcel?|delivery|missing {item}",
    "returns": "return of {item}|refund|exchange|sending back",
    "fault": "{item} broken|error {number}|{item} does not work",
    "security": "strange mail|was I hacked?|unknown order",
    "any": "question|help please|urgent|{item}|order {number}|my account|FW: your message|(no subject)",
}
_SLOTS = {
    "when": "yesterday|monday|last week|this morning|{few} days ago|two weeks ago",
    "month": "january|march|may|july|october|december",
    "item": "printer|scanner|headset|office chair|router|label maker|coffee machine|desk lamp|monitor",
    "portal": "the portal|the shop|the customer area|our account",
    "place": "another country|a town we do not know|an unknown phone",
    "person": "Anna|Ben|Priya|Omar|Lucy|Chen|Marta|Tom",
    "company": "Oakfield Ltd|Brook and Sons|Harbour School|Mill Lane Surgery|Kettle Foods|Norton Press",
    "job": "office manager|billing department|returns desk|head of security|deliveries|accounts|IT support",
}
_ENDINGS = """thanks|kind regards|please help soon|many thanks in advance|best wishes|I look forward to your answer"""
_FOOTERS = """|Sent from my phone|This message is confidential. If it is not for you, delete it and tell the sender.|
    Please think of the trees before you print this invoice, order or mail.|Tel. 0{phone}"""


def make_tickets(n_cases: int = 1000, random_state: int = 0) -> SequenceSet:
    """Make synthetic support tickets of six queues, from 38 % to 2 % of the cases, put together from lists.

    Parameters
    ----------
    n_cases : int
        Number of tickets, at least 6. All tickets differ.
    random_state : int
        Seed; the global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: list of str of several lines. y: the queue, ``"access"``, ``"billing"``, ``"delivery"``, ``"returns"``,
        ``"fault"`` or ``"security"``.

    Raises
    ------
    ValueError
        If ``n_cases`` is less than 6.

    Notes
    -----
    Subjects are often empty of meaning, most tickets mention matters of other queues, and signatures name departments.
    One ticket in twenty does not say its trouble at all, so that no classifier is always right.

    Examples
    --------
    >>> s = make_tickets(200)
    >>> {queue: int((s.y == queue).sum()) for queue in ("access", "returns", "security")}
    {'access': 76, 'returns': 20, 'security': 4}
    >>> make_tickets(200).X == s.X
    True
    """
    whole("n_cases", n_cases, len(_SHARES))
    draw = np.random.default_rng(random_state)
    counts = [max(1, int(share * n_cases + 1e-9)) for share in _SHARES.values()]
    counts[0] = n_cases - sum(counts[1:])
    labels = draw.permutation(np.repeat(list(_SHARES), counts))
    texts = {}
    for label in labels:
        text = _ticket(label, draw)
        while text in texts:
            text = _ticket(label, draw)
        texts[text] = label
    return SequenceSet(list(texts), labels)


def _ticket(queue, draw):
    # The item and the order of the whole ticket.
    about = {}
    trouble = _pick(_VAGUE if draw.random() < 0.05 else _TROUBLES[queue], draw, about)
    body = [trouble, *(_pick(_ASIDES, draw, about) for _ in range(draw.integers(4)))]
    draw.shuffle(body)
    lines = [
        f"Subject: {_pick(_SUBJECTS[queue if draw.random() < 0.4 else 'any'], draw, about)}",
        _pick("hello|dear team|hi|good morning|to whom it may concern|", draw, about),
        " ".join(sentence if sentence.endswith("?") else f"{sentence}." for sentence in body),
        _pick(_ENDINGS, draw, about),
        _pick("{person}|{person}, {job}|{person}\n{job}, {company}|{person} ({company})", draw, about),
        _pick(_FOOTERS, draw, about),
    ]
    words = re.split(r"(\s+)", "\n".join(line for line in lines if line))
    return "".join(_typed(word, draw) for word in words)


def _pick(options, draw, about):
    """Return one of the options, its slots filled; `about` keeps the words that must stay the same."""
    options = re.sub(r"\n +", " ", options).split("|")
    text = options[draw.integers(len(options))].strip()
    while slot := re.search(r"\{(\w+)\}", text):
        name = slot[1]
        word = about.get(name) or _word(name, draw, about)
        if name in ("item", "number"):
            about[name] = word
        text = text[: slot.start()] + word + text[slot.end() :]
    return text


def _word(name, draw, about):
    numbers = {"few": (2, 20), "number": (1_000, 99_999), "phone": (10**8, 10**9)}
    return str(draw.integers(*numbers[name])) if name in numbers else _pick(_SLOTS[name], draw, about)


def _typed(word, draw):
    """Return the word; one in twenty-five has a letter lost or two exchanged."""
    if len(word) < 4 or not word.isalpha() or draw.random() > 0.04:
        return word
    i = draw.integers(1, len(word) - 1)
    return word[:i] + word[i + 1 :] if draw.random() < 0.5 else word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :]
