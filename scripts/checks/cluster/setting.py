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
    ports: dict = dataclasses.field(default_factory=dict)
    _secrets: dict = None

    def values(self):
        """The four values that the account holds for the shop."""
        known = {"DATABASE_URL", "REDIS_HOST", "REDIS_PASSWORD", "JWT_SECRET"}
        return {name: value for each in self._secrets.values() for name, value in each.items() if name in known}

    def fill(self, **changed):
        """Writes the secrets as the services layer does, with some of them changed for good."""
        self._secrets = {**(self._secrets or self.data.secrets()), **changed}
        for name, values in self._secrets.items():
            self.account.write(name, values)
