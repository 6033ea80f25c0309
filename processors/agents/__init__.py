"""The Faust agents: one app a role (enrich, index, match), each with its own consumer group.

Faust's API is untyped; it stays in this folder's app.py and role modules. What a role does is in its `…Step`, which
takes records and sinks (Protocols) and can be tested without a broker.
"""
