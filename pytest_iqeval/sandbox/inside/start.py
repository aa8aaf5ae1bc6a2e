"""Starts a process of the sandbox: ``python -s -S -P -B start.py FOLDER``, FOLDER the package's."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    from pytest_iqeval.sandbox.inside.supervise import main

    # The model's code finds the standard library, and nothing that happens to be installed.
    sys.path.remove(sys.argv[1])
    main()
