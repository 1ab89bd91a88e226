"""Styled pictures of several things: one for each category, and the wide ones of the home page.

A group lists (product handle, colour, x, y, turn in degrees[, height to stand at]) in decimetres.
"""
from dataclasses import dataclass

from scene import View

CLOSE_UP = View(0, 15, (.10, .90, .16, .84))
ROOM = View(0, 11, (.10, .90, .13, .87))
ABOVE = View(0, 32, (.09, .91, .12, .88))
HANGING = View(0, 4, (.12, .88, .10, .90), wall=True, gap=.6)
WIDE = (2000, 1000)


@dataclass(frozen=True)
class Group:
    """Things in their places, and how they are seen."""
    things: tuple
    view: View = CLOSE_UP


GROUPS = {
    "group-kitchen": Group((
        ("brook-teapot", "Fir", -.75, .5, -10), ("ridge-mug", "Chalk", .95, -.2, -28),
        ("kelda-mug", "Rust", 1.9, .6, -40), ("supper-bowl", "Ochre", -1.6, -.95, 0),
        ("tall-pitcher", "Chalk", .55, 1.2, -20),
    )),
    "group-mugs": Group((
        ("ridge-mug", "Sage", -.95, 0, -35), ("kelda-mug", "Rust", .15, .75, -20),
        ("lean-cup", "Sky", 1.05, -.25, 0), ("nib-espresso-cup", "Chalk", .1, -1.0, 12),
    )),
    "group-bowls-plates": Group((
        ("plain-plate", "Chalk", -.9, .6, 0), ("supper-bowl", "Ink", -.9, .6, 0, .53),
        ("nesting-bowls", "", 1.15, .4, 0), ("supper-bowl", "Ochre", .3, -1.15, 0),
    )),
    "group-tea-carafes": Group((
        ("brook-teapot", "Chalk", -.3, 0, -12), ("morning-tea", "", -1.75, .8, 18),
        ("evening-tea", "", 1.35, .9, 0), ("well-carafe", "", .55, 1.6, 0), ("lean-cup", "Clay", 1.15, -.75, 0),
    )),
    "group-storage-boards": Group((
        ("larder-jar", "Sage", -1.1, .1, 0), ("larder-jar", "Chalk", .15, .75, 0),
        ("store-glass", "", 1.3, .15, 0), ("pour-bottle", "Black", -2.1, .9, -20),
        ("cork-coasters", "", .45, -.95, -10),
    )),
    "group-living": Group((
        ("ask-stool", "Oak", -2.1, 0, 8), ("vig-vase", "Clay", -2.1, 0, 0, 4.48),
        ("rim-table", "Chalk", 2.6, .9, 0), ("terrace-planter", "Stone", 2.6, .9, 0, 4.97),
        ("coil-basket", "Natural", .6, -1.6, 30),
    ), ROOM),
    "group-vases": Group((
        ("vig-vase", "Chalk", -.75, .4, 0), ("bud-vase", "Ochre", .55, -.25, 0),
        ("two-handled-vase", "Sand", 1.15, 1.2, -14), ("bud-vase", "Ink", -1.75, -.35, 0),
        ("lake-vase", "Smoke", 1.95, -.1, 0),
    )),
    "group-candles": Group((
        ("spindle-candlestick", "Brass", -.85, .35, 0), ("spindle-candlestick", "Black", -.15, .75, 0),
        ("pillar-candle", "Rust", .6, 0, -10), ("chamber-holder", "Fir", -.45, -.85, -35),
        ("field-candle", "Stone", 1.85, .55, 0),
    ), View(0, 12, (.14, .86, .10, .90))),
    "group-stools-tables": Group((
        ("ask-stool", "Walnut", -2.6, .2, 8), ("drum-table", "Sand", 1.1, -1.1, 0),
        ("rim-table", "Clay", 2.9, 2.0, 0), ("bud-vase", "Chalk", 2.9, 2.0, 0, 4.97),
    ), ROOM),
    "group-clocks-mirrors": Group((
        ("plain-clock", "Ink", -1.9, 0, 0, 3.2), ("round-mirror", "Oak", 2.6, 0, 0, 1.5),
        ("plain-clock", "Chalk", -1.7, 0, 0, -.4),
    ), View(-10, 3, (.12, .88, .14, .86), wall=True)),
    "group-lighting": Group((
        ("tove-table-lamp", "Ochre", -2.0, .3, 0), ("morel-lamp", "Chalk", .7, -.5, 0),
        ("moon-lamp", "", 2.5, .9, 0),
    ), ROOM),
    "group-table-lamps": Group((
        ("morel-lamp", "Clay", -1.5, -.3, 0), ("sill-lamp", "Sand", 1.2, .5, 0),
        ("reach-desk-lamp", "Black", 4.0, 1.3, 0),
    ), ROOM),
    "group-floor-pendant": Group((
        ("spun-pendant", "Fir", -2.4, 0, 0, 1.4), ("spun-pendant", "Ochre", 2.3, -.6, 0, -.6),
    ), View(0, 4, (.12, .88, .16, .66), wall=True, gap=.8)),
    "group-desk": Group((
        ("reach-desk-lamp", "Sage", 2.2, .9, -12), ("cloth-notebook", "Clay", -1.1, -1.0, -14),
        ("pencil-cup", "Stone", -1.5, .9, 0), ("little-clock", "Ochre", .3, 1.1, -16),
        ("valet-tray", "Oak", 2.1, -1.2, -8),
    ), View(0, 20, (.11, .89, .12, .88))),
    "group-notebooks": Group((
        ("cloth-notebook", "Fir", -1.0, 0, -14), ("sketchbook", "Sand", 1.35, .7, 10),
        ("pocket-notebooks", "", .75, -1.5, 22),
    ), ABOVE),
    "group-desk-things": Group((
        ("pencil-cup", "Ochre", -1.1, .3, 0), ("valet-tray", "Walnut", .8, -.7, -12),
        ("bent-bookends", "Ink", .9, 1.5, -6),
    ), View(0, 19, (.10, .90, .15, .85))),
    "group-sound": Group((
        ("oster-shelf-speaker", "Oat", -1.5, .6, -12), ("pebble-speaker", "Clay", .95, -.2, -10),
        ("kitchen-radio", "Walnut", 2.9, .9, -16),
    )),
    "group-textiles": Group((
        ("fell-throw", "Stone", -.6, 0, -14), ("bath-towel", "Sky", -.7, 0, -18, 1.32),
        ("coil-basket", "Natural", 3.3, .8, 20), ("lattice-cushion", "Ochre", -1.2, 3.4, -8),
    )),
    "group-throws-cushions": Group((
        ("lattice-cushion", "Ink", -1.8, 1.7, -14), ("lattice-cushion", "Ochre", 1.3, 2.0, 10),
        ("fell-throw", "Clay", 1.2, -1.1, -16),
    )),
    "group-towels": Group((
        ("bath-towel", "Chalk", -1.4, .3, -14), ("bath-towel", "Clay", 1.5, .5, 8),
        ("waffle-towel", "Sage", 1.5, .5, 12, 1.82), ("waffle-towel", "Oat", .25, -1.9, -6),
    )),
    "group-bath": Group((
        ("sunday-soap", "Amber", -1.15, -.1, 0), ("sunday-soap", "Stone", -.25, .45, 0),
        ("soap-dish", "Sand", .55, -.65, -16), ("waffle-towel", "Oat", 1.75, .8, -14),
        ("waffle-towel", "Sage", 1.75, .8, -9, .98),
    ), CLOSE_UP),
    "wide-hero": Group((
        ("two-handled-vase", "Sand", -.6, 1.2, -14), ("brook-teapot", "Fir", .05, -.5, -16),
        ("ridge-mug", "Chalk", 1.8, -.95, -30), ("well-carafe", "", .75, 1.5, 0),
        ("vig-vase", "Chalk", 2.05, 1.25, 0), ("supper-bowl", "Ochre", 3.0, -.45, 0),
    ), View(0, 10, (.42, .95, .08, .92), size=WIDE)),
    "wide-story": Group((
        ("long-bench", "Oak", 0, 0, -14), ("fell-throw", "Clay", -2.2, .3, -18, 4.55),
        ("bath-towel", "Chalk", 2.2, -.4, -8, 4.55), ("coil-basket", "Natural", 7.4, -1.0, 20),
        ("lattice-cushion", "Fir", -8.5, -.3, 12),
    ), View(0, 12, (.10, .90, .12, .88), size=WIDE)),
    "wide-journal": Group((
        ("vig-vase", "Clay", -4.3, .4, 0), ("bud-vase", "Chalk", -3.0, -.2, 0),
        ("two-handled-vase", "Sand", -1.7, .5, -10), ("tall-pitcher", "Chalk", -.2, -.1, -20),
        ("larder-jar", "Chalk", 1.2, .2, 0), ("supper-bowl", "Chalk", 2.8, -.3, 0),
        ("vig-vase", "Chalk", 4.3, .7, 0), ("lean-cup", "Clay", .5, -1.1, 0),
    ), View(0, 9, (.08, .92, .18, .82), size=WIDE)),
    "hero-phone": Group((
        ("two-handled-vase", "Sand", -.55, 1.0, -14), ("brook-teapot", "Fir", -.35, -.5, -18),
        ("ridge-mug", "Chalk", 1.2, -.75, -30), ("vig-vase", "Chalk", 1.05, .9, 0),
    ), View(0, 13, (.12, .88, .08, .60), size=(900, 1200))),
}
