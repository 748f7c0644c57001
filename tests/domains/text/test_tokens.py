import numpy as np
import pytest

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.domains.text.tokens import find_units, n_grams_of


def words(text):
    return [text[start:stop] for start, stop in find_units(text, "word")]


THAI = "เมื่อวานนี้ตอนเย็นฉันไปร้านอาหารกับครอบครัวอร่อยมาก"
CHINESE = "昨天晚上我和家人去了一家餐馆点了炒饭和汤等了十分钟味道很好"
JAPANESE = "昨日の夜家族とレストランに行きましたとても美味しかったです"


@pytest.mark.parametrize("text", [THAI, CHINESE, JAPANESE, "x" * 46, "https://a.b/" + "c" * 60, "b64" * 30])
def test_a_long_run_is_cut_into_parts_whose_n_grams_are_all_read(text):
    parts = words(text)
    assert "".join(parts) == text and max(map(len, parts)) == 11 and len(parts) == -(-len(text) // 11)
    assert all(n_grams_of(part, (2, 5), 45) == n_grams_of(part, (2, 5), 10**6) for part in parts)


@pytest.mark.parametrize(
    "text",
    ["Donaudampfschifffahrtsgesellschaftskapitän", "x" * 45, "!" * 200, "味道很好", "http://a.b/c?d=" + "1" * 30],
)
def test_words_of_other_scripts_and_signs_stay_whole(text):
    assert words(text) == [text]


def test_a_zero_width_space_ends_a_word_of_scripts_without_spaces():
    text = "ภาษา\u200bไทย\u200bไม่มีช่องว่าง"
    assert words(text) == ["ภาษา\u200b", "ไทย\u200b", "ไม่มีช่องว่", "าง"]
    vocabulary = TextAdapter("word").fit([text]).vocabulary_
    assert {"ภาษา", "ไทย"} <= set(vocabulary)


def test_hidden_characters_are_inside_of_words_or_nowhere():
    assert words("fr\u200bee \u200b pri\u00adze \u202ewin\u202c \ufeff") == ["fr\u200bee", "pri\u00adze", "win\u202c"]


NEUTRAL = {
    "thai": ["เมื่อวานนี้ตอนเย็น", "ฉันไปร้านอาหารกับครอบครัว", "สั่งข้าวผัดและต้มยำ", "นั่งโต๊ะริมหน้าต่าง", "รออาหารประมาณสิบนาที"],
    "chinese": [
        "昨天晚上七点钟",
        "我和家人去了一家餐馆",
        "点了炒饭和一碗汤",
        "我们坐在窗边的桌子",
        "大概等了十分钟左右",
    ],
    "japanese": [
        "昨日の夜七時ごろに",
        "家族とレストランに行って",
        "チャーハンを注文して",
        "窓側の席に座って",
        "十分ほど待ってから",
    ],
    "address": ["https://shop.example.com/", "catalogue/", "winter-2024/", "products-and-parts/", "0123456789abcdef/"],
}
VERDICTS = {
    "thai": [["แย่มาก", "ผิดหวังสุดๆ"], ["อร่อยมาก", "ประทับใจสุดๆ"]],
    "chinese": [["非常难吃", "令人失望"], ["非常好吃", "值得推荐"]],
    "japanese": [["まずかったです", "がっかりしました"], ["美味しかったです", "おすすめです"]],
    "address": [["login.php?verify", "update-account"], ["index.html", "picture.jpg"]],
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_what_is_at_the_end_of_a_long_run_decides(name):
    rng = np.random.default_rng(0)
    y = np.arange(300) % 2
    neutral = NEUTRAL[name]
    X = [neutral[0] + "".join(rng.permutation(neutral[1:])) + VERDICTS[name][k][rng.integers(2)] for k in y]
    assert min(map(len, X)) > 45
    classifier = seqconv.SeqConvClassifier(adapter=TextAdapter(), epochs=1, random_state=0).fit(X[:200], y[:200])
    assert classifier.score(X[200:], y[200:]) >= 0.9
