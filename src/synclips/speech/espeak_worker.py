"""espeak-ng in a process of its own; run as a script, imports nothing of synclips.

espeak-ng is GPL-3, so the library is loaded here and never into the program of a user of synclips;
the two speak through pipes. Standard input has one JSON object a line, `{"text", "rate"}`, rate in
words per minute; standard output answers each with a signed 32-bit count, little endian, and that
many 16-bit samples at the rate that came first, before any request, as a 32-bit number.

    python -I espeak_worker.py LIBRARY DATA VOICE     speak; DATA may be empty
    python -I espeak_worker.py LIBRARY DATA           list voices as one JSON array
"""

import ctypes
import json
import os
import struct
import sys
from typing import BinaryIO

_SYNCHRONOUS = 2  # espeak_AUDIO_OUTPUT: samples go to the callback, calls return when done
_DONT_EXIT = 0x8000  # a missing data folder is reported, not answered by exit()
_RATE = 1  # espeak_PARAMETER
_UTF8 = 1  # flags of espeak_Synth; neither SSML nor [[phonemes]]


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


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def _open(library: str, data: str) -> tuple[ctypes.CDLL, int]:
    espeak = ctypes.CDLL(library)
    espeak.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    count, address = ctypes.c_uint, ctypes.c_void_p
    espeak.espeak_Synth.argtypes = (
        *(ctypes.c_char_p, ctypes.c_size_t, count, ctypes.c_int),
        *(count, count, address, address),
    )
    where = data.encode() if data else None
    rate = espeak.espeak_Initialize(_SYNCHRONOUS, 0, where, _DONT_EXIT)
    if rate <= 0:
        sys.exit("its data folder cannot be read")
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


def _speak(espeak: ctypes.CDLL, rate: int, voice: str, answer: BinaryIO) -> None:
    tag, plus, timbre = voice.partition("+")
    # Not every voice is found by its language.
    files = {str(row["language"]).lower(): row["identifier"] for row in _list(espeak, None)[::-1]}
    if espeak.espeak_SetVoiceByName(f"{files.get(tag, tag)}{plus}{timbre}".encode()) != 0:
        sys.exit(f"it has no voice {voice}")
    heard = bytearray()

    def collect(samples: "ctypes._Pointer[ctypes.c_short]", count: int, events: object) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, 2 * count))
        return 0

    callback = _Callback(collect)
    espeak.espeak_SetSynthCallback(callback)
    answer.write(struct.pack("<i", rate))
    answer.flush()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        heard.clear()
        text = request["text"].encode() + b"\0"
        espeak.espeak_SetParameter(_RATE, int(request["rate"]), 0)
        failed = espeak.espeak_Synth(text, len(text), 0, 1, 0, _UTF8, None, None)
        if failed:
            sys.exit(f"it failed with status {failed}")
        espeak.espeak_Synchronize()
        answer.write(struct.pack("<i", len(heard) // 2))
        answer.write(heard)
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
