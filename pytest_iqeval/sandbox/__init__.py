"""Runs the code that a model wrote, against a test, where it can do no harm.

Loaded by the sandboxed processes too, so nothing is imported here.
"""
