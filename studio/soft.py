"""Cloth, paper, boards, trays, baskets and boxes.

Each function takes the colour (linear RGB) first and returns the parts of one thing, in decimetres.
"""
import math

import materials as m
import shapes as s

BLACK, BRASS, CREAM, OAK = (m.paint(c) for c in ("#2b2927", "#c19a5b", "#ece5d6", "#c49a6c"))


SHELF = ((.34, 2.0, "#cdb79a"), (.26, 2.2, "#2f5d4a"), (.42, 1.9, "#e9e4d8"), (.22, 2.15, "#b5694a"),
         (.38, 2.05, "#2f3640"), (.3, 1.85, "#a09a8e"), (.34, 2.1, "#c8963e"), (.28, 1.95, "#5e3a4a"))


def folded(color, width, length, layers, thick, cloth=m.wool, wave=.05, fringe=False):
    """A cloth folded to and fro."""
    mat = cloth(color)
    path = s.folds(length, layers, thick)
    out = [s.sheet([(-y, z) for y, z in path] if fringe else path, width, thick * .93, mat, wave)]
    if fringe:
        for k in range(46):
            x = width * (k / 45 - .5) * .97
            y, z, sway = -length / 2, thick * (layers - .5), .03 * math.sin(k * 7.3)
            out.append(s.tube([(x, y + .1, z), (x + sway, y - .09, z - .05),
                       (x + 1.6 * sway, y - .12, z - .30 - .04 * math.sin(k * 3.1))], .018, mat))
    return out


def pile(colors, width, length, layers, thick, cloth=m.terry):
    """Folded cloths one on the other, none quite straight."""
    out = []
    for k, color in enumerate(colors):
        parts = folded(color, width, length, layers, thick, cloth, .03)
        out += s.pose(parts, (.05 * math.sin(k * 2.2), .04 * math.cos(k * 1.7),
                      thick * layers * 1.02 * k), (0, 0, .05 * math.sin(k * 2.7)))
    return out


def striped(color):
    """Two folded kitchen towels with a woven stripe."""
    out = pile([CREAM, CREAM], 1.9, 2.7, 4, .06, m.cloth)
    for k in (-.62, -.5, -.38):
        out.append(s.sheet([(y, .492) for y in (-1.2, -.6, 0, .6, 1.2)], .05, .012, m.cloth(color)))
        out[-1].location.x = k
    return out


def cushion(color, width=5., height=5.):
    """A square cushion with piping, leaning back a little."""
    mat = m.cloth(color, 12)
    body = s.cushion(width, height, 1.7, mat)
    edge = []
    for sx, sy, along in ((0, -1, 0), (1, 0, 1), (0, 1, 0), (-1, 0, 1)):
        pull = [(k / 6 * 2 - 1) for k in range(7)]
        edge.append(s.tube([(sx * (1 - .07 * (1 - p * p)) * width / 2 if along else p * width / 2, p * \
                    height / 2 if along else sy * (1 - .07 * (1 - p * p)) * height / 2, 0) for p in pull], .045, mat))
    return s.pose([body, *edge], (0, 0, height * .48), (math.radians(72), 0, math.radians(3)))


def seat_pad(color):
    """A round quilted pad with a button."""
    mat = m.wool(color)
    pad = s.lathe([(0, .02), (1.6, .02), (1.85, .1), (1.92, .26), (1.85, .42),
                  (1.5, .52), (.5, .50), (.12, .40), (0, .38)], mat)
    return [pad, s.lathe([(0, .37), (.09, .38), (.12, .42), (.08, .46), (0, .47)], mat), s.ring(1.92, .04, .26, mat)]


def book(color, width, height, thick, title="", band=False):
    """A bound book lying flat, its spine at the left."""
    cover, block = m.cloth(color, 30), m.pages()
    parts = [s.box((.02, 0, thick / 2), (width - .06, height - .08, thick - .06), block, .01),
             s.box((0, 0, .018), (width, height, .036), cover, .014), s.box((0, 0, thick - .018), (width, height, .036), cover, .014),
             s.box((-width / 2 + .02, 0, thick / 2), (.05, height, thick), cover, .02)]
    if title:
        parts.append(s.letters(title, .085, (.1, -height * .38, thick + .001), m.metal(BRASS), 0))
    if band:
        parts.append(s.box((width * .36, 0, thick / 2), (.07, height + .012,
                     thick + .012), m.plastic(m.shade(color, .5)), .008))
    return parts


def books(colors, width, height, thick, turns=(.10, -.07, .16), **more):
    """Books in a loose pile."""
    out = []
    for k, color in enumerate(colors):
        out += s.pose(book(color, width, height, thick, **more), (0, 0, (thick + .004) * k), (0, 0, turns[k % 3]))
    return out


def notebook(color):
    """One notebook lying on another, with a pencil."""
    return books([color, color], 1.48, 2.1, .17, (.12, -.10), title="NOTES", band=True) + pencil((1.3, -.3, .04), .18)


def pencil(at, turn, color=BLACK):
    """A pencil lying down."""
    shaft = s.tube([(0, -.8, 0), (0, .62, 0)], .038, m.painted(color), smooth=False)
    point = s.tube([(0, .62, 0), (0, .80, 0)], .038, m.wood(OAK, "y"), smooth=False, radii=[1., .1])
    return s.pose([shaft, point], at, (0, 0, turn))


def pencil_cup(color):
    """A desk cup with pencils in it."""
    from vessels import pot
    cup = pot(color, [(.36, 0), (.40, .02), (.41, .1), (.41, .9), (.41, 1.0)], "bisque", .05)
    out = []
    for k, (lean, turn, shade) in enumerate(
    ((.16, .3, BLACK), (.2, 2.2, OAK), (.18, 4.0, m.paint("#2f5d4a")), (.12, 5.4, CREAM))):
        shaft = [s.tube([(0, 0, 0), (0, 0, 1.55)], .038, m.painted(shade), smooth=False),
                 s.tube([(0, 0, 1.55), (0, 0, 1.72)], .038, m.wood(OAK, "z"), smooth=False, radii=[1., .08])]
        out += s.pose(shaft, (-.14 * math.cos(turn), -.14 * math.sin(turn), .06 + .02 * k), (0, lean, turn))
    return cup + out


def tray(color, width=3.2, depth=2.0, rim=.26, corner=.3):
    """A wooden tray with a rim."""
    mat, outline = m.wood(color, "x"), s.oblong(width, depth, corner)
    count = len(outline)
    levels = ((.985, 0), (1., .03), (1., rim), (.972, rim), (.966, .07))
    wall = s.solid([(x * q, y * q, z) for q, z in levels for x, y in outline],
                   [(i * count + k, i * count + (k + 1) % count, (i + 1) * count + (k + 1) % count, (i + 1) * count + k)
                    for i in range(4) for k in range(count)], mat, 0)
    return [wall, s.slab([(x * .985, y * .985) for x, y in outline], .075, mat, .01)]


def desk_tray(color):
    """A tray for the desk with what lies in it."""
    return tray(color, 2.9, 1.3, .22, .2) + pencil((-.5, .1, .12), 1.45) + s.move(
        [s.lathe([(.2, 0), (.24, 0), (.24, .12), (.2, .12), (.2, 0)], m.metal(BRASS))], .9, .1, .08)


def round_tray(color):
    """A round serving tray with a lip."""
    return [s.lathe([(0, 0), (1.75, 0), (1.84, .02), (1.86, .06), (1.86, .26), (1.84, .29), (1.81, .29),
                    (1.78, .26), (1.76, .10), (1.70, .075), (0, .075)], m.wood(color, "x"))]


def board(color):
    """A cutting board with a round-ended handle and a hole."""
    arc = [(1.85 + .22 * math.cos(a), .22 * math.sin(a)) for a in (math.pi * (k / 12 - .5) for k in range(13))]
    neck = [(1.3, .25), (1.12, .36), (1.05, .62), (.96, .82), (.75, .9)]
    left = [(x - .45, y) for x, y in s.oblong(3., 1.8, .3)[11:33]]
    outline = [(x, -y) for x, y in neck[::-1]] + arc + neck + left
    plate = s.slab(outline, .2, m.wood(color, "x"), .05)
    hole = s.lathe([(0, .2005), (.085, .2005)], m.plastic(m.shade(color, .12)))
    return [plate, *s.move([hole], 1.82)]


def coasters(color):
    """Four round coasters, three in a pile and one leaning on it."""
    mat = m.Recipe(color, roughness=.95)
    mat = mat.tint(mat.noise(16, detail=3.), [(.3, m.shade(color, .7)), (.7, m.shade(color, 1.1))]).material
    one = lambda: s.lathe([(0, 0), (.46, 0), (.48, .015), (.48, .055), (.46, .07), (0, .07)], mat)
    out = []
    for k in range(3):
        out += s.move([one()], .03 * (k % 2), .02 * k, .072 * k)
    return out + s.pose([one()], (.62, -.2, .13), (0, math.radians(-22) + math.pi, 0))


def bookends(color):
    """Two bent steel sheets with books between."""
    mat = m.painted(color)
    out = []
    for x, way in ((-1.35, 1), (1.35, -1)):
        foot = [(way * 1.1, .02), (way * .5, .02), (0, .02), (0, .06), (0, .6), (0, 2.2)]
        out += s.pose([s.sheet([(y, z) for y, z in foot], 1.6, .04, mat, 0, 0)], (x, 0, 0), (0, 0, -math.pi / 2))
    x = -1.3
    for thick, high, cover in SHELF:
        out += standing(cover, thick, high, x)
        x += thick + .012
    return out


def standing(cover, thick, high, x):
    """A book standing on a shelf, its spine to the front."""
    deep = high * .68
    return [s.box((x + thick / 2, 0, high / 2 + .04), (thick, deep, high), m.cloth(m.paint(cover), 30), .03),
            s.box((x + thick / 2, .01, high / 2 + .045), (thick - .07, deep - .01, high + .004), m.pages(), .004)]


def letter_tray(color):
    """Two stacked trays of bent steel with some paper."""
    mat, out = m.painted(color), []
    for z in (.05, .85):
        out.append( s.move([s.sheet([(1.1, .42), (1.1, .06), (1.05, .02),
                   (0, .02), (-1.2, .02)], 3.2, .035, mat, 0, 0)], 0, 0, z)[0])
        out += [s.box((x, -.02, z + .2), (.035, 2.2, .4), mat, .012) for x in (-1.6, 1.6)]
    out += [s.box((x, y, .45), (.06, .06, .85), mat, .01) for x in (-1.6, 1.6) for y in (-.8, .8)]
    return out + [s.box((.03, -.1, .13), (2.9, 2.1, .10), m.pages((.9, .88, .83)), .004)]


def rope_basket(color, radius=1.5, high=2.2, bowl=.18):
    """A coiled rope basket with two loops."""
    rows, out = int(high / .13), []
    profile = [(0, .05), (radius * .8, .05)]
    for k in range(rows):
        z = high * k / rows
        r = radius * (.86 + bowl * math.sin(math.pi * min(k / rows * .8 + .12, 1)))
        profile += [(r, z), (r + .06, z + .03), (r + .075, z + .065), (r + .06, z + .10)]
    profile += [(r - .02, high), (r - .06, high - .02), (r - .07, high * .5), (radius * .8, .12), (0, .12)]
    mat = m.rope(color)
    out.append(s.lathe(profile, mat))
    for x in (-1, 1):
        out.append(s.tube([(x * r, -.35, high - .1), (x * (r + .08), -.3, high + .25), (x * (r + .1), 0, high + .42),
                           (x * (r + .08), .3, high + .25), (x * r, .35, high - .1)], .065, mat))
    return out


def laundry_basket(color):
    """A tall woven basket with a rolled rim."""
    mat = m.rope(color)
    profile = [(1.5, 0), (1.7, 1.5), (1.85, 3.2), (1.9, 4.4)]
    lining = s.lathe([(0, .1), (1.34, .1), (1.54, 1.5), (1.69, 3.2), (1.76, 4.35)], m.cloth(CREAM))
    return [s.woven(profile, 27, 34, mat, .17), s.ring(1.9, .11, 4.42, mat), s.ring(1.52, .1, .08, mat), lining]


def tea_box(color, name, ink="#2b2927"):
    """A tall card box with a printed paper label."""
    body = s.box((0, 0, .75), (1.0, .7, 1.5), m.paper(color), .012)
    lid = s.box((0, 0, 1.36), (1.012, .712, .29), m.paper(m.shade(color, .92)), .012)
    panel = s.box((0, -.351, .66), (.72, .006, .62), m.paper(CREAM), .002)
    mat = m.paper(m.paint(ink))
    words = [s.letters("KETTLE & FERN", .058, (0, -.3562, .86), mat), s.letters(name, .125, (0, -.3562, .68), mat),
             s.letters("whole leaf", .06, (0, -.3562, .50), mat), s.box((0, -.355, .79), (.12, .003, .006), mat, .001)]
    return [body, lid, panel, *words]


def tea_tin(color, name):
    """A round tin with a pressed lid and a paper band."""
    mat = m.painted(color)
    body = s.lathe([(0, 0), (.44, 0), (.46, .02), (.46, .06), (.46, 1.14), (.46, 1.15), (0, 1.15)], mat)
    lid = s.lathe([(.46, 1.0), (.474, 1.0), (.475, 1.01), (.475, 1.03), (.475, 1.30),
                  (.475, 1.32), (.45, 1.36), (.38, 1.37), (.36, 1.35), (0, 1.35)], mat)
    band = s.lathe([(.4625, .22), (.4635, .22), (.4635, .82), (.4625, .82)], m.paper(CREAM))
    ink = m.paper(m.paint("#2b2927"))
    return [body, lid, band, *s.wrap(name, .12, .466, .56, ink, .105 * len(name) / .46),
                                     *s.wrap("KETTLE & FERN", .05, .466, .40, ink, 1.2)]


def soap_dish(color):
    """A ridged dish with a bar of soap."""
    from vessels import pot
    dish = pot(color, [(.5, 0), (.55, .02), (.62, .12), (.64, .18)], "bisque", .05, squash=.7)
    bar = s.box((0, 0, .17), (.72, .46, .2), m.wax(m.paint("#e6dcc4")), .09)
    return dish + s.pose([bar], (0, 0, 0), (0, 0, .12))
