import { describe, expect, it } from "vitest";
import type { Chapter, PythonProgram } from "../src/chapter.ts";
import { chapters } from "../src/chapters/index.ts";
import { readRegion } from "../src/source.ts";
import { runNode } from "./process.ts";
import { FakeTerminal } from "./terminal.ts";

const main = "src/main.ts";

/** What each chapter says, by its name, without what depends on how many files the repository has. */
function chaptersOf(stdout: string): Map<string, string> {
  const words = stdout.replace(
    /\d+ of \d+ files, \d+ lines/,
    "all files",
  );
  const headings = /\n.*\nnpm run tour -- (\w+) +\d+ of \d+\n/g;
  const pieces = `\n${words}`.split(headings);
  const byName = new Map<string, string>();
  for (let index = 1; index < pieces.length; index += 2) {
    const text = pieces[index + 1] ?? "";
    byName.set(
      pieces[index] ?? "",
      text.replace(/\d+ chapters, .*\n$/, "").trimEnd(),
    );
  }
  return byName;
}

describe("the chapters", () => {
  const names = chapters.map((chapter) => chapter.name);

  async function tell(order: readonly string[]) {
    const { code, stdout, stderr } = await runNode(main, order);
    // The last lines say which chapter was not as it should be.
    expect(stdout.slice(-500)).toMatch(
      new RegExp(
        `${names.length} chapters, \\d+ examples: every output is what the tour says\\.\n$`,
      ),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  }

  it("print what they say, the same in any order, without a colour, in 80 columns", async () => {
    const stdout = await tell([]);
    expect(stdout).not.toContain("\x1b");
    const lines = stdout.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);

    const forwards = chaptersOf(stdout);
    expect([...forwards.keys()]).toEqual(names);
    const backwards = chaptersOf(await tell(names.toReversed()));
    for (const name of names) {
      expect(backwards.get(name)).toBe(forwards.get(name));
    }
  });

  it.each(["lock", "files"])("%s can be read alone", async (name) => {
    const { code, stdout } = await runNode(main, [name]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 chapter, \d+ examples?: every output/m);
  });
});

describe("the command", () => {
  it("builds the tower as high as it is asked", async () => {
    const { code, stdout } = await runNode(main, [
      "--",
      "tower",
      "--height",
      "5",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("storey 5:  Promise");
    expect(stdout).not.toContain("storey 6");
  });

  it("lists every chapter", async () => {
    const { code, stdout } = await runNode(main, ["--", "--list"]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(chapters.length);
  });
});

describe("the listings", () => {
  it("have names of their own", () => {
    const names = chapters.map((chapter) => chapter.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+$/);
  });

  it.each(chapters.map((chapter) => [chapter.name, chapter] as const))(
    "%s fits in 80 columns, and shows comparisons side by side",
    (_name, chapter) => {
      for (const part of chapter.parts) {
        if (part.kind === "excerpt" || part.kind === "example") {
          if (part.region === null) continue;
          const { lines } = readRegion(chapter.source, part.region);
          expect(lines.filter((line) => line.length > 76)).toEqual([]);
        } else if (part.kind === "comparison") {
          expect(comparisonWidth(chapter, part)).toBeLessThanOrEqual(73);
        }
      }
    },
  );

  function comparisonWidth(
    chapter: Chapter,
    {
      promise,
      asyncio,
    }: Extract<Chapter["parts"][number], { kind: "comparison" }>,
  ): number {
    const longest = (lines: readonly string[]) =>
      Math.max(...lines.map((line) => line.length));
    return (
      longest(readRegion(chapter.source, promise.region).lines) +
      longest([...asyncio.lines, ...asyncio.prints])
    );
  }
});

describe("the programs in Python", () => {
  it("print on CPython what the tour says they print", async () => {
    const programs: PythonProgram[] = chapters.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        part.kind === "comparison" || part.kind === "port"
          ? [part.asyncio]
          : [],
      ),
    );
    expect(programs.length).toBeGreaterThan(10);
    const { code, stdout, stderr } = await runNode("test/python.ts", [], {
      input: JSON.stringify(
        programs.map(({ lines }) =>
          ["import asyncio", ...lines].join("\n"),
        ),
      ),
    });
    expect({ code, stderr: stderr.slice(-2000) }).toEqual({
      code: 0,
      stderr: "",
    });
    expect(JSON.parse(stdout)).toEqual(
      programs.map(({ prints }) => prints),
    );
  });
});

describe("as a process", () => {
  const fixture = "test/fixture-main.ts";

  it("ends with 1 when a chapter is wrong", async () => {
    const { code, stdout } = await runNode(fixture, ["wrong"]);
    expect(code).toBe(1);
    expect(stdout).toContain("should be: good bye");
  });

  it("ends with 1 when an example throws", async () => {
    const { code, stdout } = await runNode(fixture, ["failing"]);
    expect(code).toBe(1);
    expect(stdout).toContain("out of paint");
  });

  it("ends with 2 on bad usage", async () => {
    const { code, stdout, stderr } = await runNode(fixture, ["nowhere"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      'There is no chapter "nowhere". The chapters are fine, wrong, failing, endless.\n',
    );
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "cleans up on %s, and ends with 130",
    async (name) => {
      let sent = false;
      const { code, signal, stdout } = await runNode(
        fixture,
        ["endless"],
        {
          onOutput: (all, kill) => {
            if (sent || !all.includes("      ready\n")) return;
            sent = true;
            kill(name);
          },
        },
      );
      expect({ code, signal }).toEqual({ code: 130, signal: null });
      expect(stdout).toContain("      cleaned up\n");
    },
  );
});

describe("Ctrl-C in the chapter with the server", () => {
  it("cancels the requests and closes the server", async () => {
    const files = chapters.find((chapter) => chapter.name === "files");
    const { giveTour } = await import("../src/tour.ts");
    const terminal = new FakeTerminal();
    const leave = new AbortController();
    terminal.onWrite = (all) => {
      // The first request has been answered, and the others have not.
      if (/\b2m1 of \d+: /.test(all)) leave.abort();
    };
    const code = await giveTour([files!], [], terminal, leave.signal);
    expect(code).toBe(130);
    expect(terminal.written).toContain("the server is closed: true");
    expect(terminal.written).toContain("nothing is left running");
    expect(terminal.written).not.toMatch(/\d+ lines/);
  });
});
