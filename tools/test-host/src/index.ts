/** A blocking host whose clock starts at 0 and jumps to the next timer; with nothing to wait for it throws. */
export function testHost() {
  let nowMs = 0;
  return {
    kind: "blocking" as const,
    clockResolutionMs: 1e-6,
    now: () => nowMs,
    wait(untilMs: number | null): void {
      if (untilMs === null) throw new Error("the test waits for something that can never come");
      if (untilMs > nowMs) nowMs = untilMs;
    },
  };
}
