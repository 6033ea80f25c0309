"""Named entities: what the shipped pipeline finds in texts whose names are marked by hand."""
