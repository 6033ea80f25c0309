"""How good enrichment is, in figures: `make eval` runs every part and writes docs/quality.md. See README.md."""
