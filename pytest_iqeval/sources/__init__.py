"""Where definitions and rows come from."""
