"""usage: pdfs.py FOLDER      prints what the PDFs below a folder are, as JSON; medians where they differ"""
import json
import re
import statistics
import sys
from pathlib import Path

import pikepdf

CLAIM = r"<?{}:{}(?:>|=[\"'])\s*(\w+)"  # an element or an attribute


def claims(metadata):
    """The standards that the metadata names."""

    def said(prefix, name):
        found = re.search(CLAIM.format(prefix, name), metadata)
        return found and found[1]

    archive, accessible = said("pdfaid", "part"), said("pdfuaid", "part")
    if archive:
        yield f"PDF/A-{archive}{(said('pdfaid', 'conformance') or '').lower()}"
    if accessible:
        yield f"PDF/UA-{accessible}"


def described(path):
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        metadata = root.Metadata.read_bytes().decode("utf-8") if "/Metadata" in root else ""
        marked = "/MarkInfo" in root and bool(root.MarkInfo.get("/Marked", False))
        return len(pdf.pages), "/StructTreeRoot" in root and marked, tuple(claims(metadata))


def main():
    paths = sorted(Path(sys.argv[1]).rglob("*.pdf"))
    pages, tagged, claimed = zip(*map(described, paths))
    print(json.dumps({
        "count": len(paths),
        "pages": statistics.median(pages),
        "tagged": all(tagged),
        "claims": sorted(set.intersection(*map(set, claimed))),
        "size": statistics.median(path.stat().st_size for path in paths),
    }))


main()
