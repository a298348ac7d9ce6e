"""The same bytes in one process, in several and on a cluster, and what becomes of a run that stops."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from listed_exports import laid_out, left, studied
from printing import no_shell

from compendium.multiverse import engine
from compendium.multiverse.engine import collect, examine_all
from compendium.multiverse.ground import lay_ground

COUNT, SEED = 9, 4


@pytest.fixture(scope="module")
def grounds(employers):
    plan = employers.study.instrument.plan
    asked = [
        lay_ground(employers, plan[name]) for name in ("awareness", "interest_by_size", "persuasion")
    ]
    return [replace(ground, universes=ground.universes[:30]) for ground in asked]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", 8)


def examined(grounds, folder, scheduler="", stamp=None):
    return list(examine_all(grounds, folder, stamp or {"of": "it"}, COUNT, SEED, 0.95, scheduler))


def same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        assert one[name][0].tobytes() == other[name][0].tobytes()
        assert one[name][1] == other[name][1]


@pytest.fixture(scope="module")
def alone(grounds, tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "parts"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "CHUNK", 1000)
        steps = examined(grounds, folder)
    total = sum(len(ground.universes) for ground in grounds)
    assert steps[0] == (0, total)
    assert steps[-1] == (total, total)
    found = collect(grounds, folder)
    assert not folder.exists()
    return found


@pytest.mark.parametrize("scheduler", ["", "threads"])
def test_chunks_and_threads_change_no_byte(grounds, alone, tmp_path, scheduler):
    examined(grounds, tmp_path, scheduler)
    same(collect(grounds, tmp_path), alone)


@pytest.fixture(scope="module")
def two():
    """A cluster of two workers, processes that find imported what takes seconds to import."""
    import dask
    from distributed import LocalCluster
    from distributed.utils import get_mp_context

    forked = {"distributed.worker.multiprocessing-method": "forkserver"}
    local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with warnings.catch_warnings(), no_shell(), dask.config.set(forked):
        warnings.simplefilter("ignore")  # of distributed, about ports and logs of this machine
        needed = ["distributed", "compendium.studies.run", "compendium.publishing.pdf"]  # as `printed`
        get_mp_context().set_forkserver_preload(needed)
        with LocalCluster(**local) as cluster:
            yield cluster.scheduler_address


@pytest.mark.filterwarnings("ignore")  # distributed's, of ports and logs: they are errors here
def test_two_workers_of_a_cluster_change_no_byte(grounds, alone, tmp_path, two):
    examined(grounds, tmp_path, two)
    same(collect(grounds, tmp_path), alone)


@pytest.mark.filterwarnings("ignore")  # distributed's, of ports and logs: they are errors here
def test_two_workers_examine_studies_as_one_process_does(tmp_path, two):
    """Of `make studies`, here because a cluster takes seconds to start."""
    one, other = laid_out(tmp_path / "one"), laid_out(tmp_path / "other")
    studied(one)
    studied(other, scheduler=two)
    assert left(one) == left(other)


def test_a_stopped_run_goes_on_where_it_was(grounds, alone, tmp_path, monkeypatch):
    calls = []

    def counted(*given):
        calls.append(given)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return engine.__dict__["_chunk"](*given)

    monkeypatch.setitem(engine.__dict__, "_chunk", engine.chunk)
    monkeypatch.setattr(engine, "chunk", counted)
    with pytest.raises(KeyboardInterrupt):
        examined(grounds, tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == 3
    assert not list(tmp_path.glob(".*"))  # nothing half-written
    steps = examined(grounds, tmp_path)
    assert steps[0][0] > 0
    same(collect(grounds, tmp_path), alone)


def test_chunks_of_other_answers_are_thrown_away(grounds, alone, tmp_path):
    examined(grounds, tmp_path, stamp={"of": "other answers"})
    for path in tmp_path.glob("*.npy"):
        np.save(path, np.zeros((8, 13)))
    examined(grounds, tmp_path)
    same(collect(grounds, tmp_path), alone)


def test_a_universe_that_fails_is_reported_and_stops_no_other(grounds, alone, tmp_path):
    ground = grounds[1]
    key = next(iter(ground.outcomes))
    none = replace(ground, outcomes=ground.outcomes | {key: np.ones(len(ground.pattern))})
    examined([none], tmp_path)
    rows, failed = collect([none], tmp_path)[ground.question]
    hit = [
        n for n, u in enumerate(ground.universes) if (u["outcome"], u["cut"], u["dont_know"]) == key[:3]
    ]
    assert sorted(failed) == hit != []
    assert set(failed.values()) == {"no variation in one of the two answers"}
    assert np.isnan(rows[hit]).all()
    rest = np.setdiff1d(np.arange(len(rows)), hit)
    assert (rows[rest] == alone[ground.question][0][rest]).all()


@pytest.mark.parametrize(
    ("scheduler", "says"), [("slurm", "there is no 'slurm'"), ("tcp://127.0.0.1:1", "nobody answers")]
)
def test_a_scheduler_that_is_not_there_is_named(grounds, tmp_path, scheduler, says, monkeypatch):
    monkeypatch.setattr(engine, "PATIENCE", 1)
    with pytest.raises(ValueError, match=says):
        examined(grounds, tmp_path, scheduler)
