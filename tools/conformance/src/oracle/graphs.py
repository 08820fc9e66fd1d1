"""Runs programs that look at call graphs, and gives what CPython shows them."""

import asyncio
import json

import settled
import virtual_loop

settled.install()


def shape(graph):
    """A graph as plain data; of the frames only those of coroutines, and of these only the program's own."""
    future = graph.future
    name = future.get_name() if isinstance(future, asyncio.Task) else None
    return {
        # The number in a default name depends on what ran before.
        "name": "Task-…" if name is not None and name.startswith("Task-") else name,
        "stack": [
            entry.frame.f_code.co_name
            for entry in graph.call_stack
            if entry.frame.f_generator is not None and entry.frame.f_code.co_filename == "program.py"
        ],
        "awaitedBy": [shape(waiter) for waiter in graph.awaited_by],
    }


def run(source):
    snapshots = []

    def snap(label, future=None, **options):
        graph = asyncio.capture_call_graph(future, depth=2, **options)
        snapshots.append(
            {
                "label": label,
                "graph": None if graph is None else shape(graph),
                "text": asyncio.format_call_graph(future, depth=2, **options),
            }
        )

    scope = {}
    exec(compile(source, "program.py", "exec"), scope)
    loop = virtual_loop.VirtualLoop()
    loop.set_exception_handler(lambda loop, context: None)
    loop.run_until_complete(loop.create_task(scope["main"](snap), name="main"))
    loop.close()
    return snapshots


def graphs(argument):
    """Takes a JSON list of sources and gives a JSON list of what each looked at."""
    virtual_loop.install()
    return json.dumps([run(source) for source in json.loads(argument)])
