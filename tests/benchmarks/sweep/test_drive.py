"""Driving a study: every point once, errors beside their points, and kills that lose nothing."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import psutil
import pytest

from benchmarks.sweep.cluster import Cluster, ClusterError
from benchmarks.sweep.drive import Workers, drive
from benchmarks.sweep.processes import Processes
from benchmarks.sweep.store import Row, Store
from benchmarks.sweep.study import Study, read_study, tasks_of
from tests.support import drive_points
from tests.support.slow_points import deadly, endless, failing, slow, tiny

ROOT = Path(__file__).parents[3]


def study(points: int, chips: int = 1) -> Study:
    return Study("t", "", {}, {"cells": tuple(range(1, points + 1))}, (), ("analog",), chips)


def rows(path: Path) -> dict[str, Row]:
    with Store(path) as store:
        return {row.key: row for row in store.rows()}


def expected(one: Study) -> dict[str, dict[str, float]]:
    return {task.key: tiny(task) for task in tasks_of(one, "code")}


def dask() -> Workers:
    pytest.importorskip("distributed", reason="the extra [study]")
    return Cluster(None, 2, 1)


RUNNERS = pytest.mark.parametrize("make", [lambda: Processes(2, 1), dask],
                                  ids=["processes", "dask"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@RUNNERS
def test_every_point_is_computed_once_and_not_again(tmp_path: Path, make: object) -> None:
    one, path = study(6, 2), tmp_path / "points.sqlite"
    with Store(path) as store:
        first = drive(tasks_of(one, "code"), store, make(), tiny)  # type: ignore[operator] # of the list
        again = drive(tasks_of(one, "code"), store, make(), endless)  # type: ignore[operator]
    assert (first.known, first.computed, first.failed) == (0, 12, 0)
    assert (again.known, again.computed) == (12, 0)
    assert {key: row.found for key, row in rows(path).items()} == expected(one)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@RUNNERS
def test_errors_stay_with_their_points_and_a_retry_mends_them(
    tmp_path: Path, make: object
) -> None:
    one, path = study(4), tmp_path / "points.sqlite"
    with Store(path) as store:
        first = drive(tasks_of(one, "code"), store, make(), failing)  # type: ignore[operator]
        assert (first.computed, first.failed) == (4, 1)
        bad = [row for row in store.rows() if row.error]
        assert [row.error for row in bad] == ["ValueError: two cells are wrong"]
        assert drive(tasks_of(one, "code"), store, make(), tiny).computed == 0  # type: ignore[operator]
        mended = drive(tasks_of(one, "code"), store, make(), tiny, retry=True)  # type: ignore[operator]
    assert (mended.known, mended.computed, mended.failed) == (3, 1, 0)
    assert {key: row.found for key, row in rows(path).items()} == expected(one)


@pytest.mark.slow
def test_a_point_that_kills_its_worker_fails_and_the_others_do_not(tmp_path: Path) -> None:
    one, path = study(5), tmp_path / "points.sqlite"
    with Store(path) as store:
        tally = drive(tasks_of(one, "code"), store, Processes(2, 1), deadly)
    assert (tally.computed, tally.failed) == (5, 1)
    found = rows(path)
    assert next(row.error for row in found.values() if row.error).startswith("5 workers died")
    good = {key: row.found for key, row in found.items() if row.found}
    assert good.items() <= expected(one).items()
    assert len(good) == 4


class Breaking(Processes):
    """Processes whose first pool is found broken when a third task is handed to it."""

    pools = 0

    def _pool(self) -> ProcessPoolExecutor:
        pool, submit, calls = super()._pool(), ProcessPoolExecutor.submit, 0
        self.pools += 1

        def broken(*args: object) -> object:
            nonlocal calls
            calls += 1
            if self.pools == 1 and calls == 3:
                raise BrokenProcessPool("a worker died")
            return submit(pool, *args)  # type: ignore[arg-type] # tried, measure, task

        pool.submit = broken  # type: ignore[method-assign, assignment]
        return pool


@pytest.mark.slow
def test_a_task_that_a_broken_pool_does_not_take_is_not_lost(tmp_path: Path) -> None:
    one, path, runner = study(5), tmp_path / "points.sqlite", Breaking(2, 1)
    with Store(path) as store:
        tally = drive(tasks_of(one, "code"), store, runner, tiny)
    assert (tally.computed, tally.failed, runner.pools) == (5, 0, 2)
    assert {key: row.found for key, row in rows(path).items()} == expected(one)


@pytest.mark.slow
def test_numbers_that_are_none_are_errors(tmp_path: Path) -> None:
    with Store(tmp_path / "p.sqlite") as store:
        assert drive(tasks_of(study(1), "code"), store, Processes(1, 1), endless).failed == 1
        assert next(store.rows()).error == "analog are not finite"


TEXT = '[study]\ntitle = "t"\nobserve = ["analog"]\n[grid]\ncells = [{}]\n'


class Driver:
    """A driver in a process of its own."""

    def __init__(self, folder: Path, points: int, runner: str = "processes") -> None:
        self.study, self.store = folder / "s.toml", folder / "points.sqlite"
        self.study.write_text(TEXT.format(", ".join(map(str, range(1, points + 1)))), "utf-8")
        self.runner = runner

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, drive_points.__file__, str(self.study), str(self.store), self.runner],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)

    def undisturbed(self) -> dict[str, dict[str, float]]:
        return expected(read_study(self.study))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_driver_that_is_killed_at_any_time_goes_on_to_the_same_result(
    tmp_path: Path, seed: int
) -> None:
    """Four kills each, 16 in all, from its first imports on; with those of workers 25."""
    driver, rng = Driver(tmp_path, 60), np.random.default_rng(seed)
    kills = 0
    for kill in range(4):
        process = driver.start()
        try:
            process.wait(timeout=float(rng.uniform(0.5, 2.0 + kill)))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
    process = driver.start()
    assert process.wait(timeout=120) == 0
    assert {key: row.found for key, row in rows(driver.store).items()} == driver.undisturbed()
    assert kills >= 1


def wait_until(happened: Callable[[], bool]) -> None:
    """However slow the machine is; a minute at most."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen within a minute")


def workers_of(driver: int) -> list[psutil.Process]:
    """Processes that compute points; none once the driver is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [each for each in psutil.Process(driver).children(recursive=True)
                if "spawn_main" in " ".join(each.cmdline())]
    return []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_workers_that_are_killed_at_any_time_change_nothing(tmp_path: Path, seed: int) -> None:
    """Three each."""
    driver, rng = Driver(tmp_path, 60), np.random.default_rng(100 + seed)
    process = driver.start()
    kills = 0
    while process.poll() is None:
        time.sleep(float(rng.uniform(0.5, 1.2)))
        workers = workers_of(process.pid) if kills < 3 else []
        if workers:
            os.kill(workers[int(rng.integers(len(workers)))].pid, signal.SIGKILL)
            kills += 1
    assert process.returncode == 0
    assert kills
    assert {key: row.found for key, row in rows(driver.store).items()} == driver.undisturbed()


@pytest.mark.slow
def test_workers_of_a_killed_driver_end_too(tmp_path: Path) -> None:
    process = Driver(tmp_path, 600).start()
    wait_until(lambda: len(workers_of(process.pid)) == 2)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive


@pytest.fixture
def scheduler() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A scheduler and two workers, each a process, on loopback."""
    pytest.importorskip("distributed", reason="the extra [study]")
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, environment = f"tcp://127.0.0.1:{port}", {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1",
               "--port", str(port), "--no-dashboard"]
    started = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=ROOT)]
    for _ in range(2):
        started.append(subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1",
             "--no-dashboard"], env=environment, stderr=subprocess.DEVNULL, cwd=ROOT))
    try:
        yield address, started[0]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_cluster_of_processes_on_loopback_computes_the_same(
    tmp_path: Path, scheduler: tuple[str, object]
) -> None:
    one, path = study(8, 2), tmp_path / "points.sqlite"
    with Store(path) as store:
        drive(tasks_of(one, "code"), store, Cluster(scheduler[0], 2, 1), slow)
    assert {key: row.found for key, row in rows(path).items()} == expected(one)


@pytest.mark.slow
def test_a_scheduler_that_is_killed_loses_nothing(
    tmp_path: Path, scheduler: tuple[str, "subprocess.Popen[bytes]"]
) -> None:
    driver = Driver(tmp_path, 90, scheduler[0])
    process, written = driver.start(), driver.store.with_name("points.sqlite-wal")
    wait_until(lambda: written.exists() and written.stat().st_size > 100_000)  # some points
    scheduler[1].kill()
    process.wait(timeout=120)
    assert process.returncode != 0
    before = rows(driver.store)
    assert before
    driver.runner = "processes"
    again = driver.start()
    assert again.wait(timeout=120) == 0
    found = rows(driver.store)
    assert {key: row.found for key, row in found.items()} == driver.undisturbed()
    assert all(found[key] == row for key, row in before.items())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_scheduler_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra [study]")
    with Store(tmp_path / "p.sqlite") as store, pytest.raises(
            ClusterError, match="no scheduler answers"):
        drive(tasks_of(study(1), "code"), store, Cluster("tcp://127.0.0.1:9", 1, 1), tiny)
