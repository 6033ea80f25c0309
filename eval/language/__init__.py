"""How well the language of an article is read."""
