"""Linking: mentions in context with the ids that they must get, and those that must get none."""
