import { describe, expect, it } from "vitest";
import { parseOptions, UsageError } from "./options.ts";

describe("the command line", () => {
  it("needs no more than what to check", () => {
    expect(parseOptions(["a.md", "https://b.example"])).toEqual({
      inputs: ["a.md", "https://b.example"],
      json: false,
      quiet: false,
      offline: false,
      exclude: [],
      perHost: 4,
      requests: 32,
      retries: 2,
      timeoutMs: 15_000,
      backoffMs: 500,
      patienceMs: 30_000,
      deadlineMs: null,
    });
  });

  it("takes options, times in seconds", () => {
    const args =
      "--json --quiet --offline --exclude a --exclude b --per-host 1 --requests 2 --retries 0 --timeout 1.5 --backoff 0 --patience 3 --deadline 60 .";
    expect(parseOptions(args.split(" "))).toEqual({
      inputs: ["."],
      json: true,
      quiet: true,
      offline: true,
      exclude: ["a", "b"],
      perHost: 1,
      requests: 2,
      retries: 0,
      timeoutMs: 1500,
      backoffMs: 0,
      patienceMs: 3000,
      deadlineMs: 60_000,
    });
  });

  it("asks for help", () => {
    expect(parseOptions(["--help"])).toBe("help");
  });

  it.each([
    [[], "give a file, a folder or an address to check"],
    [["a", "--retries", "1.5"], "--retries expects a whole number, got 1.5"],
    [["a", "--per-host", "0"], "--per-host must be 1 or more, got 0"],
    [["a", "--timeout", "soon"], '--timeout expects a number, got "soon"'],
    [["a", "--timeout", " "], '--timeout expects a number, got " "'],
    [["a", "--timeout", "0"], "--timeout must be 0.001 or more, got 0"],
  ])("says what is wrong with %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(new UsageError(message));
  });

  it("refuses options it does not know", () => {
    expect(() => parseOptions(["a", "--fast"])).toThrow(UsageError);
  });
});
