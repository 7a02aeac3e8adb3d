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
        ("  ", []),
    ],
)
def test_sentences(text: str, pieces: list[str] | None) -> None:
    wanted = pieces or []
    if pieces is None:
        wanted = ["Dr. Smith met J. R. Jones, e.g. at St. Paul.", "Then"]
    assert [piece for piece, _ in split_sentences(text)] == wanted


def test_an_open_end_is_no_sentence() -> None:
    assert list(split_sentences("One. And then")) == [("One.", True), ("And then", False)]


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
