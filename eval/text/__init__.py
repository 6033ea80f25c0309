"""How well the article is got out of a web page."""
