"""Composition: settings, command line, worker, search, the local stack."""
