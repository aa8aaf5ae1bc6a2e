"""The command `iqeval`: for what is not a test run. It asks no model anything."""
