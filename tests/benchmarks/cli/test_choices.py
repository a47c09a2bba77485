"""Objects by name: a line in a registry is all that the command line needs."""

from dataclasses import dataclass

import pytest

from benchmarks.__main__ import main
from benchmarks.cli.choices import choose, listed, text_of
from crossbar import (
    BitSliced,
    ColumnWise,
    Differential,
    OffsetColumns,
    Percentile,
    Placement,
    ReadBack,
    ReferenceColumn,
    SignedLevel,
    Subtraction,
)
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


BEFORE = Subtraction.BEFORE
NAMED = {
    "reference:4": ReferenceColumn(4),
    "reference:every=4": ReferenceColumn(4),
    "offset:2:subtraction=before": OffsetColumns(2, subtraction=BEFORE),
    "differential:placement=halves": Differential(placement=Placement.HALVES),
    "signed:subtraction=before:placement=arrays": SignedLevel(placement=Placement.ARRAYS,
                                                              subtraction=BEFORE),
    "sliced": BitSliced(),
    "sliced:slices=3": BitSliced(slices=3),
    "sliced:signed:base=2": BitSliced(SignedLevel(), base=2),
    "sliced:mapping=signed:slices=4:base=2": BitSliced(SignedLevel(), 4, 2),
    "sliced:mapping.placement=arrays": BitSliced(Differential(placement=Placement.ARRAYS)),
    "sliced:reference:mapping.every=6": BitSliced(ReferenceColumn(6)),
    "sliced:sliced:slices=3:mapping.slices=1:mapping.mapping=offset:mapping.mapping.every=2":
        BitSliced(BitSliced(OffsetColumns(2), 1), 3),
}


@pytest.mark.parametrize("text", NAMED)
def test_settings_reach_numbers_enums_and_nested_objects(text: str) -> None:
    made = choose("mapping", text, MAPPINGS)
    assert made == NAMED[text]
    assert choose("mapping", text_of(made, MAPPINGS), MAPPINGS) == made


def test_a_scale_of_each_output_is_named_by_the_scale_that_it_is_of() -> None:
    for text in ("column-wise:percentile:scale.percent=90", "column-wise:max", "column-wise"):
        assert text_of(choose("scale", text, SCALES), SCALES) == text
    assert choose("scale", "column-wise:percentile:scale.percent=90", SCALES) == ColumnWise(
        Percentile(90))


@pytest.mark.parametrize(("text", "each"), [
    ("read-back", True), ("read-back:true", True), ("read-back:false", False),
    ("read-back:per_output=false", False)])
def test_truths_are_true_and_false(text: str, each: bool) -> None:
    made = choose("gain", text, GAINS)
    assert made == ReadBack(per_output=each)
    assert text_of(made, GAINS) == ("read-back" if each else "read-back:false")
    with pytest.raises(ValueError, match="unknown per_output '1'; known: false, true"):
        choose("gain", "read-back:1", GAINS)


def test_help_lists_all_settings_and_the_members_of_enums() -> None:
    text = listed(MAPPINGS)
    assert ("differential [:placement=interleaved|halves|arrays] [:subtraction=behind|before]"
            in text)
    assert "sliced[:mapping] [:slices=SLICES] [:base=BASE]" in text


@pytest.mark.parametrize(("text", "message"), [
    ("differential:halves", "takes no number there; got 'differential:halves', expected differ"),
    ("differential:placement=halfs", "unknown placement 'halfs'; did you mean 'halves'"),
    ("sliced:slces=2", "unknown parameter of mapping 'sliced' 'slces'; did you mean 'slices'"),
    ("sliced:slices=two", "slices is 'two', 'two' is not a number; expected for example"),
    ("sliced:slices=2.5", "slices is 2.5; expected a whole number"),
    ("sliced:slices.more=2", "slices has no parameter 'more'; expected slices=VALUE"),
    ("sliced:slices=2:slices=3", "sets slices twice"),
    ("sliced:refrence", "unknown mapping 'refrence'; did you mean 'reference'"),
    ("sliced:mapping.evry=2", "unknown parameter of mapping 'differential' 'evry'"),
    ("sliced:reference:4", "takes no number there"), ("reference:", "every is ''"),
    ("reference:=4", "takes no number there")])
def test_settings_that_mean_nothing_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        choose("mapping", text, MAPPINGS)
