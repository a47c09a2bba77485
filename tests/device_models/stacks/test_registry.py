"""Laws of stacks that other installed packages bring."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device_models import StackError, available_stacks, load_stack

Write = Callable[..., Path]
Bring = Callable[..., None]
PATH = "from pathlib import Path\nMINE = Path(__file__).with_name('mine.toml')\n"


@pytest.fixture
def bring(stack_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bring]:
    """Install a distribution with one module of `code` and the stack file, as pip would."""
    names = []

    def install(name: str, entry: str, code: str = PATH) -> None:
        names.append(name)
        place = tmp_path / f"site-{name}"
        info = place / f"{name}-1.0.dist-info"
        (place / name).mkdir(parents=True)
        info.mkdir()
        (place / name / "__init__.py").write_text(code, encoding="utf-8")
        stack_file().rename(place / name / "mine.toml")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[spintronic_crossbar.stacks]\n{entry}\n")
        monkeypatch.syspath_prepend(place)

    yield install
    for name in names:
        sys.modules.pop(name, None)


def test_a_stack_from_outside_is_listed_and_loaded(bring: Bring) -> None:
    bring("mylab", "mylab2026 = mylab:MINE")
    assert {"kumar2024", "mylab2026"} <= set(available_stacks())
    assert load_stack("mylab2026").mtj(2e-9).r_p == 10e3


@pytest.mark.parametrize(("code", "reason"), [
    ("raise RuntimeError('no licence')", r"RuntimeError: no licence"),
    ("import a_library_that_is_not_there", r"ModuleNotFoundError: .*a_library_that_is_not_there"),
    ("", r"AttributeError.*MINE"),
    ("MINE = 'mine.toml'", r"is 'mine\.toml'; expected the pathlib\.Path"),
    (PATH.replace("mine.toml", "lost.toml"), r"lost\.toml.*expected .*existing"),
])
def test_a_broken_one_is_named_when_it_is_asked_for(bring: Bring, code: str, reason: str) -> None:
    """Until then it harms no other stack, nor the list."""
    bring("mylab", "mylab2026 = mylab:MINE", code)
    assert "mylab2026" in available_stacks()
    assert load_stack("kumar2024").name == "kumar2024"
    with pytest.raises(StackError, match=rf"(?s)'mylab2026'.* distribution mylab: .*{reason}"):
        load_stack("mylab2026")


def test_two_of_one_name_are_refused(bring: Bring) -> None:
    bring("mylab", "ours = mylab:MINE")
    bring("yourlab", "ours = yourlab:MINE")
    with pytest.raises(StackError, match=r"'ours'.*yourlab.*mylab.*rename or uninstall"):
        load_stack("ours")


def test_a_bundled_name_is_not_taken_over(bring: Bring) -> None:
    bring("mylab", "kumar2024 = mylab:MINE")
    with pytest.raises(StackError, match=r"'kumar2024'.*spintronic-crossbar itself.*mylab"):
        load_stack("kumar2024")
    assert available_stacks().count("kumar2024") == 1
    assert load_stack("perpendicular_cofeb").name == "perpendicular_cofeb"
