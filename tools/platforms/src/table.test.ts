import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome.ts";
import { proofs, proveAll } from "./proofs.ts";
import { table } from "./table.ts";
import { replayAll } from "./traces.ts";

describe("the table", () => {
  it("shows what passed, and how many did not", () => {
    const whole = { passed: 3, failed: [] };
    const broken = { passed: 2, failed: ["the third"] };
    const row = {
      platform: "node24",
      version: "24.1.0",
      suites: whole,
      internals: whole,
      tour: whole,
      traces: broken,
      host: whole,
      worker: whole,
      background: null,
    };
    expect(table([row, { ...row, platform: "bun", version: "1.4.5", tour: broken }])).toBe(
      [
        "| platform | suites | internals | tour | traces | host | worker | background |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| Node 24.1.0 | 3 | 3 | as told | **2 of 3** | 3 | 3 | – |",
        "| Bun 1.4.5 | 3 | 3 | **not as told** | **2 of 3** | 3 | 3 | – |",
      ].join("\n"),
    );
  });
});

describe("what a platform must do", () => {
  it("holds here", async () => {
    expect(await proveAll()).toEqual({ passed: proofs.length, failed: [] });
  });

  it("includes CPython's traces", () => {
    expect(replayAll().failed).toEqual([]);
  });
});

describe("a command", () => {
  it("is killed when it takes too long", async () => {
    const command = [process.execPath, "--eval", "setInterval(() => {}, 1000)"] as const;
    expect(await outcomeOf(command as never, { cwd: ".", limitSeconds: 0.2 })).toMatchObject({
      code: null,
      late: true,
    });
  });
});
