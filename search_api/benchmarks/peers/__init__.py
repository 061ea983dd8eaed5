"""Lonja beside what people use instead: the same passages, questions, model and machine, one after the other.

Each of them is a program of its own in ``programs/``, run by the Python of an environment that has the peers installed:
nothing of theirs is a dependency of ours, and nothing of ours helps or hinders them.
"""
