"""A Spark standalone cluster and an S3 server on loopback, each for as long as its `with` block."""
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pyspark

SPARK = Path(pyspark.__path__[0])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait(what: str, holds, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.02)


def descendants(pid: int) -> list[int]:
    children = []
    with suppress(OSError):  # it may have ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_text().split())
    return [*children, *(below for child in children for below in descendants(child))]


def handles(pids: list[int]) -> list[int]:
    """What a process is known by when another may have got its number."""
    found = []
    for pid in pids:
        with suppress(ProcessLookupError):
            found.append(os.pidfd_open(pid))
    return found


class Processes:
    """Processes that log into a folder and are ended, with all that they started, on the way out."""

    def __init__(self, folder: Path):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.started: list[subprocess.Popen] = []

    def start(self, name: str, *command, **environment: str) -> subprocess.Popen:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                list(map(str, command)), env=os.environ | environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.started.append(process)
        return process

    def until(self, what: str, holds) -> None:
        """Waits for what was started; it is ended if that does not come about."""
        try:
            wait(what, holds)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        below = [handle for process in self.started for handle in handles(descendants(process.pid))]
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()
        for handle in below:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)


class Store(Processes):
    """An S3 server whose buckets are the folders below `root`."""

    KEYS = {"AWS_ACCESS_KEY_ID": "nianbao", "AWS_SECRET_ACCESS_KEY": "loopback"}

    def __init__(self, server: str, root: Path, logs: Path):
        super().__init__(logs)
        self.port = free_port()
        access, secret = self.KEYS.values()
        options = ["--host", "127.0.0.1", "--port", self.port, "--access-key", access, "--secret-key", secret]
        self.command = [server, *options, root]
        self.open()
        self.url = f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        self.start("store", *self.command, RUST_LOG="error")
        self.until("the store", self.answers)

    def close(self) -> None:
        """Ends it as a power cut would; it can be opened again."""
        self.started[-1].kill()
        self.started[-1].wait()

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False


class Cluster(Processes):
    """A master and workers with a core each. The environment is that of their executors."""

    def __init__(self, folder: Path, environment: dict[str, str], workers: int = 2):
        super().__init__(folder)
        self.environment = environment | {
            "SPARK_HOME": str(SPARK),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(folder),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",  # its port would be a fixed one
            "PYSPARK_PYTHON": sys.executable,
        }
        port, self.page = free_port(), free_port()
        self.master = f"spark://127.0.0.1:{port}"
        loopback = ["--host", "127.0.0.1"]
        self.spark("master", "master.Master", *loopback, "--port", port, "--webui-port", self.page)
        self.workers = []
        for number in range(1, workers + 1):
            size = ["--cores", 1, "--memory", "600m", "--work-dir", folder, "--webui-port", 0]
            self.workers.append(self.spark(f"worker-{number}", "worker.Worker", *loopback, *size, self.master))
        self.until("the workers", lambda: self.alive() == workers)

    def spark(self, name: str, role: str, *options) -> subprocess.Popen:
        command = [SPARK / "bin" / "spark-class", f"org.apache.spark.deploy.{role}"]
        return self.start(name, *command, *options, **self.environment)

    def alive(self) -> int:
        """The workers that the master knows."""
        # While the master starts it answers with a page that is no JSON.
        with suppress(OSError, ValueError), urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/") as page:
            return json.load(page)["aliveworkers"]
        return 0

    def submit(self, name: str, *command) -> subprocess.Popen:
        """Starts a driver; its output is in `<name>.log`."""
        settings = ["spark.driver.host=127.0.0.1", "spark.ui.enabled=false"]
        settings += ["spark.driver.memory=512m", "spark.executor.memory=512m"]
        options = [word for setting in settings for word in ("--conf", setting)]
        spark_submit = [SPARK / "bin" / "spark-submit", "--master", self.master]
        return self.start(name, *spark_submit, *options, *command, **self.environment)

    def kill_worker(self) -> None:
        """Ends a worker that has an executor at work, with that executor, as a power cut would."""
        wait("an executor at work", lambda: any(map(at_work, self.workers)))
        pid = next(filter(at_work, self.workers)).pid
        for victim in [pid, *(child for child in descendants(pid) if command(child)[0].endswith("java"))]:
            os.kill(victim, signal.SIGKILL)


def at_work(worker: subprocess.Popen) -> bool:
    """Whether an executor of it pipes requests through `nianbao worker`."""
    return any("worker" in command(pid) for pid in descendants(worker.pid))


def command(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    return [""]
