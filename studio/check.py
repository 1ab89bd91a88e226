"""Checks the demo catalogue and its pictures; prints what is wrong and exits with 1 if anything is.

    python3 studio/check.py
"""
import sys
import tomllib
from decimal import Decimal, InvalidOperation

import numpy
from PIL import Image

import studio

TOLERANCE = .13
QUIET = (239, 236, 231)
QUIET_TOLERANCE = 4


def oklab(colors):
    """OKLab of sRGB values between 0 and 255, so that distances are what the eye sees."""
    c = numpy.asarray(colors, dtype=float) / 255
    c = numpy.where(c <= .04045, c / 12.92, ((c + .055) / 1.055) ** 2.4)
    cone = c @ numpy.array(((.4122214708, .2119034982, .0883024619), (.5363325363, .6806995451, .2817188376),
                            (.0514459929, .1073969566, .6299787005)))
    return numpy.cbrt(cone) @ numpy.array(((.2104542553, 1.9779984951, .0259040371), (.7936177850, -2.4285922050, .7827717662),
                                           (-.0040720468, .4505937099, -.8086757660)))


def repeated(values):
    """The values that occur more than once."""
    seen = set()
    return sorted({value for value in values if value in seen or seen.add(value)})


def identities(products, categories):
    """Handles and SKUs are unique; categories exist and products are in leaves."""
    yield from (f"handle {value} is used twice" for value in repeated(p["handle"] for p in products))
    yield from (f"SKU {value} is used twice" for value in repeated(v["sku"] for p in products for v in p["variants"]))
    handles, parents = {c["handle"] for c in categories}, {c.get("parent") for c in categories}
    yield from (f"category {c['handle']}: no parent {c['parent']}" for c in categories
                if c.get("parent") not in handles | {None})
    yield from (f"{p['handle']}: {p['category']} is no leaf category" for p in products
                if p["category"] not in handles or p["category"] in parents)


def prices(product):
    """Both currencies, and a compare-at price above the price."""
    for variant in product["variants"]:
        for name in ("price", "compare_at"):
            for currency in ("EUR", "USD") if name in variant or name == "price" else ():
                try:
                    amount = Decimal(variant[name][currency])
                except (KeyError, InvalidOperation):
                    yield f"{variant['sku']}: no {name} in {currency}"
                    continue
                if amount <= 0 or name == "compare_at" and amount <= Decimal(variant["price"][currency]):
                    yield f"{variant['sku']}: {name} of {amount} {currency} makes no sense"


def options(product):
    """Variants and pictures name values that exist; no combination twice; every colour has a picture."""
    allowed = [[value["value"] for value in option["values"]] for option in product.get("options", [])]
    if len(allowed) > 3:
        yield f"{product['handle']}: more than three options"
    for variant in product["variants"]:
        if len(variant["options"]) != len(allowed) or any(v not in a for v, a in zip(variant["options"], allowed)):
            yield f"{variant['sku']}: options {variant['options']} do not exist"
    yield from (f"{product['handle']}: {value} twice" for value in repeated(tuple(v["options"]) for v in product["variants"]))
    shown = {picture["option"]["value"] for picture in product["pictures"] if "option" in picture}
    yield from (f"{product['handle']}: no picture in {color}" for color in studio.swatches(product) if color not in shown)


def present(stem):
    """The files of a picture exist and are small enough."""
    limit = studio.LIMIT if studio.sizes(stem) == (800, 400) else studio.WIDE_LIMIT
    for path in studio.files(stem):
        if not path.exists():
            yield f"{path.name} is missing"
        elif path.stat().st_size > limit:
            yield f"{path.name} has {path.stat().st_size} bytes"


def pixels(stem):
    """The pixels of the larger WebP file."""
    path = studio.PICTURES / f"{stem}-{max(studio.sizes(stem))}.webp"
    return numpy.asarray(Image.open(path).convert("RGB"), dtype=float)


def paper(stem):
    """The upper corners of a picture have the page's quiet fill."""
    image = pixels(stem)
    for corner in (image[4:20, 4:20], image[4:20, -20:-4]):
        if numpy.abs(corner.mean((0, 1)) - QUIET).max() > QUIET_TOLERANCE:
            yield f"{stem}: the paper is {corner.mean((0, 1)).round()}"


def color(product, picture):
    """The part of the thing that comes nearest to the swatch (a frame, a shade, a cover) has its colour."""
    hexed = studio.swatches(product).get(picture.get("option", {}).get("value"))
    if hexed:
        seen = oklab(pixels(picture["stem"]).reshape(-1, 3))
        swatch = oklab([int(hexed[i:i + 2], 16) for i in (1, 3, 5)])
        thing = seen[numpy.linalg.norm(seen - oklab(QUIET), axis=1) > .03]
        away = numpy.linalg.norm(thing - swatch, axis=1)
        mean = thing[away <= numpy.quantile(away, .08)].mean(0)
        if numpy.linalg.norm(mean - swatch) > TOLERANCE:
            yield f"{picture['stem']}: {numpy.linalg.norm(mean - swatch):.2f} away from {hexed}"


def problems():
    """Everything that is wrong."""
    products = studio.products()
    shop = tomllib.loads((studio.DEMO / "shop.toml").read_text())
    categories = tomllib.loads((studio.DEMO / "categories.toml").read_text())["category"]
    yield from identities(products, categories)
    handles = {product["handle"] for product in products}
    yield from (f"home page: no product {handle}" for handle in shop["featured"] + shop["best_sellers"] if handle not in handles)
    for product in products:
        yield from prices(product)
        yield from options(product)
    missing = set()
    named = {c["picture"] for c in categories} | {p["stem"] for p in shop["pictures"]}
    for stem in sorted(set(studio.stems()) | named):
        found = list(present(stem))
        yield from found
        missing |= {stem} if any("missing" in line for line in found) else set()
    for product in products:
        for picture in product["pictures"]:
            if picture["stem"] not in missing:
                yield from paper(picture["stem"])
                yield from color(product, picture)


def main():
    found = list(problems())
    print("\n".join(found) or "The catalogue and its pictures are in order.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
