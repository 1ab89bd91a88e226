"""The provider's schema: what was extracted, completed by overlay.json, and as protocol messages."""

import json
from pathlib import Path

from messages import message

HERE = Path(__file__).parent
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}

# Some arguments are filled in by AWS when they are left out. The package does not tell which, so
# those that this project depends on are named in the overlay; these are in every resource.
FILLED = ("id", "tags_all", "region")


def load(extracted):
    """The schema with the overlay's words in it, and the overlay."""
    schema = json.loads(Path(extracted).read_text(encoding="utf-8"))
    overlay = json.loads((HERE / "overlay.json").read_text(encoding="utf-8"))
    for kind, attributes in overlay["attributes"].items():
        schema["resource_schemas"][kind]["block"]["attributes"].update(attributes)
    for kind, blocks in overlay["blocks"].items():
        for path, nested in blocks.items():
            put_block(schema["resource_schemas"][kind]["block"], path.split("."), nested)
    schema["ephemeral_resource_schemas"] = overlay["ephemeral"]
    for family in ("resource_schemas", "data_source_schemas"):
        for kind, described in schema[family].items():
            for name, attribute in described["block"]["attributes"].items():
                filled = name in FILLED or name in overlay["filled"].get(kind, ())
                if filled and attribute.get("optional"):
                    attribute["computed"] = True
                if name in overlay["sensitive"].get(kind, ()):
                    attribute["sensitive"] = True
                if name.endswith("_wo"):
                    attribute["write_only"] = True
    return schema, overlay


def put_block(block, path, nested):
    """Puts in a block that the package gives up on, because it can hold itself."""
    *outer, name = path
    for step in outer:
        block = block["block_types"][step]["block"]
    block["attributes"].pop(name, None)
    block.setdefault("block_types", {})[name] = nested


def block_message(block):
    attributes = [
        message("Schema.Attribute")(
            name=name,
            type=json.dumps(attribute["type"]).encode(),
            **{key: True for key in ("required", "optional", "computed", "sensitive", "write_only") if attribute.get(key)},
        )
        for name, attribute in sorted(block["attributes"].items())
    ]
    nested = [
        message("Schema.NestedBlock")(
            type_name=name,
            block=block_message(described["block"]),
            nesting=NESTING[described["nesting_mode"]],
            min_items=described.get("min_items", 0),
            max_items=described.get("max_items", 0),
        )
        for name, described in sorted(block.get("block_types", {}).items())
    ]
    return message("Schema.Block")(attributes=attributes, block_types=nested)


def response(schema):
    """The answer to GetProviderSchema."""

    def one(described):
        return message("Schema")(version=0, block=block_message(described["block"]))

    answer = message("GetProviderSchema.Response")(provider=one(schema["provider"]))
    for family in ("resource_schemas", "data_source_schemas", "ephemeral_resource_schemas"):
        for kind, described in schema[family].items():
            getattr(answer, family)[kind].CopyFrom(one(described))
    answer.server_capabilities.get_provider_schema_optional = True
    return answer
