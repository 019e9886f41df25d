#!/usr/bin/env python3
"""Writes a folder tree of made-up report files, to measure work on whole archives.

usage: generate.py OUT [--reports N] [--seed S] ...        (--help has the rest)

makes OUT/<city>/<agency>/<year>.yaml: agencies with the years from 2021 on, one in five of them large
(12 to 20 pages, larger figures), the others of the kind of the six-page sample. Names, text and figures
are invented and differ from report to report. What the form balances is in balance, from year to year
too, and the prose tells the figures of the tables, so `nianbao check OUT` has nothing to warn of.

A report follows from the seed, its agency and its year alone: it is the same among any number of reports
and on any machine. `--edit 0.01` makes a small change to about one in a hundred of the reports that the
other arguments name: to the same ones each time, to others with another `--round`.
"""
import argparse
import itertools
from pathlib import Path
from random import Random

from figures import COLUMNS, RESULTS, history
from prose import sections

FIRST_YEAR = 2021  # from which the form of 2021 is in force
# No place has such a name: the endings are not those that go with the beginnings.
PLACES = [
    "云霁 松澜 晴坞 竹漪 雁汀 枫岫 鹭洲 梅硕 桐霭 苇清".split(),
    "浦 坪 渡 岭 湾 桥".split(),
    "市 县 区".split(),
]
AGENCIES = """人民政府 发展改革局 教育局 科学技术局 民政局 公安局 司法局 财政局 人力资源社会保障局 住房城乡建设局
    自然资源局 生态环境局 城市管理局 水利局 商务局 交通运输局 农业农村局 文化旅游局 退役军人事务局 应急管理局
    市场监督管理局 审计局 统计局 林业局 医疗保障局 卫生健康局 体育局 信访局 数据局 国防动员办公室 行政审批局
    机关事务管理局 乡村振兴局 粮食和物资储备局 档案局 民族宗教事务局 地方金融管理局 知识产权局 地震局 气象局""".split()


def row(random, columns, values):
    """A row in one of the ways in which it may be written; the total may be left out."""
    if not any(values):
        return "0"
    if random.random() < 0.5:
        return str([*values, sum(values)])
    return "{" + ", ".join(f"{column}: {value}" for column, value in zip(columns, values)) + "}"


def report(seed, city, agency, figures, large, edit):
    """The file of one agency and year; `edit` is the round of changes that it is in, or 0."""
    year, requests = figures["year"], figures["requests"]
    random = Random(f"{seed}/{agency}/{year}")
    text = sections(random, city, agency, figures, large)
    licences, penalties, compulsion = figures["decisions"]
    if edit:  # all the rest stays as it was
        licences += edit
        text["other"].append(f"本报告公布后作过{edit}次更正，登载的是更正后的内容。")

    def prose(key):
        return [f"{key}: |", *(f"  {paragraph}" for paragraph in text[key])]

    rules = zip(["government_rules", "normative_documents"], figures["rules"])
    # The row of totals may be left out, as the column may.
    rows = [key for key in requests if key != "concluded" or random.random() < 0.5]
    lines = [
        f"agency: {agency}",
        f"year: {year}",
        f"date: {year + 1}-01-{random.randint(8, 30):02}",
        *prose("preface"),
        *prose("overview"),
        "proactive:",
        *(f"  {key}: {{issued: {i}, repealed: {r}, in_force: {n}}}" for key, (i, r, n) in rules),
        f"  licences: {licences}",
        f"  penalties: {penalties}",
        f"  compulsion: {compulsion}",
        f"  institutional_fees: {figures['fees']}",
        "requests:",
        *(f"  {key}: {row(random, COLUMNS, requests[key])}" for key in rows),
        "disputes:",
        *(f"  {key}: {row(random, RESULTS, values)}" for key, values in figures["disputes"].items()),
        *prose("problems"),
        *prose("other"),
    ]
    return "\n".join(lines) + "\n"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", type=int, default=8, help="reports of each agency (8)")
    parser.add_argument("--agencies-per-city", type=int, default=40, help="up to 40 (40)")
    parser.add_argument("--large", type=float, default=0.2, help="share of large agencies (0.2)")
    parser.add_argument("--edit", type=float, metavar="SHARE", help="only change this share of the reports")
    parser.add_argument("--round", type=int, default=1, help="which change --edit makes, from 1 on (1)")
    chosen = parser.parse_args()
    per_city = chosen.agencies_per_city
    places = len(list(itertools.product(*PLACES)))
    if not 1 <= per_city <= len(AGENCIES) or chosen.reports > places * per_city * chosen.years:
        parser.error("there are not so many agencies")
    return chosen


def main():
    chosen = options()
    places = ["".join(parts) for parts in itertools.product(*PLACES)]
    written = 0
    for i in range(-(-chosen.reports // chosen.years)):
        city = places[i // chosen.agencies_per_city]
        agency = city + AGENCIES[i % chosen.agencies_per_city]
        large = int((i + 1) * chosen.large) > int(i * chosen.large)
        years = range(FIRST_YEAR, FIRST_YEAR + min(chosen.years, chosen.reports - i * chosen.years))
        folder = chosen.out / city / agency
        folder.mkdir(parents=True, exist_ok=True)
        for figures in history(Random(f"{chosen.seed}/{agency}"), years, large):
            year, edit = figures["year"], 0
            if chosen.edit is not None:
                edit = chosen.round
                if Random(f"{chosen.seed}/{agency}/{year}/{edit}").random() >= chosen.edit:
                    continue
            text = report(chosen.seed, city, agency, figures, large, edit)
            text.encode("gb2312")  # or an official font may lack a character
            (folder / f"{year}.yaml").write_text(text, encoding="utf-8", newline="\n")
            written += 1
    print(f"{written} reports written")


if __name__ == "__main__":
    main()
