"""Text without end for a synthesiser to read: sentences of common words, and words of no language.

The sentences are made from a small grammar whose words between them hold every phone of English
many times; the made-up words let a voice of any language use the sounds it has. Drawn from a
generator and nothing else.
"""

import numpy as np

_NOUNS = """
man woman child boy girl father mother brother teacher doctor judge king queen farmer soldier friend
neighbour captain driver baker boat ship car bus train bicycle house garden kitchen window door
table chair mirror bottle cup spoon knife book paper letter newspaper picture camera radio telephone
computer key coin pocket shirt shoe jacket hat glove ring watch river mountain valley forest beach
ocean island road bridge village city market church school office station museum theatre dog cat
horse bird fish mouse sheep elephant monkey tiger apple orange cherry cheese butter bread soup
coffee water milk sugar fire smoke weather thunder snow rain cloud moon sun star morning evening
measure pleasure treasure television garage judge package question answer story song voice noise
language message problem reason number thing week month year birthday mouth tooth thumb path bath
feather leather weapon oven value vision union onion youth toy oil coin boy choice cow town mouth
"""

_VERBS = """
saw found took bought sold moved pushed pulled opened closed watched heard followed carried brought
gave showed made built broke fixed washed cleaned painted drew wrote read sang played changed joined
chose loved liked hated wanted needed used kept left lost missed caught threw dropped held hid
visited enjoyed measured imagined described remembered forgot believed explained admired
"""

_ADJECTIVES = """
big small old young new good bad happy sad quick slow hot cold warm cool high low long short thick
thin heavy light dark bright blue green red yellow brown purple orange white black grey quiet loud
smooth rough soft hard wet dry rich poor strong weak clever foolish strange usual unusual beautiful
ugly famous huge tiny empty full sharp round square wooden golden foreign royal joyful noisy cheap
"""

_ADVERBS = """
quickly slowly quietly loudly often never always again today tomorrow yesterday now then soon early
together alone outside inside above below everywhere maybe perhaps usually rarely
"""

_PLACES = "near the|behind the|in front of the|under the|over the|beside the|with the|without the"

_OPENINGS = "|yes,|no,|well,|of course|I think|we know|you said|they say|do you know why|tell me if"

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve twenty fifty"

_ONSETS = (
    "p b t d k g m n f v s z sh ch j l r h w y pl pr bl br tr dr kl kr gl gr fl fr st sp sk th"
)
_NUCLEI = "a e i o u a e i o u ai au ei oi ou"
_CODAS = "   n m s t l r k p f v b d g sh st nt"  # three times nothing


def sentence(rng: np.random.Generator) -> str:
    """An English sentence of about two to four seconds, without its full stop."""

    def one(words: str, between: str | None = None) -> str:
        choice = words.split(between)
        return choice[rng.integers(len(choice))]

    def thing() -> str:
        kind = rng.integers(4)
        if kind == 0:
            return f"{one(_NUMBERS)} {one(_ADJECTIVES)} {one(_NOUNS)}s"
        article = ("the", "a", "my", "your", "his", "her", "this", "that")[rng.integers(8)]
        return f"{article} {one(_ADJECTIVES) + ' ' if kind == 1 else ''}{one(_NOUNS)}"

    text = f"{one(_OPENINGS, '|')} {thing()} {one(_VERBS)} {thing()}"
    if rng.random() < 0.5:
        text += f" {one(_PLACES, '|')} {one(_NOUNS)}"
    if rng.random() < 0.4:
        text += f" {one(_ADVERBS)}"
    return " ".join(text.split())


def babble(rng: np.random.Generator) -> str:
    """Four to eight words of no language, in Latin letters."""

    def syllable() -> str:
        parts = [text.split(" ") for text in (_ONSETS, _NUCLEI, _CODAS)]
        return "".join(part[rng.integers(len(part))] for part in parts)

    words = ("".join(syllable() for _ in range(rng.integers(1, 4))) for _ in range(100))
    return " ".join(word for word, _ in zip(words, range(rng.integers(4, 9)), strict=False))
