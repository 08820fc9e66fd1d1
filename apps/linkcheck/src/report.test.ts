import { describe, expect, it } from "vitest";
import { Findings } from "./findings.ts";
import { toJson, toText } from "./report.ts";

function findings(): Findings {
  const found = new Findings();
  found.documents.push("b.md", "a.md");
  found.failures.push({ source: "c.md", detail: "no such file" });
  const add = (source: string, line: number, column: number, target: string) =>
    found.add(source, { target, line, column });
  found.decide(add("b.md", 1, 1, "x.md"), { state: "broken", detail: "no such file" });
  found.decide(add("a.md", 9, 1, "y.md"), { state: "ok" });
  found.decide(add("a.md", 3, 7, "https://z.example"), { state: "listed" });
  found.decide(add("a.md", 3, 2, "https://m.example"), { state: "moved", detail: "to https://n.example" });
  add("a.md", 3, 2, "https://late.example");
  return found;
}

describe("the report", () => {
  it("tells people what is worth telling, in order", () => {
    expect(toText(findings(), "complete", false)).toBe(`c.md: no such file
a.md:3:2: unchecked  https://late.example
a.md:3:2: moved  https://m.example  (to https://n.example)
a.md:3:7: listed  https://z.example
b.md:1:1: broken  x.md  (no such file)
5 links in 2 documents: 1 fine, 1 moved for good, 1 broken, 1 to the web, not fetched, 1 not checked
`);
  });

  it("tells less when it is to be quiet", () => {
    expect(toText(findings(), "deadline", true)).toBe(`c.md: no such file
a.md:3:2: unchecked  https://late.example
a.md:3:2: moved  https://m.example  (to https://n.example)
b.md:1:1: broken  x.md  (no such file)
5 links in 2 documents: 1 fine, 1 moved for good, 1 broken, 1 to the web, not fetched, 1 not checked
The deadline came before all was checked.
`);
  });

  it("has a sum even of nothing", () => {
    expect(toText(new Findings(), "interrupted", false)).toBe(
      "0 links in 0 documents\nInterrupted before all was checked.\n",
    );
  });

  it("tells programs everything", () => {
    const twice = findings();
    twice.add("a.md", { target: "https://late.example", line: 3, column: 2 });
    expect(JSON.parse(toJson(twice, "deadline"))).toEqual({
      end: "deadline",
      counts: { ok: 1, moved: 1, restricted: 0, broken: 1, listed: 1, skipped: 0, unchecked: 2 },
      documents: ["a.md", "b.md"],
      failures: [{ source: "c.md", detail: "no such file" }],
      links: [
        { source: "a.md", line: 3, column: 2, target: "https://late.example", state: "unchecked" },
        { source: "a.md", line: 3, column: 2, target: "https://late.example", state: "unchecked" },
        {
          source: "a.md",
          line: 3,
          column: 2,
          target: "https://m.example",
          state: "moved",
          detail: "to https://n.example",
        },
        { source: "a.md", line: 3, column: 7, target: "https://z.example", state: "listed" },
        { source: "a.md", line: 9, column: 1, target: "y.md", state: "ok" },
        { source: "b.md", line: 1, column: 1, target: "x.md", state: "broken", detail: "no such file" },
      ],
    });
  });
});
