# SPDX-License-Identifier: MIT
"""Reads a screenshot: a PNG of 8 bits, in colours, not interlaced."""
import collections
import struct
import zlib


def unfilter(kind, line, before, step):
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        up = before[i]
        corner = before[i - step] if i >= step else 0
        if kind == 1:
            line[i] = (line[i] + left) & 255
        elif kind == 2:
            line[i] = (line[i] + up) & 255
        elif kind == 3:
            line[i] = (line[i] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
            line[i] = (line[i] + near[2]) & 255
    return line


class Picture:
    """width, height, and how often it has which colour."""

    def __init__(self, png):
        assert png[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
        at, data = 8, b""
        while at < len(png):
            size, kind = struct.unpack(">I4s", png[at : at + 8])
            body = png[at + 8 : at + 8 + size]
            if kind == b"IHDR":
                self.width, self.height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
                assert depth == 8 and colour in (2, 6) and not interlaced, "another kind of PNG"
                step = 3 if colour == 2 else 4
            elif kind == b"IDAT":
                data += body
            at += size + 12
        raw = zlib.decompress(data)
        self.colours = collections.Counter()
        before, length = bytearray(self.width * step), self.width * step
        for y in range(self.height):
            start = y * (length + 1)
            before = unfilter(raw[start], bytearray(raw[start + 1 : start + 1 + length]), before, step)
            self.colours.update(zip(before[0::step], before[1::step], before[2::step]))

    def ground(self):
        """The most frequent colour, and its share."""
        colour, count = self.colours.most_common(1)[0]
        return colour, count / (self.width * self.height)
