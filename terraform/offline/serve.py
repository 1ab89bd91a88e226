"""Serves the AWS provider's schema to a real terraform, and answers plans and applies by itself.

    serve.py SCHEMA.json SOCKET [RECORD_FOLDER]

Terraform reaches it through TF_REATTACH_PROVIDERS, which this prints as its first line. See README.md.
"""

import json
import os
import signal
import sys
from concurrent import futures

import grpc
import msgpack

import schema as provider_schema
from cloud import Cloud
from messages import SERVICE, message, methods

SOURCE = "registry.terraform.io/hashicorp/aws"


def unpack(value):
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, strict_map_key=False, ext_hook=msgpack.ExtType)
    return json.loads(value.json) if value.json else None


def pack(value):
    return message("DynamicValue")(msgpack=msgpack.packb(value))


class Provider:
    """One method per call of the protocol. Those not here are answered with an empty response."""

    def __init__(self, cloud, answer):
        self.cloud, self.answer = cloud, answer

    def GetProviderSchema(self, _request):
        return self.answer

    def ConfigureProvider(self, request):
        self.cloud.configure(unpack(request.config))

    def UpgradeResourceState(self, request):
        block = self.cloud.schema["resource_schemas"][request.type_name]["block"]
        state = json.loads(request.raw_state.json)
        for name in block["attributes"]:
            state.setdefault(name, None)
        for name, nested in block.get("block_types", {}).items():
            state.setdefault(name, None if nested["nesting_mode"] == "single" else [])
        return {"upgraded_state": pack(state)}

    def ReadResource(self, request):
        return {"new_state": request.current_state}

    def PlanResourceChange(self, request):
        prior, proposed = unpack(request.prior_state), unpack(request.proposed_new_state)
        planned = self.cloud.plan(request.type_name, prior, proposed, unpack(request.config))
        return {"planned_state": pack(planned)}

    def ApplyResourceChange(self, request):
        prior, planned = unpack(request.prior_state), unpack(request.planned_state)
        state = self.cloud.apply(request.type_name, prior, planned, unpack(request.config))
        return {"new_state": pack(state)}

    def ReadDataSource(self, request):
        return {"state": pack(self.cloud.read(request.type_name, unpack(request.config)))}

    def OpenEphemeralResource(self, request):
        return {"result": pack(self.cloud.open(request.type_name, unpack(request.config)))}


def handler(provider, name, request_class):
    response_class = message(f"{name}.Response")
    method = getattr(provider, name, lambda request: None)

    def answer(request, _context):
        found = method(request)
        return found if isinstance(found, response_class) else response_class(**(found or {}))

    return grpc.unary_unary_rpc_method_handler(
        answer,
        request_deserializer=request_class.FromString,
        response_serializer=response_class.SerializeToString,
    )


def main(extracted, socket, record=None):
    described, overlay = provider_schema.load(extracted)
    provider = Provider(Cloud(described, overlay, record), provider_schema.response(described))
    handlers = {name: handler(provider, name, request) for name, request in methods()}
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=8),
        options=[("grpc.max_receive_message_length", 64 << 20)],
    )
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    server.add_insecure_port(f"unix://{socket}")
    server.start()
    address = {"Network": "unix", "String": socket}
    reattach = {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": os.getpid(), "Test": True, "Addr": address}
    print(json.dumps({SOURCE: reattach}), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: server.stop(0))
    server.wait_for_termination()


if __name__ == "__main__":
    main(*sys.argv[1:])
