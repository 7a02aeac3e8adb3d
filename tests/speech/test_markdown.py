import time

import pytest

from synclips.speech.markdown import ITEM, plain_text, without_marks


def items(text: str) -> list[str]:
    """What stands between the ends of items, without lines of nothing."""
    return [part for each in plain_text(text).split(ITEM) if (part := " ".join(each.split()))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Heading\nText", ["Heading", "Text"]),
        ("## Heading ##\r\nText", ["Heading", "Text"]),
        ("Title\n=====\nText", ["Title", "Text"]),
        ("A\n***\nB", ["A", "B"]),
        ("* a\n* b\n  goes on\n* c", ["a", "b goes on", "c"]),
        ("• a\n• b", ["a", "b"]),
        ("Shopping\n- milk\n- eggs", ["Shopping", "milk", "eggs"]),
        ("- [ ] one\n- [x] two", ["one", "two"]),
        ("1) one", ["1, one"]),
        ("1. one\n2. two", ["1, one", "2, two"]),
        ("```python\ncode\n```\nText", ["code", "Text"]),
    ],
)
def test_headings_and_lists(text: str, expected: list[str]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3",
        "2\n* 3",
        "C# is a language",
        "#1 of all",
        "snake_case and _ alone",
        "a*b*c and 2 * 3 * 4",
        "- 5 degrees",
        "-5 degrees",
        "It is cold\n- as always - here",
        "3. Oktober ist frei.",
        "It was in\n1984. Then it ended.",
        "I came on the\n2) day",
        "*excl. VAT",
        "**kwargs",
        "f(*a, *b)",
        "Hawai`i",
        "~5 or 5 ~ 6",
        "[see](below)",
        "1 < 2 and 3 > 2",
        "- ",
        "#",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**bold** and *it*, ***both***", "bold and it, both"),
        ("__bold__ and _it_", "bold and it"),
        ("**over\ntwo lines**", "over\ntwo lines"),
        ("`code` and ``more``", "code and more"),
        ("~~gone~~", "gone"),
        ("[here](https://a.b/c)", "here"),
        (
            "Mail <john@example.com>, see <https://a.b/c>.",
            "Mail john@example.com, see https://a.b/c.",
        ),
    ],
)
def test_marks_within_a_line(text: str, expected: str) -> None:
    assert without_marks(text) == expected


def test_lines_stay_lines() -> None:
    text = "# a\n\n- b\n\n1) c\n---\nd"
    assert plain_text(text).count("\n") == text.count("\n")


def test_long_lines_take_no_longer_than_they_are() -> None:
    began = time.process_time()
    for mark in ("*", "**a ", "`", "_", "_a ", "[", "<", "- ", "# ", "\n", "* * ", "~~a "):
        plain_text(mark * 50_000)
    assert time.process_time() - began < 10
