"""The compiled checksum is in place, and is the one that Kafka's records carry."""

import warnings

from hypothesis import given
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python reads its own files in an old way
    from kafka.record import _crc32c, util

    from producers.checksum import use_compiled_checksum


def test_it_is_in_place_with_the_locked_versions():
    assert use_compiled_checksum()
    assert use_compiled_checksum()
    assert util.calc_crc32c.__defaults__[0].__module__.startswith("aiokafka.")


@given(st.binary(max_size=5_000))
def test_it_agrees_with_the_slow_one(data: bytes):
    use_compiled_checksum()
    assert util.calc_crc32c(memoryview(bytearray(data))) == _crc32c.crc(data)


def test_it_is_the_checksum_of_the_standard():
    """RFC 3720, B.4: 32 bytes of zeros."""
    use_compiled_checksum()
    assert util.calc_crc32c(memoryview(bytes(32))) == 0x8A9136AA
