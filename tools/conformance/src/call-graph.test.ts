import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cases } from "./call-graph/cases.ts";
import { lookOnPython, type Seen, seen } from "./call-graph/recording.ts";
import { read, sorted, write } from "./call-graph/shape.ts";
import { look } from "./call-graph/subject.ts";

const recorded = JSON.parse(readFileSync(new URL("../recorded/call-graphs.json", import.meta.url), "utf8")) as Readonly<
  Record<string, Seen>
>;

describe("a call graph is what CPython's is", () => {
  it.each(cases)("$name", (one) => {
    expect(seen(look(one))).toEqual(recorded[one.name]);
  });

  it("and CPython's is the one recorded", { timeout: 240_000 }, async () => {
    expect(await lookOnPython()).toEqual(recorded);
  });
});

describe("what is compared", () => {
  const text = [
    "* Future(id=0x1f)",
    "  + Awaited by:",
    "    * Task(name='b', id=0x2)",
    "      + Call stack:",
    "      |   File 'program.py', line 3, in helper()",
    "      |   File '/lib/python314.zip/asyncio/tasks.py', line 3, in async wait()",
    "      |   File 'program.py', line 14, in async main.<locals>.b()",
    "      + Awaited by:",
    "        * Task(name='Task-7', id=0x3)",
    "    * Task(name='a', id=0x4)",
    "      + Call stack:",
    "      |   async sleep()",
    "      |   async a()",
  ];

  it("is the text, with its places in the source, and the frames of libraries, left out", () => {
    expect(write(sorted(read(text.join("\n"))!))).toEqual([
      "* Future()",
      "  + Awaited by:",
      "    * Task(name='a')",
      "      + Call stack:",
      "      |   async a()",
      "    * Task(name='b')",
      "      + Call stack:",
      "      |   async b()",
      "      + Awaited by:",
      "        * Task(name='Task-…')",
    ]);
    expect(read("")).toBe(null);
  });

  it.each([
    [0, "* Future(0x1f)", '"* Future(0x1f)" is no line of a call graph'],
    [0, "  * Future(id=0x1f)", '"  * Future(id=0x1f)" is not indented by 0'],
    [1, "  + Awaited by", '"  + Awaited by" has no place in a call graph'],
    [4, "      | helper()", '"      | helper()" is no line of a call graph'],
    [9, "   * Task(name='a', id=0x4)", "\"   * Task(name='a', id=0x4)\" has no place in a call graph"],
  ])("takes no line that is not of the form: line %i, %s", (index, line, message) => {
    const wrong = text.with(index, line).join("\n");
    expect(() => read(wrong)).toThrow(message);
  });

  it("is no text that shows another graph than the one captured", () => {
    expect(() => seen([{ label: "one", graph: read(text.join("\n")), text: "* Future(id=0x1f)" }])).toThrow(
      "one: the text shows * Future() and the graph is * Future()\n  + Awaited by:",
    );
  });
});
