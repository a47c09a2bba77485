"""Laws of trained networks: they reach their recorded accuracy, on images they have not seen."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
import pytest

from benchmarks.inputs.datasets import DATASETS, DataError, ImageSet, load_test  # after the skip
from benchmarks.inputs.weights import (
    BUNDLED_FOLDER,
    BUNDLED_SEEDS,
    Metadata,
    TrainedModel,
    file_stem,
    load_trained,
    read_metadata,
    save_trained,
)
from benchmarks.train.networks import build_network  # after the skip

# Keras 3.15 with NumPy 2.4: Keras' own conversion of a variable to an array, harmless
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

# what the networks are known to reach, less a margin
FLOOR = {("dense", "mnist"): 0.97, ("dense", "fashion_mnist"): 0.88,
         ("lenet", "mnist"): 0.985, ("lenet", "fashion_mnist"): 0.89}
EPOCHS = {"dense": 40, "lenet": 20}


def images(seed: int, name: str = "mnist") -> ImageSet:
    x = np.random.default_rng(seed).integers(0, 256, (20, 784)).astype(np.float32)
    return ImageSet(name, "folder", "test", x / np.float32(255), np.arange(20) % 10)


@pytest.fixture
def test_set() -> ImageSet:
    return images(0)


@pytest.fixture
def trained(test_set: ImageSet) -> TrainedModel:
    metadata = Metadata(
        dataset="mnist",
        training_source="a split of the user's own",
        train_digest="0" * 64,
        test_digest=test_set.digest,
        seed=0,
        epochs=1,
        batch_size=8,
        learning_rate=1e-3,
        optimizer="Adam",
        test_accuracy=0.1,
        versions={"keras": keras.__version__},
        date="2025-01-01",
    )
    return TrainedModel(build_network(), metadata)


every_bundled = pytest.mark.parametrize(
    ("name", "network", "seed"), [(name, network, seed) for name in DATASETS
                                  for network, seeds in BUNDLED_SEEDS.items() for seed in seeds])


@every_bundled
def test_bundled_network_reaches_its_recorded_accuracy(name: str, network: str, seed: int) -> None:
    test = load_test(name)
    trained = load_trained(name, test, seed=seed, network=network)
    _, accuracy = trained.model.evaluate(test.x, test.y, batch_size=1000, verbose=0)
    # another machine may round a tie differently: allow two of the 10,000 images
    assert accuracy == pytest.approx(trained.metadata.test_accuracy, abs=2e-4)
    assert accuracy > FLOOR[network, name]


@every_bundled
def test_bundled_files_are_small_and_their_record_is_complete(
    name: str, network: str, seed: int
) -> None:
    path = BUNDLED_FOLDER / f"{file_stem(name, seed, network)}.keras"
    assert path.stat().st_size < 500_000
    record = read_metadata(path.with_suffix(".json"))
    assert (record.dataset, record.network) == (name, network)
    assert record.training_source == DATASETS[name].bundled_split
    assert record.test_digest == DATASETS[name].bundled_digest != record.train_digest
    assert (record.seed, record.epochs, record.optimizer) == (seed, EPOCHS[network], "Adam")
    assert set(record.versions) == {"python", "tensorflow", "keras", "numpy"}


def test_every_bundled_file_is_listed() -> None:
    listed = {file_stem(name, seed, network) for name in DATASETS
              for network, seeds in BUNDLED_SEEDS.items() for seed in seeds}
    assert {path.name for path in BUNDLED_FOLDER.iterdir()} == {
        f"{stem}.{ending}" for stem in listed for ending in ("json", "keras")}


@pytest.mark.parametrize("name", DATASETS)
def test_bundled_networks_of_one_dataset_differ(name: str) -> None:
    """Else an interval over seeds would be an interval over copies."""
    kernels = [load_trained(name, load_test(name), seed=seed).model.get_weights()[0]
               for seed in BUNDLED_SEEDS["dense"]]
    for i, kernel in enumerate(kernels):
        assert all(not np.array_equal(kernel, other) for other in kernels[:i])


def test_a_seed_that_is_not_bundled_says_how_to_train_it() -> None:
    with pytest.raises(DataError, match=r"mnist_seed77\.keras.* seeds 0 to 4 are "
                       r"bundled; train them .*--dataset mnist --seed 77"):
        load_trained("mnist", load_test("mnist"), seed=77)
    with pytest.raises(DataError, match=r"mnist_lenet_seed1\.keras.* seed 0 is bundled; train them "
                       r".*train --network lenet --dataset mnist --seed 1'"):
        load_trained("mnist", load_test("mnist"), seed=1, network="lenet")


def test_a_network_that_is_not_bundled_is_named_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown network 'lennet'; did you mean 'lenet'\? known: "
                       r"dense, lenet"):
        load_trained("mnist", load_test("mnist"), network="lennet")


def test_a_record_without_a_network_is_of_the_dense_one(
    trained: TrainedModel, test_set: ImageSet, tmp_path: Path
) -> None:
    """Those written before there were several."""
    path = save_trained(trained, tmp_path, "mine")
    values = asdict(trained.metadata)
    del values["network"]
    path.with_suffix(".json").write_text(json.dumps(values))
    assert load_trained("mnist", test_set, path).metadata == trained.metadata
    assert trained.metadata.network == "dense"


def test_a_file_of_another_network_is_refused_unless_any_will_do(
    trained: TrainedModel, test_set: ImageSet, tmp_path: Path
) -> None:
    record = replace(trained.metadata, network="lenet")
    path = save_trained(replace(trained, metadata=record), tmp_path, "mine")
    with pytest.raises(DataError, match=r"mine\.keras holds a network 'lenet'.* and 'dense' was"):
        load_trained("mnist", test_set, path)
    for wanted in ("lenet", None):
        assert load_trained("mnist", test_set, path, network=wanted).metadata == record


def test_saving_and_loading_keeps_weights_and_record(
    trained: TrainedModel, test_set: ImageSet, tmp_path: Path
) -> None:
    path = save_trained(trained, tmp_path, "mine")
    loaded = load_trained("mnist", test_set, path)
    assert loaded.metadata == trained.metadata
    for before, after in zip(trained.model.get_weights(), loaded.model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.json", "mine.keras"]
    assert np.isfinite(loaded.model.evaluate(test_set.x, test_set.y, verbose=0)).all()


def test_new_weights_never_stand_beside_an_old_record(
    trained: TrainedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_trained(trained, tmp_path, "mine")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(trained.model, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_trained(trained, tmp_path, "mine")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.keras"]  # the old one, whole, no record


def test_other_test_images_are_refused(trained: TrainedModel, tmp_path: Path) -> None:
    path = save_trained(trained, tmp_path, "mine")
    message = r"trained on mnist \(a split of the user's own\) must not be tested on .*trained on"
    with pytest.raises(DataError, match=message):
        load_trained("mnist", images(1), path)


def test_bundled_weights_refuse_a_subset_of_the_images_and_other_labels() -> None:
    """The official Fashion-MNIST test images, too, are just another digest."""
    test = load_test("fashion_mnist")
    for x, y in ((test.x[:100], test.y[:100]), (test.x, test.y[::-1])):
        other = ImageSet("fashion_mnist", "keras", "test", x.copy(), y.copy())
        with pytest.raises(DataError, match=r"random split, seed 2024.*must not be tested"):
            load_trained("fashion_mnist", other)


def test_another_dataset_is_refused(
    trained: TrainedModel, test_set: ImageSet, tmp_path: Path
) -> None:
    path = save_trained(trained, tmp_path, "mine")
    with pytest.raises(DataError, match="all three must be the same"):
        load_trained("fashion_mnist", images(0, "fashion_mnist"), path)
    with pytest.raises(DataError, match="all three must be the same"):
        load_trained("fashion_mnist", test_set, path)


def test_missing_files_are_named(trained: TrainedModel, test_set: ImageSet, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.keras: this is missing; train them with"):
        load_trained("mnist", test_set, tmp_path / "none.keras")
    path = save_trained(trained, tmp_path, "mine")
    with pytest.raises(DataError, match=r"mine\.json: this is no \.keras file"):
        load_trained("mnist", test_set, path.with_suffix(".json"))
    path.with_suffix(".json").unlink()
    with pytest.raises(DataError, match=r"mine\.json is missing: weights need the \.json"):
        load_trained("mnist", test_set, path)


def test_damaged_files_are_named(trained: TrainedModel, test_set: ImageSet, tmp_path: Path) -> None:
    path = save_trained(trained, tmp_path, "mine")
    record = path.with_suffix(".json")
    values = asdict(trained.metadata)
    for text, message in (
        ("{", "is no JSON"),
        ("[1]", "is no record"),
        (json.dumps({**values, "sead": 1}), r"missing: \[\], unknown: \['sead'\]"),
        (json.dumps({k: v for k, v in values.items() if k != "seed"}), r"missing: \['seed'\]"),
        (json.dumps({**values, "seed": "zero"}), r"no record of a training \(seed is zero\)"),
    ):
        record.write_text(text)
        with pytest.raises(DataError, match=message):
            load_trained("mnist", test_set, path)
    record.write_text(json.dumps(values))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match=r"mine\.keras cannot be read as a Keras model"):
        load_trained("mnist", test_set, path)


def test_network_of_named_arrays_is_refused(
    trained: TrainedModel, test_set: ImageSet, tmp_path: Path
) -> None:
    x = keras.Input((784,), name="image")
    named = keras.Model({"image": x}, {"digit": keras.layers.Dense(10)(x)})
    path = save_trained(replace(trained, model=named), tmp_path, "named")
    with pytest.raises(DataError, match=r"in a dict or list; expected one array"):
        load_trained("mnist", test_set, path)


def test_network_of_another_shape_is_named(
    trained: TrainedModel, test_set: ImageSet, tmp_path: Path
) -> None:
    small = keras.Sequential([keras.layers.Input((5,)), keras.layers.Dense(10)])
    path = save_trained(replace(trained, model=small), tmp_path, "small")
    with pytest.raises(
        DataError, match=r"maps \(None, 5\) to \(None, 10\); expected \(None, 784\)"
    ):
        load_trained("mnist", test_set, path)
