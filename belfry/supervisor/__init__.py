"""Keeps the stack's servers and the roles running: starts them, watches them, restarts what died, stops them cleanly.

children.py    role processes: start, watch, restart with a growing pause, stop
keeper.py      the servers: restart with a growing pause; pauses.py
supervise.py   the whole stack: servers, topics, roles, and the state that other commands read
one.py         one supervisor a home
detached.py    `belfry up` and `belfry down`: a supervisor in the background
worker.py      `belfry worker`: roles alone
log_files.py   logs that don't grow without bound
status.py      what runs, and what became of every record; figures.py
"""
