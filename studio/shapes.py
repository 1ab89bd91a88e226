"""How solids are made: turned on a lathe, bent from tube or sheet, cut as boxes, stuffed, woven, lettered.

One unit is a decimetre. Everything stands on z = 0 and faces the camera at -y.
"""
import math

import bpy
from mathutils import Vector, noise

TURN = 2 * math.pi


def link(data, name="thing"):
    """Puts mesh or curve data into the scene."""
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def solid(verts, faces, mat, subdivide=2):
    """A smooth mesh from corners and faces."""
    mesh = bpy.data.meshes.new("solid")
    mesh.from_pydata(verts, [], faces)
    mesh.materials.append(mat)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    thing = link(mesh)
    if subdivide:
        modifier = thing.modifiers.new("round", "SUBSURF")
        modifier.levels = modifier.render_levels = subdivide
    return thing


def lathe(profile, mat, flutes=0, depth=0., squash=1., foot=None, below=.0, seg=72):
    """Turns (radius, height) pairs, outside first, round the upright axis.

    `flutes` grooves of a relative `depth` run up the side; faces lower than `below` are made of `foot`.
    """
    if flutes:
        seg = flutes * 6
    verts = []
    for r, z in profile:
        for k in range(seg):
            a = TURN * k / seg
            q = r * (1 + depth * math.cos(a * flutes)) if flutes else r
            verts.append((q * math.cos(a), q * math.sin(a) * squash, z))
    faces = [(i * seg + k, i * seg + (k + 1) % seg, (i + 1) * seg + (k + 1) % seg, (i + 1) * seg + k)
             for i in range(len(profile) - 1) for k in range(seg)]
    thing = solid(verts, faces, mat, 1 if flutes or len(profile) > 60 else 2)
    if foot:
        thing.data.materials.append(foot)
        for face in thing.data.polygons:
            ring = face.index // seg
            if max(profile[ring][1], profile[ring + 1][1]) <= below and ring < len(profile) / 2:
                face.material_index = 1
    return thing


def inside(outer, wall):
    """The outer profile pushed inwards by the wall, from rim to floor."""
    out = []
    for i, (r, z) in enumerate(outer):
        (r0, z0), (r1, z1) = outer[max(i - 1, 0)], outer[min(i + 1, len(outer) - 1)]
        length = math.hypot(r1 - r0, z1 - z0) or 1.
        out.append((max(r - wall * (z1 - z0) / length, .01), max(z + wall * (r1 - r0) / length, outer[0][1] + wall)))
    return out[::-1]


def vessel(outer, mat, wall=.04, **more):
    """An open pot: the outer profile from foot to rim, a rounded rim, and the inside that follows it."""
    (foot, low), (r, z) = outer[0], outer[-1]
    under = [(0, low + .01), (foot * .8, low + .01), (foot * .86, low), (foot, low)]
    rim = [(r, z + wall * .3), (r - wall * .5, z + wall * .55), (r - wall, z + wall * .3)]
    inner = inside(outer, wall)
    floor = [(inner[-1][0] * .8, low + wall), (0, low + wall)]
    return lathe(under + outer[1:] + rim + inner + floor, mat, **more)


def ridged(outer, count, depth, start=.1, end=.92):
    """The profile with `count` soft throwing rings between two shares of its height."""
    steps, out = count * 6, []
    top = outer[-1][1]
    for i in range(steps + 1):
        z = outer[0][1] + (top - outer[0][1]) * i / steps
        r = radius_at(outer, z)
        share = z / top
        out.append((r + (depth * math.sin(TURN * i / 6) if start < share < end else 0), z))
    return out


def radius_at(outer, z):
    """The radius of a profile at a height."""
    for (r0, z0), (r1, z1) in zip(outer, outer[1:]):
        if z0 <= z <= z1 and z1 > z0:
            return r0 + (r1 - r0) * (z - z0) / (z1 - z0)
    return outer[-1][0]


def tube(points, radius, mat, smooth=True, radii=None, closed=False):
    """A round bar through points; `radii` are factors of the radius, one a point."""
    curve = bpy.data.curves.new("tube", "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution = "3D", radius, 6
    curve.resolution_u, curve.use_fill_caps = 24, True
    spline = curve.splines.new("BEZIER")
    spline.bezier_points.add(len(points) - 1)
    spline.use_cyclic_u = closed
    for i, (bend, point) in enumerate(zip(spline.bezier_points, points)):
        bend.co, bend.radius = point, radii[i] if radii else 1.
        bend.handle_left_type = bend.handle_right_type = "AUTO" if smooth else "VECTOR"
    curve.materials.append(mat)
    return link(curve)


def ring(radius, thick, z, mat):
    """A closed hoop."""
    return tube([(radius * math.cos(TURN * k / 8), radius * math.sin(TURN * k / 8), z) for k in range(8)], thick, mat,
                closed=True)


def box(center, size, mat, edge=.02, turn=0., tilt=0.):
    """A box with rounded edges, turned about the upright and tilted about the x axis."""
    x, y, z = (s / 2 for s in size)
    verts = [(i * x, j * y, k * z) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    thing = solid(verts, faces, mat, 0)
    thing.location, thing.rotation_euler = center, (tilt, 0, turn)
    bevel = thing.modifiers.new("edge", "BEVEL")
    bevel.width, bevel.segments, bevel.harden_normals = edge, 5, True
    return thing


def slab(outline, thick, mat, edge=.02):
    """A flat plate cut along an outline of (x, y) points, lying on z = 0."""
    count = len(outline)
    verts = [(x, y, z) for z in (0, thick) for x, y in outline]
    sides = [(i, (i + 1) % count, count + (i + 1) % count, count + i) for i in range(count)]
    thing = solid(verts, [tuple(range(count))[::-1], tuple(range(count, 2 * count)), *sides], mat, 0)
    bevel = thing.modifiers.new("edge", "BEVEL")
    bevel.width, bevel.segments, bevel.harden_normals, bevel.limit_method = edge, 4, True, "ANGLE"
    return thing


def oblong(width, depth, corner, steps=10):
    """The outline of a rectangle with round corners."""
    out = []
    for i, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for k in range(steps + 1):
            a = math.pi / 2 * (i + k / steps)
            out.append((sx * (width / 2 - corner) + corner * math.cos(a),
                       sy * (depth / 2 - corner) + corner * math.sin(a)))
    return out


def sheet(path, width, thick, mat, wave=0., subdivide=1, seed=0.):
    """A band bent along a (y, z) path, `width` wide in x; `wave` makes it hang like cloth."""
    columns = 36
    verts = []
    for y, z in path:
        for k in range(columns + 1):
            x = width * (k / columns - .5)
            lift = wave * noise.noise(Vector((x * .8 + seed, y * .8, z * .5 + seed)))
            slide = wave * .5 * noise.noise(Vector((x * .7, seed, z * 3)))
            verts.append((x, y + slide, z + lift * min(z, 1.)))
    step = columns + 1
    faces = [(i * step + k, i * step + k + 1, (i + 1) * step + k + 1, (i + 1) * step + k)
             for i in range(len(path) - 1) for k in range(columns)]
    thing = solid(verts, faces, mat, 0)
    skin = thing.modifiers.new("thick", "SOLIDIFY")
    skin.thickness, skin.offset = thick, 0
    edge = thing.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments, edge.limit_method = thick * .3, 3, "ANGLE"
    if subdivide:
        smooth = thing.modifiers.new("round", "SUBSURF")
        smooth.levels = smooth.render_levels = subdivide
    return thing


def folds(length, layers, thick):
    """The (y, z) path of a cloth folded to and fro, the last fold at the front."""
    path, half = [], length / 2 - thick / 2
    for i in range(layers):
        z, way = thick * (i + .5), 1 if (layers - i) % 2 else -1
        path += [(way * half * (k / 4 - 1), z) for k in range(9)]
        if i < layers - 1:
            path += [(way * (half + thick / 2 * math.sin(a)), z + thick / 2 * (1 - math.cos(a)))
                     for a in (math.pi * k / 6 for k in range(1, 6))]
    return path


def cushion(width, height, depth, mat):
    """A stuffed square with soft corners, lying flat, centred on the origin."""
    count, verts, faces = 40, [], []
    for side in (1, -1):
        for j in range(count + 1):
            for i in range(count + 1):
                u, v = 2 * i / count - 1, 2 * j / count - 1
                x, y = u * (1 - .07 * (1 - v * v)) * width / 2, v * (1 - .07 * (1 - u * u)) * height / 2
                full = (max(1 - u ** 4, 0) * max(1 - v ** 4, 0)) ** .42
                crease = .05 * noise.noise(Vector((x * 1.1, y * 1.1, side * 3.))) * full
                verts.append((x, y, side * (depth / 2 * full) + crease))
    row = count + 1
    for side in (0, 1):
        for j in range(count):
            for i in range(count):
                a = side * row * row + j * row + i
                face = (a, a + 1, a + row + 1, a + row)
                faces.append(face if side == 0 else face[::-1])
    thing = solid(verts, faces, mat, 1)
    weld = thing.modifiers.new("weld", "WELD")
    weld.merge_threshold = .004
    bpy.context.view_layer.objects.active = thing
    thing.modifiers.move(1, 0)
    return thing


def woven(profile, rows, stakes, mat, strand=.09):
    """Basket work: bands that pass in and out of upright stakes."""
    seg, side, verts, faces = stakes * 6, 6, [], []
    height = profile[-1][1]
    for row in range(rows):
        z = height * (row + .5) / rows
        r = radius_at(profile, z)
        for k in range(seg):
            a = TURN * k / seg
            middle = r + strand * .42 * math.sin(a * stakes / 2 + math.pi * row)
            for s in range(side):
                b = TURN * s / side
                q = middle + strand * .34 * math.cos(b)
                verts.append((q * math.cos(a), q * math.sin(a), z + height / rows * .52 * math.sin(b)))
        first = row * seg * side
        faces += [(first + k * side + s, first + (k + 1) % seg * side + s,
                   first + (k + 1) % seg * side + (s + 1) % side, first + k * side + (s + 1) % side)
                  for k in range(seg) for s in range(side)]
    return solid(verts, faces, mat, 1)


def letters(text, size, at, mat, tilt=math.pi / 2, turn=0.):
    """Printed words, centred, standing upright unless tilted otherwise."""
    curve = bpy.data.curves.new("letters", "FONT")
    curve.body, curve.size, curve.align_x, curve.align_y = text, size, "CENTER", "CENTER"
    curve.space_character, curve.extrude = 1.12, .0015
    curve.materials.append(mat)
    thing = link(curve)
    thing.location, thing.rotation_euler = at, (tilt, 0, turn)
    return thing


def wrap(text, size, radius, z, mat, spread):
    """Words round the front of a cylinder, letter by letter, over `spread` radians."""
    out = []
    for i, letter in enumerate(text):
        a = -math.pi / 2 + spread * (i / max(len(text) - 1, 1) - .5)
        at = (radius * math.cos(a), radius * math.sin(a), z)
        out.append(letters(letter, size, at, mat, turn=a + math.pi / 2))
    return out


def move(things, x=0., y=0., z=0.):
    for thing in things:
        thing.location = Vector(thing.location) + Vector((x, y, z))
    return things


def pose(things, at=(0, 0, 0), rotation=(0, 0, 0), scale=1.):
    """Ties things to one pivot so that they move as one."""
    pivot = link(None)
    for thing in things:
        if thing.parent is None:
            thing.parent = pivot
    pivot.location, pivot.rotation_euler, pivot.scale = at, rotation, (scale,) * 3
    return [pivot]
