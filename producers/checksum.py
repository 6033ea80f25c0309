"""CRC-32C for kafka-python, compiled.

Kafka's records carry this checksum. kafka-python computes it in Python, which takes four fifths of sending an article,
unless the package `crc32c` is there, whose licence (LGPL) Belfry doesn't ship. aiokafka, which Faust brings, has the same
function compiled under Apache-2.0.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false, reportFunctionMemberAccess=false
# (two untyped clients, and a place inside one of them)

from importlib import import_module
from typing import Any

from kafka.record import util


def use_compiled_checksum() -> bool:
    """Have kafka-python use aiokafka's checksum in this process, where both have what that takes; returns whether they do.

    Doing it twice changes nothing. Without it all works, only slower.
    """
    try:
        compiled: Any = import_module("aiokafka.record._crecords").crc32c_cython
    except (ImportError, AttributeError):
        return False
    # The function to use is the default of a parameter: no caller gives it.
    if len(util.calc_crc32c.__defaults__ or ()) != 1:
        return False
    util.calc_crc32c.__defaults__ = (compiled,)
    return True
