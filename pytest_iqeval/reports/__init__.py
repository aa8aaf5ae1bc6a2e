"""What is written of a run, and the lines a terminal shows."""
