"""Subtitles without what describes a sound, and without songs.

Knows how subtitles for those who do not hear write both: "[door slams]", "(laughs)", "*sighs*",
"♪ La la la ♪", "# La la la #". Round brackets also hold words that are said, so what stands in them
has to be a sound by its words, in some of the languages. Knows neither times nor who speaks.
"""

import re
from collections import Counter


def _words(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


DESCRIPTION = "description of a sound"
SONG = "song line"

_SQUARE = re.compile(
    r"(?:^[\s♪♫-]*|(?<![\w\])]))[\[［][^\[\]［］]*[\]］](?!\w)(?:[\s♪♫]*$)?", re.MULTILINE
)
_DIRECTION = re.compile(r"(?<![\w\])])\[([^\[\]\n]+)\](?![\w(])")
# "(sighs)" as the first line, whatever it says.
_FIRST = re.compile(r"[\s♪♫-]*[(（]([^()（）\n]*[^()（）\s.?!。？！])[)）][\s♪♫:]*(?:\n|$)")
_ROUND = re.compile(r"(?:(?<!\w)\(|（)([^()（）\n]*)[)）]")
_STARS = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_NOTES = re.compile(
    r"[♪♫♬🎵🎶]+[^♪♫♬🎵🎶\n]+[♪♫♬🎵🎶]+"
    r"|^[ \t-]*[♪♫♬🎵🎶]+[^♪♫♬🎵🎶\n]*\n(?:[^♪♫♬🎵🎶\n]*\n)*?[^♪♫♬🎵🎶\n]+[♪♫♬🎵🎶]+[ \t]*$"
    r"|^[ \t-]*[♪♫♬🎵🎶]+[^♪♫♬🎵🎶\n]*$",
    re.MULTILINE,
)
_HASHES = re.compile(r"^[ \t-]*#[ \t][^#]*(?:\n[ \t]*#[^#]*){0,8}#[ \t]*$", re.MULTILINE)
_LOOSE_MARK = re.compile(r"(?<=\S) {1,3}(?=[,.!?;:…。、！？](?![\w.]))")  # "I saw [laughs], him."
_ACRONYM = 6  # letters; "(NATO)" is said, and a short sound is one of the words below

# English verbs, told by their endings; "(ring)" alone may be a thing.
_VERBS = _words("""
    applaud bang bark beep breathe burp buzz chant chatter cheer chime chirp chuckle clap clatter
    click cough crack crash creak croak cry exclaim exhale explode gasp giggle groan growl
    grunt gulp hiss honk howl hum inhale jingle knock laugh mewl moan mumble murmur mutter neigh
    rattle ring roar rumble rustle scoff scream screech shout shriek shudder sigh sing
    slam slurp snarl sneeze snicker sniff sniffle snore snort sob speak splash squeak squeal
    stammer stutter thud tut vocalize wail weep wheeze whimper whine whirr whisper whistle
    whoop yawn yell yelp
    """)
_WORDS = _words("""
    applause chatter cheering commotion footsteps gunfire gunshot gunshots inaudible indistinct
    indistinctly laughter music panting snoring sobs thunder ticking unintelligible
    applaus beifall brüllt donner flüstert flüsternd gelächter hustet jubel keucht kichert klingelt
    lacht lachen lachend musik niest pfeift räuspert räuspern schluchzt schluchzend schnarcht
    schniefen schnieft schreit seufzen seufzt seufzend singt stöhnt weint weinend
    applaudissements chante chuchote chuchotant gémit halète hurle murmure musique pleure
    rires rit riant sanglote sanglots soupir soupire soupirs tousse éternue
    aplauso aplausos carcajadas gime grita gritos jadea llora música ríe risa risas riendo solloza
    susurra susurrando suspira suspiro suspirando silba tose
    applausi fischia geme grida musica piange ridono ridendo risata risate sospira sospirando
    sussurra tossisce urla
    chora gritos risadas risos rindo soluça sussurra
    fluistert gelach hoest huilt muziek schreeuwt snikt zucht
    applåder fniser gråter gråtande hostar musikk skrattar skratt
    snyftar suckar sukker viskar
    brawa kaszle kaszel krzyczy muzyka oklaski płacze szepcze szlocha śmiech śmieje wzdycha
    westchnienie
    аплодисменты вздох вздыхает всхлипывает кашель кашляет кричит музыка плачет поёт поет рыдает
    смеется смеётся смеются смех стон стонет стук шёпот шепот шепчет
    сміх сміється сміються зітхає кашляє музика оплески шепоче плаче
    gülüyor güler gülme alkış kahkaha müzik öksürür
    ضحك ضحكات موسيقى تصفيق
    हँसी हंसी संगीत तालियां तालियाँ
    """)
# Which are something else in other languages, or beside other words.
_ALONE = (
    _words("""
    beat canta cheers chuckle cough crie cry gasp gasps giggle groan laugh ler off off-screen
    offscreen pants pause ri ride rire scream sigh silence sneeze sniff sob static tosse whistle
    yawn
    """)
    | {f"{where} {what}" for where in ("on", "over") for what in ("phone", "radio", "tv")}
    | {"clears throat", "clearing throat"}
)
_ASIAN = re.compile(
    r"(?:一同|全員|会場|观众|觀眾|众人|眾人)?"
    r"(?:[爆苦大微]?笑[声聲うい]?|笑い声|拍手|掌[声聲]|歓声|悲鳴|泣く?|泣き声|哭[声聲泣]?|ため息|溜息"
    r"|[叹嘆歎][气氣息]|咳|咳払い|咳嗽|囁き|ささやき|音[乐樂楽]|尖叫"
    r"|웃음(?:소리)?|박수(?:소리)?|한숨|음악|기침)"
)
# Beside which a word of a sound is part of what is said.
_SAID = _words("""
    a about and at by for from here i if in is it me my no not of or our out see so than that
    the their this to was we were with you your
    """)


def without_sounds(words: str, left: Counter[str]) -> str:
    """What somebody says, without descriptions of sounds and songs.

    Args:
        words: The lines of one who speaks.
        left: Counts what is left out, by kind.
    """
    first = _FIRST.match(words)
    if first and not (words[first.end() :].strip() or is_sound(first[1])):
        first = None  # all there is may be said, or thought
    if first:
        words = words[first.end() :]
    words, square = _SQUARE.subn(" ", words)
    songs = 0

    def sung(match: re.Match[str]) -> str:
        nonlocal songs
        songs += any(letter.isalnum() for letter in match[0])
        return ""

    described = square + (first is not None)
    has_small = any(map(str.islower, _ROUND.sub("", words)))

    def described_as(match: re.Match[str]) -> str:
        nonlocal described
        inner = match[1]
        large = match.re is _ROUND and has_small and _is_in_capitals(inner)
        apart = match.re is _ROUND or _is_apart(match)  # "He *laughs* at me" is said
        if not (apart and (large or is_sound(inner))):
            return match[0]
        described += 1
        return " "

    for pattern in (_ROUND, _STARS):
        words = pattern.sub(described_as, words)
    for pattern in (_NOTES, _HASHES):
        words = pattern.sub(sung, words)
    if described:
        left[DESCRIPTION] += described
    if songs:
        left[SONG] += songs
    return _LOOSE_MARK.sub("", words) if described else words


def without_stage_directions(words: str, left: Counter[str]) -> str:
    """A text without sounds in square brackets; what else stands there may be said.

    Args:
        words: Some of it.
        left: Counts what is left out, by kind.
    """

    def directed(match: re.Match[str]) -> str:
        if not is_sound(match[1]):
            return match[0]
        left[DESCRIPTION] += 1
        return " "

    kept = _DIRECTION.sub(directed, words)
    return _LOOSE_MARK.sub("", kept) if kept != words else words


def _is_apart(match: re.Match[str]) -> bool:
    """Whether something begins or ends a line, or follows a sentence."""
    before = match.string[: match.start()].rstrip(" ")
    after = match.string[match.end() :].lstrip(" ")
    return not before or before[-1] in "\n.!?…" or not after or after[0] == "\n"


def is_sound(words: str) -> bool:
    """Whether one to three words are what subtitles call a sound."""
    flat = " ".join(words.lower().split()).strip(" .…-♪♫")
    if flat in _ALONE or _ASIAN.fullmatch(flat):
        return True
    parts = re.split(r"[\s,]+", flat)
    if not flat or len(parts) > 3 or not _SAID.isdisjoint(parts):
        return False
    return any(part in _WORDS or _is_verb(part) for part in parts)


def _is_verb(word: str) -> bool:
    """Whether it is one of `_VERBS` as somebody does it: "sighs", "crying", "clapping"."""
    for ending in ("s", "es", "ing"):
        if len(word) > len(ending) + 1 and word.endswith(ending):
            stem = word[: -len(ending)]
            stems = {stem, stem + "e" if ending == "ing" else stem}
            if stem.endswith("i"):
                stems.add(stem[:-1] + "y")
            if ending == "ing" and stem[-1:] == stem[-2:-1]:
                stems.add(stem[:-1])
            if not stems.isdisjoint(_VERBS):
                return True
    return False


def _is_in_capitals(words: str) -> bool:
    letters = [letter for letter in words if letter.isalpha()]
    return words.isupper() and (len(letters) > _ACRONYM or " " in words.strip())
