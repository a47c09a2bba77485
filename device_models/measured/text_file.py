"""The text of a file in whatever encoding an instrument or a spreadsheet wrote it."""

import codecs
import re
from pathlib import Path

from device_models.measured.errors import MeasuredError

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32",
          codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16",
          codecs.BOM_UTF16_BE: "utf-16"}  # of 32 bits first: their marks begin with those of 16
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")  # in no text; tabs, line and page breaks are


def read_text(file: Path) -> str:
    """The text of a `file` in UTF-8, UTF-16 or UTF-32, or else in Windows-1252 or Latin-1."""
    raw = file.read_bytes()
    error: UnicodeDecodeError | None = None
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as caught:
            error = error or caught
            continue
        if (found := _CONTROL.search(text)) is None:
            return text
        raise MeasuredError(f"{file} is no text: it has the control character {found[0]!r}; "
                            "export it as text, with columns")
    raise MeasuredError(f"{file} is no text: {error}; export it as text, in UTF-8") from error


def _encodings(raw: bytes) -> list[str]:
    """To be tried in turn; a byte order mark decides, and so do the zeros of UTF-16."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return [encoding]
    if b"\0" in raw:
        return ["utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"]
    return ["utf-8", "cp1252", "latin-1"]
