"""Root conftest: pytest accepts `pytest_plugins` nowhere else."""

from hypothesis import settings

pytest_plugins = ["pytester"]

# No test depends on how busy the machine is.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
