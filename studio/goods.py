"""The range: how each product of the catalogue is made and seen. Keys are product handles."""
from dataclasses import dataclass
from typing import Callable

import furnishings as f
import materials as m
import shapes as s
import soft
import vessels as v
from scene import View

CHALK, FIR, OCHRE, OAK = (m.paint(c) for c in ("#e9e4d8", "#2f5d4a", "#c8963e", "#c49a6c"))

TABLE = View(-24, 14)
CLOSE = View(28, 34, (.12, .88, .13, .87))
HIGH = View(-20, 32, (.15, .85, .16, .84))
FLAT = View(-24, 40, (.13, .87, .16, .84))
TALL = View(-20, 9, (.2, .8, .10, .90))
LOW = View(30, 8, (.14, .86, .14, .88))
WALL = View(-14, 5, (.2, .8, .19, .81), wall=True)
WALL_SIDE = View(34, 9, (.17, .83, .16, .84), wall=True)


@dataclass(frozen=True)
class Thing:
    """How a product is made from a colour, how it is seen, and its second picture (made otherwise if `other` is given)."""
    make: Callable
    view: View = TABLE
    second: View = CLOSE
    other: Callable | None = None
    color: str = "#e9e4d8"


def tea_names(name, round_tin=False):
    """A tea in a box or a tin."""
    return (lambda c: soft.tea_tin(c, name)) if round_tin else (lambda c: soft.tea_box(c, name))


STRAIGHT = [(.36, 0), (.43, .02), (.45, .07), (.45, .5), (.45, .9), (.455, .95)]
ROUND = [(.30, 0), (.36, .02), (.46, .18), (.50, .42), (.47, .68), (.43, .82), (.435, .86)]
TAPER = [(.27, 0), (.31, .02), (.335, .10), (.40, .6), (.43, .84)]
ESPRESSO = [(.22, 0), (.26, .015), (.30, .08), (.33, .35), (.34, .56)]
BOWL = [(.32, 0), (.35, .03), (.52, .12), (.74, .34), (.86, .60), (.88, .66)]
DEEP = [(.36, 0), (.39, .05), (.66, .16), (.80, .42), (.83, .70), (.82, .76)]
SALAD = [(.5, 0), (.6, .02), (1.0, .22), (1.28, .6), (1.36, .92)]
PLATTER = [(.8, 0), (.86, .015), (1.06, .05), (1.22, .13), (1.26, .17)]
JAR = [(.46, 0), (.53, .03), (.56, .12), (.56, .6), (.56, 1.15), (.55, 1.2)]
VIG = [(.34, 0), (.40, .03), (.62, .5), (.72, 1.0), (.62, 1.5), (.36, 1.88), (.24, 2.1), (.22, 2.3), (.28, 2.44)]
BUD = [(.26, 0), (.32, .02), (.44, .18), (.46, .36), (.32, .56), (.13, .72), (.09, .86), (.09, 1.3), (.12, 1.38)]
FLASK = [(.42, 0), (.5, .04), (.66, .4), (.62, .8), (.36, 1.15), (.26, 1.4), (.30, 1.75), (.40, 1.95)]
PLANTER = [(.58, 0), (.64, .03), (.72, .5), (.80, 1.1), (.82, 1.24), (.86, 1.26), (.87, 1.42)]
FOOTED = [(.46, 0), (.5, .02), (.48, .14), (.42, .24), (.60, .42), (.84, .8), (.9, 1.2), (.90, 1.4)]
TUMBLER = [(.34, 0), (.37, .02), (.385, .10), (.40, .5), (.42, .95)]

THINGS = {
    # mugs and cups
    "ridge-mug": Thing(lambda c: v.mug(c, STRAIGHT, ridges=14)),
    "kelda-mug": Thing(lambda c: v.mug(c, ROUND, .16, .66, .30, finish="speckle")),
    "nib-espresso-cup": Thing(lambda c: v.row(c, v.mug, 2, 1.0, outer=ESPRESSO, low=.12, high=.44, reach=.22),
                              View(-18, 17, (.14, .86, .2, .8))),
    "lean-cup": Thing(lambda c: v.stack([c, c], v.pot, .30, outer=TAPER, finish="bisque"), TABLE, CLOSE,
                      lambda c: v.row(c, v.pot, 2, .95, outer=TAPER, finish="bisque")),
    "dew-tumbler": Thing(lambda c: v.row(c, v.blown, 2, .98, outer=TUMBLER), View(-18, 15), CLOSE,
                         lambda c: v.row(c, v.blown, 3, .95, outer=TUMBLER)),
    "vinter-wine-glass": Thing(lambda c: v.row(c, v.goblet, 2, .98), View(-12, 9, (.2, .8, .12, .88)), HIGH),
    # bowls and plates
    "nesting-bowls": Thing(lambda c: v.nest([CHALK, FIR, OCHRE], BOWL), View(0, 17)),
    "supper-bowl": Thing(lambda c: v.pot(c, DEEP, "speckle"), View(0, 24), CLOSE,
                         lambda c: v.stack([c] * 3, v.pot, .19, outer=DEEP, finish="speckle")),
    "plain-plate": Thing(lambda c: v.plates(c, 1.05, 4), View(0, 22, (.14, .86, .2, .8)), FLAT, lambda c: v.plates(c, 1.05)),
    "long-platter": Thing(lambda c: v.pot(c, PLATTER, "speckle", squash=.56), View(-24, 28, (.13, .87, .2, .8)), LOW),
    "ash-salad-bowl": Thing(lambda c: v.pot(c, SALAD, "wood", .07), View(0, 22, (.15, .85, .18, .82)), FLAT),
    "round-tray": Thing(soft.round_tray, FLAT, View(0, 16, (.1, .9, .2, .8))),
    # tea, carafes and bottles
    "brook-teapot": Thing(v.teapot, View(-14, 16)),
    "tall-pitcher": Thing(v.pitcher, View(-14, 12, (.2, .8, .13, .87))),
    "well-carafe": Thing(v.carafe, View(0, 10, (.2, .8, .10, .90)), HIGH, color="#e3e6e2"),
    "morning-tea": Thing(tea_names("MORNING"), View(22, 12, (.2, .8, .14, .86)), View(-26, 30, (.15, .85, .12, .88)), color="#c8963e"),
    "evening-tea": Thing(tea_names("EVENING", True), View(0, 12, (.2, .8, .16, .84)), View(8, 34, (.15, .85, .12, .88)), color="#2f3640"),
    "trail-flask": Thing(v.flask, View(0, 10, (.2, .8, .11, .89)), View(20, 30, (.15, .85, .08, .92))),
    # storage and boards
    "larder-jar": Thing(lambda c: v.lidded(c, JAR), View(0, 15, (.2, .8, .16, .84))),
    "store-glass": Thing(v.glass_jar, View(0, 13, (.2, .8, .14, .86)), HIGH, color="#e3e6e2"),
    "cutting-board": Thing(soft.board, FLAT, View(32, 22, (.1, .9, .2, .8))),
    "cork-coasters": Thing(soft.coasters, View(-10, 30, (.15, .85, .2, .8)), LOW, color="#c09a6e"),
    "pour-bottle": Thing(v.oil_bottle, View(-10, 11, (.2, .8, .12, .88))),
    # vases and planters
    "vig-vase": Thing(lambda c: v.pot(c, VIG, "bisque"), View(0, 10, (.2, .8, .1, .9))),
    "bud-vase": Thing(lambda c: v.pot(c, BUD), View(0, 11, (.2, .8, .12, .88)), CLOSE, lambda c: v.row(c, v.pot, 2, 1.1, outer=BUD)),
    "two-handled-vase": Thing(v.amphora, View(-12, 10, (.2, .8, .1, .9))),
    "lake-vase": Thing(lambda c: v.blown(c, FLASK, .05, 14, .03), View(0, 12, (.2, .8, .11, .89))),
    "terrace-planter": Thing(lambda c: v.planter(c, PLANTER), View(0, 12, (.14, .86, .10, .9)), HIGH),
    "footed-planter": Thing(lambda c: v.planter(c, FOOTED, "glaze"), View(40, 12, (.14, .86, .10, .9)), CLOSE,
                            lambda c: v.planter(c, FOOTED, "glaze", green=False)),
    # candles and holders
    "pillar-candle": Thing(lambda c: f.pillar(c) + s.move(f.pillar(c, .36, .95), .86, -.2), View(-10, 15)),
    "dipped-tapers": Thing(f.tapers, View(-8, 12, (.2, .8, .11, .89)), View(30, 40, (.15, .85, .1, .9))),
    "spindle-candlestick": Thing(f.candlestick, View(0, 9, (.2, .8, .08, .92)), View(0, 30, (.2, .8, .08, .92))),
    "chamber-holder": Thing(f.chamber, View(-30, 17, (.17, .83, .13, .87))),
    "field-candle": Thing(f.jar_candle, View(0, 14), View(10, 42, (.15, .85, .15, .85))),
    # stools and tables
    "ask-stool": Thing(f.stool, View(8, 14, (.17, .83, .13, .87)), View(30, 34, (.14, .86, .11, .89))),
    "long-bench": Thing(f.bench, View(-26, 13, (.12, .88, .18, .82)), View(52, 17, (.15, .85, .14, .86))),
    "rim-table": Thing(f.side_table, View(0, 15, (.17, .83, .13, .87)), View(30, 34, (.14, .86, .11, .89))),
    "drum-table": Thing(f.drum_table, View(0, 14), View(0, 34, (.14, .86, .14, .86))),
    "peg-shelf": Thing(f.wall_shelf, View(-16, 7, (.14, .86, .2, .8), wall=True), View(38, 12, (.13, .87, .14, .86), wall=True)),
    # clocks and mirrors
    "plain-clock": Thing(f.wall_clock, WALL, WALL_SIDE),
    "little-clock": Thing(f.table_clock, View(-20, 10), View(32, 16, (.16, .84, .14, .86))),
    "round-mirror": Thing(f.round_mirror, WALL, WALL_SIDE),
    "arch-mirror": Thing(f.arch_mirror, View(-14, 4, (.2, .8, .11, .89), wall=True), View(34, 8, (.17, .83, .11, .89), wall=True)),
    # lamps
    "tove-table-lamp": Thing(f.table_lamp, View(0, 9, (.18, .82, .11, .89)), View(0, 26, (.13, .87, .1, .9))),
    "morel-lamp": Thing(f.mushroom_lamp, View(0, 11, (.17, .83, .15, .85)), View(0, -1, (.13, .87, .16, .86))),
    "reach-desk-lamp": Thing(f.desk_lamp, View(-12, 9, (.16, .84, .10, .9)), View(34, 18, (.13, .87, .09, .91))),
    "moon-lamp": Thing(f.globe_lamp, View(0, 11, (.2, .8, .15, .85)), HIGH, color="#c19a5b"),
    "sill-lamp": Thing(f.vase_lamp, View(0, 10, (.18, .82, .11, .89)), View(0, 28, (.13, .87, .1, .9))),
    "reader-floor-lamp": Thing(f.floor_lamp, View(-16, 8, (.15, .85, .06, .94)), View(34, 24, (.12, .88, .06, .94))),
    "paper-column": Thing(f.paper_lamp, View(0, 7, (.2, .8, .07, .93)), View(30, 26, (.2, .8, .06, .94))),
    "spun-pendant": Thing(f.dome_pendant, View(0, 8, (.17, .83, .16, .56), wall=True, gap=1.2), View(22, -8, (.14, .86, .2, .64), wall=True, gap=1.2)),
    "pleat-pendant": Thing(f.paper_pendant, View(0, 6, (.17, .83, .14, .66), wall=True, gap=1.2), View(20, -10, (.14, .86, .18, .7), wall=True, gap=1.2)),
    # desk
    "cloth-notebook": Thing(soft.notebook, View(-22, 36, (.15, .85, .16, .84)), View(40, 16, (.12, .88, .2, .8))),
    "pocket-notebooks": Thing(lambda c: soft.books([m.paint("#2f3640"), m.paint("#b5694a"), FIR], 1.05, 1.48, .12), View(-20, 34), LOW),
    "sketchbook": Thing(lambda c: soft.book(c, 2.1, 2.97, .3, band=True) + soft.pencil((.2, -.2, .34), .9), View(-24, 38, (.14, .86, .15, .85)),
                        View(36, 16, (.12, .88, .2, .8))),
    "pencil-cup": Thing(soft.pencil_cup, View(0, 16, (.2, .8, .14, .86))),
    "valet-tray": Thing(soft.desk_tray, FLAT, View(30, 20, (.1, .9, .2, .8))),
    "letter-tray": Thing(soft.letter_tray, View(-26, 20, (.14, .86, .18, .82)), LOW),
    "bent-bookends": Thing(soft.bookends, View(-20, 14, (.14, .86, .16, .84)), View(34, 24, (.12, .88, .13, .87))),
    "oster-shelf-speaker": Thing(f.shelf_speaker, View(-22, 13, (.16, .84, .18, .82)), View(36, 24, (.13, .87, .14, .86))),
    "pebble-speaker": Thing(f.portable_speaker, View(-18, 14), CLOSE),
    "kitchen-radio": Thing(f.radio, View(-20, 13, (.17, .83, .18, .82)), View(34, 24, (.13, .87, .14, .86))),
    # cloth, bath
    "fell-throw": Thing(lambda c: soft.folded(c, 4.2, 3.2, 5, .26, fringe=True), View(-22, 17, (.14, .86, .18, .82)), View(36, 30, (.11, .89, .13, .87))),
    "ridge-blanket": Thing(lambda c: soft.pile([c, c], 4.0, 3.0, 3, .24, m.cloth), View(-20, 17, (.15, .85, .18, .82)), View(38, 30, (.11, .89, .13, .87))),
    "lattice-cushion": Thing(soft.cushion, View(-16, 11, (.17, .83, .15, .85)), View(34, 18, (.13, .87, .12, .88))),
    "seat-pad": Thing(soft.seat_pad, View(0, 30, (.15, .85, .18, .82)), LOW),
    "bath-towel": Thing(lambda c: soft.pile([c, c, c], 2.6, 2.0, 3, .2), View(-22, 17, (.18, .82, .16, .84)), CLOSE),
    "waffle-towel": Thing(lambda c: soft.pile([c, c], 2.2, 1.7, 4, .12, m.waffle), View(-24, 22, (.15, .85, .18, .82)), CLOSE),
    "stripe-tea-towels": Thing(soft.striped, View(-24, 34, (.15, .85, .16, .84)), View(34, 20, (.12, .88, .16, .84)), color="#2f3640"),
    "sunday-soap": Thing(lambda c: v.dispenser(c, c[0] > 2 * c[2]), View(0, 11, (.2, .8, .12, .88)), View(18, 28, (.18, .82, .1, .9))),
    "soap-dish": Thing(soft.soap_dish, View(-20, 26, (.16, .84, .2, .8)), LOW),
    "coil-basket": Thing(soft.rope_basket, View(14, 16, (.16, .84, .16, .84))),
    "wash-basket": Thing(soft.laundry_basket, View(0, 13, (.18, .82, .12, .88)), View(0, 34, (.16, .84, .1, .9))),
}
