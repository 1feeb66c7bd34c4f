"""Makes image files of every kind that both lade and Pillow read. Files that Pillow cannot write are made byte by byte.

every_kind(dice, width, height) yields (name, content). The pixels are random numbers of dice.
"""
import io
import struct
import zlib

from PIL import Image


def noise(dice, width, height, channels):
    """Returns the samples of a smooth image with some noise, like a photo."""
    return bytes(
        (x * 9 * (c + 1) + y * 13 + dice.randrange(40)) % 256
        for y in range(height)
        for x in range(width)
        for c in range(channels)
    )


def saved(mode, size, pixels, kind, **options):
    out = io.BytesIO()
    Image.frombytes(mode, size, pixels).save(out, kind, **options)
    return out.getvalue()


def exif(orientation, order="II"):
    e = "<" if order == "II" else ">"
    return order.encode() + struct.pack(e + "HIHHHIHHI", 42, 8, 1, 0x112, 3, 1, orientation, 0, 0)


# ---- PNG and JPEG ----------------------------------------------------------------------------------------------------


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(dice, width, height, bits, color_type, extra=b""):
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color_type]
    row_bytes = (width * bits * samples + 7) // 8
    rows = b"".join(b"\0" + noise(dice, row_bytes, 1, 1) for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, 0))
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(dice, mode, width, height, **options):
    return saved(mode, (width, height), noise(dice, width, height, len(mode)), "JPEG", quality=85, **options)


def jpegs(dice, width, height):
    yield "grey.jpg", jpeg(dice, "L", width, height)
    yield "420.jpg", jpeg(dice, "RGB", width, height, subsampling=2)
    yield "422.jpg", jpeg(dice, "RGB", width, height, subsampling=1)
    yield "444.jpg", jpeg(dice, "RGB", width, height, subsampling=0)
    yield "progressive.jpg", jpeg(dice, "RGB", width, height, progressive=True)
    yield "cmyk.jpg", jpeg(dice, "CMYK", width, height)
    for orientation in range(1, 9):
        yield "exif%d.jpg" % orientation, jpeg(dice, "RGB", width, height, exif=b"Exif\0\0" + exif(orientation, "MM"))


def pngs(dice, width, height):
    palette = chunk(b"PLTE", bytes(range(20, 20 + 48)))
    for bits in (1, 2, 4, 8, 16):
        yield "grey%d.png" % bits, png(dice, width, height, bits, 0)
    yield "rgb8.png", png(dice, width, height, 8, 2)
    yield "rgb16.png", png(dice, width, height, 16, 2)
    yield "palette4.png", png(dice, width, height, 4, 3, palette + chunk(b"tRNS", b"\0\x40\x80"))
    yield "greyalpha8.png", png(dice, width, height, 8, 4)
    yield "rgba8.png", png(dice, width, height, 8, 6)
    yield "rgba16.png", png(dice, width, height, 16, 6)
    yield "exif6.png", png(dice, width, height, 8, 2, chunk(b"eXIf", exif(6)))


# ---- WebP ------------------------------------------------------------------------------------------------------------


def riff(*chunks):
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for k, d in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def le24(value):
    return struct.pack("<I", value)[:3]


def webp_animation(width, height, x, y, frame, frame_width, frame_height, alpha):
    """Returns an animation with two equal frames. Each frame is the still image @frame at (x, y) of a larger canvas."""
    canvas = struct.pack("<I", 2 | (16 if alpha else 0)) + le24(width - 1) + le24(height - 1)
    place = le24(x // 2) + le24(y // 2) + le24(frame_width - 1) + le24(frame_height - 1) + le24(100) + b"\0"
    pixels = frame[12:]
    if pixels[:4] == b"VP8X":
        pixels = pixels[18:]
    return riff((b"VP8X", canvas), (b"ANIM", b"\xff\x80\x40\x20\0\0"), (b"ANMF", place + pixels), (b"ANMF", place + pixels))


def webps(dice, width, height):
    size = (width, height)
    rgb, rgba = noise(dice, width, height, 3), noise(dice, width, height, 4)
    yield "lossy.webp", saved("RGB", size, rgb, "WEBP", quality=80)
    yield "lossyalpha.webp", saved("RGBA", size, rgba, "WEBP", quality=80)
    yield "lossless.webp", saved("RGB", size, rgb, "WEBP", lossless=True)
    yield "losslessalpha.webp", saved("RGBA", size, rgba, "WEBP", lossless=True, exact=True)
    yield "exif8.webp", saved("RGB", size, rgb, "WEBP", quality=80, exif=exif(8))
    for name, mode, pixels in ("animation", "RGB", rgb), ("animationalpha", "RGBA", rgba):
        still = saved(mode, size, pixels, "WEBP", quality=80)
        yield name + ".webp", webp_animation(width + 7, height + 9, 2, 4, still, width, height, mode == "RGBA")


# ---- GIF -------------------------------------------------------------------------------------------------------------


def lzw(indices, bits):
    """Returns the code stream of a GIF. It contains so many clear codes that the size of a code never grows."""
    out, acc, have, count = bytearray(), 0, 0, 0
    clear = 1 << bits
    codes = [clear]
    for index in indices:
        if count == clear - 2:
            codes.append(clear)
            count = 0
        codes.append(index)
        count += 1
    for code in codes + [clear + 1]:
        acc |= code << have
        have += bits + 1
        while have >= 8:
            out.append(acc & 255)
            acc >>= 8
            have -= 8
    out.append(acc & 255)
    blocks = b"".join(bytes([len(out[i : i + 255])]) + out[i : i + 255] for i in range(0, len(out), 255))
    return bytes([bits]) + blocks + b"\0"


def gif(dice, canvas, place, bits, local=False, interlaced=False, transparent=None, palette=None):
    x, y, width, height = place
    colors = palette or noise(dice, 1 << bits, 1, 3)
    indices = [v >> (8 - bits) for v in noise(dice, width, height, 1)]
    rows = [indices[i * width : (i + 1) * width] for i in range(height)]
    if interlaced:
        rows = rows[0::8] + rows[4::8] + rows[2::4] + rows[1::2]
    out = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0 if local else 0x80 | (bits - 1), 1, 0)
    out += b"" if local else colors
    out += b"!\xfe\x05hello\0"
    if transparent is not None:
        out += b"!\xf9\x04" + struct.pack("<BHB", 1, 10, transparent) + b"\0"
    out += b"," + struct.pack("<HHHHB", x, y, width, height, (0x40 if interlaced else 0) | (0x80 | bits - 1 if local else 0))
    out += colors if local else b""
    return out + lzw([i for row in rows for i in row], bits) + b";"


def gifs(dice, width, height):
    size, all_of_it = (width, height), (0, 0, width, height)
    yield "plain.gif", gif(dice, size, all_of_it, 8)
    yield "fourcolors.gif", gif(dice, size, all_of_it, 2)
    yield "interlaced.gif", gif(dice, size, all_of_it, 4, interlaced=True)
    yield "transparent.gif", gif(dice, size, all_of_it, 3, transparent=5)
    yield "local.gif", gif(dice, size, all_of_it, 5, local=True)
    yield "small.gif", gif(dice, (width + 6, height + 5), (2, 3, width, height), 4)
    yield "smalltransparent.gif", gif(dice, (width + 6, height + 5), (2, 3, width, height), 4, True, True, 9)
    yield "beyond.gif", gif(dice, size, (3, 4, width, height), 4)
    yield "greys.gif", gif(dice, size, all_of_it, 8, palette=bytes(v for i in range(256) for v in (i, i, i)))


# ---- BMP -------------------------------------------------------------------------------------------------------------


def bmp(width, height, bits, data, palette=b"", compression=0, header=40, masks=b"", top_down=False, colors=0):
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, -height if top_down else height, 1, bits, compression,
                           len(data), 0, 0, colors, 0)
        info += masks[: header - 40].ljust(header - 40, b"\0")
        masks = masks[header - 40 :] if header == 40 else b""
    offset = 14 + len(info) + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + info + masks + palette + data


def bmp_rows(dice, width, height, bits):
    row = (width * bits + 7) // 8
    return b"".join(noise(dice, row, 1, 1).ljust((row + 3) // 4 * 4, b"\0") for _ in range(height))


def run_lengths(dice, width, height, bits):
    """Returns rows of a BMP with run-length encoding. Pillow 9.4 can read them, because the literals have an even
    number of pixels, each row has an end, and there are no deltas."""
    out = b""
    for _ in range(height):
        x = 0
        while x < width:
            count = min(width - x, dice.randrange(1, 9))
            literal = count // 4 * 4
            if literal >= 4 and dice.random() < 0.5:
                size = literal * bits // 8
                out += bytes([0, literal]) + noise(dice, size, 1, 1) + b"\0" * (size % 2)
                count = literal
            else:
                out += bytes([count, dice.randrange(256)])
            x += count
        out += b"\0\0"
    return out[:-2] + b"\0\1"


def bmps(dice, width, height):
    def rows(bits):
        return bmp_rows(dice, width, height, bits)

    def palette(count, step=4):
        return b"".join(noise(dice, 3, 1, 1) + b"\0" * (step - 3) for _ in range(count))

    for bits in (1, 4, 8):
        yield "palette%d.bmp" % bits, bmp(width, height, bits, rows(bits), palette(1 << bits))
    yield "fewcolors.bmp", bmp(width, height, 8, rows(8), palette(100), colors=100)
    yield "grey8.bmp", bmp(width, height, 8, rows(8), b"".join(bytes([i, i, i, 0]) for i in range(256)))
    yield "blackwhite.bmp", bmp(width, height, 1, rows(1), b"\0\0\0\0\xff\xff\xff\0")
    for bits in (16, 24, 32):
        yield "rgb%d.bmp" % bits, bmp(width, height, bits, rows(bits))
    yield "topdown.bmp", bmp(width, height, 24, rows(24), top_down=True)
    yield "os2.bmp", bmp(width, height, 4, rows(4), palette(16, 3), header=12)
    yield "os2rgb.bmp", bmp(width, height, 24, rows(24), header=12)
    yield "os2v2.bmp", bmp(width, height, 8, rows(8), palette(256), header=64)
    for name, bits, header, masks in (
        ("565", 16, 40, (0xF800, 0x7E0, 0x1F)),
        ("555", 16, 108, (0x7C00, 0x3E0, 0x1F, 0)),
        ("bgra", 32, 124, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
        ("rgba", 32, 108, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
        ("abgr", 32, 108, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)),
        ("bgrx", 32, 40, (0xFF0000, 0xFF00, 0xFF)),
    ):
        packed = struct.pack("<%dI" % len(masks), *masks)
        yield name + ".bmp", bmp(width, height, bits, rows(bits), compression=3, header=header, masks=packed)
    for bits, compression in (8, 1), (4, 2):
        data = run_lengths(dice, width, height, bits)
        yield "rle%d.bmp" % bits, bmp(width, height, bits, data, palette(1 << bits), compression=compression)


# ---- PNM -------------------------------------------------------------------------------------------------------------


def pnms(dice, width, height):
    def head(kind, most=None):
        return b"P%d # a comment\n%d\n%d\n" % (kind, width, height) + (b"%d\n" % most if most else b"")

    def values(channels, most):
        if most == 1:
            return [v & 1 for v in noise(dice, width, height, channels)]
        # if the maximum is 65535, Pillow makes each value above 255 white; therefore, some values are small
        return [v * most // 255 if dice.random() < 0.6 else v % min(most, 3) for v in noise(dice, width, height, channels)]

    def text(numbers):
        return b"".join(b"%d%s" % (v, dice.choice((b" ", b"\n", b"\t ", b" # c\n"))) for v in numbers)

    bits = [v & 1 for v in values(1, 255)]
    yield "1.pbm", head(1) + b"".join(b"%d" % v for v in bits)
    yield "4.pbm", head(4) + noise(dice, (width + 7) // 8, height, 1)
    for most in (1, 100, 255, 300, 65535):
        for kind, channels, suffix in (5, 1, "pgm"), (6, 3, "ppm"):
            form = "%dB" if most < 256 else ">%dH"
            numbers = values(channels, most)
            yield "%d-%d.%s" % (kind, most, suffix), head(kind, most) + struct.pack(form % len(numbers), *numbers)
            yield "%d-%d.%s" % (kind - 3, most, suffix), head(kind - 3, most) + text(values(channels, most))


# ---- TIFF ------------------------------------------------------------------------------------------------------------

PACKERS = {1: lambda data: data, 8: zlib.compress, 32773: lambda data: b"".join(
    bytes([len(data[i : i + 100]) - 1]) + data[i : i + 100] for i in range(0, len(data), 100))}


def tiff(dice, width, height, photometric, bits, samples, order="<", planar=1, block=None, rows=None, compression=1,
         tags=(), blocks=None):
    """Returns a TIFF of noise, in strips of @rows rows or in tiles of the size @block. If @blocks is not None, the TIFF
    contains these blocks and no noise."""
    planes, together = (samples, 1) if planar == 2 else (1, samples)
    block_width, block_height = block or (width, rows or height)
    if blocks is None:
        blocks = []
        for _ in range(planes):
            for y in range(0, height, block_height):
                for _ in range(0, width, block_width):
                    lines = block_height if block else min(block_height, height - y)
                    blocks.append(noise(dice, (block_width * bits * together + 7) // 8, lines, 1))
    blocks = [PACKERS[compression](b) for b in blocks]
    at = 8
    offsets = []
    for b in blocks:
        offsets.append(at)
        at += len(b) + len(b) % 2
    entries = {256: (4, [width]), 257: (4, [height]), 258: (3, [bits] * samples), 259: (3, [compression]),
               262: (3, [photometric]), 277: (3, [samples]), 284: (3, [planar])}
    if block:
        entries.update({322: (4, [block_width]), 323: (4, [block_height]), 324: (4, offsets),
                        325: (4, [len(b) for b in blocks])})
    else:
        entries.update({273: (4, offsets), 278: (4, [block_height]), 279: (4, [len(b) for b in blocks])})
    entries.update(tags)
    directory, beyond = b"", b""
    behind = at + 2 + 12 * len(entries) + 4
    for tag in sorted(entries):
        kind, numbers = entries[tag]
        data = struct.pack(order + str(len(numbers)) + {3: "H", 4: "I"}[kind], *numbers)
        if len(data) > 4:
            directory += struct.pack(order + "HHII", tag, kind, len(numbers), behind + len(beyond))
            beyond += data + b"\0" * (len(data) % 2)
        else:
            directory += struct.pack(order + "HHI", tag, kind, len(numbers)) + data.ljust(4, b"\0")
    head = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, at)
    body = b"".join(b + b"\0" * (len(b) % 2) for b in blocks)
    return head + body + struct.pack(order + "H", len(entries)) + directory + b"\0\0\0\0" + beyond


def ycbcr_blocks(dice, width, height):
    """Returns the luma and chroma of an uncompressed TIFF, in which 2 x 2 pixels share a pair of chroma values."""
    return [noise(dice, 6 * ((width + 1) // 2), (height + 1) // 2, 1)]


def tiffs(dice, width, height):
    def make(*args, **options):
        return tiff(dice, width, height, *args, **options)

    def colormap(bits):
        return {320: (3, [v * 257 for v in noise(dice, 3 << bits, 1, 1)])}

    def words(form, low, high):
        """Values around 0..255. Values outside of this range become black or white."""
        return [struct.pack(form[0] + str(width * height) + form[1],
                            *(dice.randrange(low, high) for _ in range(width * height)))]

    size = (width, height)
    for bits in (1, 2, 4, 8):
        yield "black%d.tif" % bits, make(1, bits, 1, rows=5)
        yield "white%d.tif" % bits, make(0, bits, 1, order=">")
        yield "palette%d.tif" % bits, make(3, bits, 1, rows=4, tags=colormap(bits))
    yield "grey16.tif", make(1, 16, 1, blocks=words("<H", 0, 400))
    yield "grey16rows.tif", make(1, 16, 1, rows=3)
    yield "grey16mm.tif", make(1, 16, 1, order=">", compression=8, blocks=words(">H", 0, 400))
    yield "signed16.tif", make(1, 16, 1, tags={339: (3, [2])}, blocks=words("<h", -200, 400))
    yield "signed32.tif", make(1, 32, 1, tags={339: (3, [2])}, blocks=words("<i", -200, 400))
    reals = struct.pack("<%df" % (width * height), *(dice.uniform(-50, 400) for _ in range(width * height)))
    yield "real.tif", make(1, 32, 1, tags={339: (3, [3])}, blocks=[reals])
    yield "lsbfirst.tif", make(1, 1, 1, tags={266: (3, [2])})
    yield "greyalpha.tif", make(1, 8, 2, tags={338: (3, [2])})
    yield "palettealpha.tif", make(3, 8, 2, tags={338: (3, [2]), **colormap(8)})
    yield "rgb.tif", make(2, 8, 3, rows=4)
    yield "rgbmm.tif", make(2, 8, 3, order=">", compression=32773, rows=2)
    yield "planar.tif", make(2, 8, 3, planar=2, compression=8, rows=5)
    yield "planarraw.tif", make(2, 8, 3, planar=2)
    yield "tiles.tif", make(2, 8, 3, block=(16, 16), compression=8)
    yield "tilesplanar.tif", make(2, 8, 3, planar=2, block=(32, 16), compression=8)
    yield "tilesgrey.tif", make(1, 1, 1, block=(16, 16), compression=8)
    for order, name in ("<", "rgb16.tif"), (">", "rgb16mm.tif"):
        yield name, make(2, 16, 3, order=order, rows=3)
    yield "rgba.tif", make(2, 8, 4, tags={338: (3, [2])})
    yield "rgba16.tif", make(2, 16, 4, tags={338: (3, [2])}, compression=8)
    yield "rgbx.tif", make(2, 8, 4, tags={338: (3, [0])})
    yield "rgbpremultiplied.tif", make(2, 8, 4, tags={338: (3, [1])})
    yield "rgbsaid.tif", make(2, 8, 4)
    yield "rgbmore.tif", make(2, 8, 5, tags={338: (3, [2, 0])})
    yield "cmyk.tif", make(5, 8, 4, rows=6)
    yield "cmyk16.tif", make(5, 16, 4)
    yield "ycbcr.tif", make(6, 8, 3, compression=8, blocks=ycbcr_blocks(dice, width, height))
    rgb, grey = noise(dice, width, height, 3), noise(dice, width, height, 1)
    for compression in ("tiff_lzw", "jpeg"):
        yield compression[-4:] + "rgb.tif", saved("RGB", size, rgb, "TIFF", compression=compression)
        yield compression[-4:] + "grey.tif", saved("L", size, grey, "TIFF", compression=compression)
    yield "jpegycbcr.tif", saved("YCbCr", size, rgb, "TIFF", compression="jpeg")
    yield "jpegcmyk.tif", saved("CMYK", size, noise(dice, width, height, 4), "TIFF", compression="jpeg")
    yield "predicted.tif", saved("RGB", size, rgb, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    bits = noise(dice, (width + 7) // 8, height, 1)
    for compression in ("group3", "group4", "tiff_ccitt", "packbits"):
        yield compression + ".tif", saved("1", size, bits, "TIFF", compression=compression)
    for orientation in (2, 3, 5, 6, 8):
        yield "turned%d.tif" % orientation, make(2, 8, 3, rows=4, tags={274: (3, [orientation])})


def every_kind(dice, width, height):
    for kinds in (jpegs, pngs, webps, gifs, bmps, pnms, tiffs):
        yield from kinds(dice, width, height)
