import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Oracle } from "./oracle/oracle.ts";

/** What there is to port: what asyncio exports, and the public members of its classes for concurrency in one process. */
const listing = `
import asyncio, json
classes = [asyncio.Barrier, asyncio.Condition, asyncio.Event, asyncio.Future, asyncio.Handle, asyncio.Lock, asyncio.Queue,
    asyncio.Runner, asyncio.Semaphore, asyncio.Task, asyncio.TaskGroup, asyncio.Timeout, asyncio.TimerHandle]
names = {name for name in asyncio.__all__ if not name.startswith("_")}
members = {name for one in classes for name in dir(one) if not name.startswith("_")}
print(json.dumps(sorted(names | members)))
`;

it("docs/porting.md says of every name of CPython's asyncio what its counterpart is, or that it has none", async () => {
  let output = "";
  const oracle = await Oracle.start(["virtual_loop", "asked"], (text) => {
    output += text;
  });
  try {
    expect(await oracle.ask("asked", "ask", listing, 60_000)).toBe(0);
  } finally {
    await oracle.stop();
  }
  const names = JSON.parse(output) as string[];
  expect(names.length).toBeGreaterThan(130);

  const document = readFileSync(new URL("../../../docs/porting.md", import.meta.url), "utf8");
  const told = new Set<string>();
  for (const [, quoted] of document.matchAll(/`([^`\n]+)`/g))
    for (const [word] of quoted!.matchAll(/\w+/g)) told.add(word);
  const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  expect(names.filter((name) => !told.has(name) && !told.has(camel(name)))).toEqual([]);
}, 240_000);
