"""What `deploy/spark/archive.py` does without Spark: how it deals requests out, and workers that die."""
import io
import json
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "deploy/spark"))
import archive

# Answers what it is asked; a request may tell it to end.
WORKER = """
import json, os, sys
for line in sys.stdin:
    request = json.loads(line)
    if "signal" in request:
        sys.stdout.write('{"id": 1, "sta')
        sys.stdout.flush()
        os.kill(os.getpid(), request["signal"])
    if "code" in request:
        sys.exit(request["code"])
    print(json.dumps({"id": request["id"], "status": "done"}), flush=True)
"""


class Dealing(unittest.TestCase):
    def test_a_request_is_where_its_line_begins(self) -> None:
        lines = [{"id": "某市", "archive": {"bytes": 10}}, {"id": "b", "archive": {}}]
        lines = [line | {"to": "archive"} for line in lines] + [{"id": "0/1", "to": "end"}]
        plan = io.BytesIO("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
        (first, at), (second, then) = archive.listed(plan)
        self.assertEqual((first - second, at), (10, 0))
        self.assertEqual(json.loads(zlib.decompress(archive.packed(plan, [(second, then)]))), lines[1])

    def test_partitions_weigh_the_same(self) -> None:
        requests = [(1 + number % 97 * (number % 13), number) for number in range(10_000)]
        parts = archive.dealt(requests, 16)
        weights = [sum(cost for cost, _ in part) for part in parts]
        self.assertLess(max(weights) - min(weights), 100)
        self.assertEqual(sorted(request for part in parts for request in part), sorted(requests))
        self.assertEqual(parts, archive.dealt(requests[::-1], 16))

    def test_no_partition_is_empty(self) -> None:
        self.assertEqual(archive.dealt([(1, 0), (1, 9)], 8), [[(1, 9)], [(1, 0)]])
        self.assertEqual(archive.dealt([], 8), [])


class Dying(unittest.TestCase):
    def answers(self, requests: list[dict], attempt: int = 0) -> list[tuple[int, str]]:
        with tempfile.NamedTemporaryFile("w", suffix=".py") as worker:
            worker.write(WORKER)
            worker.flush()
            lines = "".join(json.dumps({"id": id} | request) + "\n" for id, request in enumerate(requests))
            part = zlib.compress(lines.encode())
            answers = map(json.loads, archive.answered([sys.executable, worker.name], part, attempt))
            return [(answer["id"], answer["status"]) for answer in answers]

    def test_where_a_worker_ends_the_task_fails_and_at_last_its_requests(self) -> None:
        for end, why in ({"code": 3}, "ended with 3"), ({"signal": 9}, "ended with -9"), ({"code": 0}, "ended with 0"):
            with self.assertRaisesRegex(RuntimeError, why):
                self.answers([{}, end, {}])
            answers = self.answers([{}, end, {}], attempt=archive.BEST_OF - 1)
            self.assertEqual(answers, list(enumerate(["done", "failed", "failed"])))
        with self.assertRaisesRegex(RuntimeError, "no-such-program cannot be run"):
            list(archive.answered(["no-such-program"], zlib.compress(b"{}\n"), 0))

    def test_who_dies_need_not_have_read_all(self) -> None:
        for _ in range(20):  # when the pipe breaks is a matter of chance
            requests = [{"signal": 9}, *[{"text": "字" * 1000}] * 100]
            answers = self.answers(requests, attempt=archive.BEST_OF - 1)
            self.assertEqual([status for _, status in answers], ["failed"] * 101)

    def test_more_than_a_pipe_holds_goes_through(self) -> None:
        answers = self.answers([{"text": "字" * 1000}] * 2000)
        self.assertEqual(answers, [(id, "done") for id in range(2000)])
