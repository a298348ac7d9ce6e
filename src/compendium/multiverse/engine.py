"""Running all universes: in this process, in several, or on a cluster that Dask knows.

Universes go in chunks of one question. What a chunk gives depends on study, choices and seed alone, so
that the engine and the number of workers change nothing but the time. Each chunk is kept in a file of
its own until all are done: a run that was stopped goes on where it was.
"""

import io
import multiprocessing
import os
import shutil
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import numpy as np

from compendium.files import read_json, replace, write_json
from compendium.multiverse.universe import examine, shuffles

CHUNK = 60  # universes
PATIENCE = 20  # seconds, for a cluster to answer
LOCAL = ("synchronous", "threads", "processes")  # Dask's own schedulers, which need nothing started
KILLED = (
    "SCHEDULER: a worker was killed, mostly for want of memory; run it again with fewer or larger "
    "ones: what was done is kept."
)
FIELDS = ("estimate", "low", "high", "n")  # of each row of a chunk, before the shuffles


def examine_all(grounds, folder, stamp, count, seed, confidence, scheduler=""):
    """Examine every universe of some questions.

    Parameters
    ----------
    grounds : list of Ground
    folder : str or pathlib.Path
        Where chunks are kept while others are missing.
    stamp : dict
        What the universes are made from; chunks of another stamp are thrown away.
    count, seed : int
        Shuffles, and what they are drawn with.
    confidence : float
        Level of the intervals, a proportion.
    scheduler : str
        One of `LOCAL`, or the address of a cluster such as ``tcp://host:8786``; empty: one process.

    Yields
    ------
    tuple of int
        How many universes are done, of how many.

    Raises
    ------
    ValueError
        When there is no such scheduler, or nobody answers at its address.
    """
    folder = Path(folder)
    _begin(folder, stamp | {"seed": seed, "shuffles": count, "confidence": confidence})
    chunks = list(_chunks(grounds))
    total, done = sum(len(numbers) for _, numbers in chunks), 0
    missing = []
    for ground, numbers in chunks:
        if _path(folder, ground, numbers).exists():
            done += len(numbers)
        else:
            missing.append((ground, numbers))
    yield done, total
    jobs = [(*one, count, seed, confidence) for one in missing]
    for (ground, numbers, *_), (rows, failed) in computed(chunk, jobs, scheduler):
        _keep(folder, ground, numbers, rows, failed)
        done += len(numbers)
        yield done, total


def collect(grounds, folder):
    """What all chunks hold, and remove them.

    Returns
    -------
    dict of str to tuple
        By question: an array with one row a universe (`FIELDS`, then the shuffles; NaN where it
        failed), and why universes failed, by their number.
    """
    found = {}
    for ground in grounds:
        rows, failed = [], {}
        for _, numbers in _chunks([ground]):
            path = _path(Path(folder), ground, numbers)
            rows.append(np.load(path))
            if path.with_suffix(".json").exists():
                failed |= {
                    int(number): why for number, why in read_json(path.with_suffix(".json")).items()
                }
        found[ground.question] = np.concatenate(rows), failed
    shutil.rmtree(folder)
    return found


def chunk(ground, numbers, count, seed, confidence):
    """Examine some universes of a question: rows as in `collect`, and why others failed."""
    shuffled, failed = shuffles(ground, count, seed), {}
    rows = np.full((len(numbers), len(FIELDS) + len(shuffled) - 1), np.nan)
    for row, number in zip(rows, numbers, strict=True):
        try:
            found = examine(ground, ground.universes[number], shuffled, confidence)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
            failed[number] = str(error)
            continue
        row[: len(FIELDS)] = found.estimate, found.low, found.high, found.n
        row[len(FIELDS) :] = found.shuffled
    return rows, failed


def _chunks(grounds):
    for ground in grounds:
        for start in range(0, len(ground.universes), CHUNK):
            yield ground, range(start, min(start + CHUNK, len(ground.universes)))


def _path(folder, ground, numbers):
    return folder / f"{ground.question}-{numbers[0]}.npy"


def _begin(folder, stamp):
    """A folder for chunks, empty unless those in it were made from the same."""
    made = folder / "made.json"
    if folder.exists() and (not made.exists() or read_json(made) != stamp):
        shutil.rmtree(folder)
    write_json(made, stamp)


def _keep(folder, ground, numbers, rows, failed):
    """A chunk in one step, after why some of it failed: it counts as done once its rows are there."""
    path, content = _path(folder, ground, numbers), io.BytesIO()
    if failed:
        write_json(path.with_suffix(".json"), {str(number): why for number, why in failed.items()})
    np.save(content, rows)
    replace(path, content.getvalue())


def computed(work, jobs, scheduler=""):
    """Do some work for many jobs, in this process, in several, or on a cluster that runs.

    Parameters
    ----------
    work : callable
        Of this package, which the workers of a cluster import.
    jobs : list of tuple
        Arguments. The first of each, which jobs may share, goes to a cluster once; it is no dict.
    scheduler : str
        As in `examine_all`.

    Yields
    ------
    tuple
        A job and what came of it, in the order in which they are done.

    Raises
    ------
    ValueError
        As in `examine_all`.
    """
    if scheduler not in ("", *LOCAL) and "://" not in scheduler:
        raise ValueError(
            f"SCHEDULER: there is no '{scheduler}'; give {', '.join(LOCAL)}, or the address of a "
            "cluster such as tcp://host:8786."
        )
    if not jobs:
        return
    if "://" in scheduler:
        yield from _on_cluster(work, jobs, scheduler)
        return
    import dask

    # A name would be looked up among schedulers, for which Dask loads what runs clusters.
    get = dask.get if scheduler in ("", "synchronous") else scheduler
    at_once = 1 if get is dask.get else 16
    with _processes() if scheduler == "processes" else nullcontext({}) as several:
        for start in range(0, len(jobs), at_once):
            batch = jobs[start : start + at_once]
            # A task without arguments: Dask would look into arrays for tasks of its own.
            tasks = [dask.delayed(partial(work, *job), pure=False, traverse=False)() for job in batch]
            try:
                found = dask.compute(*tasks, scheduler=get, **several)
            except BrokenExecutor:
                raise ValueError(KILLED) from None
            yield from zip(batch, found, strict=True)


@contextmanager
def _processes():
    """Processes that stay until all jobs are done, each given one job after the other."""
    pool = ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"))
    try:
        yield {"pool": pool, "chunksize": 1}
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(work, jobs, address):
    """On a cluster that runs; its workers import this package."""
    from distributed import Client, KilledWorker, as_completed

    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"SCHEDULER: nobody answers at '{address}'; start the cluster, or check its address."
        ) from error
    with client:
        shared = {id(first): first for first, *_ in jobs}
        there = {name: client.scatter(first) for name, first in shared.items()}
        futures = {
            client.submit(work, there[id(first)], *rest, pure=False): (first, *rest)
            for first, *rest in jobs
        }
        try:
            for future, result in as_completed(futures, with_results=True):
                yield futures[future], result
        except KilledWorker:
            raise ValueError(KILLED) from None
