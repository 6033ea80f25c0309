"""From alerts to messages, and from messages to people."""
