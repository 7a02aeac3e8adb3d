"""Which engines there are, and which voice of which engine speaks a text.

Knows the order in which engines are tried and how to say that none will do. Knows nothing of how
they work.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from synclips.errors import AbsentVoiceError, ConfigError
from synclips.speech.catalogue import offers_of
from synclips.speech.espeak import Espeak
from synclips.speech.espeak_process import INSTALL, find_library
from synclips.speech.flite import Flite
from synclips.speech.kokoro import Kokoro
from synclips.speech.language import base_language, language_tag, speaks
from synclips.speech.piper import Piper
from synclips.speech.synthesizer import Synthesizer, Voice
from synclips.speech.voices_folder import require_voices_folder, voices_folder

_GET = "synclips voices --get"


def engines(folder: str | Path | None = None) -> list[Synthesizer]:
    """All of them, the one to take first in front.

    Args:
        folder: Where downloaded voices are, see `voices_folder`; it need not be there.
    """
    place, library = voices_folder(folder), find_library()
    return [
        Piper(place, library, offers_of(Piper.name)),
        Kokoro(place, library, offers_of(Kokoro.name)),
        Espeak(library),
        Flite.of_system(),
    ]


def list_voices(language: str | None = None, folder: str | Path | None = None) -> list[Voice]:
    """Every voice of every engine, or those that can read a language.

    An engine that is not installed has one row, which stays unless the engine lacks the language.

    Args:
        language: Tag.
        folder: See `engines`.

    Raises:
        ConfigError: The language is not a tag, the folder is not there, or an engine does not work.
    """
    require_voices_folder(folder)
    wanted = None if language is None else language_tag(language)
    return [
        voice
        for engine in engines(folder)
        for voice in engine.voices()
        if wanted is None or not voice.language or _reads(voice, wanted)
    ]


def choose_voice(
    language: str,
    *,
    engine: str | None = None,
    voice: str | None = None,
    gender: Callable[[], str | None] | None = None,
    mixing: bool = False,
    folder: str | Path | None = None,
    among: Sequence[Synthesizer] | None = None,
) -> tuple[Synthesizer, Voice]:
    """The engine and voice that will speak.

    Args:
        language: Tag of the text, by `language_tag`; does not matter if a voice is named. Where no
            voice is of its region, one of the language will do: "en-au" is read by "en-us".
        engine: Name of the only engine to try; the first installed one that can, by default.
        voice: Name of the voice; the first of the language by default.
        gender: Says "female" or "male": of the voices of that engine rather one of those. Asked
            only where a voice is to be chosen.
        mixing: Rather an engine whose voices mix, since its speech is to become somebody's.
        folder: See `engines`.
        among: The engines there are; `engines()` by default.

    Raises:
        AbsentVoiceError: It is not here, and can be downloaded.
        ConfigError: There is no such engine or voice, it is not installed, or none speaks the
            language.
    """
    there = list(engines(folder) if among is None else among)
    if mixing:
        there.sort(key=lambda each: not each.mixes)
    if engine is not None:
        named = [each for each in there if each.name == engine]
        if not named:
            known = ", ".join(each.name for each in there)
            raise ConfigError(f"There is no engine {engine}; take one of {known}.")
        if not named[0].installed and voice is None:
            raise _absent(named[0], language)
        there = named
    ready = [each for each in there if each.installed]
    if not ready and (engine is None or voice is None):
        raise ConfigError(f"No engine that speaks is installed; install one: {INSTALL}.")
    if voice is not None:
        return _named(voice, ready, there)
    for elsewhere in (False, True):  # rather one that has the region
        for each in ready:
            able = _able(each, language)
            if able and (elsewhere or speaks(able[0].language, language)):
                return each, _preferred(each, able, gender() if gender else None)
    raise _lack(language, ready, there)


def another_voice(
    engine: Synthesizer, language: str, gender: str | None, taken: Collection[str]
) -> Voice | None:
    """A voice of an engine for one more person: as high or low, and rather one nobody has yet.

    Args:
        engine: What speaks.
        language: Tag of the text.
        gender: "female" or "male"; None for either.
        taken: Names of voices that others have.

    Returns:
        None if the engine does not speak the language.
    """
    able = _able(engine, language)
    if not able:
        return None
    alike = [one for one in able if gender in (None, one.gender)]
    free = [one for one in alike if one.name not in taken]
    near = [one for one in free if one.language == able[0].language]
    if near:
        return near[0]
    for kind in [gender] if gender else ["female", "male"]:
        variant = engine.in_gender(able[0], kind, taken)
        if variant is not None and variant.name not in taken:
            return variant
    return _preferred(engine, free or alike or able, gender)


def nearer_engine(engine: Synthesizer, language: str) -> str | None:
    """What comes nearer to somebody's voice than an engine does, and how to get it.

    Args:
        engine: What speaks.
        language: Tag of the text.

    Returns:
        None where its voices mix, or none that do are to be had for the language.
    """
    ways = (language, base_language(language))
    for other in () if engine.mixes else engines():
        if not other.mixes or other.installed:
            continue
        for row in other.voices():  # where nothing of it is installed it says no language
            if any(speaks(row.language or "en", way) for way in ways):
                return f"{other.name}: {_how(row)}"
    return None


def _able(engine: Synthesizer, tag: str) -> list[Voice]:
    """The voices that can read a language; where none is of its region, others of it.

    "pt-pt" is rather read by "pt" than by "pt-br".
    """
    there = [one for one in engine.voices() if one.installed]
    if able := [one for one in there if speaks(one.language, tag)]:
        return able
    base = base_language(tag)
    able = [one for one in there if speaks(one.language, base)]
    return sorted(able, key=lambda one: one.language != base)


def _preferred(engine: Synthesizer, able: Sequence[Voice], gender: str | None) -> Voice:
    """The first voice of a gender, rather in the region of the very first; that one without any."""
    first = able[0]
    alike = [one for one in able if gender is not None and one.gender == gender]
    if alike:
        return next((one for one in alike if one.language == first.language), alike[0])
    return first if gender is None else engine.in_gender(first, gender) or first


def _named(
    voice: str, ready: Sequence[Synthesizer], there: Sequence[Synthesizer]
) -> tuple[Synthesizer, Voice]:
    for each in ready:
        for candidate in each.voices():
            if candidate.name == voice and candidate.installed:
                return each, candidate
        if (variant := each.variant(voice)) is not None:
            return each, variant
    for each in there:
        for candidate in each.voices():
            if candidate.name == voice:
                raise _unusable(candidate)
        if (variant := each.variant(voice)) is not None:
            raise _unusable(variant)
    if not ready:  # what can be downloaded would not bring a voice of that name
        raise ConfigError(str(_absent(there[0])))
    names = " or ".join(each.name for each in ready)
    raise ConfigError(f"There is no voice {voice} in {names}; synclips voices lists them.")


def _absent(engine: Synthesizer, language: str = "en") -> ConfigError:
    """Why an engine cannot speak, and what to do about it."""
    rows = engine.voices()
    ways = (language, base_language(language))
    able = [row for way in ways for row in rows if row.language and speaks(row.language, way)]
    row = (able or rows)[0]
    if _GET in row.note and not able:
        return ConfigError(
            f"{engine.name} has no voice of the language {language} to get; take another engine,"
            " name another language if the text is not in it, or put a voice into the folder of"
            " voices by hand."
        )
    if _GET in row.note:
        return _to_get(f"{engine.name} has no voice yet; get one", row)
    return ConfigError(f"{engine.name} is not installed; install it: {_how(row)}.")


def _unusable(voice: Voice) -> ConfigError:
    if _GET in voice.note:
        return _to_get(f"The voice {voice.name} of {voice.engine} is not here yet; get it", voice)
    return ConfigError(f"The voice {voice.name} of {voice.engine} cannot be used: {voice.note}.")


def _to_get(sentence: str, row: Voice) -> AbsentVoiceError:
    how = _how(row)
    return AbsentVoiceError(f"{sentence}: {how}.", how.removeprefix(f"{_GET} "))


def _reads(voice: Voice, wanted: str) -> bool:
    return speaks(voice.language, wanted) or speaks(wanted, voice.language)


def _how(row: Voice) -> str:
    """The command at the end of a note."""
    return row.note.rpartition("; ")[2]


def _lack(language: str, ready: Sequence[Synthesizer], there: Sequence[Synthesizer]) -> ConfigError:
    names = " or ".join(each.name for each in ready)
    sentence = f"No voice of {names} speaks the language {language}"
    if any(each.name == Espeak.name and not each.installed for each in there):
        return ConfigError(f"{sentence}; espeak-ng may: {INSTALL}.")
    for voice in (voice for each in there for voice in each.voices()):
        if _GET in voice.note and voice.language and speaks(voice.language, language):
            return _to_get(f"{sentence}; get one that does", voice)
    return ConfigError(f"{sentence}; name another with --language if the text is not in it.")
