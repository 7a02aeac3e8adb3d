import time

import pytest

from synclips.speech.sentences import LONGEST, split_sentences


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('"Really?" she asked. "Yes." He left.', ['"Really?" she asked.', '"Yes."', "He left."]),
        (
            "Dr. Smith met J. R. Jones, e.g. at St. Paul. Then",
            ["Dr. Smith met J. R. Jones, e.g. at St. Paul.", "Then"],
        ),
        ("It costs 3.50 at 10.30 a.m. today.", ["It costs 3.50 at 10.30 a.m. today."]),
        ("Am 3. Mai kam er. Gut.", ["Am 3. Mai kam er.", "Gut."]),
        ("Wait... what? Oh… well.", ["Wait... what?", "Oh… well."]),
        ("你好。世界！好", ["你好。", "世界！", "好"]),
        ("नमस्ते। दुनिया।", ["नमस्ते।", "दुनिया।"]),
        ("It was I. You saw.", ["It was I.", "You saw."]),
        ("The U.S. President spoke on Jan. 5.", ["The U.S. President spoke on Jan. 5."]),
        ("She left the U.S. He stayed.", ["She left the U.S.", "He stayed."]),
        ("It began at 5 p.m. Monday.", ["It began at 5 p.m. Monday."]),
        ("It ended at 5 p.m. People left.", ["It ended at 5 p.m.", "People left."]),
        ("It ended at 5 p.m. Everybody left.", ["It ended at 5 p.m.", "Everybody left."]),
        ("J.K. Rowling, Ph.D. Smith, Adm. Nelson.", ["J.K. Rowling, Ph.D. Smith, Adm. Nelson."]),
        ("She said no. He left.", ["She said no.", "He left."]),
        ("See No. 5. Then go.", ["See No. 5. Then go."]),
        ("Es kostet 3 Mio. Euro. Gut.", ["Es kostet 3 Mio. Euro.", "Gut."]),
        ("In der Friedrichstr. Fünf.", ["In der Friedrichstr. Fünf."]),
        ("La Sra. García llegó. Hola.", ["La Sra. García llegó.", "Hola."]),
        ("We met in Dec. Then she left.", ["We met in Dec.", "Then she left."]),
        ("  ", []),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert [piece for piece, _ in split_sentences(text)] == pieces


def test_an_open_end_is_no_sentence() -> None:
    assert list(split_sentences("One. And then")) == [("One.", True), ("And then", False)]


@pytest.mark.parametrize("number", ["$1,250,000", "10:30", "1 000 000"])
@pytest.mark.parametrize("word", ["ab ", "abc, "])
def test_numbers_are_not_cut(number: str, word: str) -> None:
    for at in range(LONGEST - 20, LONGEST + 10):
        before = (word * LONGEST)[:at].rstrip()
        text = f"{before}{' ' * (at - len(before) or 1)}{number} and so on " + "and on " * 40
        pieces = [piece for piece, _ in split_sentences(" ".join(text.split()))]
        assert max(map(len, pieces)) <= LONGEST
        assert sum(number in piece for piece in pieces) == 1


@pytest.mark.parametrize("word", ["word ", "a clause, ", "x", "长"])
def test_what_has_no_full_stop_is_cut_all_the_same(word: str) -> None:
    text = (word * 1000).strip()
    pieces = [piece for piece, ends in split_sentences(text)]
    assert max(map(len, pieces)) <= LONGEST
    assert len(pieces) < 4 * len(text) / LONGEST
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    if "," in word:
        assert all(piece.endswith(",") for piece in pieces[:-1])
    elif " " in word:
        assert {part for piece in pieces for part in piece.split()} == {"word"}


@pytest.mark.parametrize("piece", [".", "!?", "…", "।", "Hello. ", "word ", "Dr. "])
def test_the_time_it_takes_grows_with_the_text_only(piece: str) -> None:
    text = (piece * (300_000 // len(piece))).strip() + "x"
    began = time.process_time()
    pieces = list(split_sentences(text))
    assert time.process_time() - began < 10  # by the square of it these took minutes
    assert "".join(said for said, _ in pieces).replace(" ", "") == text.replace(" ", "")
