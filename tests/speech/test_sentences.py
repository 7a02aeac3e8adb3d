import pytest

from synclips.speech.sentences import LONGEST, split_sentences


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('"Really?" she asked. "Yes." He left.', ['"Really?" she asked.', '"Yes."', "He left."]),
        ("Dr. Smith met J. R. Jones, e.g. at St. Paul. Then", None),
        ("It costs 3.50 at 10.30 a.m. today.", ["It costs 3.50 at 10.30 a.m. today."]),
        ("Am 3. Mai kam er. Gut.", ["Am 3. Mai kam er.", "Gut."]),
        ("Wait... what? Oh… well.", ["Wait... what?", "Oh… well."]),
        ("你好。世界！好", ["你好。", "世界！", "好"]),
        ("नमस्ते। दुनिया।", ["नमस्ते।", "दुनिया।"]),
        ("It was I. You saw.", ["It was I.", "You saw."]),
        ("The U.S. President spoke on Jan. 5. Then", ["The U.S. President spoke on Jan. 5. Then"]),
        ("J.K. Rowling, Ph.D. Smith and Adm. Nelson at 5 p.m. Monday.", None),
        ("Es kostet 3 Mio. Euro. Gut.", ["Es kostet 3 Mio. Euro.", "Gut."]),
        ("In der Friedrichstr. Fünf. Zum 100. Geburtstag.", None),
        ("La Sra. García llegó. Hola.", ["La Sra. García llegó.", "Hola."]),
        ("We met in Dec. Then she left.", ["We met in Dec.", "Then she left."]),
        ("  ", []),
    ],
)
def test_sentences(text: str, pieces: list[str] | None) -> None:
    wanted = pieces or []
    if pieces is None:
        first = {"Dr.": 44, "J.K.": 59, "In": 27}[text.split()[0]]
        wanted = [part for part in (text[:first].strip(), text[first:].strip()) if part]
    assert [piece for piece, _ in split_sentences(text)] == wanted


def test_an_open_end_is_no_sentence() -> None:
    assert list(split_sentences("One. And then")) == [("One.", True), ("And then", False)]


def test_numbers_are_not_cut() -> None:
    text = (
        "a word, " * 34 + "for $1,250,000 in all, at 10:30 and 1 000 000 times " + "and so on " * 30
    )
    pieces = [piece for piece, _ in split_sentences(text.strip())]
    assert len(pieces) > 1
    for number in ("$1,250,000", "10:30", "1 000 000"):
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
