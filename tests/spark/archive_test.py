"""An archive made on a cluster while parts of it die is the one that a single machine makes.

S3S_FS and NIANBAO name the programs; scripts/spark.sh builds them and runs this.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from subprocess import PIPE

from cluster import Cluster, Store, wait
from proxy import Proxy

ROOT = Path(__file__).parents[2]
NIANBAO = os.environ["NIANBAO"]
REPORTS, FEW = 500, 60
# The first worker that is started anywhere dies of a panic at its sixth request, and so does the one after it.
DIES_AGAIN = """#!/bin/sh
if [ "$1" = worker ] && mkdir {mark} 2>/dev/null; then
  NIANBAO_PANIC_AT=6 exec {nianbao} "$@" 2>{mark}/said
fi
exec {nianbao} "$@"
"""


def setUpModule() -> None:
    for end in (signal.SIGINT, signal.SIGTERM):  # what was started is ended then, too
        signal.signal(end, lambda *_: sys.exit(1))


def files(archive: Path) -> dict[str, Path]:
    """All but what a run on one machine keeps of itself."""
    found = {str(path.relative_to(archive)): path for path in archive.rglob("*") if path.is_file()}
    return {name: path for name, path in found.items() if name != "run.json" and not name.startswith(".nianbao/")}


def reached(endpoint: str) -> dict[str, str]:
    """The environment by which a store is reached."""
    return Store.KEYS | {"AWS_ENDPOINT": endpoint, "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true"}


class OnACluster(unittest.TestCase):
    maxDiff = 2000

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.buckets = self.folder / "buckets"
        (self.buckets / "archive").mkdir(parents=True)
        self.store = self.enterContext(Store(os.environ["S3S_FS"], self.buckets, self.folder / "logs"))

    def start(self, endpoint: str) -> None:
        self.cluster = self.enterContext(Cluster(self.folder / "logs", reached(endpoint)))

    def reports(self, number: int) -> None:
        """Made-up reports in the store, and their archive as this machine makes it."""
        generate = [sys.executable, ROOT / "benches/archive/generate.py", self.buckets / "reports"]
        subprocess.run([*generate, "--reports", str(number)], check=True, stdout=subprocess.DEVNULL)
        local = [NIANBAO, "archive", self.buckets / "reports", self.folder / "local"]
        subprocess.run(local, check=True, capture_output=True)

    def archive(self, name: str, program: str = NIANBAO) -> subprocess.Popen:
        options = ["--sources", "s3://reports", "--out", "s3://archive", "--program", program]
        return self.cluster.submit(name, ROOT / "deploy/spark/archive.py", *options)

    def ends(self, name: str, driver: subprocess.Popen) -> str:
        """What a driver says that ends well."""
        driver.wait(600)
        log = (self.folder / "logs" / f"{name}.log").read_text()
        self.assertEqual(driver.returncode, 0, log)
        print("".join(line for line in log.splitlines(keepends=True) if line.startswith(("plan", "round", "merge"))))
        return log

    def assert_as_on_one_machine(self) -> None:
        there, here = files(self.buckets / "archive"), files(self.folder / "local")
        self.assertEqual(there.keys(), here.keys())
        self.assertEqual((there["manifest.jsonl"]).read_text(), here["manifest.jsonl"].read_text())
        self.assertEqual([name for name in here if there[name].read_bytes() != here[name].read_bytes()], [])

    def test_what_dies_is_made_good(self) -> None:
        self.reports(REPORTS)
        self.start(self.store.url)
        program, mark = self.folder / "dies-again", self.folder / "panic"
        program.write_text(DIES_AGAIN.format(nianbao=NIANBAO, mark=mark))
        program.chmod(0o755)
        panics = lambda: (mark / "said").read_text().count("a panic that was injected") if (mark / "said").exists() else 0
        made = lambda: sum(name.endswith(".pdf") for name in files(self.buckets / "archive"))

        driver = self.archive("first", str(program))
        wait("PDFs and a panic", lambda: made() >= 30 and panics() or driver.poll() is not None)
        self.assertIn(made(), range(30, REPORTS))
        self.cluster.kill_worker()
        log = self.ends("first", driver)
        self.assertIn("Lost executor", log)
        self.assertGreater(panics(), 0)
        self.assertEqual(self.cluster.alive(), 1)
        self.assert_as_on_one_machine()

        before = {name: (path.stat().st_ino, path.stat().st_mtime_ns) for name, path in files(self.buckets).items()}
        self.assertIn("plan: 0 requests", self.ends("second", self.archive("second")))
        after = {name: (path.stat().st_ino, path.stat().st_mtime_ns) for name, path in files(self.buckets).items()}
        self.assertEqual(before, after)

    def test_a_list_of_many_pages_is_whole_where_it_is_broken_off(self) -> None:
        self.reports(FEW)
        last = self.buckets / "reports/龥"
        last.mkdir()
        for number in range(3000):  # more than a page, and the report behind them
            (self.buckets / f"reports/a{number}.txt").touch()
        shutil.copy(next(self.buckets.glob("reports/**/2023.yaml")), last)
        planned = lambda url: [json.loads(line)["id"] for line in self.plan(url).splitlines()]
        whole = planned(self.store.url)
        self.assertEqual((len(whole), whole[-2].split("/")[0], whole[-1]), (FEW + 2, "龥", "0/1"))
        proxy = self.enterContext(Proxy(self.store.port, seed=8, shares={"cut": 0.3}))
        self.assertEqual(planned(proxy.url), whole)
        print(dict(proxy.done))
        self.assertGreater(proxy.done["list cut"], 2)

    def plan(self, url: str) -> str:
        command = [NIANBAO, "plan", "s3://reports", "s3://archive"]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | reached(url)).stdout

    def test_a_store_that_is_away_for_a_while_is_waited_for(self) -> None:
        self.reports(FEW)
        plan = self.plan(self.store.url)
        environment = os.environ | reached(self.store.url)
        with subprocess.Popen([NIANBAO, "worker"], stdin=PIPE, stdout=PIPE, text=True, env=environment) as worker:
            worker.stdin.write(plan)  # which a pipe holds
            worker.stdin.close()
            answers = [worker.stdout.readline()]
            self.store.close()
            time.sleep(5)
            self.store.open()
            answers += worker.stdout
        self.assertEqual([json.loads(answer)["status"] for answer in answers], ["done"] * (FEW + 1))
        (self.folder / "parts").write_text(plan + "".join(answers))
        merge = [NIANBAO, "archive", "merge", "s3://archive", self.folder / "parts"]
        subprocess.run(merge, check=True, capture_output=True, env=environment)
        self.assert_as_on_one_machine()

    def test_a_store_that_refuses_and_breaks_off_loses_nothing(self) -> None:
        self.reports(FEW)
        proxy = self.enterContext(Proxy(self.store.port, seed=8))
        self.start(proxy.url)
        self.ends("disturbed", self.archive("disturbed"))
        self.assert_as_on_one_machine()
        print(dict(proxy.done))
        self.assertGreater(min(proxy.done[fate] for fate in ("busy", "closed", "cut")), 3)
