"""What commands leave behind: files whole or not at all, points of a study to resume,
records to draw again, intervals, and the look of pictures."""

from benchmarks.output.files import (
    LIBRARIES,
    OutputError,
    prepare_folder,
    read_json,
    replacing,
    versions,
    write_json,
)
from benchmarks.output.points import Points
from benchmarks.output.records import RecordError, from_json, to_json
from benchmarks.output.source import Source
from benchmarks.output.statistics import student_interval

__all__ = [
    "LIBRARIES", "OutputError", "Points", "RecordError", "Source", "from_json", "prepare_folder",
    "read_json", "replacing", "student_interval", "to_json", "versions", "write_json",
]
