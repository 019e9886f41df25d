#!/usr/bin/env python3
"""Measures what an archive in parts costs beside one in one run, on this machine. docs/scale.md has results.

    python benches/scale/measure.py pipe [REPORTS [ROUNDS]]|spark [REPORTS]|plan [REPORTS]

NIANBAO names the program; `spark` and `plan` need PySpark, and scripts/spark.sh tells how the cluster is made.
"""
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
NIANBAO = os.environ["NIANBAO"]
ARCHIVE = ROOT / "deploy/spark/archive.py"


def generated(folder: Path, reports: int, *more: str) -> Path:
    generate = [sys.executable, ROOT / "benches/archive/generate.py", folder / "reports"]
    subprocess.run([*generate, "--reports", str(reports), "--seed", "3", "--large", "0", *more], check=True, stdout=subprocess.DEVNULL)
    return folder / "reports"


def took(command: str, folder: Path) -> tuple[float, float]:
    """Seconds of processors and of the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(["bash", "-ec", command], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - began


def pipe(folder: Path, reports: int = 200, rounds: int = 5) -> None:
    """One process of `archive` and one worker, in turns, each into an empty archive."""
    generated(folder, reports)
    commands = {
        "archive --jobs 1": f"{NIANBAO} archive reports one --jobs 1 --output json",
        "plan": f"{NIANBAO} plan reports parts --jobs 1 >plan.jsonl",
        "worker": f"{NIANBAO} worker --deadline 600 <plan.jsonl >answers.jsonl",
        "archive merge": f"{NIANBAO} archive merge parts plan.jsonl answers.jsonl",
    }
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for place in ("one", "parts"):
            shutil.rmtree(folder / place, ignore_errors=True)
        for name, command in commands.items():
            measured[name].append(took(command, folder))
    for name, figures in measured.items():
        cpu, wall = (statistics.median(column) / reports * 1000 for column in zip(*figures))
        print(f"{name}: {cpu:.2f} ms of CPU, {wall:.2f} ms for each of {reports} reports; medians of {rounds}")
    one, *parts = commands
    for name, made_by in {"worker": ["worker"], "plan, worker and merge": parts}.items():
        for column, of in enumerate(("CPU", "clock")):
            ratios = [sum(measured[part][at][column] for part in made_by) / measured[one][at][column] for at in range(rounds)]
            print(f"{name} against archive, {of}: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


def cluster(folder: Path, executors: int):
    sys.path.insert(0, str(ROOT / "tests/spark"))
    from cluster import Cluster

    return Cluster(folder / "logs", {"NIANBAO": NIANBAO, "NIANBAO_HOME": str(ROOT)}, executors)


def submitted(spark, name: str, folder: Path, program: str) -> str:
    from cluster import descendants

    options = ["--sources", folder / "reports", "--out", folder / name, "--program", program, "--keep", folder / f"{name}-run"]
    driver = spark.submit(name, ARCHIVE, *options)
    peak: dict[str, int] = {}
    while driver.poll() is None:
        for pid in [driver.pid, *descendants(driver.pid)]:
            status = Path(f"/proc/{pid}/status")
            text = status.read_text() if status.exists() else ""
            if found := re.search(r"Name:\s*(\w+).*VmHWM:\s*(\d+)", text, re.S):
                peak[found[1]] = max(peak.get(found[1], 0), int(found[2]) >> 10)
        time.sleep(0.2)
    print(f"driver, with what it starts: {peak} MiB, ended with {driver.returncode}")
    return (folder / "logs" / f"{name}.log").read_text()


def spark(folder: Path, reports: int = 500) -> None:
    """Reports a second with one executor of one core, and with two."""
    generated(folder, reports)
    for executors in (1, 2):
        with cluster(folder, executors) as running:
            log = submitted(running, f"executors-{executors}", folder, NIANBAO)
        print(executors, *re.findall(r"^(?:plan|round|merge).*", log, re.M), sep="\n  ")


def plan(folder: Path, reports: int = 100_000) -> None:
    """The plan of very many reports, Spark's driver over it, and the merge, without the work."""
    generated(folder, reports, "--years", "20")  # there are not so many agencies
    with cluster(folder, 2) as running:
        log = submitted(running, "many", folder, f"{sys.executable} {ROOT / 'benches/scale/stand_in.py'}")
    print(*re.findall(r"^(?:plan|round|merge).*", log, re.M), sep="\n")
    size = (folder / "many-run/plan.jsonl").stat().st_size
    print(f"plan.jsonl: {size / reports:.0f} bytes a request")
    for name, command in {
        "plan": f"{NIANBAO} plan reports elsewhere >/dev/null",
        "merge": f"{NIANBAO} archive merge again many-run/*.jsonl 2>/dev/null || test $? = 4",
    }.items():
        began = time.monotonic()
        process = subprocess.Popen(["bash", "-c", command], cwd=folder, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{name} failed")
        wall, cpu = time.monotonic() - began, usage.ru_utime + usage.ru_stime
        print(f"{name}: {wall:.1f} s, {cpu:.1f} s of CPU, {usage.ru_maxrss >> 10} MiB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        {"pipe": pipe, "spark": spark, "plan": plan}[sys.argv[1]](Path(temporary), *map(int, sys.argv[2:]))
