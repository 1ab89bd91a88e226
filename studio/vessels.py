"""Pots, cups, glasses and the like: everything that comes off the wheel or out of the glass furnace.

Each function takes the colour (linear RGB) first and returns the parts of one thing, in decimetres.
"""
import math

import materials as m
import shapes as s

OAK = m.paint("#c49a6c")


def handle(low, high, reach, x, mat, thick=.045):
    """An ear on the right side, from the height `low` to `high`."""
    middle = (low + high) / 2
    return s.tube([(x - .02, 0, high), (x + reach * .62, 0, high + .02), (x + reach, 0, middle + .06),
                   (x + reach * .72, 0, low + .06), (x - .02, 0, low)], thick, mat)


def pot_material(color, finish):
    """The glaze or clay by name."""
    return {"glaze": m.glaze, "bisque": m.bisque, "speckle": lambda c: m.glaze(c, speckle=True),
            "steel": m.painted, "wood": lambda c: m.wood(c, "x")}[finish](color)


def pot(color, outer, finish="glaze", wall=.04, ridges=0, depth=.005, foot=.04, **more):
    """Any open pot from its outer profile."""
    profile = s.ridged(outer, ridges, depth) if ridges else outer
    bare = {"foot": m.clay_foot(), "below": outer[0][1] + foot} if foot and finish in ("glaze", "speckle") else {}
    return [s.vessel(profile, pot_material(color, finish), wall, **bare, **more)]


def mug(color, outer, low=.22, high=.74, reach=.34, **more):
    """A pot with an ear."""
    x = s.radius_at(outer, (low + high) / 2)
    body = pot(color, outer, **more)
    return body + [handle(low, high, reach, x, body[0].data.materials[0])]


def row(color, one, count, step, **more):
    """Several of one thing, standing loosely in a row."""
    out = []
    for k in range(count):
        out += s.move(one(color, **more), step * (k - (count - 1) / 2), -.22 * (k % 2))
    return out


def stack(colors, one, rise, **more):
    """Several of one thing, one in the other."""
    out = []
    for k, color in enumerate(colors):
        out += s.move(one(color, **more), .012 * (k % 2), 0, rise * k)
    return out


def nest(colors, outer, shrink=.13, rise=.16):
    """Bowls that get smaller, one in the other."""
    out = []
    for k, color in enumerate(colors):
        q = 1 - shrink * k
        out += s.move(pot(color, [(r * q, z * q) for r, z in outer]), 0, 0, rise * k)
    return out


def plates(color, radius, count=1, rise=.12, finish="glaze"):
    """Flat plates with a raised rim, one on the other."""
    outer = [(radius * .60, .0), (radius * .66, .015), (radius * .82, .05), (radius * .96, .13), (radius, .155)]
    return stack([color] * count, pot, rise, outer=outer, wall=.045, finish=finish, foot=.02)


def teapot(color):
    """A round pot with lid, spout and a bow of a handle."""
    mat = m.glaze(color)
    body = s.lathe([(0, 0), (.40, 0), (.46, .02), (.62, .18), (.74, .45), (.72, .72), (.56, .95),
                   (.36, 1.04), (.33, 1.05), (.0, 1.04)], mat, foot=m.clay_foot(), below=.02)
    lid = s.lathe([(0, 1.03), (.36, 1.055), (.37, 1.075), (.33, 1.10), (.12, 1.16), (.06, 1.18),
                  (.055, 1.22), (.10, 1.27), (.10, 1.31), (.05, 1.34), (0, 1.34)], mat)
    spout = s.tube([(.60, 0, .42), (.84, 0, .52), (.98, 0, .78), (1.12, 0, .98)], .10, mat, radii=[1.5, 1.15, .8, .62])
    ear = s.tube([(-.58, 0, .88), (-.86, 0, .98), (-1.08, 0, .74), (-1.0, 0, .42), (-.70, 0, .30)], .055, mat)
    return [body, lid, spout, ear]


def pitcher(color):
    """A tall jug with a pulled lip."""
    outer = [(.44, 0), (.50, .03), (.55, .3), (.54, .7), (.45, 1.15), (.40, 1.5), (.42, 1.78), (.47, 1.92)]
    parts = pot(color, outer, finish="glaze", wall=.045)
    for vertex in parts[0].data.vertices:
        x, y, z = vertex.co
        if z > 1.6 and x < 0:
            vertex.co.x -= .5 * (z - 1.6) * math.exp(-(y / .14) ** 2)
    return parts + [handle(.62, 1.68, .42, .42, parts[0].data.materials[0], .055)]


def lidded(color, outer, finish="glaze", lid=OAK, **more):
    """A jar with a wooden lid."""
    r, z = outer[-1]
    parts = pot(color, outer, finish, **more)
    top = s.lathe([(0, z - .05), (r - .06, z - .05), (r - .06, z + .03), (r + .01, z + .03), (r + .02, z + .05),
                   (r + .02, z + .12), (r - .01, z + .15), (.10, z + .15), (.09, z + .16), (.09, z + .20), (.13, z + .25),
                   (.12, z + .29), (.06, z + .31), (0, z + .31)], m.wood(lid))
    return parts + [top]


def blown(color, outer, wall=.03, flutes=0, depth=0.):
    """A thin glass from its outer profile."""
    return [s.vessel(outer, m.glass(color), wall, flutes=flutes, depth=depth)]


def goblet(color):
    """A wine glass."""
    outside = [(0, 0), (.36, 0), (.385, .01), (.36, .03), (.08, .06), (.04, .14), (.035, .5), (.04, .92), (.10, 1.0),
               (.30, 1.12), (.42, 1.35), (.43, 1.6), (.36, 1.98), (.355, 2.0)]
    within = [(.345, 2.0), (.35, 1.98), (.415, 1.6), (.40, 1.35), (.28, 1.14), (.10, 1.04), (0, 1.03)]
    return [s.lathe(outside + within, m.glass(color))]


def carafe(color):
    """A water bottle of clear glass with a cork."""
    outer = [(.42, .0), (.47, .03), (.48, .3), (.47, .9), (.40, 1.25), (.22, 1.6), (.18, 1.9), (.20, 2.2), (.24, 2.32)]
    return blown(color, outer, .035) + [cork(.15, 2.06, 2.6)]


def cork(radius, low, high):
    """A turned wooden stopper."""
    return s.lathe([(0, low), (radius, low), (radius + .02, high - .24), (radius + .09, high - .22),
                   (radius + .10, high - .05), (radius + .07, high), (0, high)], m.wood(OAK, "z"))


def glass_jar(color):
    """A straight storage glass with a wooden lid, half full of beans."""
    outer = [(.50, 0), (.545, .03), (.55, .2), (.55, 1.1), (.55, 1.42)]
    fill = s.lathe([(0, .05), (.48, .05), (.505, .09), (.505, .78), (.40, .80), (.15, .77), (0, .78)],
                   m.beans(m.paint("#6d452c")))
    return blown(color, outer, .03) + [fill] + lid_of(.55, 1.42)


def lid_of(r, z):
    """A flat wooden lid with a soft edge."""
    return [s.lathe([(0, z - .08), (r - .05, z - .08), (r - .05, z + .02), (r, z + .02),
                    (r + .02, z + .04), (r + .02, z + .13), (r - .01, z + .15), (0, z + .15)], m.wood(OAK))]


def flask(color):
    """An insulated bottle with a steel ring and a loop on the cap."""
    mat, steel = m.painted(color), m.metal(m.paint("#b9b9b6"))
    body = s.lathe([(0, 0), (.31, 0), (.345, .02), (.355, .08), (.355, 1.62), (.34, 1.78), (.25, 1.96), (.235, 2.02),
                    (0, 2.02)], mat)
    collar = s.lathe([(.0, 2.0), (.238, 2.0), (.245, 2.02), (.245, 2.08), (.238, 2.10), (0, 2.10)], steel)
    cap = s.lathe([(0, 2.10), (.25, 2.10), (.262, 2.12), (.262, 2.38), (.24, 2.42), (0, 2.42)], mat)
    loop = s.tube([(-.2, 0, 2.40), (-.18, 0, 2.60), (0, 0, 2.68), (.18, 0, 2.60), (.2, 0, 2.40)], .035, mat)
    return [body, collar, cap, loop]


def oil_bottle(color):
    """A ceramic pouring bottle with a steel spout."""
    body = s.lathe([(0, 0), (.36, 0), (.41, .02), (.42, .10), (.42, .9), (.38, 1.12), (.16, 1.34), (.12, 1.5),
                   (.12, 1.72), (.14, 1.76), (.13, 1.80), (0, 1.80)], m.glaze(color), foot=m.clay_foot(), below=.02)
    spout = s.tube([(0, 0, 1.78), (.02, 0, 1.98), (.16, 0, 2.14)], .04,
                   m.metal(m.paint("#b9b9b6")), radii=[1.4, .9, .7])
    return [body, spout]


def dispenser(color, clear=False):
    """A soap bottle with a pump and a printed name."""
    mat = m.glass(color) if clear else m.bisque(color)
    steel = m.plastic(m.paint("#2b2927"), .3)
    outside = [(0, 0), (.30, 0), (.34, .02), (.35, .08), (.35, 1.0), (.31, 1.16), (.16, 1.26), (.14, 1.30), (.14, 1.36)]
    within = [(.12, 1.36), (.12, 1.28), (.29, 1.12), (.325, .98),
               (.325, .1), (.30, .05), (0, .05)] if clear else [(0, 1.36)]
    neck = s.lathe([(0, 1.34), (.17, 1.34), (.175, 1.36), (.175, 1.50), (.16, 1.52), (.05, 1.53),
                   (.05, 1.72), (.09, 1.73), (.09, 1.82), (.07, 1.84), (0, 1.84)], steel)
    nozzle = s.tube([(0, 0, 1.79), (-.16, 0, 1.80), (-.34, 0, 1.77), (-.38, 0, 1.71)], .035, steel)
    parts = [s.lathe(outside + within, mat), neck, nozzle]
    if clear:
        parts.append(s.lathe([(0, .06), (.30, .06), (.318, .1), (.318, .86), (0, .86)], m.glass(m.shade(color, .8))))
    return parts + label("SUNDAY", "Hand soap", .351, .62, "#2b2927" if not clear else "#f4efe4")


def label(title, line, radius, z, ink):
    """Two lines printed round a cylinder."""
    mat = m.paper(m.paint(ink))
    return s.wrap(title, .10, radius, z, mat, .09 * len(title) / radius * .95) + s.wrap(
        line, .052, radius, z - .14, mat, .036 * len(line) / radius)


def amphora(color):
    """A tall vase with two ears."""
    outer = [(.26, 0), (.32, .03), (.52, .5), (.60, .95), (.52, 1.35),
              (.28, 1.65), (.20, 1.85), (.21, 2.1), (.27, 2.22)]
    body = pot(color, outer, "bisque")
    mat = body[0].data.materials[0]
    ears = [s.tube([(side * .20, 0, 2.04), (side * .44, 0, 2.06), (side * .58, 0, 1.78),
                   (side * .47, 0, 1.36)], .05, mat) for side in (-1, 1)]
    return body + ears


def planter(color, outer, finish="bisque", green=True):
    """A flower pot, with earth and a plant in it unless it is to be shown empty."""
    r, z = outer[-1]
    parts = pot(color, outer, finish, wall=.06, foot=0)
    if green:
        earth = m.Recipe(m.paint("#3a2c22"), roughness=1.).material
        parts += [s.lathe([(0, z - .12), (r - .06, z - .12)], earth), *plant(r, z - .12)]
    return parts


def plant(radius, z):
    """A rubber plant: arching stems with thick leaves."""
    leaf = m.Recipe(m.paint("#3f5a3c"), roughness=.38, coat_weight=.3).material
    stem, out = m.plastic(m.paint("#6b6b45")), []
    for k in range(15):
        turn, rise = 2.4 * k, .5 + .085 * k
        reach = radius * (1.05 - .055 * k) + .12
        tip = (reach * math.cos(turn), reach * math.sin(turn), z + radius * rise * 1.9)
        base = (.1 * math.cos(turn), .1 * math.sin(turn), z)
        out.append(s.tube([base, (tip[0] * .5, tip[1] * .5, (tip[2] + z) / 2 + .1), tip], .018, stem))
        out.append(blade(tip, turn, leaf))
    return out


def blade(at, turn, mat):
    """One leaf, leaning outwards."""
    thing = s.lathe([(0, 0), (.13, .1), (.20, .3), (.16, .52), (.05, .68), (0, .72)], mat, squash=.1, seg=12)
    for vertex in thing.data.vertices:
        x, y, z = vertex.co
        vertex.co = (y - .25 * (z - .3) ** 2, x, z)
    thing.location, thing.rotation_euler = at, (0, .8, turn)
    return thing
