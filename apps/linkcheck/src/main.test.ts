import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { folderOf } from "../test/folder.ts";
import { serve } from "../test/servers.ts";

const program = join(import.meta.dirname, "../bin/linkcheck.mjs");
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

/** Starts the program; it is killed before the test is given up, and after the test. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 50_000,
    killSignal: "SIGKILL",
  });
  children.add(child);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const ended = once(child, "close").then(([code]: unknown[]) => ({ code, out }));
  return { child, ended };
}

describe("the program", () => {
  it("exits with 0 when all links are fine, 1 when one is broken, 2 when its command line is wrong", async () => {
    const folder = folderOf({ "good.md": "[a](good.md)", "bad.md": "[a](none.md)" });
    const runs = await Promise.all(
      [[join(folder, "good.md")], [join(folder, "bad.md")], ["--unknown"]].map((args) => start(args).ended),
    );
    expect(runs.map(({ code }) => code)).toEqual([0, 1, 2]);
    expect(runs[0]!.out).toBe("1 links in 1 documents: 1 fine\n");
  });

  it("prints what is known and exits with 130 when it is interrupted", async () => {
    let asked: () => void;
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = await serve(() => asked());
    const folder = folderOf({ "a.md": `<${server}/slow>` });
    const { child, ended } = start([folder]);
    await reached;
    child.kill("SIGINT");
    const { code, out } = await ended;
    expect(code).toBe(130);
    expect(out).toMatch(/unchecked {2}http.*\/slow\n1 links in 1 documents: 1 not checked\nInterrupted before/);
  });
});
