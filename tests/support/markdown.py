"""The project's Markdown pages, taken apart for the tests that hold them to the code."""

import contextlib
import io
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [README, *DOCS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
         ROOT / "device_models" / "stacks" / "README.md"]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def name(page: Path) -> str:
    """A page as tests are named after it: its path in the project."""
    return page.relative_to(ROOT).as_posix()


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return [text for kind, text in _FENCED.findall(read(page)) if kind == language]


def links(page: Path) -> list[Path]:
    """The files that a page points to, links into the web left out."""
    targets = [target for target in _LINK.findall(read(page)) if "://" not in target]
    return [(page.parent / target.partition("#")[0]).resolve() for target in targets]


def words(page: Path) -> int:
    """Words of running text: no code, fenced or indented, no tables, no addresses."""
    text = _LINK.sub("]", _FENCED.sub("", read(page)))
    lines = [line for line in text.splitlines() if not line.startswith(("    ", "|"))]
    return len(re.findall(r"\S*\w\S*", "\n".join(lines)))


def run_examples(page: Path) -> str:
    """Run a page's Python blocks in order, as one session; what they print."""
    names: dict[str, object] = {"__name__": "__main__"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for block in blocks(page, "python"):
            exec(compile(block, str(page), "exec"), names)
    return printed.getvalue()
