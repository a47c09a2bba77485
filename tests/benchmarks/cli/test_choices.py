"""Objects by name: a line in a registry is all that the command line needs."""

from dataclasses import dataclass

import pytest

from benchmarks.__main__ import main
from benchmarks.cli.choices import choose, listed, text_of
from crossbar import Differential
from crossbar.mapping import GAINS, MAPPINGS, SCALES


@dataclass(frozen=True)
class Mine(Differential):
    """A mapping of someone's own, with a number."""

    number: float = 2.0


@pytest.mark.parametrize("registry", [MAPPINGS, SCALES, GAINS])
def test_every_name_makes_an_object_that_says_it(registry: dict[str, type]) -> None:
    for name in registry:
        made = choose("kind", name, registry)
        assert type(made) is registry[name]
        assert choose("kind", text_of(made, registry), registry) == made


def test_a_line_in_the_registry_reaches_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(MAPPINGS, "mine", Mine)
    assert choose("mapping", "mine:3", MAPPINGS) == Mine(3)
    assert text_of(Mine(3), MAPPINGS) == "mine:3"
    assert "mine[:number]" in listed(MAPPINGS)
    with pytest.raises(SystemExit):
        main(["accuracy", "--help"])
    assert "mine[:number]" in capsys.readouterr().out
