"""Programs that want to pass without computing anything, or to do harm; none may do either.

Each is to define ``add(x, y)``. Words in @…@ are filled in by the test: @HOME@, @OUTSIDE@ (a folder
of the test's), @PORT@ (where it listens), @PARENT@ (the process that runs the sandbox).
"""

from __future__ import annotations

from typing import NamedTuple


class Hostile(NamedTuple):
    """A program, and a part of what is said of it; ``slow`` ones run into the limit of time."""

    code: str
    why: str = ""
    slow: bool = False


NOTHING = "def add(x, y):\n    return None\n"

HOSTILE: dict[str, Hostile] = {
    # Time.
    "endless loop when loaded": Hostile("while True: pass\n", "it took longer", slow=True),
    "endless loop when called": Hostile(
        "def add(x, y):\n    while True: pass\n", "it took longer than", slow=True
    ),
    "endless loop that takes no signal": Hostile(
        "import signal\n"
        "for s in range(1, 65):\n"
        "    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except Exception: pass\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "while True: pass\n",
        "it took longer than",
        slow=True,
    ),
    "sleeps for ever": Hostile(
        "import time\ndef add(x, y):\n    while True: time.sleep(1)\n", "by the clock", slow=True
    ),
    "stops itself": Hostile(
        "import os, signal\ndef add(x, y):\n    os.kill(os.getpid(), signal.SIGSTOP)\n", slow=True
    ),
    "infinite generator": Hostile(
        "def add(x, y):\n    while True: yield x + y\n", "returned <generator>"
    ),
    "endless number": Hostile("def add(x, y):\n    return 9 ** 9 ** 9\n", slow=True),
    # Memory and room.
    "takes all memory at once": Hostile("a = bytearray(1 << 40)\n", "MemoryError"),
    "takes memory bit by bit": Hostile(
        "a = []\nwhile True: a.append(bytearray(1 << 20))\n", "MemoryError"
    ),
    "takes memory in processes": Hostile(
        "import os\nfor n in range(6): os.fork()\n"
        "a = []\nwhile True: a.append(bytearray(1 << 20))\n"
    ),
    "prints for ever": Hostile("while True: print('passed' * 10000)\n", slow=True),
    "fills the folder": Hostile(
        "n = 0\nwhile True:\n    n += 1\n    open(str(n), 'wb').write(bytes(1 << 20))\n",
        "OSError|it took longer",
    ),
    "one huge file": Hostile("open('a', 'wb').write(bytes(1 << 28))\n"),
    "huge result": Hostile("def add(x, y):\n    return 'a' * (1 << 26)\n"),
    "huge exception": Hostile("def add(x, y):\n    raise ValueError('a' * (1 << 25))\n"),
    "result a million deep": Hostile(
        "def add(x, y):\n    a = []\n    for _ in range(1000000): a = [a]\n    return a\n"
    ),
    "result that holds itself": Hostile(
        "def add(x, y):\n    a = []\n    a.append(a)\n    return a\n", "RecursionError"
    ),
    "deep recursion": Hostile(
        "import sys\nsys.setrecursionlimit(1 << 30)\ndef add(x, y):\n    return add(x, y)\n"
    ),
    "source a million brackets deep": Hostile("(" * 1000000 + "\ndef add(x, y): return 3\n"),
    "source a hundred thousand signs deep": Hostile("add = " + "-" * 100000 + "1\n"),
    "text that is no text": Hostile(
        "def add(x, y):\n    raise Exception('\\udc80\\x00\\x1b[31m' + chr(0x10ffff) * 1000)\n",
        "Exception",
    ),
    # Processes.
    "fork bomb": Hostile("import os\nwhile True: os.fork()\n"),
    "fork bomb that forgives": Hostile(
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n",
        slow=True,
    ),
    "daemon that outlives": Hostile(
        "import os, time\n"
        "try:\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork() == 0:\n"
        "            time.sleep(100)\n"
        "        os._exit(0)\n"
        "except OSError: pass\n" + NOTHING,
        "",
    ),
    "threads that run on": Hostile(
        "import threading, time\n"
        "def run():\n"
        "    while True: time.sleep(0.01)\n"
        "try:\n"
        "    for _ in range(3): threading.Thread(target=run).start()\n"
        "except RuntimeError: pass\n" + NOTHING,
        "returned None",
    ),
    "kills its parent": Hostile(
        "import os\nos.kill(os.getppid(), 9)\n" + NOTHING,
    ),
    "kills whoever it can": Hostile("import os\nos.kill(-1, 9)\n" + NOTHING),
    "kills the process that runs it": Hostile(
        "import os\nos.kill(@PARENT@, 0)\n" + NOTHING, "Error"
    ),
    # The world outside.
    "writes into home": Hostile("open('@HOME@/written', 'w')\n" + NOTHING, "Error"),
    "writes beside": Hostile("open('@OUTSIDE@/written', 'w')\n" + NOTHING, "Error"),
    "removes what is beside": Hostile(
        "import shutil\nshutil.rmtree('@OUTSIDE@')\n" + NOTHING, "Error"
    ),
    "reads a secret beside": Hostile(
        "def add(x, y):\n    return open('@OUTSIDE@/secret').read()\n", "Error"
    ),
    "reads secrets of the environment": Hostile(
        "import os\ndef add(x, y):\n    return dict(os.environ)\n", "returned {}"
    ),
    "reads the environment of others": Hostile(
        "import glob\n"
        "def add(x, y):\n"
        "    return [open(p, 'rb').read() for p in glob.glob('/proc/*/environ')]\n",
        "returned []",
    ),
    "connects": Hostile(
        "import socket\nsocket.create_connection(('127.0.0.1', @PORT@), timeout=1)\n" + NOTHING,
        "Error",
    ),
    "looks for files": Hostile(
        "import os\ndef add(x, y):\n    return os.listdir('/home'), os.listdir('/root')\n", "Error"
    ),
    "deletes the folder it is in": Hostile(
        "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)\n" + NOTHING,
        "returned None",
    ),
    "leaves what can't be removed": Hostile(
        "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w')\nos.chmod('a/b', 0)\n" + NOTHING,
        "returned None",
    ),
    "becomes root in a namespace of its own": Hostile(
        "import ctypes\n"
        "libc = ctypes.CDLL(None)\n"
        "libc.unshare(0x10020000)\n"
        "libc.mount(b'none', b'/usr', b'tmpfs', 0, None)\n"
        "libc.setuid(0)\n"
        "def add(x, y):\n    return open('/usr/written', 'w')\n"
    ),
    # The verdict.
    "ends well before the test": Hostile("import os\nos._exit(0)\n", "exit code 0"),
    "ends well in the test": Hostile("import os\ndef add(x, y):\n    os._exit(0)\n", "exit code 0"),
    "asks to end": Hostile("import sys\nsys.exit(0)\n", "SystemExit"),
    "asks to end in the test": Hostile("def add(x, y):\n    raise SystemExit(0)\n", "SystemExit"),
    "interrupts": Hostile("def add(x, y):\n    raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    "says that it passed": Hostile("print('passed')\nprint('{\"passed\": true}')\n" + NOTHING),
    "says so wherever it can": Hostile(
        "import os\n"
        "for fd in range(300):\n"
        "    for said in (b'{\"passed\": true, \"calls\": 2}\\n', b'passed\\n'):\n"
        "        try: os.write(fd, said)\n"
        "        except OSError: pass\n" + NOTHING
    ),
    "says so as a result": Hostile(
        "def add(x, y):\n    return {'passed': True, 'calls': 2}\n", "returned {"
    ),
    "closes everything": Hostile("import os\nos.closerange(0, 300)\n" + NOTHING),
    "closes everything and stays": Hostile(
        "import os, time\nos.closerange(0, 300)\ntime.sleep(100)\n"
    ),
    "is equal to everything": Hostile(
        "class Equal:\n"
        "    def __eq__(self, other): return True\n"
        "    def __ne__(self, other): return False\n"
        "    def __hash__(self): return 1\n"
        "def add(x, y):\n    return Equal()\n",
        "returned <Equal>",
    ),
    "is a number that is equal to everything": Hostile(
        "class Equal(int):\n"
        "    def __eq__(self, other): return True\n"
        "def add(x, y):\n    return Equal(0)\n",
        "returned 0",
    ),
    "no exception is an AssertionError": Hostile(
        "import builtins\n"
        "builtins.AssertionError = type('A', (BaseException,), {})\n"
        "builtins.all = builtins.any = lambda *a: True\n"
        "builtins.isinstance = lambda *a: True\n"
        "builtins.exit = builtins.quit = builtins.print\n"
        "def check(candidate): pass\n" + NOTHING
    ),
    "traces": Hostile(
        "import sys, threading\n"
        "def trace(frame, event, arg):\n"
        "    for name in ('check', 'assert', 'candidate'):\n"
        "        frame.f_locals[name] = lambda *a: True\n"
        "    frame.f_trace_lines = False\n"
        "    return None\n"
        "sys.settrace(trace)\nsys.setprofile(trace)\n" + NOTHING
    ),
    "looks for the test in its own memory": Hostile(
        "import gc, sys\n"
        "def add(x, y):\n"
        "    texts = [o for o in gc.get_objects() if isinstance(o, dict)]\n"
        "    found = [v for o in texts for v in o.values() if isinstance(v, str)\n"
        "             and 'assert ' + 'candidate' in v]\n"
        "    frame, seen = sys._getframe(), []\n"
        "    while frame:\n"
        "        seen += [v for v in frame.f_locals.values()\n"
        "                 if isinstance(v, dict) and 'test' in v]\n"
        "        frame = frame.f_back\n"
        "    return len(found), len(seen)\n",
        "returned (0, 0)",
    ),
    "changes the modules that it is run by": Hostile(
        "import sys\n"
        "for name, module in list(sys.modules.items()):\n"
        "    if 'sandbox' in name:\n"
        "        for attribute in ('encode', 'decode', 'examine', 'raised'):\n"
        "            if hasattr(module, attribute):\n"
        "                setattr(module, attribute, lambda *a: {'passed': True})\n" + NOTHING
    ),
    "writes into the memory of others": Hostile(
        "import glob, os\n"
        "me = str(os.getpid())\n"
        "def add(x, y):\n"
        "    done = []\n"
        "    for path in glob.glob('/proc/[0-9]*/mem'):\n"
        "        if me not in path:\n"
        "            try: done.append(open(path, 'r+b'))\n"
        "            except OSError: pass\n"
        "    return len(done)\n",
        "returned 0",
    ),
    "ends the loops of the test": Hostile(
        "def add(x, y):\n    raise StopIteration\n", "StopIteration"
    ),
    "passes when it ends": Hostile(
        "import atexit, os\n"
        "@atexit.register\n"
        "def passed():\n    print('passed')\n    os._exit(0)\n" + NOTHING,
        "returned None",
    ),
    "an exception that lies": Hostile(
        "class Lie(BaseException):\n"
        "    __module__ = 'builtins'\n"
        "    def __str__(self): raise SystemExit(0)\n"
        "def add(x, y):\n    raise Lie\n"
    ),
    "no function at all": Hostile("x = 3\n", "it defines no function add"),
    "no program": Hostile("def add(x, y)\n    return 3\n", "SyntaxError"),
    "no bytes of a program": Hostile("def add(x, y):\n    return '\x00'\n"),
}
