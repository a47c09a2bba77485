"""A driver of its own: `python drive_points.py STUDY STORE RUNNER`, to be killed by tests."""

import sys
from pathlib import Path

from benchmarks.sweep.cluster import Cluster
from benchmarks.sweep.drive import drive
from benchmarks.sweep.processes import Processes
from benchmarks.sweep.store import Store
from benchmarks.sweep.study import read_study, tasks_of
from tests.support.slow_points import slow

if __name__ == "__main__":
    study, path, runner = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    workers = Processes(2, 1) if runner == "processes" else Cluster(runner, 2, 1)
    with Store(path) as store:
        drive(tasks_of(read_study(study), "code"), store, workers, slow)
