"""The records that were asked for or changed last: a bell's are asked for several times within a moment. No IO."""

from collections import OrderedDict

from belfry.notify.records import Record


class Recent:
    """Holds records whose encoded sizes sum up to `most_bytes` at most; those not asked for longest go first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[bytes, tuple[Record, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: bytes) -> Record | None:
        """The record, where it is held."""
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held[0]

    def put(self, key: bytes, record: Record, size_bytes: int) -> None:
        """Hold this, in place of what was held under the key."""
        self.forget(key)
        self._held[key] = (record, size_bytes)
        self._bytes += size_bytes
        while self._bytes > self._most_bytes:
            _, (_, gone) = self._held.popitem(last=False)
            self._bytes -= gone

    def forget(self, key: bytes) -> None:
        """Hold nothing under the key."""
        _, size_bytes = self._held.pop(key, (None, 0))
        self._bytes -= size_bytes
