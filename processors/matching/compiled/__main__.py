"""`python -m processors.matching.compiled`: have the kernels compiled and kept on disk, so that nobody waits for that later."""

import importlib

importlib.import_module("processors.matching.compiled.engine")
