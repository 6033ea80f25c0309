"""Pure steps from a raw article to an enriched one and its bells, and the Faust agents that run them."""
