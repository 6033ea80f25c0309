"""Subscriptions as people write them: checked, changed, kept in the compacted topic, moved in and out as files.

definition.py  what a person may write, and whether it has the right form
changes.py     a definition -> the next version of a subscription
checks.py      does the query work, and do the examples come out as they should?
exchange.py    JSON lines and YAML, in and out
store.py       what a store promises, and a fake that keeps it
kafka_store.py the compacted topic
checker.py     the alert language and the models, as the match worker has them
"""
