"""A report as HTML with its styles for print: headings, tables with merged cells and scopes."""
from html import escape

STYLE = """
@font-face { font-family: title; src: url(FONTS/noto-cjk/NianbaoBiaoSong-Regular.otf) }
@font-face { font-family: heading; src: url(FONTS/noto-cjk/NianbaoHei-Regular.otf) }
@font-face { font-family: subheading; src: url(FONTS/arphic-ukai/NianbaoKai-Regular.ttf) }
@font-face { font-family: body; src: url(FONTS/fandol/NianbaoFang-Regular.ttf) }
@font-face { font-family: table; src: url(FONTS/noto-cjk/NianbaoSong-Regular.otf) }
@font-face { font-family: latin; src: url(FONTS/liberation/LiberationSerif-Regular.ttf) }
@page { size: A4; margin: 37mm 26mm 35mm 28mm;
  @bottom-right { content: "— " counter(page) " —"; font: 14pt latin, table } }
@page :left { margin: 37mm 28mm 35mm 26mm;
  @bottom-right { content: none } @bottom-left { content: "— " counter(page) " —"; font: 14pt latin, table } }
body { margin: 0; font: 16pt/28.95pt latin, body; text-align: justify }
h1, h2, h3 { margin: 0; font-weight: normal; font-size: 16pt; text-indent: 32pt; break-after: avoid }
h1 { font: 22pt/36pt latin, title; text-align: center; text-indent: 0; margin-bottom: 28.95pt }
h2 { font-family: latin, heading } h3, b { font-family: latin, subheading; font-weight: normal }
p { margin: 0; text-indent: 32pt } p.sign { text-align: right }
section.whole { break-inside: avoid }
table { border-collapse: collapse; table-layout: fixed; width: 156mm; font: 9pt/1.25 latin, table }
th, td { border: 0.5pt solid black; padding: 2.5pt 1.5pt; text-align: center; font-weight: normal }
tbody th[scope=row][colspan] { text-align: left }
"""
# The widths of columns by their number, as in layouts/2021/form.typ.
WIDTHS = {4: [39] * 4, 10: [11.7, 12.8, 47.5] + [12] * 7, 15: [10.4] * 15}


def drawn(cell):
    name = "td" if cell.role == "value" else "th"
    scope = {"head": ' scope="col"', "row": ' scope="row"', "value": ""}[cell.role]
    spans = f' colspan="{cell.w}"' * (cell.w > 1) + f' rowspan="{cell.h}"' * (cell.h > 1)
    return f"<{name}{scope}{spans}>{escape(cell.text)}</{name}>"


def drawn_table(table):
    widths = "".join(f'<col style="width: {width}mm">' for width in WIDTHS[table.columns])
    rows = ["<tr>" + "".join(drawn(c) for c in table.cells if c.y == y) + "</tr>" for y in range(table.rows)]
    head, body = "".join(rows[: table.head]), "".join(rows[table.head :])
    return f"<table>{widths}<thead>{head}</thead><tbody>{body}</tbody></table>"


def drawn_prose(paragraphs):
    for kind, texts in paragraphs:
        *head, text = map(escape, texts)
        start = f"<b>{head[0]}</b>" if head else ""
        yield f"<h3>{text}</h3>" if kind == "heading" else f"<p>{start}{text}</p>"


def write(content, path, fonts):
    parts = [f"<h1>{escape(content.title)}</h1>", *drawn_prose(content.preface)]
    for section in content.sections:
        parts.append('<section class="whole">' if section.tables else "<section>")
        parts += [f"<h2>{escape(section.title)}</h2>", *drawn_prose(section.paragraphs)]
        parts += [*map(drawn_table, section.tables), "</section>"]
    parts += [f'<p class="sign">{escape(text)}</p>' for text in (content.agency, content.date)]
    path.write_text(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(content.title)}</title>'
        f'<meta name="author" content="{escape(content.agency)}"><style>{STYLE.replace("FONTS", fonts.as_uri())}'
        f'</style></head><body>{"".join(parts)}</body></html>',
        encoding="utf-8",
    )
