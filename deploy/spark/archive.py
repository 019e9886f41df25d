#!/usr/bin/env python3
"""Makes an archive on Apache Spark: plans, pipes the plan through `nianbao worker` on the executors, merges.

The executors write the PDFs and answer with records. The driver keeps `plan.jsonl` and a file of answers for
each round, and merges them into the ledger. What is answered `failed` is tried again in the next round. Where no
worker can run, or it is killed, the task fails and Spark runs it elsewhere, as it does with the tasks of a lost
executor: they write the same bytes.

Options that are not listed here are those of `nianbao plan`.
"""
import argparse
import json
import shlex
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from heapq import heapreplace
from pathlib import Path
from subprocess import PIPE, Popen, call
from threading import Thread
from typing import IO

from pyspark import SparkConf, SparkContext, StorageLevel, TaskContext

BESIDE_ITS_SIZE = 4096  # what any report costs, in bytes of a report
PER_PARTITION = 500  # some ten seconds of a core: enough to hide a worker's start, and little to lose
BEST_OF = 3  # machines to try before the requests of a task are answered `failed`
GUARDED = "--deadline 600 --memory 3072"  # seconds for a report, MiB of address space, which is 2 GiB of memory
Request = tuple[int, int]  # a line of the plan: what it costs, and where in the file it begins


def listed(plan: IO[bytes]) -> Iterator[Request]:
    at = 0
    for line in plan:
        request = json.loads(line)
        if request["to"] != "end":  # that one is for the merge
            yield BESIDE_ITS_SIZE + (request.get("archive", {}).get("bytes") or 0), at
        at += len(line)


def dealt(requests: list[Request], partitions: int) -> list[list[Request]]:
    """Partitions of about the same cost: the dearest request first, each to what weighs least by then."""
    parts: list[list[Request]] = [[] for _ in range(min(partitions, len(requests)))]
    weights = [(0, number) for number in range(len(parts))]
    for request in sorted(requests, reverse=True):
        weight, number = weights[0]
        parts[number].append(request)
        heapreplace(weights, (weight + request[0], number))
    return parts


def packed(plan: IO[bytes], part: list[Request]) -> bytes:
    """The lines of a partition as one element, since all elements are in the driver's memory."""
    lines = []
    for _, at in part:
        plan.seek(at)
        lines.append(plan.readline())
    return zlib.compress(b"".join(lines))


def feed(worker: IO[bytes], lines: list[bytes]) -> None:
    with suppress(BrokenPipeError), worker:  # that it died is seen where its answers are read
        worker.writelines(lines)


def answered(command: list[str], part: bytes, attempt: int) -> Iterator[str]:
    """The answers to a partition, one for each request and in their order."""
    # `RDD.pipe` would start the worker with the driver's environment or with none. Here it has the executor's,
    # where the credentials of the store are: they do not pass through Spark.
    lines = zlib.decompress(part).splitlines(keepends=True)
    done, why = 0, "cannot be run"
    with suppress(OSError), Popen(command, stdin=PIPE, stdout=PIPE) as worker:
        feeder = Thread(target=feed, args=(worker.stdin, lines))
        feeder.start()
        for answer in worker.stdout:
            if answer.endswith(b"\n"):  # or it died while it wrote
                yield answer.decode().rstrip("\n")
                done += 1
        why = f"ended with {worker.wait()}"
        feeder.join()  # or both would close the pipe
    if done < len(lines) and attempt + 1 < BEST_OF:
        raise RuntimeError(f"{shlex.join(command)} {why}")
    for line in lines[done:]:
        failed = {"status": "failed", "findings": [], "message": f"{shlex.join(command)} {why}"}
        yield json.dumps({"id": json.loads(line)["id"]} | failed)


def told(began: float, words: str) -> None:
    print(f"{words}, {time.monotonic() - began:.1f} s", flush=True)


def make(plan: IO[bytes], requests: list[Request], chosen: argparse.Namespace, keep: Path) -> list[Path]:
    """The files of answers, one for each round."""
    spark = SparkContext(conf=SparkConf().setAppName("nianbao archive"))
    partitions = chosen.partitions or max(4 * spark.defaultParallelism, len(requests) // PER_PARTITION)
    command, files = [*shlex.split(chosen.program), "worker", *shlex.split(chosen.worker)], []
    while requests and len(files) < chosen.rounds:
        began = time.monotonic()
        parts = dealt(requests, partitions)
        elements = spark.parallelize([packed(plan, part) for part in parts], len(parts))
        answers = elements.flatMap(lambda part: answered(command, part, TaskContext.get().attemptNumber()))
        answers.persist(StorageLevel.DISK_ONLY_2).count()  # twice: an executor may be gone when they are read
        files.append(keep / f"answers-{len(files) + 1}.jsonl")
        failed, order = [], (request for part in parts for request in part)
        with files[-1].open("w", encoding="utf-8") as file:
            for request, answer in zip(order, answers.toLocalIterator(prefetchPartitions=True), strict=True):
                file.write(answer + "\n")
                if json.loads(answer)["status"] == "failed":
                    failed.append(request)
        told(began, f"round {len(files)}: {len(requests)} requests, {len(parts)} partitions, {len(failed)} failed")
        requests = failed
    spark.stop()
    return files


def main() -> int:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape, allow_abbrev=False)
    parser.add_argument("--sources", required=True, help="URL or folder of the reports")
    parser.add_argument("--out", required=True, help="URL or folder of the archive")
    parser.add_argument("--partitions", type=int, help=f"one for {PER_PARTITION} reports, but at least 4 a core")
    parser.add_argument("--program", default="nianbao", help="how driver and executors call it (nianbao)")
    parser.add_argument("--worker", default=GUARDED, help=f"options of `nianbao worker`: --worker=… ({GUARDED})")
    parser.add_argument("--rounds", type=int, default=3, help="times that a request is tried (3)")
    parser.add_argument("--keep", type=Path, help="folder for plan and answers, which are removed otherwise")
    chosen, options = parser.parse_known_args()
    program = shlex.split(chosen.program)
    if not shutil.which(program[0]):
        parser.error(f"there is no program {program[0]}; --program names it")
    if chosen.keep and chosen.keep.is_dir() and any(chosen.keep.iterdir()):
        parser.error(f"{chosen.keep} is not empty: answers of another run are about other reports")
    with nullcontext(chosen.keep) if chosen.keep else tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        keep, began = Path(folder), time.monotonic()
        keep.mkdir(parents=True, exist_ok=True)
        with (keep / "plan.jsonl").open("w+b") as plan:
            code = call([*program, "plan", chosen.sources, chosen.out, *options], stdout=plan)
            plan.seek(0)
            requests = list(listed(plan)) if code == 0 else []
            told(began, f"plan: {len(requests)} requests, ended with {code}")
            if not requests:
                return code
            files = make(plan, requests, chosen, keep)
        began = time.monotonic()
        code = call([*program, "archive", "merge", chosen.out, keep / "plan.jsonl", *files])
        told(began, f"merge: ended with {code}")
        return code


if __name__ == "__main__":
    sys.exit(main())
