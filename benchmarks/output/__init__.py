"""What commands leave behind: files whole or not at all, points of a study to resume,
records to draw again, intervals, and the look of pictures."""

from benchmarks.output.files import (
    LIBRARIES,
    OutputError,
    prepare_folder,
    read_json,
    replacing,
    replacing_all,
    versions,
    write_json,
)
from benchmarks.output.pictures import FORMATS, formats_of, replacing_picture, save_picture
from benchmarks.output.points import Points
from benchmarks.output.records import RecordError, from_json, to_json
from benchmarks.output.source import Source
from benchmarks.output.statistics import student_interval

__all__ = [
    "FORMATS", "LIBRARIES", "OutputError", "Points", "RecordError", "Source", "formats_of",
    "from_json", "prepare_folder", "read_json", "replacing", "replacing_all", "replacing_picture",
    "save_picture", "student_interval", "to_json", "versions", "write_json",
]
