"""A report as a Word file: styles, headings, tables with merged cells, as a careful clerk would make it."""
from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

# The widths of columns by their number, as in layouts/2021/form.typ.
WIDTHS = {4: [39] * 4, 10: [11.7, 12.8, 47.5] + [12] * 7, 15: [10.4] * 15}
STYLES = {  # font, size in points, space from the left for the first line
    "Title": ("Nianbao BiaoSong", 22, 0),
    "Heading 1": ("Nianbao Hei", 16, 32),
    "Heading 2": ("Nianbao Kai", 16, 32),
    "Normal": ("Nianbao Fang", 16, 32),
}


def styled(style, font, size, indent):
    style.font.name, style.font.size, style.font.bold = "Liberation Serif", Pt(size), False
    style.font.color.rgb = None
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28.95 if size < 20 else 36)
    shape.first_line_indent = Pt(indent)


def page_number(paragraph):
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def add_table(document, table):
    grid = document.add_table(table.rows, table.columns, "Table Grid")
    grid.autofit = False
    places = [list(row.cells) for row in grid.rows]  # looked up once: each look costs the whole table
    for row in grid.rows:
        row.height = Mm(6)
    for row in grid.rows[: table.head]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for x, width in enumerate(WIDTHS[table.columns]):
        grid.columns[x].width = Mm(width)
        for row in places:
            row[x].width = Mm(width)
    for cell in table.cells:
        place = places[cell.y][cell.x]
        if cell.w > 1 or cell.h > 1:
            place = place.merge(places[cell.y + cell.h - 1][cell.x + cell.w - 1])
        place.vertical_alignment = VERTICAL.CENTER
        paragraph = place.paragraphs[0]
        paragraph.add_run(cell.text).font.size = Pt(9)
        paragraph.alignment = ALIGN.LEFT if cell.role == "row" and cell.w > 1 else ALIGN.CENTER
        shape = paragraph.paragraph_format
        shape.first_line_indent, shape.line_spacing = Pt(0), 1.0
        shape.keep_with_next = cell.y + cell.h < table.rows
        fonts = paragraph.runs[0]._r.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "Nianbao Song")


def add_prose(document, paragraphs):
    for kind, texts in paragraphs:
        if kind == "heading":
            document.add_heading(texts[0], 2)
            continue
        paragraph = document.add_paragraph()
        paragraph.alignment = ALIGN.JUSTIFY
        for text in texts:
            paragraph.add_run(text)


def write(content, path):
    document = Document()
    for name, (font, size, indent) in STYLES.items():
        styled(document.styles[name], font, size, indent)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page_number(page.footer.paragraphs[0])
    document.core_properties.title = content.title
    document.core_properties.author = content.agency
    document.add_paragraph(content.title, "Title").alignment = ALIGN.CENTER
    add_prose(document, content.preface)
    for section in content.sections:
        heading = document.add_heading(section.title, 1)
        # Writer does not keep so long a table whole by itself.
        heading.paragraph_format.page_break_before = any(table.rows > 20 for table in section.tables)
        add_prose(document, section.paragraphs)
        for table in section.tables:
            add_table(document, table)
    for text in (content.agency, content.date):
        document.add_paragraph(text).alignment = ALIGN.RIGHT
    document.save(path)
