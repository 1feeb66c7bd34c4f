"""
Writes a TrueType font for one character, which is given in hexadecimal. The glyph of the character is a triangle.

    make_font.py FILE CHARACTER

The tests use this font because a minimal system has no fonts for most writing systems.
"""
import struct
import sys


def u16(*values):
    return struct.pack(f">{len(values)}H", *(v & 0xffff for v in values))


def u32(*values):
    return struct.pack(f">{len(values)}I", *values)


def tables(character):
    count = 2  # glyph 0 is the glyph for missing characters, which is empty
    encoding = u16(12, 0) + u32(28, 0, 1, character, character, 1)
    triangle = u16(1, 0, 0, 800, 700, 2, 0) + b"\1\1\1" + u16(0, 800, -400) + u16(0, 0, 700)
    triangle += b"\0" * (-len(triangle) % 4)
    name = "Lade Test".encode("utf-16-be")
    return {
        b"cmap": u16(0, 1, 3, 10) + u32(12) + encoding,
        b"glyf": triangle,
        b"head": u32(0x10000, 0x10000, 0, 0x5F0F3CF5) + u16(0, 1000) + bytes(16) + u16(0, 0, 800, 700, 0, 8, 2, 1, 0),
        b"hhea": u32(0x10000) + u16(800, -200, 0, 1000, 0, 0, 800, 1, 0, 0, 0, 0, 0, 0, 0, count),
        b"hmtx": u16(1000, 0) * count,
        b"loca": u32(0, 0, len(triangle)),
        b"maxp": u32(0x10000) + u16(count, 3, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": u16(0, 1, 18, 3, 1, 0x409, 1, len(name), 0) + name,
    }


def main():
    font = tables(int(sys.argv[2], 16))
    at = 12 + 16 * len(font)
    directory, body = u32(0x10000) + u16(len(font), 128, 3, len(font) * 16 - 128), b""
    for tag, data in font.items():
        directory += tag + u32(0, at + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    with open(sys.argv[1], "wb") as f:
        f.write(directory + body)


main()
