"""Kafka and Elasticsearch on this machine without Docker: child processes on the Java runtime that pip installed.

coordinates.py  which jars, pinned (coordinates.txt)
download.py     jars from a Maven repository, atomically, resumed, checked
program.py      Belfry's own Java (java/), compiled once
fetch.py        all of that, by one process at a time
servers.py      the two servers: flags, configuration, command
process.py      one server as a child process
ready.py        whether it serves, asked as clients ask
stack.py        both on one home
aot.py          start-up caches; trainer.py and train.py make them in idle time
topics.py       Belfry's topics on a broker
failures.py     what went wrong, and what to do
"""

from belfry.stack.fetch import fetch, is_fetched
from belfry.stack.stack import Addresses, ServerState, Stack

__all__ = ["Addresses", "ServerState", "Stack", "fetch", "is_fetched"]
