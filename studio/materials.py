"""What the goods are made of. Every function takes a linear RGB colour and returns a Blender material.

Textures use object coordinates, one unit being a decimetre, so a weave is as fine on a cushion as on a throw.
"""
import bpy

LIGHT = .78
# The shop's colours, for groups that show a product in a colour in which it is not sold.
PALETTE = {
    "Sage": "#7c8b6f", "Chalk": "#e9e4d8", "Ink": "#2f3640", "Fir": "#2f5d4a", "Ochre": "#c8963e",
    "Clay": "#b5694a", "Sand": "#cdb79a", "Rust": "#9c4a2f", "Sky": "#8fa9b8", "Stone": "#a09a8e",
    "Oat": "#d9cdb8", "Oak": "#c49a6c", "Walnut": "#6b4a33", "Black": "#2b2927", "Brass": "#c19a5b",
    "Clear": "#e3e6e2", "Smoke": "#8d8a84", "Amber": "#b9772c", "Natural": "#cdb38a",
}


def linear(hexed):
    """The linear RGB of a `#rrggbb` swatch."""
    channels = [int(hexed[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4 for c in channels)


def paint(hexed):
    """The colour to give to a thing so that it looks like the swatch under the studio's light."""
    return shade(linear(hexed), LIGHT)


def shade(color, by):
    """The colour made darker (`by` < 1) or lighter, kept below white."""
    return tuple(min(c * by, .92) for c in color)


class Recipe:
    """A principled material with the few nodes that the recipes below need."""

    def __init__(self, color, **inputs):
        self.material = bpy.data.materials.new("m")
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.bsdf = self.tree.nodes["Principled BSDF"]
        self.color = color
        self.bsdf.inputs["Base Color"].default_value = (*color, 1)
        for name, value in inputs.items():
            self.bsdf.inputs[name.replace("_", " ").title().replace("Ior", "IOR")].default_value = value

    def add(self, kind, **values):
        """Adds a node and sets its inputs by name."""
        node = self.tree.nodes.new(kind)
        for name, value in values.items():
            node.inputs[name].default_value = value
        return node

    def link(self, source, target):
        self.tree.links.new(source, target)

    def place(self, stretch):
        """Object coordinates, stretched along the axes."""
        coordinates, mapping = self.add("ShaderNodeTexCoord"), self.add("ShaderNodeMapping", Scale=stretch)
        self.link(coordinates.outputs["Object"], mapping.inputs["Vector"])
        return mapping.outputs["Vector"]

    def noise(self, scale, stretch=(1, 1, 1), detail=4.):
        node = self.add("ShaderNodeTexNoise", Scale=scale, Detail=detail)
        self.link(self.place(stretch), node.inputs["Vector"])
        return node.outputs["Fac"]

    def wave(self, scale, direction):
        """Parallel bands along one axis, for weaves."""
        node = self.add("ShaderNodeTexWave", Scale=scale, Distortion=1.2, **{"Detail Scale": 1.})
        node.bands_direction = direction
        self.link(self.place((1, 1, 1)), node.inputs["Vector"])
        return node.outputs["Fac"]

    def bump(self, height, strength, distance=.02):
        """Makes the surface rise and fall with `height`, over what was bumped before."""
        node = self.add("ShaderNodeBump", Strength=strength, Distance=distance)
        if self.bsdf.inputs["Normal"].links:
            self.link(self.bsdf.inputs["Normal"].links[0].from_socket, node.inputs["Normal"])
        self.link(height, node.inputs["Height"])
        self.link(node.outputs["Normal"], self.bsdf.inputs["Normal"])
        return self

    def tint(self, height, stops):
        """Colours the surface by `height` through a ramp of (position, colour)."""
        ramp = self.add("ShaderNodeValToRGB").color_ramp
        while len(ramp.elements) < len(stops):
            ramp.elements.new(.5)
        for element, (position, color) in zip(ramp.elements, stops):
            element.position, element.color = position, (*color, 1)
        node = self.tree.nodes[-1]
        self.link(height, node.inputs["Fac"])
        self.link(node.outputs["Color"], self.bsdf.inputs["Base Color"])
        return self


def glaze(color, speckle=False):
    """Shiny stoneware glaze; speckled where iron burns through."""
    m = Recipe(color, roughness=.34, coat_weight=.7, coat_roughness=.12)
    m.bump(m.noise(1.3), .25, .04)
    if speckle:
        m.tint(m.noise(16, detail=2.), [(0, color), (.655, color), (.70, shade(color, .38)), (1, shade(color, .3))])
    else:
        m.tint(m.noise(2.2), [(.3, shade(color, .93)), (.7, shade(color, 1.05))])
    return m.material


def bisque(color):
    """Unglazed or matt-glazed clay, dry to the touch."""
    m = Recipe(color, roughness=.85)
    m.tint(m.noise(3), [(.3, shade(color, .92)), (.7, shade(color, 1.05))])
    return m.bump(m.noise(26), .3, .012).material


def clay_foot():
    """The bare foot ring under a glazed pot."""
    return bisque(paint("#b79b7c"))


def wood(color, along="x"):
    """Oiled wood, its grain running along one axis."""
    stretch = {"x": (.35, 5, 5), "y": (5, .35, 5), "z": (5, 5, .35)}[along]
    m = Recipe(color, roughness=.46, coat_weight=.12)
    grain = m.noise(1.5, stretch, 7.)
    m.tint(
    grain, [
        (.28, shade(
            color, .70)), (.45, shade(
                color, .95)), (.58, shade(
                    color, 1.05)), (.75, shade(
                        color, .84))])
    return m.bump(grain, .12).material


def cloth(color, threads=22.):
    """A plain weave with a soft bloom."""
    m = Recipe(color, roughness=.95, sheen_weight=.25)
    m.tint(m.noise(9), [(.3, shade(color, .90)), (.7, shade(color, 1.08))])
    for direction in "XYZ":
        m.bump(m.wave(threads, direction), .35, .012)
    return m.bump(m.noise(60), .4, .012).material


def terry(color):
    """Looped towel cloth."""
    m = Recipe(color, roughness=1., sheen_weight=.4)
    m.tint(m.noise(24), [(.35, shade(color, .95)), (.65, shade(color, 1.03))])
    return m.bump(m.noise(30), .6, .02).material


def waffle(color):
    """Towel cloth woven in small squares."""
    m = Recipe(color, roughness=1., sheen_weight=.3)
    m.bump(m.wave(6, "X"), .6, .03).bump(m.wave(6, "Y"), .6, .03)
    return m.bump(m.noise(50), .4, .012).material


def wool(color):
    """Brushed wool: a flecked yarn under a soft nap."""
    m = Recipe(color, roughness=1., sheen_weight=.5)
    m.tint(m.noise(30), [(.3, shade(color, .80)), (.7, shade(color, 1.12))])
    return m.bump(m.wave(12, "X"), .5, .02).bump(m.noise(26), .6, .03).material


def beans(color):
    """Coffee beans behind glass."""
    m = Recipe(color, roughness=.5)
    m.tint(m.noise(14, detail=1.), [(.35, shade(color, .4)), (.5, color), (.7, shade(color, 1.3))])
    return m.bump(m.noise(14, detail=1.), 1., .06).material


def rope(color):
    """Twisted natural fibre."""
    m = Recipe(color, roughness=.9)
    m.tint(m.noise(14, (1, 1, 3)), [(.3, shade(color, .72)), (.7, shade(color, 1.12))])
    return m.bump(m.noise(18, (1, 1, 3)), .8, .03).material


def paper(color):
    m = Recipe(color, roughness=.85)
    return m.bump(m.noise(40), .1, .01).material


def pages(color=(.82, .77, .67)):
    """The cut edge of a block of paper."""
    m = Recipe(color, roughness=.9)
    return m.bump(m.noise(8, (.2, .2, 24)), .8, .02).material


def painted(color):
    """Powder-coated steel."""
    m = Recipe(color, roughness=.48)
    return m.bump(m.noise(70), .12, .008).material


def plastic(color, roughness=.4):
    return Recipe(color, roughness=roughness).material


def metal(color, roughness=.24):
    """Turned and lacquered metal."""
    m = Recipe(color, roughness=roughness, metallic=1.)
    return m.bump(m.noise(6, (1, 1, 30)), .04, .01).material


def mirror():
    """Silvered glass that shows a pale, empty room."""
    m = Recipe((.6, .6, .6), roughness=.06, coat_weight=1.)
    return m.tint(m.noise(.3, detail=0.), [(.32, (.40, .41, .41)), (.68, (.72, .72, .70))]).material


def glass(color):
    """Clear or tinted glass; light goes through four of its faces, so each takes its part of the tint."""
    tint = tuple(min(c / LIGHT, 1.) ** .4 for c in color)
    return Recipe(tint, roughness=0., transmission_weight=1., ior=1.45).material


def wax(color):
    """Candle wax; light goes a little way in."""
    return Recipe(color, roughness=.5, coat_weight=.1, subsurface_weight=.35, subsurface_scale=.06).material


def linen(color, glow=0.):
    """Lampshade cloth, lit from within by `glow`."""
    m = Recipe(color, roughness=.9, emission_color=(1, .80, .55, 1), emission_strength=glow)
    m.bump(m.wave(24, "X"), .25, .01).bump(m.wave(24, "Z"), .25, .01)
    return m.material


def opal(glow=.5):
    """Opal glass with a lamp in it."""
    return Recipe((.86, .82, .76), roughness=.22, coat_weight=.6, emission_color=(1, .84, .62, 1),
                  emission_strength=glow).material
