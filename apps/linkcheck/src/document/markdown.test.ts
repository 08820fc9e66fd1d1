import { describe, expect, it } from "vitest";
import { parseMarkdown } from "./markdown.ts";

const targets = (text: string) => parseMarkdown(text).links.map((link) => link.target);

describe("the links of Markdown", () => {
  it("are those of links, images, definitions, bare addresses and HTML", () => {
    const text = [
      "[a](one.md 'title') and ![picture](two.png)",
      "[by reference][ref], <https://three.example>, https://four.example",
      "",
      "[ref]: five.md#part",
      "",
      'inline <a href="six.html">HTML</a>',
      "",
      '<img src="seven.png">',
      "",
      "| [in a table](eight.md) |",
      "| --- |",
    ].join("\n");
    expect(targets(text)).toEqual([
      "one.md",
      "two.png",
      "https://three.example",
      "https://four.example",
      "five.md#part",
      "six.html",
      "seven.png",
      "eight.md",
    ]);
  });

  it("are not those in code", () => {
    expect(targets("`[a](b)`\n\n```md\n[c](d)\n```\n\n    [e](f)\n")).toEqual([]);
  });

  it("say where they stand", () => {
    const { links } = parseMarkdown('# Title\n\nSee [a](b) and\nthen <a href="c">HTML</a>\n');
    expect(links).toEqual([
      { target: "b", line: 3, column: 5 },
      { target: "c", line: 4, column: 9 },
    ]);
  });

  it("stand where they stand below front matter, which is no Markdown", () => {
    const { links, anchors } = parseMarkdown("---\ntitle: '[x](y)'\n---\n# A\n\n[a](b)\n");
    expect(links).toEqual([{ target: "b", line: 6, column: 1 }]);
    expect([...anchors]).toEqual(["a"]);
  });
});

describe("the anchors of Markdown", () => {
  it("are GitHub's names for headings, and the ids in HTML", () => {
    const text = [
      "# The *big* `code` title!",
      "## Same",
      "## Same",
      "Setext",
      "------",
      '<a name="named"></a>',
      "",
      '<div id="identified">',
    ].join("\n");
    expect([...parseMarkdown(text).anchors]).toEqual([
      "the-big-code-title",
      "same",
      "same-1",
      "setext",
      "named",
      "identified",
    ]);
  });
});
