"""Runs generated programs on CPython's asyncio and writes down what happens."""

import asyncio
import contextvars
import gc
import json
import re
import sys
import warnings

import settled
import virtual_loop
from virtual_loop import Deadlock, OutOfTurns, VirtualLoop

MAX_LINES = 400
MAX_ENTRIES = 60
MAX_TURNS = 3000
MAX_RUN_TIME = 12

warnings.simplefilter("ignore")
settled.install()
sys.unraisablehook = lambda unraisable: None
# What is loaded by now stays: the collector need not look at it again.
gc.collect()
gc.freeze()


class Boom(Exception):
    pass


class Bang(Exception):
    pass


class Exhausted(Exception):
    """The program has entered as many functions as it may."""


class Ended(BaseException):
    """Thrown by a program's own calls once its run is over, when Python closes the coroutines left over."""


class Slots:
    """The objects of a program, by name."""


def describe_error(error):
    if isinstance(error, BaseExceptionGroup):
        return f"ExceptionGroup[{', '.join(map(describe_error, error.exceptions))}]"
    if isinstance(error, (asyncio.CancelledError, Boom, Bang)):
        return f"{type(error).__name__}({error.args[0] if error.args else ''})"
    if isinstance(error, AttributeError):
        return "Absent"
    return type(error).__name__


def made_as(future):
    """The number of a task without a name of its own."""
    name = future.get_name() if isinstance(future, asyncio.Task) else ""
    return int(name[5:]) if name.startswith("Task-") else 0


class Run:
    def __init__(self, source):
        self.source = source
        self.lines = []
        self.notes = []
        self.ended = False
        self.entries = 0
        self.names = 0
        self.labels = {}
        self.puts = {}
        self.kept = []
        # Labels go by identity, so what has one must stay.
        self.labelled = []
        self.loop = VirtualLoop(MAX_TURNS)
        self.loop.set_exception_handler(self.on_stray_error)

    # What the program calls.

    def log(self, label, *values):
        if self.ended:
            raise Ended
        if len(self.lines) >= MAX_LINES:
            return
        task = asyncio.current_task(self.loop)
        who = "-" if task is None else self.label(task)
        self.lines.append(" ".join([f"{self.loop.now:g}", who, label, *map(self.describe, values)]))

    def enter(self, label, *values):
        self.entries += 1
        self.log(label, *values)
        if self.entries > MAX_ENTRIES:
            raise Exhausted

    def attempt(self, label, body):
        if self.ended:
            raise Ended
        try:
            value = body()
        except BaseException as error:
            self.log(label, error)
        else:
            self.log(label, value)

    def put(self, slot, value):
        count = self.puts[slot] = self.puts.get(slot, -1) + 1
        self.kept.append(value)
        if asyncio.isfuture(value) and not isinstance(value, asyncio.Task):
            self.labels.setdefault(id(value), f"{slot}.{count}")
        setattr(self.slots, slot, value)
        return value

    def started(self, number):
        """One of the tasks the program has started so far."""
        tasks = [one for one in self.kept if isinstance(one, asyncio.Task) and "#" in one.get_name()]
        if not tasks:
            raise ValueError
        return tasks[number % len(tasks)]

    def assign(self, slot, value):
        getattr(self.slots, slot).set(value)

    def name(self, function):
        self.names += 1
        return f"{function}#{self.names}"

    def note(self, what, error):
        if not self.ended:
            self.notes.append([what, "" if error is None else describe_error(error)])

    # How things are written down.

    def label(self, future):
        label = self.labels.get(id(future))
        if label is None:
            if not isinstance(future, asyncio.Task):
                return "future"
            label = future.get_name()
            if label.startswith("Task-"):
                label = f"Task.{len(self.labels)}"
            self.labels[id(future)] = label
            self.labelled.append(future)
        return label

    def names_of(self, futures):
        # A set is in no order of its own: those that get a label now get it in the order in which they were made.
        return sorted(map(self.label, sorted(futures, key=made_as)))

    def describe(self, value):
        if value is None or isinstance(value, (bool, str)):
            return str(value)
        if isinstance(value, (int, float)):
            return f"{value:g}"
        if isinstance(value, (list, tuple)):
            return f"[{', '.join(map(self.describe, value))}]"
        if isinstance(value, (set, frozenset, settled.OrderedSet)):
            return f"[{', '.join(self.names_of(value))}]"
        if isinstance(value, BaseException):
            return describe_error(value)
        if asyncio.isfuture(value):
            return self.label(value)
        return type(value).__name__

    def graph(self, future):
        """Who waits for a future, with the functions of the program each of them is in."""

        def show(graph):
            label = self.label(graph.future)
            frames = [entry.frame for entry in graph.call_stack if entry.frame is not None]
            names = [frame.f_code.co_name for frame in frames if frame.f_generator is not None]
            stack = " ".join(filter(re.compile(r"c\d+").fullmatch, names))
            # A set is in no order of its own.
            waiters = [show(one) for one in sorted(graph.awaited_by, key=lambda one: made_as(one.future))]
            return f"{label}<{stack}>" + (f"({', '.join(sorted(waiters))})" if waiters else "")

        return show(asyncio.capture_call_graph(future))

    def on_stray_error(self, loop, context):
        message = context["message"]
        if "never retrieved" in message or "destroyed" in message:
            return  # When that is reported depends on the garbage collector; the last lines of a trace tell it.
        if not self.ended:
            self.log("stray", context.get("exception"))

    # One run.

    def scope(self):
        self.slots = Slots()

        async def idle():
            pass

        return {
            "asyncio": asyncio,
            "contextvars": contextvars,
            "loop": self.loop,
            "s": self.slots,
            "log": self.log,
            "enter": self.enter,
            "attempt": self.attempt,
            "put": self.put,
            "assign": self.assign,
            "started": self.started,
            "name": self.name,
            "note": self.note,
            "labels": self.names_of,
            "graph": self.graph,
            "idle": idle,
            "nothing": lambda: None,
            "Boom": Boom,
            "Bang": Bang,
        }

    def start(self):
        self.program["setup"]()
        self.put("task0", asyncio.create_task(self.program["c0"](), name="main"))

    def run(self):
        self.program = self.scope()
        exec(compile(self.source, "program.py", "exec"), self.program)
        if "runs" in self.program:
            self.run_on_runner(self.program["runs"]())
            self.end()
            return self.lines
        self.loop.call_soon(self.start)
        try:
            self.loop.run_forever()
        except Deadlock:
            pass
        except OutOfTurns:
            self.log("out of turns")
        self.end()
        return self.lines

    def run_on_runner(self, runs):
        async def main(number, place, function):
            task = asyncio.current_task()
            task.set_name(f"run{number}")
            if number == 0:
                self.program["setup"]()
            self.put(f"task{place}", task)
            # Whatever it waits for, there is a next run.
            self.loop.call_later(MAX_RUN_TIME, task.cancel, "late")
            return await function()

        runner = asyncio.Runner(loop_factory=lambda: self.loop)
        for number, (place, function) in enumerate(runs):
            if not self.attempt_on_loop(f"run {number}", lambda: runner.run(main(number, place, function))):
                break
        self.attempt_on_loop("close", runner.close)

    def attempt_on_loop(self, label, body):
        """Whether the loop could do it, with a result or an error."""
        try:
            value = body()
        except Deadlock:
            self.log(label, "waits for ever")
            return False
        except OutOfTurns:
            self.log(label, "out of turns")
            return False
        except BaseException as error:
            self.log(label, error)
        else:
            self.log(label, value)
        return True

    def end(self):
        for future in dict.fromkeys(filter(asyncio.isfuture, self.kept)):
            unretrieved = " unretrieved" if future._log_traceback else ""
            if not future.done():
                outcome = "pending"
            elif future.cancelled():
                outcome = "cancelled"
            else:
                outcome = self.describe(future.exception() or future.result())
            self.lines.append(f"end {self.label(future)} {outcome}{unretrieved}")
        self.ended = True


def conform(argument):
    """Takes a JSON list of sources and gives a JSON list of traces, and of notes."""
    sources = json.loads(argument)
    virtual_loop.install()
    traces = []
    notes = []
    gc.disable()
    for count, source in enumerate(sources):
        run = Run(source)
        traces.append(run.run())
        notes.append(run.notes)
        del run
        if count % 25 == 24:
            gc.collect()
    gc.collect()
    return json.dumps({"traces": traces, "notes": notes})
