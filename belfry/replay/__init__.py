"""Replays: history through a stage again. history (what the topic holds), stored (what only the index has), match (the run)."""
