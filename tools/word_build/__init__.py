"""The steps of tools/build_words.py."""
