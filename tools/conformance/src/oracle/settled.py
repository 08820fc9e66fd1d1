"""Settles what is an accident in CPython, so that it does not show in a trace: see the README, "What is not compared".

Its sets are in the order of memory addresses: where asyncio's behaviour shows that, they keep the order of insertion.
"""

import asyncio.runners
import asyncio.taskgroups
import asyncio.tasks
import inspect
import textwrap
from collections.abc import MutableSet


class OrderedSet(MutableSet):
    def __init__(self, items=()):
        self._items = dict.fromkeys(items)

    def __contains__(self, item):
        return item in self._items

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        self._items[item] = None

    def discard(self, item):
        self._items.pop(item, None)

    def remove(self, item):
        del self._items[item]

    def clear(self):
        self._items.clear()


def with_source(function, old, new):
    """`function` again, with a piece of its source replaced."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, f"{function} is not what it was"
    scope = {}
    exec(source.replace(old, new), function.__globals__, scope)
    return scope[function.__name__]


def install():
    asyncio.taskgroups.set = OrderedSet
    asyncio.tasks.set = OrderedSet
    # Here it is a set comprehension, which goes by no name.
    iterator = asyncio.tasks._AsCompletedIterator
    comprehension = "{ensure_future(aw, loop=loop) for aw in set(aws)}"
    iterator.__init__ = with_source(iterator.__init__, comprehension, f"set({comprehension[1:-1]})")
    # wait() leaves its task recorded as awaiting the futures it no longer waits for.
    asyncio.tasks._wait = with_source(
        asyncio.tasks._wait,
        "f.remove_done_callback(_on_completion)",
        "f.remove_done_callback(_on_completion) and futures.future_discard_from_awaited_by(f, cur_task)",
    )
    # So does shield() whose outer future was cancelled.
    asyncio.shield = asyncio.tasks.shield = with_source(
        asyncio.tasks.shield,
        "inner.remove_done_callback(_inner_done_callback)",
        "inner.remove_done_callback(_inner_done_callback); "
        "inner.remove_done_callback(_clear_awaited_by_callback); "
        "futures.future_discard_from_awaited_by(inner, cur_task)",
    )
    # A Runner cancels what is left over in the order of a set.
    asyncio.runners._cancel_all_tasks = with_source(
        asyncio.runners._cancel_all_tasks,
        "tasks.all_tasks(loop)",
        "loop.oldest_first(tasks.all_tasks(loop))",
    )
