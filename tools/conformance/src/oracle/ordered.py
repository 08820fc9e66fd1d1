"""CPython's sets are in the order of memory addresses. Where asyncio's behaviour shows it, ours keep the order of insertion."""

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


def install():
    asyncio.taskgroups.set = OrderedSet
    asyncio.tasks.set = OrderedSet
    # Here it is a set comprehension, which goes by no name.
    iterator = asyncio.tasks._AsCompletedIterator
    source = textwrap.dedent(inspect.getsource(iterator.__init__))
    comprehension = "{ensure_future(aw, loop=loop) for aw in set(aws)}"
    assert comprehension in source
    source = source.replace(comprehension, f"set({comprehension[1:-1]})")
    scope = {}
    exec(source, asyncio.tasks.__dict__, scope)
    iterator.__init__ = scope["__init__"]
