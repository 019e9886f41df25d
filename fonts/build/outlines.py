"""Draws the outlines of a font anew, as quadratic curves and with fewer points.

A contour is cut at its corners. What lies between two of them is a chain of lines and curves. It is
replaced by the chain of lines and quadratic splines with the fewest points among those that join
at points of the original, keep the direction there, and are nowhere off by more than `error` units.
"""
import math

import numpy as np
from fontTools.cu2qu import curve_to_quadratic
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

CORNER = math.radians(25)  # a turn that is sharper stays a corner
FLAT = 0.5  # units by which one curve may be off the line that replaces it
TRIES = 3  # chains that do not fit, one longer than the other, before no longer one is tried
REACH = 3  # the longest handle of a spline, in lengths of its chord

STEPS = np.linspace(0, 1, 9)[:, None]  # where a segment of the original is compared
DENSE = np.linspace(0, 1, 13)[:, None]  # where a curve that replaces it is


def redrawn(glyphs, name, error):
    """The glyph `name` of a glyph set, for a `glyf` table."""
    pen = TTGlyphPen(None)
    for segments in contours(glyphs, name):
        splines = [spline for chain in chains(segments) for spline in fewest(*chain, error)]
        splines = [spline[::-1] for spline in splines[::-1]]  # contours of TrueType run the other way
        pen.moveTo(place(splines[0][0]))
        for spline in splines:
            pen.qCurveTo(*map(place, spline[1:]))
        pen.closePath()
    return pen.glyph()


def place(point):
    return tuple(int(coordinate) for coordinate in np.rint(point))


def contours(glyphs, name):
    """Contours as lists of segments; a segment is an array of two points or of four."""
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    start = here = segments = None
    for operator, points in pen.value:
        if operator == "moveTo":
            start, here, segments = points[0], points[0], []
            continue
        closes = operator in ("closePath", "endPath")
        points = (start,) if closes else points
        if any(point != here for point in points):
            segments.append(np.array((here, *points), float))
        here = points[-1]
        if closes and segments:
            yield segments


def direction(segment, at_end):
    """The unit vector along which a segment leaves its first point or reaches its last."""
    points = segment[::-1] if at_end else segment
    away = next(point - points[0] for point in points[1:] if (point != points[0]).any())
    return away / np.hypot(*away) * (-1 if at_end else 1)


def turn(before, after):
    return abs(math.atan2(before[0] * after[1] - before[1] * after[0], before @ after))


def chains(segments):
    """The segments between corners, each chain with the directions at its joints."""
    reached = [direction(segment, True) for segment in segments]
    left = [direction(segment, False) for segment in segments]
    turns = [turn(reached[i - 1], left[i]) for i in range(len(segments))]
    first = int(np.argmax(turns))  # the sharpest, a corner also where there is none
    corners = [first] + [
        i for i in ((first + k) % len(segments) for k in range(1, len(segments))) if turns[i] > CORNER
    ]
    for begin, end in zip(corners, corners[1:] + corners[:1]):
        count = (end - begin - 1) % len(segments) + 1
        places = [(begin + k) % len(segments) for k in range(count)]
        joints = [joint(segments, reached, left, i) for i in places[1:]]
        yield [segments[i] for i in places], [left[begin], *joints, reached[end - 1]]


def joint(segments, reached, left, i):
    """The direction where segment i begins: that of a line, if it follows or precedes one."""
    if len(segments[i - 1]) == 2:
        return reached[i - 1]
    if len(segments[i]) == 2:
        return left[i]
    both = reached[i - 1] + left[i]
    return both / np.hypot(*both)


def fewest(segments, directions, error):
    """The splines with the fewest points in place of a chain, found from its start to its end."""
    traces = [trace(segment) for segment in segments]
    best = [(0, None, None)] + [(math.inf, None, None)] * len(segments)  # points, from where, spline
    for begin in range(len(segments)):
        failed = 0
        for end in range(begin + 1, len(segments) + 1):
            along = np.concatenate([traces[begin], *(t[1:] for t in traces[begin + 1:end])])
            spline = fitting(along, directions[begin], directions[end], segments[begin:end], error)
            if spline is None:
                failed += 1
                if failed == TRIES:
                    break
            elif best[begin][0] + len(spline) < best[end][0]:
                best[end] = (best[begin][0] + len(spline), begin, spline)
    splines, end = [], len(segments)
    while end > 0:
        _, end, spline = best[end]
        splines.append(spline)
    return splines[::-1]


def fitting(along, out, into, segments, error):
    """The spline with the fewest points that follows a trace within the error: two points are a
    line. One segment alone has always a spline."""
    alone = segments[0] if len(segments) == 1 else None
    if alone is not None and len(alone) == 2:
        return alone
    ends = along[[0, -1]]
    for spline, allowed in ((ends, FLAT if alone is not None else error),
                            (one_handle(ends, out, into), error),
                            (two_handles(along, out, into), error)):
        if spline is not None and near(along, spline, allowed):
            return spline
    if alone is not None:
        return np.array(curve_to_quadratic(alone, error)).round()
    return None


def one_handle(ends, out, into):
    """The curve whose handle is where the directions of its ends meet."""
    chord = ends[1] - ends[0]
    handles = crossing(np.array((out, into)).T, chord, chord)
    return None if handles is None else np.array((ends[0], ends[0] + handles[0] * out, ends[1])).round()


def two_handles(along, out, into):
    """Two curves with a point half way between their handles, by least squares."""
    start, end = along[0], along[-1]
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(along, axis=0).T))])
    at = length / length[-1]
    early = at < 0.5
    v = np.where(early, 2 * at, 2 * at - 1)
    rising, falling = v * v / 2, (1 - v) ** 2 / 2
    first = np.where(early, 2 * v * (1 - v) + rising, falling)
    second = np.where(early, rising, falling + 2 * v * (1 - v))
    from_start = first + np.where(early, 2 * falling, 0)
    from_end = second + np.where(early, 0, 2 * rising)
    rest = along - from_start[:, None] * start - from_end[:, None] * end
    across = np.stack([(first[:, None] * out).ravel(), (-second[:, None] * into).ravel()], axis=1)
    handles = crossing(across.T @ across, across.T @ rest.ravel(), end - start)
    if handles is None:
        return None
    return np.array((start, start + handles[0] * out, end - handles[1] * into, end)).round()


def crossing(matrix, right, chord):
    """The two lengths that solve the equations, if both are handles that a curve may have."""
    if abs(np.linalg.det(matrix)) < 1e-3:
        return None
    handles = np.linalg.solve(matrix, right)
    return handles if (handles > 0).all() and (handles < REACH * np.hypot(*chord)).all() else None


def trace(segment):
    t = STEPS
    if len(segment) == 2:
        return segment[0] * (1 - t) + segment[1] * t
    return (segment[0] * (1 - t) ** 3 + 3 * segment[1] * t * (1 - t) ** 2
            + 3 * segment[2] * t * t * (1 - t) + segment[3] * t ** 3)


def near(along, spline, allowed):
    """Whether neither a trace nor the spline in its place has a point that is further off the other."""
    drawn, t = [spline[:1]], DENSE[1:]
    start, handles = spline[0], spline[1:-1]
    for i, handle in enumerate(handles):
        end = spline[-1] if i + 1 == len(handles) else (handle + handles[i + 1]) / 2
        drawn.append(start * (1 - t) ** 2 + 2 * handle * t * (1 - t) + end * t * t)
        start = end
    drawn = np.concatenate(drawn if len(handles) else [spline])
    return off(along, drawn) <= allowed and off(drawn, along) <= allowed


def off(points, line):
    """How far points are off a line of many points, at most."""
    begin, step = line[:-1], np.diff(line, axis=0)
    square = np.maximum((step * step).sum(1), 1e-12)
    away = points[:, None, :] - begin
    share = np.clip((away * step).sum(2) / square, 0, 1)
    return np.sqrt(((away - share[..., None] * step) ** 2).sum(2).min(1)).max()
