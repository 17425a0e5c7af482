"""The pinhole renderer with scalar loops: operation by operation what view, draw, curved and render do in numpy.

Every intermediate has numpy's type and every sum numpy's order, so pictures are equal to the bit. Loops over the
columns of a row are written without branches, so that the compiler makes vector instructions of them.
"""

# numba infers the types
# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import math

import numpy as np

from droidlet_simulators.room.fast.compiled import compiled, entry

BOX, SPHERE, CYLINDER, ROD = 0, 1, 2, 3
LEVELS = 256
NEAR_M = 0.01
TOUCH_M2 = 1e-6
THIN = 1e-9
SLACK = 0.01
HIDDEN_WORTH = 64
f32 = np.float32


@compiled
def bound(centre, half, axes, lens, x, y, width, height, rotation, eye, turn, rect):
    """Fills turn (3, 3), rect (4,) and eye (3,), which comes in as the world offset from the camera.

    Returns the nearest depth, or -1.0 where nothing can be seen; `centre` (3,) is in camera axes.
    """
    r = rotation
    radius = math.sqrt(half[0] * half[0] + half[1] * half[1] + half[2] * half[2]) + 1e-3
    cx, cy, cz = centre[0], centre[1], centre[2]
    right, left, down, up = x[-1], -x[0], y[-1], -y[0]
    if not (
        cz + radius > NEAR_M
        and cx - right * cz <= radius * math.sqrt(1.0 + right * right)
        and -cx - left * cz <= radius * math.sqrt(1.0 + left * left)
        and cy - down * cz <= radius * math.sqrt(1.0 + down * down)
        and -cy - up * cz <= radius * math.sqrt(1.0 + up * up)
    ):
        return -1.0
    ox, oy, oz = eye[0], eye[1], eye[2]
    for j in range(3):
        for i in range(3):
            turn[j, i] = axes[0, j] * r[0, i] + axes[1, j] * r[1, i] + axes[2, j] * r[2, i]
        eye[j] = -(ox * axes[0, j] + oy * axes[1, j] + oz * axes[2, j])
    corners = np.empty((20, 3))
    lowest = np.inf
    for corner in range(8):
        for i in range(3):
            place = centre[i] + (1.0 if corner & 4 else -1.0) * (half[0] * turn[0, i])
            place += (1.0 if corner & 2 else -1.0) * (half[1] * turn[1, i])
            place += (1.0 if corner & 1 else -1.0) * (half[2] * turn[2, i])
            corners[corner, i] = place
        lowest = min(lowest, corners[corner, 2])
    depth = max(lowest, NEAR_M)
    count = 8
    if depth == NEAR_M:
        for a in range(8):
            for bit in (1, 2, 4):
                b = a | bit
                if b == a or (corners[a, 2] < NEAR_M) == (corners[b, 2] < NEAR_M):
                    continue
                part = (NEAR_M - corners[a, 2]) / (corners[b, 2] - corners[a, 2])
                corners[count, 0] = corners[a, 0] + part * (corners[b, 0] - corners[a, 0])
                corners[count, 1] = corners[a, 1] + part * (corners[b, 1] - corners[a, 1])
                corners[count, 2] = NEAR_M
                count += 1
    for side in range(2):
        focal, shift = lens[side], lens[2 + side]
        low, high = np.inf, -np.inf
        for corner in range(count):
            if corners[corner, 2] >= NEAR_M:
                place = corners[corner, side] * (1.0 / corners[corner, 2]) * focal + (shift - 0.5)
                low, high = min(low, place), max(high, place)
        most = width if side == 0 else height
        rect[2 * side] = int(math.ceil(min(max(low - SLACK, 0.0), float(most))))
        rect[2 * side + 1] = int(math.floor(min(max(high + SLACK, -1.0), float(most - 1)))) + 1
    if rect[1] <= rect[0] or rect[3] <= rect[2]:
        return -1.0
    return depth


@compiled
def plane(ax, ay, a1, x, y, rect, row, column):
    """The affine field ax * x + ay * y + a1 within a rectangle, as a row and a column."""
    c0, c1, r0, r1 = rect[0], rect[1], rect[2], rect[3]
    for i in range(c1 - c0):
        row[i] = f32(ax * x[c0 + i] + a1)
    for i in range(r1 - r0):
        column[i] = f32(ay * y[r0 + i])


@compiled
def faces(half, eye, turn, x, y, rect, first, rows, columns, order):
    """The planes of the faces of axes first to 2; order: those entered first, then those left. How many entered."""
    front, total = 0, 2 * (3 - first)
    left = total
    for number in range(total - 1, -1, -1):
        axis = first + number // 2
        gap = half[axis] - eye[axis] if number % 2 else half[axis] + eye[axis]
        if abs(gap) < THIN:
            gap = THIN
        sign = 1.0 if number % 2 else -1.0
        ax, ay, a1 = sign * turn[axis, 0] / gap, sign * turn[axis, 1] / gap, sign * turn[axis, 2] / gap
        plane(ax, ay, a1, x, y, rect, rows[number], columns[number])
        if gap < 0:
            front += 1
        else:
            left -= 1
            order[left] = number
    place = 0
    for number in range(total):
        axis = first + number // 2
        if (half[axis] - eye[axis] if number % 2 else half[axis] + eye[axis]) <= -THIN:
            order[place] = number
            place += 1
    return front


@compiled
def hidden(w, rect, nearest):
    """Whether all of a rectangle that is worth the question is covered by what is nearer."""
    c0, c1, r0, r1 = rect[0], rect[1], rect[2], rect[3]
    if (c1 - c0) * (r1 - r0) <= HIDDEN_WORTH:
        return False
    for r in range(r0, r1):
        line = w[r, c0:c1]
        lowest = line[0]
        for i in range(c1 - c0):
            lowest = line[i] if line[i] < lowest else lowest
        if not lowest > nearest:
            return False
    return True


@compiled
def draw_box(w, surface, rect, rows, columns, order, front, start, near, far, face):
    """One box from its six planes; `near`, `far`, `face` are scratch rows."""
    c0, n = rect[0], rect[1] - rect[0]
    for r in range(rect[3] - rect[2]):
        line, shown = w[rect[2] + r, c0 : c0 + n], surface[rect[2] + r, c0 : c0 + n]
        for i in range(n):
            far[i] = line[i]
        for k in range(front, 6):
            row, add = rows[order[k]], columns[order[k], r]
            for i in range(n):
                value = row[i] + add
                far[i] = value if value > far[i] else far[i]
        row, add, number = rows[order[0]], columns[order[0], r], np.int32(start + order[0])
        for i in range(n):
            near[i] = row[i] + add
            face[i] = number
        for k in range(1, front):
            row, add, number = rows[order[k]], columns[order[k], r], np.int32(start + order[k])
            for i in range(n):
                value = row[i] + add
                face[i] = number if value < near[i] else face[i]
                near[i] = value if value < near[i] else near[i]
        for i in range(n):
            seen = near[i] > far[i]
            line[i] = near[i] if seen else line[i]
            shown[i] = face[i] if seen else shown[i]


@compiled
def draw_sphere(w, surface, rect, rows, columns, lit, lit_down, tint, least):
    """One sphere; the fields are across, square and middle, `tint` factor and summand of its shade."""
    c0, n = rect[0], rect[1] - rect[0]
    factor, summand, darkest = f32(tint[0]), f32(tint[1]), f32(least)
    across, square, middle, light = rows[0], rows[1], rows[2], lit[c0 : c0 + n]
    for r in range(rect[3] - rect[2]):
        line, shown = w[rect[2] + r, c0 : c0 + n], surface[rect[2] + r, c0 : c0 + n]
        add0, add1, add2, add3 = columns[0, r], columns[1, r], columns[2, r], lit_down[rect[2] + r]
        for i in range(n):
            side = across[i] + add0
            near = f32(math.sqrt((square[i] + add1) - side * side)) + (middle[i] + add2)
            seen = near > line[i]
            shade = (light[i] + add3) / near * factor + summand
            shade = shade if shade > darkest else darkest
            line[i] = near if seen else line[i]
            shown[i] = np.int32(shade) if seen else shown[i]


@compiled
def draw_tube(w, surface, rect, rows, columns, order, front, outside, numbers, start, near, far, shade):
    """One cylinder or rod from the planes of its ends (0, 1), across (2), middle (3), light (4) and rise (5).

    Row 6 and column 6 add up to the squared length of the ray; `numbers` are the weight of the flat ray, factor and
    summand of the shade, and the darkest shade.
    """
    c0, n = rect[0], rect[1] - rect[0]
    weight, factor = f32(numbers[0]), f32(numbers[1])
    summand, darkest = f32(numbers[2]), f32(numbers[3])
    for r in range(rect[3] - rect[2]):
        line, shown = w[rect[2] + r, c0 : c0 + n], surface[rect[2] + r, c0 : c0 + n]
        a2, a3, a4, a5, a6 = columns[2, r], columns[3, r], columns[4, r], columns[5, r], columns[6, r]
        across, middles, light, rise, length = rows[2], rows[3], rows[4], rows[5], rows[6]
        for i in range(n):
            side, climb = across[i] + a2, rise[i] + a5
            root = f32(math.sqrt(((length[i] + a6) - climb * climb) * weight - side * side))
            middle = middles[i] + a3
            far[i] = middle - root if outside else middle + root
            near[i] = middle + root
            value = (light[i] + a4) / near[i] * factor + summand
            shade[i] = value if value > darkest else darkest
        for k in range(front, 2):
            row, add = rows[order[k]], columns[order[k], r]
            for i in range(n):
                value = row[i] + add
                far[i] = value if value > far[i] else far[i]
        for k in range(front):
            row, add, number = rows[order[k]], columns[order[k], r], f32(start + LEVELS + order[k])
            for i in range(n):
                value = row[i] + add
                first = value < near[i] or not outside
                shade[i] = number if first else shade[i]
                near[i] = value if first else near[i]
        for i in range(n):
            limit = line[i] if line[i] > far[i] else far[i]
            seen = near[i] > limit
            line[i] = near[i] if seen else line[i]
            shown[i] = np.int32(shade[i]) if seen else shown[i]


@compiled
def off_zero(gap):
    """Who touches a surface counts as inside, where the quadratic has no pole."""
    return -TOUCH_M2 if abs(gap) < TOUCH_M2 else gap


@compiled
def across_and_middle(qx, qy, gap, m, n, x, y, rect, rows, columns):
    """Of a tube whose axis passes (qx, qy) in the axes m, n (3,): fields 2 (across) and 3 (middle)."""
    a, b = np.empty(3), np.empty(3)
    for i in range(3):
        a[i] = (qx * m[i] + qy * n[i]) / gap
        b[i] = (qy * m[i] - qx * n[i]) / gap
    plane(b[0], b[1], b[2], x, y, rect, rows[2], columns[2])
    plane(a[0], a[1], a[2], x, y, rect, rows[3], columns[3])


@compiled
def tube(kind, offset, half, axes, eye, turn, r, sun, light, x, y, rect, start, rows, columns, numbers):
    """Fields and numbers of a cylinder or rod; whether the camera is outside of it, were it endless."""
    radius = half[0]
    if kind == CYLINDER:
        qx, qy, lx, ly = offset[0], offset[1], sun[0], sun[1]
        gap = off_zero(qx * qx + qy * qy - radius * radius)
        across_and_middle(qx, qy, gap, r[0], r[1], x, y, rect, rows, columns)
        lit = np.empty(3)
        for i in range(3):
            lit[i] = sun[0] * r[0, i] + sun[1] * r[1, i] + 0.0 * r[2, i]
        rise = r[2]
    else:
        qx, qy = -eye[0], -eye[1]
        gap = off_zero(qx * qx + qy * qy - radius * radius)
        across_and_middle(qx, qy, gap, turn[0], turn[1], x, y, rect, rows, columns)
        lx = sun[0] * axes[0, 0] + sun[1] * axes[1, 0] + sun[2] * axes[2, 0]
        ly = sun[0] * axes[0, 1] + sun[1] * axes[1, 1] + sun[2] * axes[2, 1]
        lit = np.empty(3)
        for i in range(3):
            lit[i] = lx * turn[0, i] + ly * turn[1, i]
        rise = turn[2]
    plane(lit[0], lit[1], lit[2], x, y, rect, rows[4], columns[4])
    plane(rise[0], rise[1], rise[2], x, y, rect, rows[5], columns[5])
    for i in range(rect[1] - rect[0]):
        rows[6, i] = f32(x[rect[0] + i] * x[rect[0] + i] + 1.0)
    for i in range(rect[3] - rect[2]):
        columns[6, i] = f32(y[rect[2] + i] * y[rect[2] + i])
    part = radius / gap
    numbers[0] = part * part
    tint(qx * lx + qy * ly, radius, light, start, numbers)
    return gap > 0


@compiled
def tint(toward, radius, light, start, numbers):
    """Factor, summand and smallest of the shade, with the number of the first surface in them."""
    top = LEVELS - 1
    numbers[1] = top * light[1] / radius
    numbers[2] = top * light[0] - numbers[1] * toward + 0.5 + start
    numbers[3] = top * light[0] + 0.5 + start


@compiled
def sphere(centre, half, r, sun, light, x, y, rect, start, rows, columns, numbers):
    """Fields across (0), square (1) and middle (2) and the numbers of a sphere; whether the camera is outside."""
    qx, qy, qz, radius = centre[0], centre[1], centre[2], half[0]
    gap = off_zero(qx * qx + qy * qy + qz * qz - radius * radius)
    if not gap > 0:
        return False
    plane(qy / gap, -qx / gap, 0.0, x, y, rect, rows[0], columns[0])
    plane(qx / gap, qy / gap, qz / gap, x, y, rect, rows[2], columns[2])
    size = (radius / gap) * (radius / gap)
    for i in range(rect[1] - rect[0]):
        at = x[rect[0] + i]
        side = qx / gap - at * (qz / gap)
        rows[1, i] = f32(size * (at * at + 1.0) - side * side)
    for i in range(rect[3] - rect[2]):
        at = y[rect[2] + i]
        side = at * (qz / gap) - qy / gap
        columns[1, i] = f32(size * (at * at) - side * side)
    toward = 0.0
    for i in range(3):
        part = sun[0] * r[0, i] + sun[1] * r[1, i] + sun[2] * r[2, i]
        toward = centre[i] * part if i == 0 else toward + centre[i] * part
    tint(toward, radius, light, start, numbers)
    return True


@compiled
def byte(value):
    """A colour channel, 0 to 1, as 8 bits."""
    return np.uint8(min(max(value * 255.0 + 0.5, 0.0), 255.0))


@compiled
def fill_shell(
    low, high, shades, eye, lens, x, y, r, sun, light, w, surface, colours, idents, names, rows, columns
):
    """Walls, floor and ceiling from inside; surfaces 1 to 6."""
    width, height = w.shape[1], w.shape[0]
    depths, rects = np.full(6, np.inf), np.empty((6, 4), np.int64)
    centre, half, offset = np.empty(3), np.empty(3), np.empty(3)
    turn, level = np.empty((3, 3)), np.eye(3)
    for face in range(6):
        axis, sign = face // 2, 1.0 if face % 2 else -1.0
        for channel in range(3):
            lit = light[0] + light[1] * max(0.0, -sign * sun[axis])
            colours[1 + face, channel] = byte(shades[0 if face < 4 else face - 3, channel] * lit)
        idents[1 + face] = names[0 if face < 4 else face - 3]
        for i in range(3):
            offset[i], half[i] = (low[i] + high[i]) / 2 - eye[i], (high[i] - low[i]) / 2
        offset[axis], half[axis] = (high[axis] if face % 2 else low[axis]) - eye[axis], 0.0
        if not offset[axis] * sign > 1e-6:
            continue
        for i in range(3):
            centre[i] = offset[0] * r[0, i] + offset[1] * r[1, i] + offset[2] * r[2, i]
        depth = bound(centre, half, level, lens, x, y, width, height, r, offset, turn, rects[face])
        depths[face] = depth if depth > 0 else np.inf
    for face in np.argsort(depths, kind="mergesort"):
        if depths[face] == np.inf:
            break
        axis, sign, rect = face // 2, 1.0 if face % 2 else -1.0, rects[face]
        gap = ((high[axis] if face % 2 else low[axis]) - eye[axis]) * sign
        slope = sign / gap
        plane(slope * r[axis, 0], slope * r[axis, 1], slope * r[axis, 2], x, y, rect, rows[0], columns[0])
        c0, n = rect[0], rect[1] - rect[0]
        row, number = rows[0], np.int32(1 + face)
        for line_number in range(rect[3] - rect[2]):
            line = w[rect[2] + line_number, c0 : c0 + n]
            shown, add = surface[rect[2] + line_number, c0 : c0 + n], columns[0, line_number]
            for i in range(n):
                near = row[i] + add
                seen = near > line[i]
                line[i] = near if seen else line[i]
                shown[i] = number if seen else shown[i]


@compiled
def fill_shades(kind, axes, colour, ident, sun, light, start, colours, idents):
    """Colours and ids of the surfaces of one primitive, from `start` on. The number of its surfaces."""
    count = 6 if kind == BOX else LEVELS if kind == SPHERE else LEVELS + 2
    for part in range(count):
        if kind == BOX or part >= LEVELS:
            axis = part // 2 if kind == BOX else 2
            facing = sun[0] * axes[0, axis] + sun[1] * axes[1, axis] + sun[2] * axes[2, axis]
            if kind == CYLINDER:
                facing = sun[2]
            lit = light[0] + light[1] * max(0.0, facing if part % 2 else -facing)
        else:
            lit = part / (LEVELS - 1.0)
        for channel in range(3):
            colours[start + part, channel] = byte(colour[channel] * lit)
        idents[start + part] = ident
    return count


@entry
def picture(
    kinds,
    centres,
    halves,
    axes,
    colour,
    ident,
    shell,
    shades,
    names,
    eye,
    r,
    lens,
    x,
    y,
    sun,
    light,
    surface,
    starts,
    rgb,
    depth,
    semantic,
):
    """Draws one picture into those of rgb (H, W, 3), depth (H, W) and semantic (H, W) that have pixels.

    `surface` (H, W) takes the surface numbers, `starts` (N,) each primitive's first, or -1.

    `shell` (2, 3) are its corners, (0, 3) for none; `shades` (3, 3) and `names` (3,) the colours and ids of wall,
    floor, ceiling; `lens` (4,) is fx fy cx cy; `sun` (3,) and `light` (2,) direction, ambient and diffuse.
    """
    height, width = surface.shape
    count, longest = len(kinds), max(width, height)
    w = np.zeros((height, width), np.float32)
    surface[:], starts[:] = 0, -1
    rows, columns = np.empty((7, longest), np.float32), np.empty((7, longest), np.float32)
    near, far, shade = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    face, order, numbers = np.empty(width, np.int32), np.empty(6, np.int64), np.empty(4)
    depths, rects = np.full(count, np.inf), np.empty((count, 4), np.int64)
    offsets, eyes = np.empty((count, 3)), np.empty((count, 3))
    middles, turns = np.empty((count, 3)), np.empty((count, 3, 3))
    length = math.sqrt(r[0, 2] * r[0, 2] + r[1, 2] * r[1, 2])
    cos, sin = (r[0, 2] / length, r[1, 2] / length) if length > 1e-9 else (1.0, 0.0)
    facing = np.array(((cos, -sin, 0.0), (sin, cos, 0.0), (0.0, 0.0, 1.0)))
    total = 7
    for k in range(count):
        for i in range(3):
            offsets[k, i] = centres[k, i] - eye[i]
            eyes[k, i] = offsets[k, i]
        x0, y0, z0 = offsets[k, 0], offsets[k, 1], offsets[k, 2]
        for i in range(3):
            middles[k, i] = x0 * r[0, i] + y0 * r[1, i] + z0 * r[2, i]
        around = facing if kinds[k] == SPHERE or kinds[k] == CYLINDER else axes[k]
        found = bound(
            middles[k], halves[k], around, lens, x, y, width, height, r, eyes[k], turns[k], rects[k]
        )
        if found > 0:
            depths[k] = found
            total += 6 if kinds[k] == BOX else LEVELS if kinds[k] == SPHERE else LEVELS + 2
    colours, idents = np.zeros((total, 3), np.uint8), np.zeros(total, np.int32)
    lit, lit_down = np.empty(width, np.float32), np.empty(height, np.float32)
    toward = np.empty(3)
    for i in range(3):
        toward[i] = sun[0] * r[0, i] + sun[1] * r[1, i] + sun[2] * r[2, i]
    plane(toward[0], toward[1], toward[2], x, y, np.array((0, width, 0, height)), lit, lit_down)
    if len(shell):
        fill_shell(
            shell[0],
            shell[1],
            shades,
            eye,
            lens,
            x,
            y,
            r,
            sun,
            light,
            w,
            surface,
            colours,
            idents,
            names,
            rows,
            columns,
        )
    start = 7
    for k in np.argsort(depths, kind="mergesort"):
        if depths[k] == np.inf:
            break
        kind, rect, first = kinds[k], rects[k], start
        starts[k] = start
        start += fill_shades(kind, axes[k], colour[k], ident[k], sun, light, start, colours, idents)
        if hidden(w, rect, f32(1.0 / depths[k])):
            continue
        if kind == BOX:
            front = faces(halves[k], eyes[k], turns[k], x, y, rect, 0, rows, columns, order)
            if front:
                draw_box(w, surface, rect, rows, columns, order, front, first, near, far, face)
        elif kind == SPHERE:
            if sphere(middles[k], halves[k], r, sun, light, x, y, rect, first, rows, columns, numbers):
                draw_sphere(w, surface, rect, rows, columns, lit, lit_down, numbers[1:3], numbers[3])
        else:
            outside = tube(
                kind,
                offsets[k],
                halves[k],
                axes[k],
                eyes[k],
                turns[k],
                r,
                sun,
                light,
                x,
                y,
                rect,
                first,
                rows,
                columns,
                numbers,
            )
            front = faces(halves[k], eyes[k], turns[k], x, y, rect, 2, rows, columns, order)
            if outside or front:
                draw_tube(
                    w, surface, rect, rows, columns, order, front, outside, numbers, first, near, far, shade
                )
    if len(depth):
        for row in range(height):
            line, shown, far_off = w[row], surface[row], depth[row]
            for i in range(width):
                far_off[i] = f32(1.0) / line[i] if shown[i] else f32(0.0)
    if len(semantic):
        for row in range(height):
            for column in range(width):
                semantic[row, column] = idents[surface[row, column]]
    if len(rgb):
        for row in range(height):
            for column in range(width):
                number = surface[row, column]
                for channel in range(3):
                    rgb[row, column, channel] = colours[number, channel]
