"""The files of a gallery: pages as pictures and tables, and the JSON; all of a run or none."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.devices.curves import curves_csv
from benchmarks.devices.page_figure import Page
from benchmarks.output.files import replacing_all, write_json
from benchmarks.output.pictures import FORMATS, replacing_picture, save_picture

_DPI = 300


def write_pages(folder: Path, pages: Mapping[str, Page], content: object) -> list[str]:
    """Write each page by its name, and `content` as devices.json; the names of the files.

    Earlier files of a page without panels are removed.
    """
    written = ["devices.json"]
    with ExitStack() as all_of_it:
        for name, page in pages.items():
            if page.figure is None:
                continue
            picture = all_of_it.enter_context(replacing_picture(folder / f"{name}.png"))
            table, = all_of_it.enter_context(replacing_all([folder / f"{name}.csv"]))
            save_picture(page.figure, picture, _DPI)
            table.write_text(curves_csv(page.curves), encoding="utf-8")
            written += [f"{name}{ending}" for ending in (*FORMATS, ".csv")]
        write_json(folder / "devices.json", content)
    for name, page in pages.items():
        for ending in (*FORMATS, ".csv") if page.figure is None else ():
            (folder / f"{name}{ending}").unlink(missing_ok=True)
    return written
