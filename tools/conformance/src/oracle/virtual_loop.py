"""asyncio on a clock that jumps: the loop is CPython's own, only its selector waits differently."""

import asyncio
import asyncio.base_events
import asyncio.events
import weakref


class Deadlock(Exception):
    """Nothing is ready, no timer is set, and someone still waits."""


class OutOfTurns(Exception):
    """The program has used up the turns it may take."""


class JumpingSelector:
    """Instead of waiting for `timeout`, moves the loop's clock on by it."""

    def __init__(self, loop):
        self._loop = loop

    def select(self, timeout):
        loop = self._loop
        loop.turns += 1
        if loop.turns > loop.max_turns:
            raise OutOfTurns
        if timeout is None:
            raise Deadlock
        if timeout > 0:
            loop.now += timeout
        return ()

    def close(self):
        pass


class VirtualLoop(asyncio.base_events.BaseEventLoop):
    def __init__(self, max_turns=1_000_000):
        super().__init__()
        self.now = 0.0
        self.turns = 0
        self.max_turns = max_turns
        self._clock_resolution = 2.0**-10
        self._selector = JumpingSelector(self)
        self._tasks_made = 0
        self._made_as = weakref.WeakKeyDictionary()

    def time(self):
        return self.now

    def create_task(self, coro, **kwargs):
        # Before it is made: an eager one may make others.
        self._tasks_made += 1
        number = self._tasks_made
        task = super().create_task(coro, **kwargs)
        self._made_as[task] = number
        return task

    def oldest_first(self, tasks):
        return sorted(tasks, key=self._made_as.__getitem__)

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass


class NoLoopPolicy(asyncio.events._AbstractEventLoopPolicy):
    """There is no loop but the one that is running: nothing may end up on the one Pyodide has."""

    def get_event_loop(self):
        raise RuntimeError("no current event loop")

    def set_event_loop(self, loop):
        pass

    def new_event_loop(self):
        return VirtualLoop()


def install():
    """Makes every loop asyncio creates from here on a virtual one."""
    asyncio.events._set_event_loop_policy(NoLoopPolicy())
    asyncio.events.new_event_loop = VirtualLoop
    asyncio.new_event_loop = VirtualLoop
    asyncio.EventLoop = VirtualLoop
    # Pyodide has put its own in these places, and runs us inside its loop.
    asyncio.run = asyncio.runners.run
    asyncio.events._set_running_loop(None)
