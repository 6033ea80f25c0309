"""From sources to [articles.raw]: pure parsers beside thin IO."""
