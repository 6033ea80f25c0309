"""How fast enrichment is, and how much memory its worker takes."""
