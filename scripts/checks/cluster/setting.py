"""What the proofs of the cluster share: the world in which the shop is delivered."""

import dataclasses
import pathlib
import typing


@dataclasses.dataclass
class World:
    """Everything that was started, and where it is."""

    folder: pathlib.Path
    programs: typing.Any
    plane: typing.Any
    cluster: typing.Any
    account: typing.Any = None
    clone: typing.Any = None
    data: typing.Any = None
    measures: typing.Any = None
    answers: set = dataclasses.field(default_factory=set)
