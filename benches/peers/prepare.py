"""usage: prepare.py WORK FONTS      makes WORK/docx, WORK/html and WORK/plain from WORK/trees

The contenders start from these; making them is not measured.
"""
import shutil
import sys
from pathlib import Path

import content
import web
import word

# Typst's Python package cannot turn on the feature that row heads and summaries of tables need, so for it
# they are left out.
WITHOUT_FEATURE = """
#let header-cell(scope: none, cell) = cell
#let table-summary(summary: none, table) = table
"""


def main():
    work, fonts = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    for kind in ("docx", "html"):
        (work / kind).mkdir()
    for tree in (work / "trees").iterdir():
        report = content.read(tree)
        word.write(report, work / "docx" / f"{tree.name}.docx")
        web.write(report, work / "html" / f"{tree.name}.html", fonts)
        plain = shutil.copytree(tree, work / "plain" / tree.name)
        (plain / "layouts/common/pdf.typ").write_text(WITHOUT_FEATURE)
        table = plain / "layouts/common/table.typ"
        table.write_text('#import "pdf.typ"\n' + table.read_text(encoding="utf-8"), encoding="utf-8")


main()
