"""The domain: values and rules, standard library only (no I/O, clock or environment)."""
