"""Root conftest: pytest accepts `pytest_plugins` nowhere else."""

pytest_plugins = ["pytester"]
