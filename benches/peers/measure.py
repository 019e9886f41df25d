"""usage: measure.py WORK SOURCES ROUNDS      prints the table; run.sh says what is in WORK

Each round runs every contender over all reports, one contender after the other, so that what else the
machine does meets all of them. The first round is not counted.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

# Nothing large is imported here: a program that is started counts the memory of the one that starts it.

WORK, SOURCES, ROUNDS = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
HERE = Path(__file__).parent
OUT = WORK / "out"
PYTHON, NIANBAO, TYPST = os.environ["PYTHON"], os.environ["NIANBAO"], os.environ["TYPST"]
PEERS = os.environ["PEERS"].split()
FONTS = str(Path("fonts").resolve())
REPORTS = sorted(SOURCES.rglob("*.yaml"))
COUNT = len(REPORTS)
# LibreOffice 7 offers no more than 2b.
EXPORT = {
    "SelectPdfVersion": {"type": "long", "value": "2"},
    "PDFUACompliance": {"type": "boolean", "value": "true"},
    "UseTaggedPDF": {"type": "boolean", "value": "true"},
}


def made(kind, suffix=""):
    """What prepare.py made for each report."""
    return [WORK / kind / f"{i + 1}{suffix}" for i in range(COUNT)]


def typst(tree, pdf):
    options = ["--root", tree, "--font-path", FONTS, "--ignore-system-fonts", "--features", "a11y-extras"]
    options += ["--pdf-standard", "a-2a,ua-1", "--creation-timestamp", "0"]
    return [TYPST, "compile", *options, tree / "layouts/2021/layout.typ", pdf]


def contenders(out):
    """The commands of each contender, and how its reports come to it."""
    loop = [PYTHON, HERE / "loops.py"]
    office = ["soffice", f"-env:UserInstallation=file://{WORK}/profile", "--headless"]
    office += ["--convert-to", f"pdf:writer_pdf_Export:{json.dumps(EXPORT)}", "--outdir", out]
    pdfs = [out / f"{i + 1}.pdf" for i in range(COUNT)]
    peers = {
        "typst": ("typst compile, a process each", [typst(*p) for p in zip(made("trees"), pdfs)]),
        "typst-python": ("typst for Python, one process", [[*loop, "typst", out, FONTS, *made("plain")]]),
        "libreoffice": ("LibreOffice, one batch", [[*office, *made("docx", ".docx")]]),
        "weasyprint": ("WeasyPrint, one process", [[*loop, "weasyprint", out, *made("html", ".html")]]),
    }
    return {
        "nianbao compile, a process each": [[NIANBAO, "compile", *p] for p in zip(REPORTS, pdfs)],
        "nianbao archive --jobs 1": [[NIANBAO, "archive", SOURCES, out, "--jobs", "1"]],
        **dict(peers[name] for name in PEERS),
    }


def measured(commands):
    """CPU and wall time in seconds for each report, peak memory in bytes of the largest process."""
    cpu = peak = 0
    started = time.perf_counter()
    for command in commands:
        with open(WORK / "log", "wb") as log:
            process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{command[:3]} failed: {Path(WORK, 'log').read_text()[-2000:]}")
        cpu += usage.ru_utime + usage.ru_stime  # with those that it started and waited for
        peak = max(peak, usage.ru_maxrss * 1024)
    return cpu / COUNT, (time.perf_counter() - started) / COUNT, peak


def folder(name):
    return OUT / "".join(c if c.isalnum() else "-" for c in name)


def conforming(claims, out):
    """Those of the claimed standards that veraPDF finds held by every PDF; none where no peer takes part."""
    if not PEERS:
        return
    for claim in claims:
        flavour = claim.removeprefix("PDF/A-").removeprefix("PDF/").replace("-", "").lower()
        command = ["scripts/verapdf/verapdf.sh", flavour, *sorted(out.rglob("*.pdf"))]
        status = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
        if status == 0:
            yield claim
        elif status != 1:
            sys.exit("veraPDF could not run")


def main():
    runs = {name: [] for name in contenders(OUT)}
    for turn in range(ROUNDS + 1):
        for name, results in runs.items():
            out = folder(name)
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            result = measured(contenders(out)[name])
            if turn:
                results.append(result)
    print("| | CPU | ratio | wall | peak memory | pages | size | tagged | claims | holds, by veraPDF |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    first = next(iter(runs.values()))
    for name, results in runs.items():
        cpu, wall, peak = map(statistics.median, zip(*results))
        ratio = statistics.median(own[0] / other[0] for own, other in zip(results, first))
        described = subprocess.run([PYTHON, HERE / "pdfs.py", folder(name)], capture_output=True, check=True)
        pdf = json.loads(described.stdout)
        if pdf["count"] != COUNT:
            sys.exit(f"{name}: {pdf['count']} of {COUNT} reports")
        print(
            f"| {name} | {cpu * 1000:.0f} ms | {ratio:.2f} | {wall * 1000:.0f} ms | {peak / 2**20:.0f} MiB"
            f" | {pdf['pages']:g} | {pdf['size'] / 1000:.0f} kB | {'yes' if pdf['tagged'] else 'no'}"
            f" | {', '.join(pdf['claims']) or '–'} | {', '.join(conforming(pdf['claims'], folder(name))) or '–'} |"
        )


main()
