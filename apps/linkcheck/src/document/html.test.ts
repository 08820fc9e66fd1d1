import { describe, expect, it } from "vitest";
import { parseHtml } from "./html.ts";
import { parserOf } from "./parse.ts";

describe("HTML", () => {
  it("leads where its elements lead", () => {
    const { links } = parseHtml(`<!doctype html>
<link rel="stylesheet" href="style.css"><link rel="preconnect" href="https://host.example">
<a href=" page.html ">a</a><a>no link</a><img src="p.png"><video src="v.mp4" poster="v.png"></video>
<template><a href="inside.html">in a template</a></template><script src="s.js"></script>`);
    expect(links.map((link) => link.target)).toEqual([
      "style.css",
      "page.html",
      "p.png",
      "v.mp4",
      "v.png",
      "inside.html",
      "s.js",
    ]);
    expect(links[1]).toEqual({ target: "page.html", line: 3, column: 4 });
  });

  it("is led to by ids and names", () => {
    const { anchors } = parseHtml('<p id="one"><a name="two"></a><input name="three">');
    expect([...anchors]).toEqual(["one", "two"]);
  });

  it("with a base leads from there", () => {
    const { links } = parseHtml(
      '<base href="https://a.example/b/"><base href="https://second.example/"><a href="c">1</a><a href="#d">2</a><a href="https://e.example">3</a><a href="mailto:f">4</a>',
    );
    expect(links.map((link) => link.target)).toEqual(["https://a.example/b/c", "#d", "https://e.example", "mailto:f"]);
    expect(parseHtml('<base href="relative/"><base target="x"><a href="c">').links[0]!.target).toBe("c");
    expect(parseHtml('<base target="x"><a href="c">').links[0]!.target).toBe("c");
  });
});

describe("the parser of a file", () => {
  it("is found by its extension", () => {
    for (const path of ["a.md", "a.MARKDOWN", "b/c.html", "d.htm"]) expect(parserOf(path)).not.toBeNull();
    expect(parserOf("a.md")!("[a](b)").links).toHaveLength(1);
    expect(parserOf("a.html")!("<a href=b>").links).toHaveLength(1);
    expect(parserOf("a.htm")!("<a href=b>").links).toHaveLength(1);
    for (const path of ["a.txt", "md", "a.md.png"]) expect(parserOf(path)).toBeNull();
  });
});
