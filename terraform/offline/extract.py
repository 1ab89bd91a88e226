"""Reads the AWS provider's schema out of the npm package @cdktf/provider-aws.

    extract.py PACKAGE.tgz SCHEMA.json

Terraform's registry is not reachable everywhere; npm is. The package is generated from the real
provider (6.25.0), one JavaScript file per resource, regular enough to be read line by line. Each
file says, per block: every argument with its type, whether it is a block or an attribute and how it
nests (its `...ToHclTerraform` function), which arguments can be left out (they have a `reset`
method), and what is only computed (a comment). What it does not say is in overlay.json.

The result has the shape of `terraform providers schema -json`, less descriptions.
"""

import json
import re
import sys
import tarfile

SCALARS = {"string": "string", "number": "number", "boolean": "bool", "any": "string"}
COLLECTION = re.compile(r"(string|number|boolean|any)((?:List|Map)+)$")
GETTERS = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "AnyMap": ["map", "string"],
}

ENTRY = re.compile(
    r"^ +(\w+): \{\n"
    r" +value: (?P<value>[^\n]+)\n"
    r" +isBlock: (?P<block>\w+),\n"
    r' +type: "(?P<type>\w+)",\n'
    r' +storageClassType: "(?P<storage>\w+)",\n',
    re.M,
)
PART = re.compile(
    r"^function (?P<function>\w+)ToHclTerraform\(|^class (?P<name>\w+) extends cdktf\.(?P<base>\w+)", re.M
)
COMPUTED = re.compile(r"^ +// (\w+) - computed: true, optional: false, required: false", re.M)
GETTER = re.compile(
    r"^    get \w+\(\) \{\n +return (?P<set>cdktf\.Fn\.tolist\()?this\.get(?P<type>\w+)Attribute\('(?P<name>\w+)'\)", re.M
)
COMPLEX = re.compile(r'^ +this\._\w+ = new (?P<type>[\w.]+)\(this, "(?P<name>\w+)"(?:, (?P<set>true|false))?\);', re.M)
RESET = re.compile(r"^    reset(\w+)\(", re.M)


def capital(name):
    return name[:1].upper() + name[1:]


def in_script(entry):
    """The name an argument has in JavaScript: `subnetIds`, or `selfAttribute` for a taken word."""
    return re.search(r"(?:struct!?|this)\._?(\w+)", entry["value"])[1]


class File:
    """One resource or data source."""

    def __init__(self, source):
        self.parts = {}
        self.top = None
        marks = list(PART.finditer(source))
        for mark, after in zip(marks, [*marks[1:], None]):
            body = source[mark.start() : after.start() if after else None]
            if mark["function"]:
                self.parts[capital(mark["function"]) + "()"] = body
            else:
                self.parts[mark["name"]] = body
                if mark["base"] in ("TerraformResource", "TerraformDataSource", "TerraformProvider"):
                    self.top, self.base = body, mark["base"]

    def block(self, arguments, outputs):
        """A block, from the text that lists its arguments and the class that reads it."""
        attributes, blocks = {}, {}
        optional = {name.lower() for name in RESET.findall(outputs)}
        for entry in ENTRY.finditer(arguments):
            name = entry[1]
            required = in_script(entry).lower() not in optional
            if entry["block"] == "true":
                blocks[name] = self.nested(entry, required)
            else:
                flag = "required" if required else "optional"
                attributes[name] = {"type": self.type_of(entry), flag: True}
        for name, kind in self.computed(outputs).items():
            if name not in attributes and name not in blocks:
                attributes[name] = {"type": kind, "computed": True}
        found = {"attributes": attributes}
        if blocks:
            found["block_types"] = blocks
        return found

    def struct(self, storage):
        """The name that a type has without its List or Map."""
        for end in ("", "List", "Map"):
            name = storage.removesuffix(end) if end else storage
            if storage.endswith(end) and name + "()" in self.parts:
                return name
        raise KeyError(storage)

    def nested(self, entry, required):
        name = self.struct(entry["storage"])
        block = self.block(self.parts[name + "()"], self.parts.get(name + "OutputReference", ""))
        many = "listMapperHcl" in entry["value"] or "hashMapperHcl" in entry["value"]
        mode = {"struct": "single"}.get(entry["type"], entry["type"])
        nested = {"nesting_mode": mode, "block": block}
        if mode in ("list", "set"):
            if not many:
                nested["max_items"] = 1
            if required:
                nested["min_items"] = 1
        return nested

    def type_of(self, entry):
        kind, storage = entry["type"], entry["storage"]
        if kind == "simple":
            # An optional object inside a list can also end up here, as its own type's name.
            return SCALARS.get(storage) or self.object(self.struct(storage))
        if collection := COLLECTION.match(storage):
            inner = SCALARS[collection[1]]
            # The last word is this collection itself: "stringListMap" is a map of lists.
            for word in re.findall("List|Map", collection[2])[:-1]:
                inner = [word.lower(), inner]
            return [kind, inner]
        inner = self.object(self.struct(storage))
        return inner if kind == "struct" else [kind, inner]

    def object(self, name):
        block = self.block(self.parts[name + "()"], self.parts.get(name + "OutputReference", ""))
        fields = {key: value["type"] for key, value in block["attributes"].items()}
        for key, value in block.get("block_types", {}).items():
            fields[key] = [value["nesting_mode"], as_object(value["block"])]
        return ["object", fields]

    def computed(self, outputs):
        """What only AWS fills in."""
        names, kinds = set(COMPUTED.findall(outputs)), {}
        for found in GETTER.finditer(outputs):
            kind = GETTERS.get(found["type"], "string")
            if found["set"] and isinstance(kind, list):
                kind = ["set", kind[1]]
            kinds[found["name"]] = kind
        for found in COMPLEX.finditer(outputs):
            if found["name"] in names:
                kinds[found["name"]] = self.computed_complex(found)
        return {name: kinds.get(name, "string") for name in names}

    def computed_complex(self, found):
        kind = found["type"]
        for suffix, value in (("StringMap", "string"), ("BooleanMap", "bool"), ("NumberMap", "number")):
            if kind == "cdktf." + suffix + "List":
                return ["set" if found["set"] == "true" else "list", ["map", value]]
            if kind == "cdktf." + suffix:
                return ["map", value]
        for suffix, shape in (("List", None), ("Map", "map"), ("OutputReference", "list")):
            name = kind.removesuffix(suffix)
            if kind.endswith(suffix) and name + "()" in self.parts:
                shape = shape or ("set" if found["set"] == "true" else "list")
                return [shape, self.object(name)]
        return "string"


def as_object(block):
    fields = {key: value["type"] for key, value in block["attributes"].items()}
    for key, value in block.get("block_types", {}).items():
        fields[key] = [value["nesting_mode"], as_object(value["block"])]
    return ["object", fields]


def sources(package):
    """The text of each resource; a large one is spread over several files of a folder."""
    folders = {}
    with tarfile.open(package) as archive:
        for member in archive:
            found = re.match(r"package/lib/([\w-]+)/(?:.+/)?\w+\.js$", member.name)
            if found and found[1] != "provider-functions":
                text = archive.extractfile(member).read().decode()
                folders.setdefault(found[1], []).append(text.replace("index_structs_1.", ""))
    return map("\n".join, folders.values())


def main(package, target):
    schema = {"provider": None, "resource_schemas": {}, "data_source_schemas": {}}
    for source in sources(package):
        file = File(source)
        _, _, arguments = file.top.partition("synthesizeHclAttributes()")
        block = file.block(arguments, file.top)
        if file.base == "TerraformProvider":
            schema["provider"] = {"version": 0, "block": block}
            continue
        kind = re.search(r"terraformResourceType: '(\w+)'", file.top)[1]
        family = "resource_schemas" if file.base == "TerraformResource" else "data_source_schemas"
        schema[family][kind] = {"version": 0, "block": block}
    with open(target, "w", encoding="utf-8") as out:
        json.dump(schema, out, separators=(",", ":"), sort_keys=True)
    print(f"{len(schema['resource_schemas'])} resources, {len(schema['data_source_schemas'])} data sources")


if __name__ == "__main__":
    main(*sys.argv[1:])
