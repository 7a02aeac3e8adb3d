"""Which engines there are, and which voice of which engine speaks a text.

Knows the order in which engines are tried and how to say that none will do. Knows nothing of how
they work.
"""

from collections.abc import Sequence

from synclips.errors import ConfigError
from synclips.speech.espeak import Espeak
from synclips.speech.espeak_process import INSTALL, find_library
from synclips.speech.flite import Flite
from synclips.speech.language import language_tag, speaks
from synclips.speech.synthesizer import Synthesizer, Voice


def engines() -> list[Synthesizer]:
    """All of them, the one to take first in front."""
    return [Espeak(find_library()), Flite.of_system()]


def list_voices(language: str | None = None) -> list[Voice]:
    """Every voice of every engine, or those that can read a language.

    An engine that is not installed has one row, which stays unless the engine lacks the language.

    Raises:
        ConfigError: The language is not a tag, or an engine does not work.
    """
    wanted = None if language is None else language_tag(language)
    return [
        voice
        for engine in engines()
        for voice in engine.voices()
        if wanted is None or not voice.language or _reads(voice, wanted)
    ]


def choose_voice(
    language: str,
    *,
    engine: str | None = None,
    voice: str | None = None,
    among: Sequence[Synthesizer] | None = None,
) -> tuple[Synthesizer, Voice]:
    """The engine and voice that will speak.

    Args:
        language: Tag of the text, by `language_tag`; does not matter if a voice is named.
        engine: Name of the only engine to try; the first installed one that can, by default.
        voice: Name of the voice; the first of the language by default.
        among: The engines there are; `engines()` by default.

    Raises:
        ConfigError: There is no such engine or voice, it is not installed, or none speaks the
            language.
    """
    there = list(engines() if among is None else among)
    if engine is not None:
        named = [each for each in there if each.name == engine]
        if not named:
            known = ", ".join(each.name for each in there)
            raise ConfigError(f"There is no engine {engine}; take one of {known}.")
        if not named[0].installed:
            raise ConfigError(f"{engine} is not installed; install it: {_how(named[0])}.")
        there = named
    ready = [each for each in there if each.installed]
    if not ready:
        raise ConfigError(f"No engine that speaks is installed; install one: {INSTALL}.")
    if voice is not None:
        return _named(voice, ready)
    for each in ready:
        for candidate in each.voices():
            if speaks(candidate.language, language):
                return each, candidate
    raise ConfigError(_lack(language, ready, there))


def _named(voice: str, ready: Sequence[Synthesizer]) -> tuple[Synthesizer, Voice]:
    for each in ready:
        for candidate in each.voices():
            if candidate.name == voice:
                return each, candidate
        if isinstance(each, Espeak) and (variant := each.variant(voice)) is not None:
            return each, variant
    names = " or ".join(each.name for each in ready)
    raise ConfigError(f"There is no voice {voice} in {names}; synclips voices lists them.")


def _reads(voice: Voice, wanted: str) -> bool:
    return speaks(voice.language, wanted) or speaks(wanted, voice.language)


def _how(engine: Synthesizer) -> str:
    return engine.voices()[0].note.rpartition("; ")[2]


def _lack(language: str, ready: Sequence[Synthesizer], there: Sequence[Synthesizer]) -> str:
    names = " or ".join(each.name for each in ready)
    sentence = f"No voice of {names} speaks the language {language}"
    if any(isinstance(each, Espeak) and not each.installed for each in there):
        return f"{sentence}; espeak-ng may: {INSTALL}."
    return f"{sentence}; name another with --language if the text is not in it."
