"""One place says which version this is."""

from configparser import ConfigParser
from importlib import metadata
from pathlib import Path

import pytest

import circuits
import crossbar
import device_models
from device_models.version import find_version

ROOT = Path(__file__).parents[2]


def test_every_package_has_the_version_of_the_folder_it_runs_from() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    stated = setup["metadata"]["version"]
    assert {device_models.__version__, circuits.__version__, crossbar.__version__} == {stated}


@pytest.mark.parametrize("text", [None, "[metadata]\nname = another\nversion = 3.0\n"])
def test_elsewhere_it_is_that_of_the_installation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None,
) -> None:
    """Without a setup.cfg beside the code, or with that of another project."""
    if text is not None:
        (tmp_path / "setup.cfg").write_text(text, encoding="utf-8")
    monkeypatch.setattr(metadata, "version", {"spintronic-crossbar": "7.8"}.__getitem__)
    assert find_version(tmp_path / "setup.cfg") == "7.8"


def test_copied_code_does_not_know(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def none(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", none)
    assert find_version(tmp_path / "setup.cfg").startswith("unknown")
