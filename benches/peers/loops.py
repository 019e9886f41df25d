"""Programs that are Python packages, many reports in one process, with what can be shared.

usage: loops.py typst OUT FONTS TREE...
       loops.py weasyprint OUT HTML...
"""
import sys
from pathlib import Path

MAIN = "layouts/2021/layout.typ"


def with_typst(out, fonts, *trees):
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    compiler = typst.Compiler(font_paths=fonts)
    for tree in map(Path, trees):
        compiler.compile(
            input=tree / MAIN, root=tree, output=out / f"{tree.name}.pdf", pdf_standards=["a-2a", "ua-1"], timestamp=0
        )


def with_weasyprint(out, *pages):
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    for page in map(Path, pages):
        html = HTML(page)
        html.write_pdf(out / f"{page.stem}.pdf", font_config=fonts, pdf_variant="pdf/a-2a")


program, out, *inputs = sys.argv[1:]
{"typst": with_typst, "weasyprint": with_weasyprint}[program](Path(out), *inputs)
