"""The plugin protocol's messages, as far as `terraform` 1.11 and later speak them.

The package `tf` carries them as of protocol 6.5. Write-only attributes and ephemeral resources are
younger; their fields are added to a copy of its description before the classes are made.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2
from tf.gen import tfplugin_pb2

FIELD = descriptor_pb2.FieldDescriptorProto
SERVICE = "tfplugin6.Provider"


def field(message, name, number, kind, of=None, repeated=False):
    label = FIELD.LABEL_REPEATED if repeated else FIELD.LABEL_OPTIONAL
    message.field.add(name=name, number=number, type=kind, label=label, type_name=of)


def named(messages, name):
    return next(message for message in messages if message.name == name)


def call(file, name, request, response):
    """A message with a Request and a Response, and the method that takes them."""
    message = file.message_type.add(name=name)
    for part, fields in (("Request", request), ("Response", response)):
        inner = message.nested_type.add(name=part)
        for arguments in fields:
            field(inner, *arguments)
    service = named(file.service, "Provider")
    service.method.add(
        name=name,
        input_type=f".tfplugin6.{name}.Request",
        output_type=f".tfplugin6.{name}.Response",
    )


def description():
    file = descriptor_pb2.FileDescriptorProto()
    tfplugin_pb2.DESCRIPTOR.CopyToProto(file)
    file.name = "tfplugin6-offline.proto"

    attribute = named(named(file.message_type, "Schema").nested_type, "Attribute")
    field(attribute, "write_only", 11, FIELD.TYPE_BOOL)

    response = named(named(file.message_type, "GetProviderSchema").nested_type, "Response")
    entry = response.nested_type.add(name="EphemeralResourceSchemasEntry")
    entry.options.map_entry = True
    field(entry, "key", 1, FIELD.TYPE_STRING)
    field(entry, "value", 2, FIELD.TYPE_MESSAGE, ".tfplugin6.Schema")
    field(
        response,
        "ephemeral_resource_schemas",
        8,
        FIELD.TYPE_MESSAGE,
        ".tfplugin6.GetProviderSchema.Response.EphemeralResourceSchemasEntry",
        repeated=True,
    )

    value, diagnostic = ".tfplugin6.DynamicValue", ".tfplugin6.Diagnostic"
    diagnostics = ("diagnostics", 1, FIELD.TYPE_MESSAGE, diagnostic, True)
    kind = ("type_name", 1, FIELD.TYPE_STRING)
    config = ("config", 2, FIELD.TYPE_MESSAGE, value)
    private = ("private", 2, FIELD.TYPE_BYTES)
    call(file, "ValidateEphemeralResourceConfig", [kind, config], [diagnostics])
    result = ("result", 3, FIELD.TYPE_MESSAGE, value)
    call(file, "OpenEphemeralResource", [kind, config], [diagnostics, result])
    call(file, "CloseEphemeralResource", [kind, private], [diagnostics])
    return file


def _pool():
    pool = descriptor_pool.DescriptorPool()
    timestamp = descriptor_pb2.FileDescriptorProto()
    timestamp_pb2.DESCRIPTOR.CopyToProto(timestamp)
    pool.Add(timestamp)
    pool.Add(description())
    return pool


POOL = _pool()


def message(name):
    """The class of a message, `PlanResourceChange.Response` say."""
    return message_factory.GetMessageClass(POOL.FindMessageTypeByName(f"tfplugin6.{name}"))


def methods():
    """The name of every method with the class of its request."""
    for method in POOL.FindServiceByName(SERVICE).methods:
        yield method.name, message_factory.GetMessageClass(method.input_type)
