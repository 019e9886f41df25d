#!/usr/bin/env python3
"""Writes the table of characters that look like ordinary Chinese ones and are none.

usage: lookalikes.py UNICODE OUT

UNICODE  folder with PropList.txt, EquivalentUnifiedIdeograph.txt and UnicodeData.txt of one version of
         Unicode (Debian's unicode-data)
OUT      the table: ../../src/report/lookalikes.txt
"""
import re
import sys

# The blocks of radicals and strokes, and those of compatibility ideographs.
STROKES = range(0x31C0, 0x31F0)
COMPATIBILITY = [range(0xF900, 0xFB00), range(0x2F800, 0x2FA20)]


def rows(path):
    """The fields of a file of the Unicode database; code points may be ranges."""
    for line in open(path, encoding="utf-8"):
        fields = [field.strip() for field in line.split("#")[0].split(";")]
        if len(fields) > 1:
            first, _, last = fields[0].partition("..")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                yield code, fields[1:]


def version(unicode):
    first = open(f"{unicode}/EquivalentUnifiedIdeograph.txt", encoding="utf-8").readline()
    return re.search(r"-([0-9.]+)\.txt", first).group(1)


def lookalikes(unicode):
    """The ordinary character of each, 0 for one that has none.

    Radicals and strokes by Equivalent_Unified_Ideograph; compatibility ideographs by their canonical
    decompositions, which are single characters, so that they are all of NFKC. The twelve unified
    ideographs in the first of their blocks have no decomposition.
    """
    data = dict(rows(f"{unicode}/UnicodeData.txt"))
    radicals = (code for code, fields in rows(f"{unicode}/PropList.txt") if fields[0] == "Radical")
    found = {code: 0 for code in radicals}
    found.update({code: 0 for code in STROKES if code in data})
    for code, fields in rows(f"{unicode}/EquivalentUnifiedIdeograph.txt"):
        found[code] = int(fields[0], 16)

    def ordinary(code):
        decomposed = data[code][4] if code in data else ""
        return ordinary(int(decomposed, 16)) if decomposed else code

    for block in COMPATIBILITY:
        found.update({code: ordinary(code) for code in block if ordinary(code) != code})
    return found


def main():
    unicode, out = sys.argv[1:3]
    table = lookalikes(unicode)
    with open(out, "w", encoding="utf-8") as file:
        file.write(f"# The ordinary character for each radical, stroke and compatibility ideograph of Unicode\n"
                   f"# {version(unicode)}; none stands where there is none. Made by fonts/build/lookalikes.py from\n"
                   f"# EquivalentUnifiedIdeograph.txt, PropList.txt and UnicodeData.txt.\n")
        for code, ordinary in sorted(table.items()):
            file.write(f"{code:04X} {chr(ordinary)}\n" if ordinary else f"{code:04X}\n")
    print(len(table), "characters")


if __name__ == "__main__":
    main()
