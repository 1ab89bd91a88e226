"""The room: seamless paper, one key light and a fill, a camera that fits the thing, and the darkroom after it.

The paper is brought to the page's quiet fill by a flat field, as in copy work: each picture is divided by a small one
of the empty room taken with the same camera, so that only the thing and its shadow are left on the colour of the page.
"""
import math
import os
import tempfile
from dataclasses import dataclass

import bpy
import numpy
from mathutils import Vector
from PIL import Image

import materials
import shapes

QUIET = "#efece7"
EMPTY_SHARE = 12


@dataclass(frozen=True)
class View:
    """How a thing is seen: its turn and the camera's height in degrees, and the part of the frame that it fills."""
    turn: float = 0
    rise: float = 15
    frame: tuple = (.2, .8, .19, .83)
    wall: bool = False
    gap: float = 0
    size: tuple = (800, 800)


def start(samples, threads):
    """An empty scene and the way it is rendered, once per process."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine, scene.cycles.device = "CYCLES", "CPU"
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.cycles.samples, scene.cycles.use_adaptive_sampling, scene.cycles.use_light_tree = samples, False, False
    scene.cycles.use_denoising, scene.cycles.denoiser = True, "OPENIMAGEDENOISE"
    scene.cycles.denoising_prefilter, scene.cycles.denoising_quality = "FAST", "BALANCED"
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces, scene.cycles.glossy_bounces = 9, 2, 3
    scene.cycles.transmission_bounces, scene.cycles.transparent_max_bounces = 9, 4
    scene.cycles.caustics_reflective, scene.cycles.blur_glossy = False, 1.
    scene.cycles.sample_clamp_indirect = 4
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "16"


def clear():
    """Takes everything out of the scene and forgets its data."""
    for group in (bpy.data.objects, bpy.data.meshes, bpy.data.curves, bpy.data.materials, bpy.data.lights,
                  bpy.data.cameras, bpy.data.worlds):
        for item in list(group):
            group.remove(item)


def area(at, size, power, color, target=(0, 0, 0)):
    """A soft box aimed at the target."""
    light = bpy.data.lights.new("soft box", "AREA")
    light.size, light.energy, light.color = size, power, color
    thing = shapes.link(light)
    thing.location = at
    thing.rotation_euler = (Vector(target) - Vector(at)).to_track_quat("-Z", "Y").to_euler()


def sky():
    """The far room, which glass and metal mirror: light above, dimmer towards the right and below."""
    world = bpy.context.scene.world = bpy.data.worlds.new("room")
    world.use_nodes = True
    nodes, link = world.node_tree.nodes, world.node_tree.links.new
    place, split = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeSeparateXYZ")
    mix, ramp = nodes.new("ShaderNodeMath"), nodes.new("ShaderNodeValToRGB")
    mix.operation, mix.inputs[1].default_value = "MULTIPLY_ADD", -.35
    link(place.outputs["Generated"], split.inputs[0])
    link(split.outputs["X"], mix.inputs[0])
    link(split.outputs["Z"], mix.inputs[2])
    link(mix.outputs[0], ramp.inputs["Fac"])
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[0].color = 0., (.30, .29, .28, 1)
    ramp.color_ramp.elements[1].position, ramp.color_ramp.elements[1].color = .8, (.80, .79, .77, 1)
    link(ramp.outputs["Color"], nodes["Background"].inputs["Color"])
    nodes["Background"].inputs["Strength"].default_value = .75
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 64


def paper(wall, back):
    """Seamless paper swept up behind the thing, or a wall right behind it."""
    if wall:
        verts = [(x, back + .012, z) for z in (-14, 14) for x in (-16, 16)]
        faces = [(0, 1, 3, 2)]
    else:
        sweep = [(y, 0) for y in (-14, -3, 0, 3)]
        sweep += [(3 + 3 * math.sin(a), 3 - 3 * math.cos(a)) for a in (math.pi / 2 * k / 24 for k in range(1, 25))]
        sweep.append((6, 16))
        verts = [(x, y, z) for y, z in sweep for x in (-18, 18)]
        faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(sweep) - 1)]
    shapes.solid(verts, faces, materials.Recipe((.80, .77, .72), roughness=.95).material, 0)


def corners(things):
    """The world coordinates of every vertex that counts for the frame."""
    bpy.context.view_layer.update()
    graph, clouds = bpy.context.evaluated_depsgraph_get(), []
    for thing in bpy.data.objects:
        if thing.type not in ("MESH", "CURVE", "FONT") or thing.get("beyond"):
            continue
        made = thing.evaluated_get(graph)
        mesh = made.to_mesh()
        if len(mesh.vertices):
            flat = numpy.empty(len(mesh.vertices) * 3)
            mesh.vertices.foreach_get("co", flat)
            turn = numpy.array(made.matrix_world)
            clouds.append(flat.reshape(-1, 3) @ turn[:3, :3].T + turn[:3, 3])
        made.to_mesh_clear()
    return numpy.concatenate(clouds)


def bring(things, view):
    """Puts the things on the table at a size of one, turned as the view asks; returns their corners."""
    pivot = shapes.pose(things, rotation=(0, 0, 0 if view.wall else math.radians(view.turn)))[0]
    points = corners(things)
    low, high = points.min(0), points.max(0)
    scale = 2 / numpy.linalg.norm(high - low)
    middle = (low + high) / 2
    pivot.scale = (scale,) * 3
    lift = -middle[2] if view.wall else -low[2]
    pivot.location = (-middle[0] * scale, -middle[1] * scale, lift * scale)
    bend(scale)
    return corners(things), pivot


def bend(scale):
    """Bumps are measured in the room, so they grow with the thing."""
    for material in bpy.data.materials:
        for node in material.node_tree.nodes:
            if node.bl_idname == "ShaderNodeBump":
                node.inputs["Distance"].default_value *= scale


def camera(points, view):
    """A long lens that looks at the middle of the thing and is shifted and zoomed until the frame is filled.

    Returns what the thing covers of the frame: left, bottom, right, top.
    """
    eye = bpy.data.cameras.new("camera")
    thing = bpy.context.scene.camera = shapes.link(eye)
    middle = (points.min(0) + points.max(0)) / 2
    rise, swing, far = math.radians(view.rise), math.radians(view.turn if view.wall else 0), 7.5
    back = Vector((math.sin(swing) * math.cos(rise), -math.cos(swing) * math.cos(rise), math.sin(rise)))
    thing.location = Vector(middle) + back * far
    thing.rotation_euler = (-back).to_track_quat("-Z", "Y").to_euler()
    bpy.context.view_layer.update()
    turn = numpy.array(thing.matrix_world.inverted())
    local = points @ turn[:3, :3].T + turn[:3, 3]
    seen = local[:, :2] / -local[:, 2:]
    low, high = seen.min(0), seen.max(0)
    wide, tall = (side / max(view.size) for side in view.size)
    left, right, bottom, top = view.frame
    eye.lens = min((right - left) * wide / (high[0] - low[0]), (top - bottom) * tall / (high[1] - low[1])) * 36
    center = (low + high) / 2 * eye.lens / 36
    eye.shift_x = center[0] - ((left + right) / 2 - .5) * wide
    eye.shift_y = center[1] - ((bottom + top) / 2 - .5) * tall
    zoom = eye.lens / 36 / numpy.array([wide, tall])
    place = .5 - numpy.array([eye.shift_x / wide, eye.shift_y / tall])
    return (*(low * zoom + place), *(high * zoom + place))


def crop(covered):
    """Limits the rendering to the thing and its shadow, which falls to the right; the rest is plain paper."""
    left, bottom, right, top = covered
    render = bpy.context.scene.render
    render.use_border = True
    render.border_min_x, render.border_max_x = max(left - .09, 0), min(right + max(.5 * (top - bottom), .16), 1)
    render.border_min_y, render.border_max_y = max(bottom - .08, 0), min(top + .07, 1)
    if any(thing.get("beyond") for thing in bpy.data.objects):
        render.border_max_y = 1


def feather(size, soft=.08):
    """How much of the rendering counts at every pixel: nothing outside the crop, all of it a little inside."""
    render = bpy.context.scene.render
    across, down = ((numpy.arange(side) + .5) / side for side in size)
    down = 1 - down

    def ramp(at, low, high):
        start = numpy.ones_like(at) if low <= 0 else (at - low) / soft
        return numpy.clip(numpy.minimum(start, numpy.ones_like(at) if high >= 1 else (high - at) / soft), 0, 1)
    mask = ramp(down, render.border_min_y, render.border_max_y)[
                :, None] * ramp(across, render.border_min_x, render.border_max_x)[None]
    return (mask * mask * (3 - 2 * mask))[:, :, None]


def shoot(percent, samples):
    """Renders and returns linear pixels, the top row first."""
    scene = bpy.context.scene
    kept, scene.cycles.samples = scene.cycles.samples, samples
    scene.render.resolution_percentage = percent
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = os.path.join(folder, "shot.exr")
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        pixels = numpy.empty(image.size[0] * image.size[1] * image.channels, dtype=numpy.float32)
        image.pixels.foreach_get(pixels)
        pixels = pixels.reshape(image.size[1], image.size[0], -1)
    scene.cycles.samples = kept
    bpy.data.images.remove(image)
    return pixels[::-1, :, :3]


def powers(size, degree=4):
    """The terms of a two-dimensional polynomial at every pixel."""
    x, y = numpy.meshgrid(numpy.linspace(-1, 1, size[0]), numpy.linspace(-1, 1, size[1]))
    terms = [x ** i * y ** j for i in range(degree + 1) for j in range(degree + 1 - i)]
    return numpy.stack([term.ravel() for term in terms], axis=1)


def smooth(field, size):
    """The empty room without its grain, at the picture's size."""
    seen = powers((field.shape[1], field.shape[0]))
    weights = numpy.linalg.lstsq(seen, field.reshape(-1, 3), rcond=None)[0]
    return (powers(size) @ weights).reshape(size[1], size[0], 3)


def develop(picture, empty):
    """Divides the picture by the empty room, gives it the page's quiet fill, and rounds off what is too bright."""
    size = picture.shape[1], picture.shape[0]
    quiet, counts = numpy.array(materials.linear(QUIET)), feather(size)
    light = picture / smooth(empty, size) * quiet * counts + quiet * (1 - counts)
    light = numpy.clip(light, 0, None)
    light = numpy.where(light > .88, .88 + .12 * (1 - numpy.exp((.88 - light) / .12)), light)
    coded = numpy.where(light <= .0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - .055)
    return Image.fromarray((coded * 255 + .5).astype(numpy.uint8))


def photograph(things, view):
    """The finished picture of things in a view. The scene must be empty but for them."""
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = view.size
    points, pivot = bring(things, view)
    goods = [thing for thing in bpy.data.objects if thing.type != "EMPTY"]
    covered = camera(points, view)
    paper(view.wall, points[:, 1].max() + view.gap)
    middle = (0, 0, float(points[:, 2].max() + points[:, 2].min()) / 2)
    area((-4.4, -2.2, 5.6), 2.6, 620, (1, .97, .93), middle)
    area((4.8, -3.2, 2.6), 3.4, 60, (.93, .96, 1), middle)
    sky()
    crop(covered)
    full = shoot(100, scene.cycles.samples)
    scene.render.use_border = False
    for thing in goods:
        thing.hide_render = True
    empty = shoot(EMPTY_SHARE, 32)
    return develop(full, empty)
