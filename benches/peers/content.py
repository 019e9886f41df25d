"""The content of a report for programs that do not know nianbao: texts in their order, tables as cells.

It is read from the folder that a layout sees, so every contender prints the same words and values.
"""
import json
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass
class Cell:
    """A place in a table, with its size in columns and rows."""

    x: int
    y: int
    w: int
    h: int
    role: str  # head, row or value
    text: str


@dataclass
class Table:
    cells: list
    columns: int
    rows: int
    head: int  # how many of the rows are the head
    summary: str


@dataclass
class Section:
    title: str
    paragraphs: list  # pairs of kind (heading, run-in or body) and its one or two texts
    tables: list


@dataclass
class Content:
    title: str
    agency: str
    preface: list
    sections: list
    date: str


def leaves(node):
    return sum(map(leaves, node.get("children", []))) or 1


def depth(nodes):
    return max((1 + depth(node.get("children", [])) for node in nodes), default=0)


def heads(nodes, x, y, height):
    """The cells over columns; a label without others below reaches down to the values."""
    for node in nodes:
        below = node.get("children", [])
        yield Cell(x, y, leaves(node), 1 if below else height, "head", node["label"])
        yield from heads(below, x, y + 1, height - 1)
        x += leaves(node)


def stubs(nodes, x, y, width):
    """The cells before rows; a label without others behind it reaches to the values."""
    for node in nodes:
        below = node.get("children", [])
        yield Cell(x, y, 1 if below else width, leaves(node), "row", node["label"])
        yield from stubs(below, x + 1, y, width - 1)
        y += leaves(node)


def cross(spec):
    """Rows and columns, or columns alone over one row of values."""
    rows, columns = spec.get("rows", []), spec["columns"]
    left, top = depth(rows), depth(columns)
    cells = [Cell(0, 0, left, top, "head", spec.get("corner", ""))] if rows else []
    cells += [*heads(columns, left, 0, top), *stubs(rows, 0, top, left)]
    for y in range(sum(map(leaves, rows)) or 1):
        cells += [Cell(left + x, top + y, 1, 1, "value", "") for x in range(sum(map(leaves, columns)))]
    return cells, top


def stacked(spec):
    """Blocks of one frame, each under a title of its own; the last column takes the room that is left."""
    width = max(1 + len(block["columns"]) for block in spec["blocks"])
    cells, y = [], 0
    for block in spec["blocks"]:
        places = [(1 + i, 1) for i in range(len(block["columns"]))]
        places[-1] = (places[-1][0], width - places[-1][0])
        cells += [Cell(0, y, width, 1, "head", block["title"]), Cell(0, y + 1, 1, 1, "head", block["stub"])]
        cells += [Cell(x, y + 1, w, 1, "head", c["label"]) for (x, w), c in zip(places, block["columns"])]
        for y, row in enumerate(block["rows"], y + 2):
            cells.append(Cell(0, y, 1, 1, "row", row["label"]))
            cells += [Cell(x, y, w, 1, "value", "") for x, w in places]
        y += 1
    return cells, 2


def table(spec, values):
    cells, head = stacked(spec) if "blocks" in spec else cross(spec)
    cells.sort(key=lambda cell: (cell.y, cell.x))
    values = iter(values)
    for cell in cells:
        if cell.role == "value":
            value = next(values)
            cell.text = value if isinstance(value, str) else "".join(word["text"] for word in value["words"])
    columns, rows = (max(c.x + c.w for c in cells), max(c.y + c.h for c in cells))
    return Table(cells, columns, rows, head, spec["summary"])


def whole(text):
    """A text without the pieces and the ends of lines that are chosen for Typst."""
    if isinstance(text, str):
        return text.replace("\u2028", "").replace("\n", "")
    if isinstance(text, list):
        return "".join(map(whole, text))
    if isinstance(text, dict):
        return whole([text[key] for key in ("early", "late", "marks", "text", "blank") if key in text])
    return ""  # a place where a word may be broken


def paragraphs(printed):
    keys = {"run-in": ("head", "text")}
    return [(p["kind"], [whole(p[key]) for key in keys.get(p["kind"], ("text",))]) for p in printed]


def read(tree):
    """The content of the report whose layout sees this folder."""
    report = json.loads(Path(tree, "report.json").read_text(encoding="utf-8"))
    form = yaml.safe_load(Path(tree, "layouts/2021/format.yaml").read_text(encoding="utf-8"))
    sections = []
    for section in report["sections"]:
        tables = [table(form["tables"][key], report["tables"][key]["cells"]) for key in section["tables"]]
        sections.append(Section(section["title"], paragraphs(section["paragraphs"]), tables))
    year, month, day = report["issued"]
    date = f"{year}年{month}月{day}日"
    return Content(report["title"], report["agency"], paragraphs(report["preface"]), sections, date)
