"""Lamps, stools, tables, clocks, mirrors, speakers and candles.

Each function takes the colour (linear RGB) first and returns the parts of one thing, in decimetres.
"""
import math

import materials as m
import shapes as s

BLACK, BRASS, STEEL, CREAM = (m.paint(c) for c in ("#2b2927", "#c19a5b", "#b9b9b6", "#ece5d6"))


def disc(radius, low, high, mat, edge=.02):
    """A turned plate with soft edges."""
    return s.lathe([(0, low), (radius - edge, low), (radius, low + edge), (radius, high - edge), (radius - edge, high),
                    (0, high)], mat)


def rod(radius, low, high, mat, x=0., y=0.):
    return s.tube([(x, y, low), (x, y, high)], radius, mat, smooth=False)


def cone_shade(top, bottom, low, high, mat):
    """A lampshade open above and below, with its lining."""
    return s.lathe([(top, high), (top + .02, high + .01), (bottom + .02, low + .01),
                   (bottom, low), (bottom - .02, low + .01), (top - .02, high), (top, high)], mat)


def bulb(z, glow=6.):
    return s.lathe([(0, z - .3), (.12, z - .25), (.22, z - .05), (.2, z + .15), (0, z + .25)], m.opal(glow))


def table_lamp(color):
    """A cone of cloth on a brass stem."""
    brass = m.metal(BRASS)
    base = s.lathe([(0, 0), (.78, 0), (.82, .03), (.82, .09), (.74, .13),
                   (.14, .17), (.07, .35), (.065, 2.6), (0, 2.6)], brass)
    return [base, cone_shade(.62, 1.38, 2.25, 3.55, m.linen(color, .05)), bulb(2.8), s.ring(.62, .02, 3.54, brass)]


def mushroom_lamp(color):
    """A dome on a thick foot, all in one colour."""
    mat = m.painted(color)
    foot = s.lathe([(0, 0), (.70, 0), (.76, .03), (.74, .14), (.42, .32), (.28, .7), (.26, 1.5), (0, 1.55)], mat)
    dome = s.lathe([(.0, 2.58), (.4, 2.55), (.85, 2.36), (1.2, 2.0), (1.34, 1.6), (1.35, 1.52),
                   (1.33, 1.5), (1.30, 1.54), (1.14, 1.95), (.8, 2.28), (0, 2.48)], mat)
    return [foot, dome, bulb(1.8)]


def desk_lamp(color):
    """A jointed arm with a bell of painted steel."""
    mat, steel = m.painted(color), m.metal(STEEL)
    base = disc(.85, 0, .16, mat, .05)
    arms = [s.tube([(.35, 0, .14), (.35, 0, .5), (.95, 0, 2.5)], .05, steel, smooth=False),
            s.tube([(.95, 0, 2.5), (-.85, 0, 3.95)], .05, steel, smooth=False)]
    joint = s.lathe([(0, -.1), (.10, -.1), (.11, -.08), (.11, .08), (.10, .1), (0, .1)], mat)
    joint.location, joint.rotation_euler = (.95, 0, 2.5), (math.pi / 2, 0, 0)
    bell = [s.lathe([(0, .62), (.16, .62), (.2, .58), (.22, .3), (.42, .12), (.68, -.42), (.70, -.44), (.66, -.42),
                     (.40, .08), (.18, .28), (0, .3)], mat), bulb(-.02)]
    return [base, *arms, joint] + s.pose(bell, (-.95, 0, 3.72), (0, .42, 0))


def globe_lamp(color):
    """An opal ball on a turned cup."""
    metal = m.metal(color)
    cup = s.lathe([(0, 0), (.62, 0), (.66, .03), (.66, .12), (.60, .16), (.22, .2),
                  (.18, .3), (.2, .42), (.5, .5), (.52, .56), (0, .56)], metal)
    ball = s.lathe([(0, .48), (.35, .50), (.75, .72), (.98, 1.15), (.98, 1.65),
                   (.75, 2.08), (.35, 2.3), (0, 2.34)], m.opal(.14))
    return [cup, ball]


def vase_lamp(color):
    """A drum of linen on a ceramic foot."""
    foot = s.lathe([(0, 0), (.5, 0), (.56, .03), (.85, .5), (.92, .95), (.74, 1.4), (.34, 1.7),
                   (.16, 1.82), (.14, 1.95), (0, 1.95)], m.glaze(color), foot=m.clay_foot(), below=.02)
    brass = m.metal(BRASS)
    return [foot, rod(.05, 1.9, 2.4, brass), cone_shade(1.1, 1.4, 2.1, 3.5, m.linen(CREAM, .05)), bulb(2.7)]


def floor_lamp(color):
    """A slim reading lamp with a bent neck."""
    mat = m.metal(color) if color[0] > .2 else m.painted(color)
    base = disc(1.35, 0, .16, mat, .05)
    stem = s.tube([(.9, 0, .1), (.9, 0, 11.2), (.86, 0, 12.2), (.3, 0, 12.9), (-.5, 0, 12.75)], .10, mat)
    bell = s.lathe([(0, .75), (.3, .75), (.36, .7), (.55, .2), (1.15, -.62),
                   (1.18, -.66), (1.12, -.64), (.48, .15), (0, .3)], mat)
    return s.move([base], .9) + [stem] + s.pose([bell, bulb(-.1)], (-.9, 0, 12.25), (0, .3, 0))


def paper_lamp(color):
    """A column of folded paper, lit."""
    mat, oak = m.linen(color, .08), m.wood(m.paint("#c49a6c"), "z")
    shade = s.lathe([(1.0, 1.2), (1.35, 1.25), (1.45, 1.8), (1.45, 8.2),
                    (1.35, 8.75), (1.0, 8.8)], mat, flutes=36, depth=.035)
    legs = [s.tube([(1.0 * math.cos(a), 1.0 * math.sin(a), 1.6), (1.25 * math.cos(a),
                   1.25 * math.sin(a), 0)], .11, oak, False) for a in (.5, 2.6, 4.7)]
    return [shade, *legs, disc(1.0, 1.1, 1.3, oak)]


def cord(z, mat):
    """A flex that leaves the picture above."""
    line = rod(.035, z, z + 40, mat)
    line["beyond"] = True
    return line


def dome_pendant(color):
    """A spun dome on a flex."""
    mat = m.painted(color)
    dome = s.lathe([(0, 1.9), (.24, 1.9), (.27, 1.85), (.28, 1.55), (.7, 1.42), (1.5, .95), (1.98, .2),
                   (2.02, 0), (2.0, -.03), (1.96, 0), (1.9, .2), (1.4, .9), (0, 1.36)], mat)
    return [dome, bulb(.55), cord(1.88, m.plastic(BLACK))]


def paper_pendant(color):
    """A pleated paper lantern on a flex."""
    shade = s.lathe([(.32, 2.35), (.38, 2.4), (.9, 2.1), (1.6, 1.45), (1.85, .9), (1.6, .3), (1.0, -.1), (.9, -.12)],
                    m.linen(color, .1), flutes=44, depth=.03)
    return [shade, cord(2.2, m.plastic(BLACK)), disc(.36, 2.3, 2.42, m.wood(m.paint("#c49a6c")))]


def stool(color):
    """A round seat on three turned legs."""
    seat = s.lathe([(0, 4.12), (1.2, 4.12), (1.55, 4.15), (1.64, 4.25), (1.64, 4.42),
                   (1.56, 4.5), (1.0, 4.47), (0, 4.42)], m.wood(color, "x"))
    leg = m.wood(color, "z")
    legs = [s.tube([(1.0 * math.cos(a), 1.0 * math.sin(a), 4.2), (1.5 * math.cos(a), 1.5 * \
                   math.sin(a), .0)], .17, leg, False, radii=[1.1, .8]) for a in (.8, 2.9, 5.0)]
    return [seat, *legs]


def bench(color):
    """A long seat on two panel legs."""
    along, up = m.wood(color, "x"), m.wood(color, "z")
    parts = [s.box((0, 0, 4.38), (11.5, 3.2, .34), along, .07), s.box((0, 0, 3.3), (9.2, .24, .9), along, .03)]
    return parts + [s.box((x, 0, 2.1), (.34, 2.7, 4.24), up, .04) for x in (-4.6, 4.6)]


def side_table(color):
    """A painted steel table with a rim and three legs."""
    mat = m.painted(color)
    top = s.lathe([(0, 4.9), (2.1, 4.9), (2.16, 4.93), (2.18, 5.2),
                  (2.16, 5.22), (2.13, 5.2), (2.1, 4.98), (0, 4.97)], mat)
    legs = [s.tube([(1.5 * math.cos(a), 1.5 * math.sin(a), 4.92), (1.75 * math.cos(a),
                   1.75 * math.sin(a), 0)], .09, mat, False) for a in (.6, 2.7, 4.8)]
    return [top, *legs, s.ring(1.62, .06, 2.4, mat)]


def drum_table(color):
    """A fluted block to sit on or put things on."""
    return [s.lathe([(0, 0), (1.55, 0), (1.6, .04), (1.6, .1), (1.6, 4.1), (1.6, 4.2),
                    (1.55, 4.24), (1.3, 4.25), (0, 4.25)], m.bisque(color), flutes=40, depth=.022)]


def wall_shelf(color):
    """A board on two brass pegs, hung on the wall."""
    brass = m.metal(BRASS)
    board = s.box((0, 0, 0), (8, 2.0, .26), m.wood(color, "x"), .05)
    pegs = [s.tube([(x, 1.0, -.9), (x, -.5, -.9), (x, -.8, -.75), (x, -.86, -.13)], .07, brass) for x in (-2.8, 2.8)]
    return [board, *pegs, *s.move([*pots()], 0, 0, .13)]


def pots():
    """What stands on a shelf to show its size."""
    jar = s.vessel([(.34, 0), (.42, .03), (.48, .5), (.36, 1.0), (.2, 1.3), (.24, 1.5)], m.bisque(CREAM))
    books = [s.box((2.0 + .32 * k, 0, .85 - .05 * k), (.28, 1.3, 1.7 - .1 * k), m.cloth(m.paint(c)), .02)
             for k, c in enumerate(("#2f5d4a", "#cdb79a", "#2f3640"))]
    return s.move([jar], -2.2) + books


def hand(length, width, angle, y, mat):
    """A clock hand pointing `angle` degrees from twelve."""
    a = math.radians(angle)
    return s.pose([s.box((0, 0, length / 2 - .12), (width, .02, length), mat, .008)], (0, y, 0), (0, a, 0))


def dial(radius, y, mat, long=.16):
    """Twelve strokes round a face."""
    out = []
    for k in range(12):
        stroke = s.box((0, 0, radius), (.05, .015, long if k % 3 == 0 else long * .6), mat, .005)
        out += s.pose([stroke], (0, y, 0), (0, math.pi / 6 * k, 0))
    return out


def upright(things, z=0.):
    """Turns lathe work so that its top faces the camera."""
    return s.pose(things, (0, 0, z), (math.pi / 2, 0, 0))


def wall_clock(color):
    """A deep bowl of a clock with plain strokes."""
    light = color[0] > .2
    mark = m.plastic(BLACK if light else CREAM)
    case = s.lathe([(0, 0), (1.42, 0), (1.5, .04), (1.5, .38), (1.46, .44),
                   (1.41, .42), (1.38, .2), (0, .19)], m.painted(color))
    knob = s.lathe([(0, .27), (.07, .27), (.07, .31), (0, .32)], m.metal(BRASS))
    return (upright([case, knob]) + dial(1.14, -.2, mark) + \
            hand(.78, .075, 305, -.23, mark) + hand(1.16, .05, 54, -.26, mark))


def table_clock(color):
    """A small round clock on a foot, with a bell button."""
    mat, mark = m.painted(color), m.plastic(BLACK)
    case = s.lathe([(0, -.24), (.5, -.24), (.56, -.2), (.58, -.1), (.58, .14), (.55, .18), (.51, .16), (.50, .1)], mat)
    face = s.lathe([(.505, .10), (0, .105)], m.plastic(CREAM, .6))
    parts = upright([case, face], .68)
    marks = dial(.42, -.115, mark, .08) + hand(.30, .04, 305, -.13, mark) + hand(.42, .028, 54, -.145, mark)
    button = s.lathe([(0, 1.24), (.12, 1.24), (.13, 1.26), (.13, 1.33), (.11, 1.36), (0, 1.36)], m.metal(BRASS))
    feet = [s.tube([(x * .32, 0, .22), (x * .42, 0, .03)], .05, m.metal(BRASS), False) for x in (-1, 1)]
    return parts + s.pose(marks, (0, 0, .68)) + [button, *feet]


def round_mirror(color):
    """A round mirror in a wooden frame."""
    frame = s.lathe([(0, 0), (2.4, 0), (2.5, .04), (2.5, .30), (2.46, .34), (2.34, .34), (2.30, .30), (2.30, .12)],
                    m.wood(color, "x"))
    return upright([frame, s.lathe([(2.31, .14), (0, .14)], m.mirror())])


def arch_mirror(color):
    """A tall mirror with a round head and a thin metal frame."""
    outline = [(-1.6, -2.6), (1.6, -2.6)] + [(1.6 * math.cos(a), 1.2 + 1.6 * math.sin(a))
                                             for a in (math.pi * k / 32 for k in range(33))]
    rim = s.tube([(x, y, .1) for x, y in outline], .09, m.metal(color), smooth=False, closed=True)
    return upright([rim, s.slab(outline, .08, m.mirror(), .01)])


def shelf_speaker(color):
    """A box in cloth with a brass knob, on short legs."""
    wood = m.wood(m.paint("#6b4a33"), "x")
    body = s.box((0, 0, 1.0), (3.1, 1.5, 1.7), m.cloth(color, 14), .18)
    cheeks = [s.box((x, 0, 1.0), (.12, 1.56, 1.76), wood, .05) for x in (-1.58, 1.58)]
    feet = [rod(.07, 0, .2, m.metal(BRASS), x, y) for x in (-1.3, 1.3) for y in (-.5, .5)]
    top = s.move([disc(.16, 0, .10, m.metal(BRASS))], 1.1, -.2, 1.83)
    return [body, *cheeks, *feet, *top, s.letters("OSTER", .13, (-1.1, -.755, .32), m.metal(BRASS))]


def portable_speaker(color):
    """A round speaker in cloth, with a loop."""
    dark = m.plastic(m.shade(color, .55))
    body = s.lathe([(0, .05), (.5, .06), (.62, .14), (.65, .3), (.65, 1.25),
                   (.62, 1.42), (.55, 1.47)], m.cloth(color, 16))
    ends = [disc(.5, 0, .08, dark), s.lathe([(.56, 1.46), (.50, 1.49), (0, 1.49)], dark)]
    keys = [s.box((x, -.02, 1.5), (.14, .03, .03), m.plastic(CREAM), .01) for x in (-.22, .22)]
    loop = s.tube([(-.46, .1, 1.46), (-.40, .1, 1.68), (0, .1, 1.80), (.40, .1, 1.68),
                  (.46, .1, 1.46)], .045, m.cloth(m.shade(color, .6)))
    return [body, *ends, *keys, loop]


def radio(color):
    """A wooden kitchen radio with two knobs and a cloth front."""
    case = s.box((0, 0, .85), (2.5, 1.1, 1.5), m.wood(color, "x"), .22)
    front = s.box((-.42, -.54, .85), (1.35, .06, 1.16), m.cloth(m.paint("#cdb79a"), 14), .03)
    knobs = upright([disc(.26, 0, .16, m.metal(BRASS))]) + upright([disc(.15, 0, .14, m.plastic(BLACK))])
    knobs[0].location, knobs[1].location = (.74, -.54, 1.12), (.74, -.54, .52)
    return [case, front, *knobs, *[s.box((x, 0, .06), (.2, .8, .12), m.plastic(BLACK), .02) for x in (-.9, .9)]]


def pillar(color, radius=.36, high=1.5):
    """A pillar candle with a burnt-in hollow."""
    body = s.lathe([(0, 0), (radius, 0), (radius + .01, .03), (radius + .01, high - .05), (radius - .02,
                   high), (radius - .07, high - .01), (radius * .5, high - .06), (0, high - .07)], m.wax(color))
    return [body, wick(high - .08)]


def wick(z, x=0., y=0.):
    return s.tube([(x, y, z), (x + .005, y, z + .08), (x + .02, y, z + .14)], .012, m.plastic(BLACK, .9))


def tapers(color):
    """Four dipped candles lying side by side, tied by their wicks' ends."""
    wax, out = m.wax(color), []
    for k in range(4):
        stick = s.lathe([(0, 0), (.10, 0), (.112, .02), (.105, 1.6), (.075, 2.75), (.03, 2.9), (0, 2.92)], wax)
        stick.location, stick.rotation_euler = (.27 * (k - 1.5), 0, 0), (0, 0, k)
        out += [stick, wick(2.9, .27 * (k - 1.5))]
    return out


def candlestick(color):
    """A turned stick with a candle in it."""
    mat = m.metal(color) if color[0] > .2 else m.painted(color)
    foot = s.lathe([(0, 0), (.42, 0), (.45, .02), (.44, .06), (.12, .12), (.06, .22), (.055, .7), (.09, .78),
                   (.055, .86), (.05, 1.2), (.07, 1.26), (.20, 1.30), (.21, 1.33), (.13, 1.35), (.13, 1.52), (0, 1.52)], mat)
    stick = s.lathe([(0, 1.4), (.108, 1.4), (.10, 2.6), (.07, 3.5), (.03, 3.62), (0, 3.64)], m.wax(CREAM))
    return [foot, stick, wick(3.62)]


def chamber(color):
    """A saucer with a candle cup and a finger ring."""
    mat = m.glaze(color)
    dish = s.vessel([(.5, 0), (.58, .02), (.72, .12), (.76, .2)], mat, .05)
    cup = s.lathe([(.2, .04), (.17, .1), (.17, .36), (.15, .38), (.13, .36), (.12, .1)], mat)
    ear = s.tube([(.70, 0, .16), (.92, 0, .34), (1.06, 0, .2), (.9, 0, .06), (.68, 0, .1)], .045, mat)
    stick = s.lathe([(0, .1), (.12, .1), (.118, 1.3), (.09, 1.72), (.03, 1.8), (0, 1.82)], m.wax(CREAM))
    return [dish, cup, ear, stick, wick(1.8)]


def jar_candle(color):
    """A scented candle in a matt pot with a printed name."""
    from vessels import label
    pot = s.vessel([(.38, 0), (.43, .02), (.44, .08), (.44, .88), (.44, .95)], m.bisque(color), .04)
    wax = s.lathe([(.41, .88), (.2, .875), (0, .88)], m.wax(CREAM))
    return [pot, wax, wick(.86), *label("FIELD", "Fig and cedar", .442, .52, "#2b2927")]
