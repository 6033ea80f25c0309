"""How long an article takes to its webhooks: the whole stack, a thousand subscriptions. See ../README.md."""
