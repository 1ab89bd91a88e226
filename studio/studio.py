"""Photographs the demo shop: one picture for every stem that the catalogue in backend/demo names.

    python3 studio/studio.py                    every picture that does not exist yet
    python3 studio/studio.py ridge-mug-sage     these pictures, even if they exist
    python3 studio/studio.py --list             what there is to do
"""
import argparse
import subprocess
import sys
import time
import tomllib
from pathlib import Path

DEMO = Path(__file__).resolve().parent.parent / "backend" / "demo"
PICTURES = DEMO / "pictures"
SIZES = {(800, 800): (800, 400), (2000, 1000): (2000, 1000), (900, 1200): (900, 450)}
LIMIT, WIDE_LIMIT = 25_000, 60_000


def products():
    """The product files of the demo catalogue."""
    return [tomllib.loads(path.read_text()) for path in sorted((DEMO / "products").glob("*.toml"))]


def swatches(product):
    """The colours of a product: name to hex."""
    return {value["value"]: value["swatch"] for option in product.get("options", []) for value in option["values"]
            if "swatch" in value}


def stems():
    """What is to be photographed: stem to (product handle, colour hex or none, second view?) or none for a group."""
    from groups import GROUPS
    first, second = {}, {}
    for product in products():
        colors = swatches(product)
        for picture in product["pictures"]:
            handle, stem = product["handle"], picture["stem"]
            name = picture.get("option", {}).get("value") or next(iter(colors), None)
            other = stem == handle + "-2"
            (second if other else first)[stem] = (handle, colors.get(name), other)
    return first | {stem: None for stem in GROUPS} | second


def sizes(stem):
    """The widths in which a picture is kept."""
    from groups import GROUPS
    return SIZES[GROUPS[stem].view.size if stem in GROUPS else (800, 800)]


def files(stem):
    """Every file of a picture."""
    return [PICTURES / f"{stem}-{width}.{kind}" for width in sizes(stem) for kind in ("webp", "avif")]


def keep(picture, stem):
    """Writes a picture in its widths and formats, as well as the byte limit allows."""
    from PIL import Image
    for path in files(stem):
        width = int(path.stem.rsplit("-", 1)[1])
        scaled = picture.resize((width, width * picture.height // picture.width), Image.Resampling.LANCZOS)
        for quality in range(88, 20, -6):
            options = {"method": 4} if path.suffix == ".webp" else {"speed": 8, "subsampling": "4:4:4"}
            options["quality"] = quality if path.suffix == ".webp" else quality - 14
            scaled.save(path, **options)
            if path.stat().st_size <= (WIDE_LIMIT if picture.size[0] > 800 else LIMIT):
                break


def single(shot):
    """One product in one colour: its parts and its view."""
    import materials
    from goods import THINGS
    handle, color, second = shot
    thing = THINGS[handle]
    make = thing.other if second and thing.other else thing.make
    return make(materials.paint(color or thing.color)), thing.second if second else thing.view


def several(stem):
    """The parts of a group, each thing in its place, and its view."""
    import math

    import materials
    import shapes
    from goods import THINGS
    from groups import GROUPS
    colors, out = {product["handle"]: swatches(product) for product in products()}, []
    for handle, color, x, y, turn, *z in GROUPS[stem].things:
        hexed = colors[handle].get(color) or materials.PALETTE.get(color) or THINGS[handle].color
        out += shapes.pose(THINGS[handle].make(materials.paint(hexed)),
                           (x, y, z[0] if z else 0), (0, 0, math.radians(turn)))
    return out, GROUPS[stem].view


def work(wanted, samples, threads):
    """Renders the wanted stems, one after the other, in this process."""
    import scene
    shots = stems()
    scene.start(samples, threads)
    for stem in wanted:
        began = time.monotonic()
        scene.clear()
        parts, view = single(shots[stem]) if shots[stem] else several(stem)
        keep(scene.photograph(parts, view), stem)
        print(f"{stem}: {time.monotonic() - began:.0f} s", flush=True)


def share(wanted, args):
    """Deals the stems out to processes of their own, since one process uses two cores badly."""
    command = [sys.executable, __file__, "--samples", str(args.samples), "--jobs", "1"]
    teams = [subprocess.Popen(command + wanted[k::args.jobs]) for k in range(args.jobs) if wanted[k::args.jobs]]
    return max(team.wait() for team in teams)


def main():
    parser = argparse.ArgumentParser(description="Photographs the demo shop.")
    parser.add_argument("stems", nargs="*", help="pictures to make; all that are missing if none is named")
    parser.add_argument("--force", action="store_true", help="make pictures that exist, too")
    parser.add_argument("--list", action="store_true", help="name the pictures to make and stop")
    parser.add_argument("--jobs", type=int, default=2, help="processes at work")
    parser.add_argument("--samples", type=int, default=9, help="light paths in each pixel")
    args = parser.parse_args()
    shots = stems()
    unknown = [stem for stem in args.stems if stem not in shots]
    if unknown:
        parser.error("no such picture: " + ", ".join(unknown))
    wanted = args.stems or [stem for stem in shots if args.force or not all(path.exists() for path in files(stem))]
    if args.list:
        print("\n".join(wanted))
    elif wanted:
        PICTURES.mkdir(exist_ok=True)
        return share(wanted, args) if args.jobs > 1 else work(wanted, args.samples, 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
