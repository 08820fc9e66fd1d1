"""Runs a Python program somebody asks about, on virtual time."""

import asyncio
import sys
import traceback

import virtual_loop


def log(*values):
    """Prints the virtual time and the current task before the values."""
    try:
        loop = asyncio.get_running_loop()
        if not isinstance(loop, virtual_loop.VirtualLoop):
            raise RuntimeError
    except RuntimeError:
        print("      -:", *values)
        return
    task = asyncio.current_task()
    print(f"{loop.time():7g}: [{task.get_name() if task else '-'}]", *values)


def ask(source):
    virtual_loop.install()
    scope = {"__name__": "__main__", "asyncio": asyncio, "log": log}
    ran = False
    real_run = asyncio.runners.run

    def run(*args, **kwargs):
        nonlocal ran
        ran = True
        return real_run(*args, **kwargs)

    asyncio.run = run
    try:
        exec(compile(source, "program.py", "exec"), scope)
        if not ran and "main" in scope:
            print("main() ->", repr(real_run(scope["main"]())))
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        asyncio.run = real_run
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
