import numpy as np

from synclips.corpus.sentences import babble, sentence


def test_text_follows_from_the_seed_and_does_not_repeat_itself() -> None:
    def read(seed: int) -> list[str]:
        rng = np.random.default_rng(seed)
        return [sentence(rng) for _ in range(50)] + [babble(rng) for _ in range(50)]

    assert read(1) == read(1)
    assert len(set(read(1)) | set(read(2))) == 200


def test_text_is_plain_words_of_speakable_length() -> None:
    rng = np.random.default_rng(0)
    for text in [*(sentence(rng) for _ in range(200)), *(babble(rng) for _ in range(50))]:
        assert text.replace(",", "").replace(" ", "").isalpha(), text
        assert 4 <= len(text.split()) <= 20, text
        assert not text.startswith("-")
