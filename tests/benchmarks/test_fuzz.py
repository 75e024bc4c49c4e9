"""A million texts made to break redaction: no error, no hang, nothing found twice.

Pieces are joined at random: what people write of themselves in many spellings, marks and spaces no
keyboard has, lone surrogates, markup, long runs of one sign, plain words. What was found broken is
tried in every run of tests/test_privacy.py. Seeds, pieces and what is asserted were settled before
the first run. A search led by coverage is tests/fuzz_redact.py.
"""

import random
import time

import polars as pl
import pytest

from cur_lab import privacy

pytestmark = pytest.mark.benchmark

TEXTS, BATCH, SEED = 1_000_000, 10_000, 20261201
LONGEST_PER_KB = 1.0

PERSONAL = [
    *("Мария Петровна Сидорова", "сидоров и.и.", "ИВАНОВА МАРИЯ", "О'Коннор", "Мамедов Ахмед оглы"),
    *("89101234567", "+7 (910) 123-45-67", "восемь девятьсот десять", "8-800-555-35-35", "доб. 12"),
    *("4111 1111 1111 1111", "паспорт 4510 № 123456", "СНИЛС 112-233-445 95", "ИНН 500100732259"),
    *("М178РХ46", "WVWZZZ1JZXW000001", "46:29:102058:17", "40817810099910004312", "р/с"),
    *("ул. Мира, д. 5/2 корп. 3, кв. 17", "кв.", "под. 3 эт. 5", "дом пять", "пр-т Ленина 7-12"),
    *(
        "a.b@example.ru",
        "vk.com/id1",
        "t.me/name",
        "@nick",
        "https://ok.ru/profile/5",
        "01.02.1961",
    ),
]
MARKS = [
    *(chr(code) for code in (0x200B, 0x200D, 0x2011, 0x2212, 0x202F, 0x2009, 0xAD, 0xFEFF, 0x202E)),
    *("\x00", "\ud800", "\udfff", "\u0301", "\u0335", "\x85", "\u2028", "\t", "\r\n", "\x1b[31m"),
]
PLAIN = [
    *(
        "и",
        "вода",
        "дом",
        "с",
        "10",
        "№ 44-ФЗ",
        "2 500 руб.",
        "12:30",
        "—",
        "(",
        ")",
        "«",
        "»",
        "/",
    ),
    *(
        "<script>",
        "</td>",
        "{{7*7}}",
        "[ИМЯ]",
        "[ТЕЛЕФОН]",
        "👍🏽",
        "İ",
        "ß",
        "ﬁ",
        "ё",
        "½",
        "٣",
        "¹²",
    ),
]


def text(choose: random.Random) -> str:
    parts = []
    for _ in range(choose.randint(0, 9)):
        piece = choose.choice(choose.choice((PERSONAL, PERSONAL, MARKS, PLAIN)))
        match choose.randrange(8):
            case 0:
                piece = piece.upper()
            case 1:
                piece = piece[: choose.randint(0, len(piece))]
            case 2:
                at = choose.randint(0, len(piece))
                piece = piece[:at] + choose.choice(MARKS) + piece[at:]
            case 3:
                piece *= choose.randint(1, 12)
            case 4:
                piece = "".join(chr(choose.randrange(0x20, 0x2FFF)) for _ in piece)
        parts.append(piece)
    return choose.choice(("", " ", ", ")).join(parts)


def sound(texts: list[str]) -> pl.Series:
    """As a frame holds texts: UTF-8 knows no lone surrogates."""
    return pl.Series([one.encode("utf-8", "replace").decode() for one in texts], dtype=pl.String)


def test_a_million_texts(measured):
    choose = random.Random(SEED)
    begun, slowest = time.process_time(), 0.0
    for _ in range(TEXTS // BATCH):
        texts = sound([text(choose) for _ in range(BATCH)])
        once = privacy.redact(texts, names=False)
        assert once.len() == BATCH
        again = privacy.find(once, names=False)
        assert again.is_empty(), texts[again["row"][0]]
    spent = time.process_time() - begun
    # Long ones one by one: what grows faster than the text shows here.
    for _ in range(60):
        long = sound([" ".join(text(choose) for _ in range(choose.randint(50, 800)))])
        clock = time.process_time()
        privacy.redact(long, names=False)
        slowest = max(slowest, (time.process_time() - clock) / (len(long[0]) / 1000 + 1e-9))
    for piece in (*PERSONAL, *MARKS, *PLAIN, "a", "1", "1 ", "А.", "кв ", "+7", "д. ", "@"):
        long = sound([piece * (100_000 // max(len(piece), 1))])
        clock = time.process_time()
        privacy.redact(long, names=False)
        slowest = max(slowest, (time.process_time() - clock) / (len(long[0]) / 1000 + 1e-9))
    print(f"{spent:.0f} s of processor; slowest {slowest:.3f} s per thousand characters")
    measured(
        "fuzz-redact",
        what=f"redaction of {TEXTS:,} made texts: errors; slowest, s per thousand characters",
        ours=f"0; {slowest:.2f}",
        peer=f"aim: 0; {LONGEST_PER_KB:.0f}",
    )
    assert slowest <= LONGEST_PER_KB
