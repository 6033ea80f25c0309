"""Long runs with kills, by hand or at night: `make chaos`."""
