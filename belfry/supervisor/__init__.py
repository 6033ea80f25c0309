"""Keeps the stack's servers and the roles running: starts them, watches them, restarts what died, stops them cleanly.

children.py    role processes: start, watch, restart with a growing pause, stop
supervise.py   the whole stack: servers, topics, roles, and the state that other commands read
detached.py    `belfry up` and `belfry down`: a supervisor in the background
status.py      what runs, and what became of every record
"""
