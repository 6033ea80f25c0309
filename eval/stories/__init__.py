"""Stories: copies of many kinds that must be found, and reports on the same topic that must be kept apart."""
