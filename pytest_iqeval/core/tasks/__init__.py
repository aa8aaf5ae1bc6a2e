"""A sample's requests, one module for each kind of task."""
