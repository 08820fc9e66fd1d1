import { afterAll, expect, it } from "vitest";
import { hung, Subject } from "./subject/subject.ts";

const subject = new Subject();
afterAll(() => subject.stop());

const program = (body: string): string => `function setup() {}\nfunction* c0() { ${body} }`;

it("a program that takes turns without end is stopped after so many", async () => {
  const [trace] = await subject.run([program("for (;;) yield* sleep(0);")]);
  expect(trace).toEqual(["0 - out of turns", "end main pending"]);
});

it("a trace has an end, however much a program writes", async () => {
  const [trace] = await subject.run([program('for (let i = 0; i < 1000; i++) log("a", i);')]);
  expect(trace?.length).toBe(401);
});

it("a program that never gives way is ended, and the others run all the same", async () => {
  const traces = await subject.run([program('log("a");'), program("for (;;);"), program('log("b");')], {
    limitMs: 3_000,
  });
  expect(traces).toEqual([["0 main a", "end main None"], [hung], ["0 main b", "end main None"]]);
});

it("what a program breaks inside the loop becomes its trace", async () => {
  const [trace] = await subject.run([
    program("loop._ready.shift = () => { throw new Error('broken'); }; yield* sleep(0);"),
  ]);
  expect(trace?.[0]).toMatch(/^the loop failed: Error: broken/);
});
