"""Every page is found, every link leads somewhere, every command shown is one."""

import pkgutil
import re
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.cli.commands import add_commands
from benchmarks.cli.parser import Parser
from crossbar import Hardware
from tests.support.markdown import DOCS, PAGES, README, ROOT, blocks, links, name, read, words

NAME = re.compile(r"`((?:device_models|circuits|crossbar)(?:\.\w+)+)\b(?!\.\w|/)")
COMMAND = re.compile(r"(?:python -m benchmarks|spintronic-crossbar) ([a-z][^`\n\\]*)")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [str(target) for target in links(page) if not target.exists()] == []


@pytest.mark.parametrize("index", [README, ROOT / "docs" / "README.md"], ids=name)
def test_every_page_is_linked(index: Path) -> None:
    assert {page for page in DOCS if page != index} - set(links(index)) - {README} == set()


def test_the_readme_is_one_page() -> None:
    assert words(README) < 600
    examples = blocks(README, "python")
    assert len(examples) == 3
    assert all(len(example.splitlines()) < 10 for example in examples)


def test_code_tables_and_addresses_are_no_words(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n\ntwo [three](four.md), - `five`:\n\n    six\n\n| seven |\n\n"
                    "```python\neight\n```\n")
    assert words(page) == 4


def shown() -> set[str]:
    """The arguments of every command that a page shows; those that `extending` makes run there."""
    return {found.strip(" .,:;") for page in PAGES if page.name != "extending.md"
            for found in COMMAND.findall(read(page))}


def test_every_command_shown_is_one_that_parses() -> None:
    parser = Parser(prog="shown")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    add_commands(commands)
    assert len(shown()) > 5
    for line in shown():
        arguments = [word for word in line.split() if word != "--help"]
        assert parser.parse_args(arguments).command == arguments[0]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=name)
def test_every_public_name_is_there(page: Path) -> None:
    for found in NAME.findall(read(page)):
        assert pkgutil.resolve_name(found) is not None


def test_contributing_names_every_folder() -> None:
    listed = set(re.findall(r"`([a-z_]+)/?`", read(ROOT / "CONTRIBUTING.md")))
    folders = {path.parent.name for package in ("device_models", "circuits", "crossbar",
               "benchmarks") for path in ROOT.glob(f"{package}/**/__init__.py")}
    assert folders - listed == set()


def test_setup_changelog_and_citation_are_of_one_version() -> None:
    versions = [re.search(pattern, read(ROOT / file), re.MULTILINE) for file, pattern in (
        ("setup.cfg", r"^version = (\S+)$"), ("CHANGELOG.md", r"^## ([\d.]+)"),
        ("CITATION.cff", r"^version: (\S+)$"))]
    assert all(versions)
    assert len({found[1] for found in versions if found}) == 1


def test_every_switch_of_hardware_is_on_its_page_with_its_default() -> None:
    """Each field stands at the beginning of a row of a table, once."""
    rows = [line.split("|") for line in read(ROOT / "docs" / "weight-to-current.md").splitlines()
            if line.startswith("| `")]
    found = [field for row in rows for field in re.findall(r"`(\w+)`", row[1])]
    assert sorted(found) == sorted(each.name for each in fields(Hardware))
    assert all(row[3].strip() for row in rows)
