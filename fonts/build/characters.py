#!/usr/bin/env python3
"""Writes the lists of characters that coverage is measured against.

usage: characters.py UNIHAN OUT

UNIHAN   Unihan_OtherMappings.txt of Debian's unicode-data (its kTGH rows are the 8,105
         characters of the 通用规范汉字表)
OUT      folder for gb2312.txt (the 6,763 hanzi of GB/T 2312—1980) and standard.txt (the 8,105)
"""
import sys

from build import encoded, is_hanzi, standard_hanzi


def main():
    unihan, out = sys.argv[1:3]
    lists = {
        "gb2312": encoded("gb2312", (0xB0, 0xF7), (0xA1, 0xFE), is_hanzi),
        "standard": standard_hanzi(unihan),
    }
    for name, codes in lists.items():
        with open(f"{out}/{name}.txt", "w", encoding="utf-8") as file:
            characters = [chr(code) for code in sorted(codes)]
            for start in range(0, len(characters), 40):
                file.write("".join(characters[start : start + 40]) + "\n")
        print(name, len(codes))


if __name__ == "__main__":
    main()
