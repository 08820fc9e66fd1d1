import { describe, expect, it } from "vitest";
import {
  endless,
  failing,
  fine,
  kinds,
  unequal,
  wrong,
} from "../test/fixture.ts";
import { FakeTerminal } from "../test/terminal.ts";
import { exitCodes, giveTour } from "./tour.ts";

const escapeCode = "\x1b";

function give(
  words: readonly string[],
  terminal = new FakeTerminal({ isTTY: false }),
  signal = new AbortController().signal,
) {
  return giveTour([fine, wrong, failing], words, terminal, signal);
}

describe("giveTour", () => {
  it("shows words, the source that runs, and what it prints", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    expect(await give(["fine"], terminal)).toBe(exitCodes.asTold);
    const [, lineNumber] =
      /fixture\.ts:(\d+)/.exec(terminal.written) ?? [];
    expect(terminal.written).toBe(
      [
        "A chapter that is as it says",
        `npm run tour -- fine${" ".repeat(54)}1 of 3`,
        "─".repeat(80),
        "",
        "  Some `code in words`.",
        "",
        "  And a second paragraph.",
        "",
        ...[1, 2].flatMap(() => [
          `  ┌─ fixture.ts:${lineNumber}`,
          '  │ export const hello = () => print("hello");',
          "  └─ prints",
          "      hello",
          "",
        ]),
        "",
        "1 chapter, 2 examples: every output is what the tour says.",
        "",
      ].join("\n"),
    );
  });

  it("takes a chapter by its number, too", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    expect(await give(["1"], terminal)).toBe(exitCodes.asTold);
    expect(terminal.written).toContain("A chapter that is as it says");
  });

  it("fails when an output is not as told, and says what differs", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    expect(await give(["fine", "wrong"], terminal)).toBe(
      exitCodes.deviation,
    );
    expect(terminal.written).toContain(
      [
        "    ✗ Line 1 of the output is not what it should be.",
        "    ✗ should be: good bye",
        "    ✗ is:        hello",
      ].join("\n"),
    );
    expect(terminal.written).toContain(
      'Not what the tour promised, in chapter\n  wrong, example "lines"\n',
    );
  });

  it("fails when an example throws", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    expect(await give(["failing"], terminal)).toBe(exitCodes.deviation);
    expect(terminal.written).toContain(
      "The example failed. Error: out of paint",
    );
  });

  it("lists its chapters", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    expect(await give(["--list"], terminal)).toBe(exitCodes.asTold);
    expect(terminal.written).toBe(
      [
        " 1  fine     A chapter that is as it says",
        " 2  wrong    A chapter that is not as it says",
        " 3  failing  A chapter that fails",
        "",
      ].join("\n"),
    );
  });

  it("explains itself", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    expect(await give(["--help"], terminal)).toBe(exitCodes.asTold);
    expect(terminal.written).toContain("npm run tour -- --list");
  });

  it.each([
    [
      "chapter",
      ["fin"],
      'There is no chapter "fin". The chapters are fine, wrong, failing.\n',
    ],
    [
      "number",
      ["4"],
      'There is no chapter "4". The chapters are fine, wrong, failing.\n',
    ],
    [
      "option",
      ["--fast"],
      'There is no option --fast. "npm run tour -- --help" lists them.\n',
    ],
    [
      "height without a tower",
      ["fine", "--height", "2"],
      '--height is for the chapter "tower": npm run tour -- tower --height 5\n',
    ],
  ])(
    "refuses a bad %s with exit code 2",
    async (_what, words, message) => {
      const terminal = new FakeTerminal({ isTTY: false });
      expect(await give(words, terminal)).toBe(exitCodes.badUsage);
      expect(terminal.errorsWritten).toBe(message);
      expect(terminal.written).toBe("");
    },
  );
});

describe("other kinds of pieces", () => {
  async function tell(columns: number) {
    const terminal = new FakeTerminal({ isTTY: false, columns });
    const { signal } = new AbortController();
    expect(await giveTour([kinds], [], terminal, signal)).toBe(
      exitCodes.asTold,
    );
    const lines = terminal.written.split("\n");
    return lines
      .slice(lines.findIndex((line) => line.startsWith("──")) + 2)
      .map((line) => line.replace(/fixture\.ts:\d+/, "fixture.ts"));
  }

  const before = [
    "  ┌─ fixture.ts",
    '  │ export const hello = () => print("hello");',
    "  └─",
    "",
    "  ── prints",
    "      hello",
    "",
  ];
  const after = [
    "  ┌─ in Python's asyncio",
    '  │ print("bye")',
    "  └─ prints",
    "      bye",
    "",
    "",
  ];

  it("stand side by side where there is room", async () => {
    expect(await tell(80)).toEqual([
      ...before,
      `  ┌─ with native promises ${"─".repeat(21)}┬─ in Python's asyncio ${"─".repeat(10)}`,
      '  │ export const hello = () => print("hello"); │ print("hello")',
      `  ├─ prints ${"─".repeat(35)}┼─ prints ${"─".repeat(23)}`,
      "  │ hello                                      │ hello",
      "",
      ...after,
      "1 chapter, 2 examples: every output is what the tour says.",
      "",
    ]);
  });

  it("stand below each other where there is not", async () => {
    expect(await tell(48)).toEqual([
      ...before,
      "  ┌─ with native promises",
      '  │ export const hello = () => print("hello");',
      "  └─ prints",
      "      hello",
      "",
      "  ┌─ in Python's asyncio",
      '  │ print("hello")',
      "  └─ prints",
      "      hello",
      "",
      ...after,
      "1 chapter, 2 examples: every output is what the",
      "  tour says.",
      "",
    ]);
  });

  it("fail when the side with promises is not as told", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    const { signal } = new AbortController();
    expect(await giveTour([unequal], [], terminal, signal)).toBe(
      exitCodes.deviation,
    );
    expect(terminal.written).toContain("✗ should be: good bye");
  });
});

describe("colour", () => {
  it("comes on a terminal", async () => {
    const terminal = new FakeTerminal();
    await give(["fine"], terminal);
    expect(terminal.written).toContain(escapeCode);
    expect(terminal.written).not.toContain("`");
  });

  it.each([
    [
      "NO_COLOR is set",
      new FakeTerminal({ environment: { NO_COLOR: "1" } }),
    ],
    [
      "the terminal is dumb",
      new FakeTerminal({ environment: { TERM: "dumb" } }),
    ],
    ["the output is no terminal", new FakeTerminal({ isTTY: false })],
  ])("stays away when %s", async (_when, terminal) => {
    await give(["fine", "wrong"], terminal);
    expect(terminal.written).not.toContain(escapeCode);
  });

  it("comes when NO_COLOR is empty", async () => {
    const terminal = new FakeTerminal({ environment: { NO_COLOR: "" } });
    await give(["fine"], terminal);
    expect(terminal.written).toContain(escapeCode);
  });
});

describe("width", () => {
  it.each([24, 40, 80, 300])(
    "keeps every line within %i columns",
    async (columns) => {
      const terminal = new FakeTerminal({ isTTY: false, columns });
      await give([], terminal);
      await give(["--list"], terminal);
      const longest = terminal.written
        .split("\n")
        .reduce((most, line) => Math.max(most, line.length), 0);
      expect(longest).toBeLessThanOrEqual(columns);
    },
  );
});

describe("--step", () => {
  /** Presses the keys in turn, each when the tour asks for one. */
  function press(terminal: FakeTerminal, keys: readonly string[]) {
    let next = 0;
    terminal.onWrite = (all) => {
      if (!all.endsWith("q leaves\x1b[22m")) return;
      const key = keys[next++];
      if (key !== undefined)
        setImmediate(() => terminal.input.press(key));
    };
  }

  it("waits for a key after each piece, and gives the keyboard back", async () => {
    const terminal = new FakeTerminal();
    press(terminal, [" ", "\r"]);
    expect(await give(["--step", "fine"], terminal)).toBe(
      exitCodes.asTold,
    );
    expect(terminal.rawModes).toEqual([true, false, true, false]);
    expect(terminal.input.paused).toBe(true);
    expect(terminal.input.listenerCount("data")).toBe(0);
    expect(terminal.written).toContain("2 examples");
  });

  it.each([
    ["q", exitCodes.asTold],
    ["Q", exitCodes.asTold],
    ["\x03", exitCodes.stopped],
  ])("leaves on %j", async (key, code) => {
    const terminal = new FakeTerminal();
    press(terminal, [key]);
    expect(await give(["--step"], terminal)).toBe(code);
    expect(terminal.rawModes).toEqual([true, false]);
    expect(terminal.written).toContain("You leave the tour here.");
    expect(terminal.written).not.toContain("A chapter that fails");
  });

  it("leaves when it is interrupted while it waits", async () => {
    const terminal = new FakeTerminal();
    const leave = new AbortController();
    terminal.onWrite = (all) => {
      if (all.endsWith("q leaves\x1b[22m")) {
        setImmediate(() => leave.abort());
      }
    };
    expect(await give(["--step"], terminal, leave.signal)).toBe(
      exitCodes.stopped,
    );
    expect(terminal.rawModes).toEqual([true, false]);
    expect(terminal.input.listenerCount("data")).toBe(0);
  });

  it("goes on without stops where there is no keyboard, and says so", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    expect(await give(["--step", "fine"], terminal)).toBe(
      exitCodes.asTold,
    );
    expect(terminal.rawModes).toEqual([]);
    expect(terminal.errorsWritten).toBe(
      "--step needs a keyboard, and the input is no terminal: going on without stops.\n",
    );
  });
});

describe("an interrupt", () => {
  it("lets the running example clean up, and ends the tour", async () => {
    const terminal = new FakeTerminal({ isTTY: false });
    const leave = new AbortController();
    terminal.onWrite = (all) => {
      if (all.endsWith("ready\n")) setImmediate(() => leave.abort());
    };
    expect(
      await giveTour([endless, fine], [], terminal, leave.signal),
    ).toBe(exitCodes.stopped);
    expect(terminal.written).toContain("      cleaned up\n");
    expect(terminal.written).not.toContain("hello\n      hello");
    expect(terminal.written).not.toContain(
      "A chapter that is as it says",
    );
  });
});
