"""JUnit files as dashboards take them: read piece by piece, checked, split."""
