"""The command: trends on real images, equal twice, resumed, drawn again, and bad input."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.paper import command as paper
from benchmarks.paper import run as paper_run
from benchmarks.paper.circuit import wires
from benchmarks.paper.plan import contour_tmr, make_plan, thicknesses
from benchmarks.paper.trade_off import BROKEN, write
from device_models import load_stack
from device_models.reliability import breakdown_probability, mean_breakdown
from device_models.switching import switching_probability

STACK = load_stack("kumar2024")
CIRCUIT = {"paper_circuit.png", "paper_circuit.svg"}
FILES = {"paper.json", "paper_claims.csv", "paper.png", "paper.svg", "paper_points.jsonl", *CIRCUIT}
SMALL = ("--quick", "--images", "200", "--seeds", "2")


def result_in(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "paper.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quick")
    assert main(["paper", "--quick", "--out", str(folder)]) == 0
    return folder


@pytest.mark.slow
def test_quick_shows_the_trends(quick: Path) -> None:
    """More cells are better, and 1 cell gains from TMR, on both image sets."""
    result = result_in(quick)
    for dataset, curves in result["wedge"].items():
        mean = np.mean(curves, axis=0)
        assert mean[2].mean() > mean[0].mean() + 1, dataset
        assert mean[1].mean() > mean[0].mean(), dataset
        assert mean[0, -1] > mean[0, 0] + 2, dataset
    assert np.mean(result["wedge"]["mnist"]) > np.mean(result["wedge"]["fashion_mnist"]) + 3
    assert {path.name for path in quick.iterdir()} == FILES


@pytest.mark.slow
def test_quick_table_has_every_claim(quick: Path) -> None:
    result = result_in(quick)
    assert len(result["claims"]) == 16
    assert {row["dataset"] for row in result["claims"]} == {"mnist", "fashion_mnist", "both"}
    assert all(np.isfinite(row["interval"]) and row["interval"] >= 0 for row in result["claims"])
    assert sum(row["interval"] > 0 for row in result["claims"]) >= 12  # seeds differ
    assert len((quick / "paper_claims.csv").read_text().splitlines()) == 17


@pytest.mark.slow
def test_the_circuit_costs_accuracy_and_energy_grows_with_cells(quick: Path) -> None:
    result = result_in(quick)
    for dataset in result["wedge"]:
        found = result["circuit"]["this reading"][dataset]
        energy = np.array(found["energy_j"])[:, 0]
        assert np.all(np.diff(energy) > 0)
        at = result["thickness_nm"].index(result["circuit_thickness_nm"][0])
        ideal = np.array(result["wedge"][dataset])[:, :, at]
        assert np.mean(found["accuracy"]) < np.mean(ideal) + 0.5
    trade = result["trade_off"]
    for ways in trade["accuracy"].values():
        read, field, free = (np.mean(ways[way], axis=0)
                             for way in ("perfect", "with_field", "field_free"))
        assert np.all(read >= field - 1)
        assert np.all((field >= free - 1) | (free < 15))  # below it is chance
        assert free[-1] < 25  # nothing is written at 2.6 nm
    assert result["left_out"] == {}


@pytest.mark.slow
def test_probabilities_of_examples_add_to_one(quick: Path) -> None:
    examples = result_in(quick)["examples"]
    assert len(examples) == 6
    for example in examples:
        assert set(example["probabilities"]) == {"software", "ideal", "circuit"}
        for values in example["probabilities"].values():
            assert sum(values) == pytest.approx(1, abs=1e-6)


@pytest.mark.slow
def test_drawing_again_computes_nothing(
    quick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paper, "_compute", lambda args: pytest.fail("it computed"))
    before = (quick / "paper.json").read_bytes()
    for name in ("paper.png", "paper_circuit.svg", "paper_claims.csv"):
        (quick / name).unlink()
    assert main(["paper", "--redraw", "--out", str(quick)]) == 0
    assert {path.name for path in quick.iterdir()} == FILES
    assert (quick / "paper.json").read_bytes() == before
    assert "wrote paper_claims.csv, paper.png, paper_circuit.png to" in capsys.readouterr().out


@pytest.mark.slow
def test_two_runs_are_equal_and_a_third_does_nothing_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    results = []
    for name in ("a", "b", "a"):
        assert main(["paper", *SMALL, "--only", "ideal", "--out", str(tmp_path / name)]) == 0
        results.append({key: value for key, value in result_in(tmp_path / name).items()
                        if key != "seconds"})
    assert results[0] == results[1] == results[2]
    points = (tmp_path / "a" / "paper_points.jsonl").read_text().splitlines()
    assert sorted(points) == sorted((tmp_path / "b" / "paper_points.jsonl").read_text()
                                    .splitlines())
    assert "points are done already" in capsys.readouterr().err
    assert {path.name for path in (tmp_path / "a").iterdir()} == FILES - CIRCUIT


@pytest.mark.slow
def test_an_interrupted_study_goes_on_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.paper.network import Evaluator

    flags = ["paper", *SMALL, "--only", "ideal", "--dataset", "mnist"]
    asked = 0
    quantised = Evaluator.quantised

    def interrupted(self: Evaluator, hardware: Any) -> float:
        nonlocal asked
        asked += 1
        if asked == 20:
            raise KeyboardInterrupt
        return quantised(self, hardware)

    with monkeypatch.context() as patch:
        patch.setattr(Evaluator, "quantised", interrupted)
        assert main([*flags, "--out", str(tmp_path / "a")]) == 130
    done = len((tmp_path / "a" / "paper_points.jsonl").read_text().splitlines()) - 1
    assert done >= 10
    capsys.readouterr()
    assert main([*flags, "--out", str(tmp_path / "a")]) == 0
    assert f"{done} points are done already" in capsys.readouterr().err
    assert main([*flags, "--out", str(tmp_path / "b")]) == 0
    resumed, straight = (result_in(tmp_path / name) for name in "ab")
    assert resumed["wedge"] == straight["wedge"]
    assert resumed["claims"] == straight["claims"]


@pytest.mark.parametrize(("flags", "message"), [
    (("--dataset", "minst"), "did you mean 'mnist'"),
    (("--reading", "diferential,max,renormalised,float"), "did you mean 'differential'"),
    (("--reading", "nonsense"), "expected MAPPING,SCALE,GAIN,BIAS"),
    (("--thickness", "3.0"), "covers 1.6 to 2.6 nm"),
    (("--thickness", "-1"), "covers 1.6 to 2.6 nm"),
    (("--seeds", "1"), "takes 2 or more"),
    (("--seeds", "9"), "mnist_seed5.keras"),
    (("--weights", "nowhere"), "nowhere/mnist_seed0.keras: this is missing"),
    (("--only", "ideals"), "did you mean 'ideal'"),
    (("--stack", "kumar2023"), "did you mean 'kumar2024'"),
    (("--redraw",), "paper.json is missing: 'python -m benchmarks paper' writes it"),
    (("--images", "0"), "whole number"),
])
def test_bad_input_ends_in_one_line(
    flags: tuple[str, ...], message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(["paper", "--quick", *flags, "--out", str(tmp_path / "out")])
    except SystemExit as stop:
        status = int(stop.code or 0)
    assert status == 2
    error = capfd.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not (tmp_path / "out" / "paper.json").exists()


def test_an_unwritable_folder_is_found_before_any_work(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_run, "compute", lambda *_: pytest.fail("it computed"))
    (tmp_path / "file").touch()
    assert main(["paper", "--out", str(tmp_path / "file")]) == 2
    assert "cannot write to --out" in capfd.readouterr().err


def test_a_damaged_result_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "paper.json").write_text("{")
    assert main(["paper", "--redraw", "--out", str(tmp_path)]) == 2
    assert "paper.json is damaged" in capfd.readouterr().err


def test_another_stack_runs_and_says_what_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stack of resistances alone has no channel to lay wires by, and no way to be written."""
    text = (Path(paper.__file__).parents[2] / "device_models/stacks/kumar2024.toml").read_text()
    (tmp_path / "bare.toml").write_text(text[: text.index("[magnetics]")])
    out = tmp_path / "out"
    assert main(["paper", *SMALL, "--dataset", "mnist", "--stack", str(tmp_path / "bare.toml"),
                 "--out", str(out)]) == 0
    assert set(result_in(out)["left_out"]) == {"circuit_words", "circuit", "examples", "trade_off"}
    assert "circuit left out:" in capsys.readouterr().out


def test_the_ends_and_the_best_thickness_are_always_among_the_points() -> None:
    for wanted in ((), (2.0e-9,), (1.6e-9, 1.9e-9)):
        found = thicknesses(STACK, wanted)
        assert {1.6e-9, 1.9e-9, 2.6e-9} <= set(found)
        assert np.all(np.diff(found) > 0)
    np.testing.assert_allclose(contour_tmr(11)[[0, -1]], [0.6, 2.6])


@pytest.mark.parametrize("cells", [1, 3])
@pytest.mark.parametrize("nm", [1.6, 1.9, 2.2, 2.6])
def test_the_write_breaks_as_many_as_tolerated(nm: float, cells: int) -> None:
    each = write(STACK, nm * 1e-9, cells)
    shape = STACK.breakdown.shape
    scale = each.breakdown_voltage / float(mean_breakdown(1.0, shape))
    assert float(breakdown_probability(each.voltage, scale, shape)) == pytest.approx(BROKEN)
    assert write(STACK, nm * 1e-9, cells, 1e-2).voltage > each.voltage


@pytest.mark.parametrize("cells", [1, 3])
def test_thicker_layers_are_harder_to_write_and_the_field_helps(cells: int) -> None:
    writes = [write(STACK, t, cells) for t in thicknesses(STACK)]
    assert all(w.with_field >= w.field_free for w in writes)
    assert np.all(np.diff([w.critical_voltage for w in writes]) > 0)
    assert np.all(np.diff([w.with_field for w in writes]) <= 1e-12)
    assert writes[0].with_field == pytest.approx(1, abs=1e-6)
    assert writes[-1].with_field < 0.2  # 3 cells; the current's own field helps


def test_wires_grow_with_the_pitch_of_the_compound() -> None:
    one, two, three = (wires(STACK, cells).row for cells in (1, 2, 3))
    assert three - two == pytest.approx(two - one)
    assert one == pytest.approx(0.487, abs=1e-3)  # 2.0 um of 45 nm copper, 1 um wide


@pytest.mark.parametrize("text", ["{}", "[1]", '{"wedge": {}}'])
def test_a_file_that_is_no_result_is_named(
    text: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paper.json").write_text(text)
    assert main(["paper", "--redraw", "--out", str(tmp_path)]) == 2
    assert "paper.json is damaged (it lacks" in capfd.readouterr().err


@pytest.mark.slow
def test_files_of_an_earlier_result_do_not_stand_beside_a_new_one(tmp_path: Path) -> None:
    for stale in (*CIRCUIT, "paper_readings.csv"):
        (tmp_path / stale).write_text("of another run")
    assert main(["paper", *SMALL, "--only", "ideal", "--dataset", "mnist",
                 "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == FILES - CIRCUIT


def test_images_beyond_those_there_are_do_not_count() -> None:
    assert make_plan(STACK, ["mnist"], images=20_000).images == 10_000


def test_networks_of_another_kind_are_refused() -> None:
    import keras

    from benchmarks.inputs.datasets import DataError, load_test
    from benchmarks.inputs.weights import TrainedModel, load_trained
    from benchmarks.paper.network import Network

    test = load_test("mnist")
    record = load_trained("mnist", test).metadata
    dense, layers = keras.layers.Dense, [keras.layers.Input((784,))]
    for made in ([dense(10, "softmax")], [dense(128, "tanh"), dense(10, "softmax")],
                 [dense(9, "sigmoid"), dense(9, "relu"), dense(10, "softmax")]):
        with pytest.raises(DataError, match="expected two Dense ones, sigmoid and softmax"):
            Network.of(TrainedModel(keras.Sequential(layers + made), record), test)


def test_copies_of_one_training_are_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Three copies of one network would give intervals of nothing."""
    import shutil

    from benchmarks.inputs.weights import BUNDLED_FOLDER

    for seed in (0, 1):
        for ending in ("keras", "json"):
            shutil.copy(BUNDLED_FOLDER / f"mnist_seed0.{ending}",
                        tmp_path / f"mnist_seed{seed}.{ending}")
    assert main(["paper", *SMALL, "--only", "ideal", "--dataset", "mnist", "--weights",
                 str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "mnist_seed1 holds the training of seed 0" in capfd.readouterr().err


@pytest.mark.slow
def test_claims_of_a_thickness_that_is_not_there_are_left_out(tmp_path: Path) -> None:
    text = (Path(paper.__file__).parents[2] / "device_models/stacks/kumar2024.toml").read_text()
    (tmp_path / "thick.toml").write_text(
        text[: text.index("[magnetics]")].replace("[1.6, 2.6], tag", "[2.2, 2.6], tag", 1))
    assert main(["paper", *SMALL, "--only", "ideal", "--dataset", "mnist", "--stack",
                 str(tmp_path / "thick.toml"), "--out", str(tmp_path)]) == 0
    claims = {row["claim"] for row in result_in(tmp_path)["claims"]}
    assert not any("1.9 nm" in claim for claim in claims)
    assert "1 cell: rise over the wedge" in claims


@pytest.mark.parametrize("nm", [1.6, 1.7, 1.9, 2.6])
def test_the_field_alone_writes_no_more_than_tolerated(nm: float) -> None:
    """Else cells that should stay would be written, too; a larger field would do so, or there is
    none in the stated range."""
    each, magnet = write(STACK, nm * 1e-9, 3), STACK.writing_magnet(nm * 1e-9, 3)
    assert each.field_alone <= BROKEN
    assert 6e-3 <= each.field <= 10e-3
    larger = switching_probability(magnet, -1e-9, 200e-9, -each.field - 0.1e-3)
    assert each.field == pytest.approx(10e-3) or larger > BROKEN


@pytest.mark.slow
def test_a_reading_of_the_user_s_own_is_run_and_named(tmp_path: Path) -> None:
    flags = ["paper", *SMALL, "--only", "circuit", "--dataset", "mnist"]
    found = {}
    for mapping in ("reference", "reference:8"):
        out = tmp_path / mapping.replace(":", "_")
        reading = f"{mapping},deviation:1,swing:0.3,float"
        assert main([*flags, "--reading", reading, "--out", str(out)]) == 0
        found[mapping] = result_in(out)
    names = {key: each["circuit_readings"]["this reading"] for key, each in found.items()}
    assert names == {"reference": "reference:4,deviation:1,swing:0.3,float",
                     "reference:8": "reference:8,deviation:1,swing:0.3,float"}
    accuracies = [each["circuit"]["this reading"] for each in found.values()]
    assert accuracies[0] != accuracies[1]
