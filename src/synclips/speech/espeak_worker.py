"""espeak-ng in a process of its own; run as a script, imports nothing of synclips.

espeak-ng is GPL-3, so the library is loaded here and never into the program of a user of synclips;
the two speak through pipes. Standard input has one JSON object a line: `text`, `speed` in words per
minute and `pitch`, 0 to 99. Standard output begins with a line of JSON, `{"rate"}`, and answers
each request with another, `{"samples", "phones"}`, and that many 16-bit samples, little endian; a
phone is the sample it begins with and its IPA. A request of `ipa` instead, a text, and `tie`, a
sign or nothing to stand between the letters of one sound, is answered `{"ipa"}`: nothing is spoken.

    python -I espeak_worker.py LIBRARY DATA VOICE     speak; DATA may be empty
    python -I espeak_worker.py LIBRARY DATA           list voices as one JSON array
"""

import ctypes
import json
import os
import sys
from typing import Any, BinaryIO

_SYNCHRONOUS = 2  # espeak_AUDIO_OUTPUT: samples go to the callback, calls return when done
_PHONEME_EVENTS, _IPA = 1, 2  # options of espeak_Initialize
_DONT_EXIT = 0x8000  # a missing data folder is reported, not answered by exit()
_RATE, _PITCH = 1, 3  # espeak_PARAMETER
_END, _PHONEME = 0, 7  # types of events
_UTF8 = 1  # flags of espeak_Synth; neither SSML nor [[phonemes]]
_NO_DATA = "its data folder cannot be read"
_AS_IPA, _TIED, _TIE_AT = 0x02, 0x80, 8  # of the phoneme mode: bits 8 to 23 are the tie


class _Voice(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),  # priority byte and text, repeated, ended by a zero byte
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def _open(library: str, data: str) -> tuple[ctypes.CDLL, int]:
    espeak = ctypes.CDLL(library)
    espeak.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    count, address = ctypes.c_uint, ctypes.c_void_p
    espeak.espeak_Synth.argtypes = (
        *(ctypes.c_char_p, ctypes.c_size_t, count, ctypes.c_int),
        *(count, count, address, address),
    )
    where = None
    if data:
        # espeak-ng keeps 160 bytes of a path, and on Windows reads it in the system's code page.
        where = b"."
        try:
            os.chdir(data)
        except OSError:
            sys.exit(_NO_DATA)
    options = _PHONEME_EVENTS | _IPA | _DONT_EXIT
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    espeak.espeak_TextToPhonemes.argtypes = (ctypes.POINTER(address), ctypes.c_int, ctypes.c_int)
    rate = espeak.espeak_Initialize(_SYNCHRONOUS, 0, where, options)
    if rate <= 0:
        sys.exit(_NO_DATA)
    return espeak, rate


def _languages(address: int | None) -> list[str]:
    found: list[str] = []
    while address and ctypes.string_at(address, 1) != b"\0":
        text = ctypes.string_at(address + 1)
        found.append(text.decode("utf-8", "replace"))
        address += 2 + len(text)
    return found


def _list(espeak: ctypes.CDLL, kind: _Voice | None) -> list[dict[str, object]]:
    rows = espeak.espeak_ListVoices(ctypes.byref(kind) if kind is not None else None)
    voices = []
    for row in rows:
        if not row:
            break
        voice = row.contents
        languages = _languages(voice.languages)
        identifier = voice.identifier.decode()
        voices.append(
            {
                "name": voice.name.decode("utf-8", "replace"),
                "language": languages[0] if languages else "",
                "identifier": identifier.replace("\\", "/"),
                "gender": voice.gender,
            }
        )
    return voices


def _ipa(espeak: ctypes.CDLL, text: str, tie: str) -> str:
    """The text as it would be spoken, clause by clause; punctuation is lost."""
    mode = _AS_IPA | (_TIED | ord(tie) << _TIE_AT if tie else 0)
    data = ctypes.create_string_buffer(text.encode())
    place = ctypes.c_void_p(ctypes.addressof(data))
    clauses = []
    while place.value:  # none after the last clause
        clauses.append(espeak.espeak_TextToPhonemes(ctypes.byref(place), _UTF8, mode) or b"")
    return " ".join(clause.decode("utf-8", "replace") for clause in clauses)


def _speak(espeak: ctypes.CDLL, rate: int, voice: str, answer: BinaryIO) -> None:
    tag, plus, timbre = voice.partition("+")
    # Not every voice is found by its language.
    files = {str(row["language"]).lower(): row["identifier"] for row in _list(espeak, None)[::-1]}
    if espeak.espeak_SetVoiceByName(f"{files.get(tag, tag)}{plus}{timbre}".encode()) != 0:
        sys.exit(f"it has no voice {voice}")
    heard = bytearray()
    phones: list[tuple[int, str]] = []

    def collect(samples: "ctypes._Pointer[ctypes.c_short]", count: int, events: Any) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, 2 * count))
        number = 0
        while events[number].type != _END:
            event = events[number]
            if event.type == _PHONEME:
                phones.append((event.sample, event.id.string.decode("utf-8", "replace")))
            number += 1
        return 0

    callback = _Callback(collect)
    espeak.espeak_SetSynthCallback(callback)
    answer.write(json.dumps({"rate": rate}).encode() + b"\n")
    answer.flush()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "ipa" in request:
            head: dict[str, object] = {"ipa": _ipa(espeak, request["ipa"], request["tie"])}
            answer.write(json.dumps(head).encode() + b"\n")
            answer.flush()
            continue
        heard.clear()
        phones.clear()
        text = request["text"].encode() + b"\0"
        espeak.espeak_SetParameter(_RATE, int(request["speed"]), 0)
        espeak.espeak_SetParameter(_PITCH, int(request["pitch"]), 0)
        failed = espeak.espeak_Synth(text, len(text), 0, 1, 0, _UTF8, None, None)
        if failed:
            sys.exit(f"it failed with status {failed}")
        espeak.espeak_Synchronize()
        head = {"samples": len(heard) // 2, "phones": phones}
        answer.write(json.dumps(head).encode() + b"\n" + heard)
        answer.flush()


def main() -> None:
    """Serve until standard input ends."""
    library, data, *voice = sys.argv[1:]
    # What the library prints must not get between the samples.
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)
        espeak, rate = _open(library, data)
        if voice:
            _speak(espeak, rate, voice[0], answer)
        else:
            wanted = ctypes.create_string_buffer(b"variant")
            variants = _Voice(languages=ctypes.addressof(wanted))
            everything = {"voices": _list(espeak, None), "variants": _list(espeak, variants)}
            answer.write(json.dumps(everything).encode())


if __name__ == "__main__":
    main()
