"""Runs as a process of its own: asks the library of eSpeak NG to speak and writes phones and sound.

    python -I espeak_process.py LIBRARY DATA < requests > answers

A request is a line of JSON: `voice`, `text`, `speed` (words per minute), `pitch` (0 to 99). An
answer is a line of JSON, `rate`, `samples` and `phones` (pairs of the sample a phone begins with
and its IPA) or `error`, followed by the samples as 16-bit integers. The library is loaded only
here; DATA, its folder, may be empty. Its interface is that of `speak_lib.h`.
"""

import ctypes
import json
import sys
from typing import Any

_SYNCHRONOUS = 2  # output: sound is given to the callback, in this thread
_PHONEME_EVENTS, _IPA, _DONT_EXIT = 1, 2, 0x8000  # options of espeak_Initialize
_RATE, _PITCH = 1, 3  # of espeak_SetParameter
_UTF8 = 1
_END, _PHONEME = 0, 7  # types of events


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Library:
    """The library, ready to speak.

    Raises:
        OSError: it cannot be loaded or finds no data.
    """

    def __init__(self, library: str, data: str) -> None:
        self._lib = ctypes.CDLL(library)
        self._sound: list[bytes] = []
        self._phones: list[tuple[int, str]] = []
        self._callback = _Callback(self._take)  # kept, or it would be freed
        path = data.encode() if data else None
        options = _PHONEME_EVENTS | _IPA | _DONT_EXIT
        self.rate = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, path, options)
        if self.rate <= 0:
            raise OSError("eSpeak NG does not find its data")
        self._lib.espeak_SetSynthCallback(self._callback)

    def speak(self, voice: str, text: str, speed: int, pitch: int) -> tuple[dict[str, Any], bytes]:
        """An answer and its samples."""
        if self._lib.espeak_SetVoiceByName(voice.encode()):
            return {"error": f"there is no voice {voice}"}, b""
        self._lib.espeak_SetParameter(_RATE, speed, 0)
        self._lib.espeak_SetParameter(_PITCH, pitch, 0)
        self._sound.clear()
        self._phones.clear()
        spoken = text.encode()
        size = ctypes.c_size_t(len(spoken) + 1)
        if self._lib.espeak_Synth(spoken, size, 0, 0, 0, _UTF8, None, None):
            return {"error": "the text cannot be spoken"}, b""
        self._lib.espeak_Synchronize()
        sound = b"".join(self._sound)
        answer = {"rate": self.rate, "samples": len(sound) // 2, "phones": list(self._phones)}
        return answer, sound

    def _take(self, sound: Any, count: int, events: Any) -> int:
        if sound and count > 0:
            self._sound.append(ctypes.string_at(sound, 2 * count))
        place = 0
        while events[place].type != _END:
            event = events[place]
            if event.type == _PHONEME:
                self._phones.append((event.sample, event.id.string.decode("utf-8", "replace")))
            place += 1
        return 0


def main() -> None:
    """Answer requests until there are no more."""
    output = sys.stdout.buffer
    try:
        library = Library(*sys.argv[1:3])
    except (OSError, AttributeError) as error:
        output.write(json.dumps({"error": str(error)}).encode() + b"\n")
        return
    output.write(json.dumps({"rate": library.rate}).encode() + b"\n")
    output.flush()
    for line in sys.stdin:
        answer, sound = library.speak(**json.loads(line))
        output.write(json.dumps(answer).encode() + b"\n" + sound)
        output.flush()


if __name__ == "__main__":
    main()
