"""What travels between Belfry's processes, and nothing else: messages, topics, identities, errors."""
