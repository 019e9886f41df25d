#!/usr/bin/env python3
"""Two programs side by side: what BEFORE and AFTER make of the same input.

    scripts/compare.py BEFORE AFTER [--reports N]

All samples in all copies, N made-up reports (60) as an archive, the answers of the worker, and what the commands
print and how they exit. Of archive copies the digests of engine and layout are left out, and of the ledger all but the
digests of reports and PDFs, because the ledger may have another shape. Prints what differs; exits 1 where anything does.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
COPIES = {
    "public": [], "signing": ["--copy", "signing"], "duplex": ["--copy", "signing", "--duplex"],
    "draft": ["--copy", "draft"], "words": ["--copy", "draft", "--watermark", "送审稿"],
    "archive": ["--copy", "archive"], "sealed": ["--seal", "SEAL"],
}
SEAL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 42 42" width="42" height="42">' \
       '<circle cx="21" cy="21" r="20" fill="none" stroke="#d00" stroke-width="1.2"/></svg>'
ENGINE = re.compile(rb"(<nianbao:(?:engine|layout)>)[0-9a-f]{64}")
# The identifiers of a PDF follow from its metadata.
IDENTIFIERS = re.compile(rb"(<xmpMM:(?:Document|Instance)ID>)[^<]*|/ID ?\[[^\]]*\]")
SECONDS = re.compile(r"[0-9.]+ 秒|[0-9.]+ (s|ms)\b")


def normal(content: bytes) -> bytes:
    if b"<nianbao:engine>" not in content:
        return content
    return IDENTIFIERS.sub(b"", ENGINE.sub(rb"\1", content))


def tree(folder: Path) -> dict:
    """The digest of every file, by its path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_file() or name.startswith(".nianbao/") or name == "run.json":
            continue
        content = path.read_bytes()
        if name == "manifest.jsonl":
            content = ledger(content)
        if name == "index.csv":
            content = re.sub(rb"[0-9a-f]{64}", b"", content)  # the PDFs themselves are compared
        found[name] = hashlib.sha256(normal(content)).hexdigest()
    return found


def ledger(content: bytes) -> bytes:
    lines = []
    for line in map(json.loads, content.splitlines()):
        if "path" not in line:
            continue  # a line about the ledger itself
        pdf = line.get("pdf") or (line.get("files") or {}).get("pdf") or {}
        made = line.get("made_from") or pdf.get("made_from") or {}
        lines.append([line["path"], line["state"], line["agency"], line["year"], line["edition"], line["findings"],
                      line["failure"], pdf.get("bytes"), pdf.get("pages"), made.get("report"),
                      made.get("figures"), made.get("fonts"), made.get("options")])
    return json.dumps(lines, ensure_ascii=False).encode()


def run(program: str, arguments: list, folder: Path, given: bytes = b"") -> list:
    done = subprocess.run([program, *arguments], cwd=folder, input=given, capture_output=True, check=False,
                          env={**os.environ, "NIANBAO_HOME": str(HOME)})
    own = f"Usage: {Path(program).name} "
    said = [SECONDS.sub("", text.decode(errors="replace")).replace(own, "Usage: nianbao ") for text in (done.stdout, done.stderr)]
    return [done.returncode, *said]


def commands(samples: list) -> list:
    first, last = samples[0], samples[-1]
    listed = [["check", *samples], ["check", "samples"], ["editions"], ["fonts"], ["explain", "wrong-total"],
              ["explain", "no-such-rule"], ["compile", "absent.yaml"], ["compile", first, first],
              ["compile", first, "out.txt"], ["compile", first, "out.png"], ["compile", first, "p.pdf", "--duplex"],
              ["compile", first, "p.pdf", "--copy", "draft", "--watermark", ""], ["archive", "samples"],
              ["compile", "broken.yaml"], ["check", "broken.yaml"], ["new", "--help"],
              ["verify", first, "--digest", "0123456789abcdef"], ["verify", first]]
    listed += [["check", "--output", kind, first, last, "broken.yaml"] for kind in ("json", "sarif", "github", "table")]
    editions = sorted(path.name for path in (HOME / "layouts").iterdir() if (path / "format.yaml").exists())
    listed += [["schema", name] for name in editions]
    listed += [["new", "某某市科技局", str(year), "-"] for year in (2015, 2020, 2023)]
    return listed


def requests(samples: list) -> bytes:
    lines, number = [], 0
    for sample in samples:
        text = (HOME / sample).read_text(encoding="utf-8")
        for more in ({}, {"to": "check"}, {"to": "fields"}, {"to": "places"}, {"to": "png", "page": 1, "ppi": 40},
                     {"to": "svg", "page": 99}, {"copy": "signing"}, {"copy": "draft", "watermark": "稿"},
                     {"copy": "public", "duplex": True}, {"to": "check", "previous": text}, {"copy": "none"},
                     {"seal_size": "50", "copy": "signing"}, {"to": "nothing"}):
            number += 1
            lines.append(json.dumps({"id": number, "report": text, **more}, ensure_ascii=False))
    lines += ["{}", "nothing", '{"id": "x", "report": "a: ["}', '{"report": "a: 1", "unknown": 1}']
    return "\n".join(lines).encode()


def made(program: str, reports: int, out: Path) -> dict:
    results = {}
    samples = sorted(str(path.relative_to(HOME)) for path in (HOME / "samples").glob("*/*.yaml"))
    samples = [name for name in samples if "hierarchy" not in name]
    results["worker"] = run(program, ["worker"], out, requests(samples))
    subprocess.run(["cp", "-r", str(HOME / "samples"), str(out)], check=True)
    (out / "broken.yaml").write_text("agency: 某局\nyear: 20x3\nrequests:\n  received: [1, 2]\nunknown: 1\n", encoding="utf-8")
    for words in commands(samples):
        results[" ".join(words)] = run(program, words, out)
    (out / "seal.svg").write_text(SEAL, encoding="utf-8")
    pdfs = out / "pdfs"
    pdfs.mkdir()
    jobs = []
    for sample in samples:
        for copy, options in COPIES.items():
            options = ["seal.svg" if word == "SEAL" else word for word in options]
            target = pdfs / f"{sample.replace('/', '-')}.{copy}.pdf"
            jobs.append(["compile", sample, str(target.relative_to(out)), *options])
    jobs.append(["compile", samples[0], "pdfs/page-{p}.png", "--ppi", "50"])
    jobs.append(["compile", samples[0], "pdfs/page-{p}.svg"])
    with ThreadPoolExecutor(2) as pool:
        for job, done in zip(jobs, pool.map(lambda job: run(program, job, out), jobs)):
            results[" ".join(job)] = done
    results.update(tree(pdfs))
    made_up = out / "made-up"
    subprocess.run([sys.executable, str(HOME / "benches/archive/generate.py"), str(made_up), "--reports", str(reports),
                    "--seed", "7"], check=True, capture_output=True)
    for copy in ("public", "archive"):
        target = out / f"archive-{copy}"
        done = run(program, ["archive", "made-up", target.name, "--jobs", "2", "--copy", copy], out)
        results[f"archive {copy}"] = done[:1]
        results.update({f"archive {copy}: {name}": digest for name, digest in tree(target).items()})
        results[f"archive verify {copy}"] = run(program, ["archive", "verify", target.name], out)
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--reports", type=int, default=60)
    given = parser.parse_args()
    sides = []
    for program in (given.before, given.after):
        with tempfile.TemporaryDirectory() as folder:
            sides.append(made(str(Path(program).resolve()), given.reports, Path(folder)))
    before, after = sides
    names = sorted(set(before) | set(after))
    differing = [name for name in names if before.get(name) != after.get(name)]
    for name in differing:
        print(f"{name}:\n  before: {str(before.get(name))[:600]}\n  after:  {str(after.get(name))[:600]}")
    print(f"{len(names)} results, {len(differing)} of them differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
