"""`belfry demo`: everything on this machine, from nothing to a rung bell, live in the terminal.

run.py      the course of it: start, subscribe, send, wait until all is accounted for, search, sum up, stop
watch.py    what arrives on the topics, with times
show.py     how it looks
"""
