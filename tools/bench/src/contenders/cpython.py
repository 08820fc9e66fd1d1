"""CPython's asyncio: the same cases, the same checks, the same output as child.ts.

usage: python3 cpython.py list | check CASE SIZE | measure CASE PLAN
"""

import asyncio
import gc
import json
import math
import os
import platform
import sys
import time

TASKS = 100
PERMITS = 10
WORKERS = 10
CAPACITY = 10


async def one():
    return 1


async def call(n):
    total = 0
    for _ in range(n):
        total += await one()
    return total


async def switching(n):
    count = 0
    while count < n:
        await asyncio.sleep(0)
        count += 1
    return count


async def descend(depth, n):
    return await switching(n) if depth <= 1 else await descend(depth - 1, n)


async def suspend_once(value):
    await asyncio.sleep(0)
    return value


async def fan_out(n):
    return sum(await asyncio.gather(*[suspend_once(i) for i in range(n)]))


async def spawn_join(n):
    total = 0
    for _ in range(n):
        total += await asyncio.create_task(one())
    return total


async def spawn_join_eager(n):
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    return await spawn_join(n)


async def ping_pong_future(n):
    loop = asyncio.get_running_loop()
    to_pong = loop.create_future()
    to_ping = loop.create_future()

    async def ping():
        nonlocal to_ping
        total = 0
        for i in range(n):
            to_ping = loop.create_future()
            to_pong.set_result(i)
            total += await to_ping
        return total

    async def pong():
        nonlocal to_pong
        for _ in range(n):
            value = await to_pong
            to_pong = loop.create_future()
            to_ping.set_result(value + 1)

    return (await asyncio.gather(ping(), pong()))[0]


async def ping_pong_queue(n):
    to_pong = asyncio.Queue(1)
    to_ping = asyncio.Queue(1)

    async def ping():
        total = 0
        for i in range(n):
            await to_pong.put(i)
            total += await to_ping.get()
        return total

    async def pong():
        for _ in range(n):
            await to_ping.put(await to_pong.get() + 1)

    return (await asyncio.gather(ping(), pong()))[0]


def sleep_lengths(n):
    state = 123456789
    for _ in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        yield state / 0x7FFFFFFF * 0.05


async def sleep_for(delay):
    await asyncio.sleep(delay)
    return 1


async def sleep_all(n):
    return sum(await asyncio.gather(*[sleep_for(delay) for delay in sleep_lengths(n)]))


async def timers_cancel(n):
    loop = asyncio.get_running_loop()
    waiting = [None] * 1000
    cancelled = 0
    for i in range(n):
        if i >= 1000:
            waiting[i % 1000].cancel()
            cancelled += 1
        waiting[i % 1000] = loop.call_later(60, print)
        if i % 100_000 == 0:
            await asyncio.sleep(0)
    for handle in waiting[:n]:
        handle.cancel()
        cancelled += 1
    return cancelled


async def timeouts(n):
    total = 0
    for _ in range(n):
        async with asyncio.timeout(60):
            await asyncio.sleep(0)
            total += 1
    return total


async def park(gate):
    await gate
    return 1


async def cancel(n):
    loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(park(loop.create_future())) for _ in range(n)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    return sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)


async def contended(n, lock):
    count = 0

    async def worker():
        nonlocal count
        for _ in range(math.ceil(n / TASKS)):
            async with lock:
                await asyncio.sleep(0)
                count += 1

    await asyncio.gather(*[worker() for _ in range(TASKS)])
    return count


async def pipeline(n):
    async def worker(source, target):
        for _ in range(n):
            await target.put(await source.get() + 1)

    async def produce(target):
        for i in range(n):
            await target.put(i)

    first = last = asyncio.Queue(CAPACITY)
    tasks = []
    for _ in range(WORKERS):
        following = asyncio.Queue(CAPACITY)
        tasks.append(asyncio.create_task(worker(last, following)))
        last = following
    tasks.append(asyncio.create_task(produce(first)))
    return sum([await last.get() for _ in range(n)])


def rss():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def hold(n, body):
    gc.collect()
    before = rss()
    gate = asyncio.get_running_loop().create_future()
    tasks = [asyncio.create_task(body(gate)) for _ in range(n)]
    await asyncio.sleep(0)
    held = (rss() - before) / n
    for task in tasks:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    return len(outcomes), held


def below(n):
    return n * (n - 1) // 2


def up_to(n):
    return n * (n + 1) // 2


def shared(n):
    return math.ceil(n / TASKS) * TASKS


def count(n):
    return n


async def lock(n):
    return await contended(n, asyncio.Lock())


async def semaphore(n):
    return await contended(n, asyncio.Semaphore(PERMITS))


CASES = {
    "switch": (switching, count),
    "call": (call, count),
    "spawn-join-lazy": (spawn_join, count),
    "fan-out": (fan_out, below),
    "deep-1": (lambda n: descend(1, n), count),
    "deep-10": (lambda n: descend(10, n), count),
    "deep-100": (lambda n: descend(100, n), count),
    "ping-pong-future": (ping_pong_future, up_to),
    "ping-pong-queue": (ping_pong_queue, up_to),
    "timers-real": (sleep_all, count),
    "timers-cancel": (timers_cancel, count),
    "cancel": (cancel, count),
    "lock": (lock, shared),
    "semaphore": (semaphore, shared),
    "pipeline": (pipeline, lambda n: below(n) + n * WORKERS),
    "tasks-1e3": (fan_out, below),
    "tasks-1e4": (fan_out, below),
    "tasks-1e5": (fan_out, below),
    "parked": (lambda n: hold(n, park), count),
    "sleeping": (lambda n: hold(n, lambda gate: asyncio.sleep(3600)), count),
}
if hasattr(asyncio, "timeout"):
    CASES["timeout"] = (timeouts, count)
if hasattr(asyncio, "eager_task_factory"):
    CASES["spawn-join-eager"] = (spawn_join_eager, count)


def once(case, n):
    contest, expected = CASES[case]
    begun = time.process_time()
    result = asyncio.run(contest(n))
    elapsed = time.process_time() - begun
    held = None
    if isinstance(result, tuple):
        result, held = result
    if result != expected(n):
        raise SystemExit(f"{case} of {n} computed {result}; it is {expected(n)}.")
    return held if held is not None else elapsed * 1e9 / n


def measure(case, plan):
    size = plan["size"]
    if plan["kind"] == "memory":
        return size, [once(case, size)]
    warm_up_size = math.ceil(size / 50) if plan["mayShorten"] else size
    # Nothing here gets faster with use: one run is warm-up enough.
    fastest = once(case, warm_up_size)
    if plan["mayShorten"]:
        affordable = int(plan["budgetMs"] * 1e6 / plan["samples"] / fastest)
        size = max(math.ceil(size / 50), min(size, affordable))
    values = []
    end = time.process_time() + plan["budgetMs"] / 1000
    while len(values) < plan["samples"] and (plan["mayShorten"] or not values or time.process_time() < end):
        values.append(once(case, size))
    return size, values


def main(arguments):
    if arguments[0] == "list":
        print(json.dumps({"version": platform.python_version(), "cases": list(CASES)}))
    elif arguments[0] == "check":
        for case in CASES:
            once(case, int(arguments[1]))
        print(json.dumps({"checked": list(CASES)}))
    else:
        size, values = measure(arguments[1], json.loads(arguments[2]))
        print(json.dumps({"size": size, "values": values}))


main(sys.argv[1:])
