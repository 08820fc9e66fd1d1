import { symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf } from "../test/folder.ts";
import { runCommand, shown, verdictsOf } from "../test/run-command.ts";

describe("links on disk", () => {
  it("lead to files, folders and anchors, or nowhere", async () => {
    const folder = folderOf({
      "a.md": `# Title
[file](b.md) [folder](sub) [up](sub/../b.md) [query](b.md?plain=1) [spaces](with%20space.md)
[own](#title) [top](#top) [other](b.md#part) [html](sub/page.html#here) [source](code.ts#L3) [text](b.md#:~:text=x)
[in folder](sub#here) [index](other#from-readme)
[none](c.md) [own none](#nothing) [other none](b.md#nothing) [folder none](empty#nothing) [percent](%zz.md)
[mail](mailto:a@b.example) [script](javascript:void) [data](data:,x)`,
      "b.md": "# Part\n",
      "with space.md": "",
      "sub/page.html": '<p id="here">',
      "sub/index.html": '<p id="here">',
      "other/README.md": "# From README\n",
      "empty/.keep": "",
      "code.ts": "",
    });
    const said = await runCommand(["--json", join(folder, "a.md")]);
    expect(said.code).toBe(1);
    expect(verdictsOf(said)).toEqual({
      "b.md": "ok",
      sub: "ok",
      "sub/../b.md": "ok",
      "b.md?plain=1": "ok",
      "with%20space.md": "ok",
      "#title": "ok",
      "#top": "ok",
      "b.md#part": "ok",
      "sub/page.html#here": "ok",
      "code.ts#L3": "ok",
      "b.md#:~:text=x": "ok",
      "sub#here": "ok",
      "other#from-readme": "ok",
      "c.md": "broken: no such file",
      "#nothing": `broken: no anchor "nothing" in ${shown(join(folder, "a.md"))}`,
      "b.md#nothing": `broken: no anchor "nothing" in ${shown(join(folder, "b.md"))}`,
      "empty#nothing": 'broken: no anchor "nothing": the folder has no page of its own',
      "%zz.md": "broken: a percent sign must be followed by two digits of a code",
      "mailto:a@b.example": "skipped",
      "javascript:void": "skipped",
      "data:,x": "skipped",
    });
  });

  it("that begin with a slash begin where the command runs", async () => {
    const folder = folderOf({ "a.md": "[a](/package.json) [b](/no-such-file)" });
    expect(verdictsOf(await runCommand(["--json", folder]))).toEqual({
      "/package.json": "ok",
      "/no-such-file": "broken: no such file",
    });
  });

  it("are looked for in all documents of a folder, but not in what is hidden, foreign or excluded", async () => {
    const folder = folderOf({
      "a.md": "[a](a.md) [secret](left/out.md)",
      "deep/er/b.html": '<a href="../../a.md">',
      ".hidden/c.md": "[x](x)",
      "node_modules/p/d.md": "[x](x)",
      "left/out.md": "[x](x)",
      "notes.txt": "[x](x)",
    });
    const said = await runCommand(["--json", "--exclude", join(relative(".", folder), "left"), folder]);
    expect(said.code).toBe(0);
    const { documents, links } = JSON.parse(said.out);
    expect(documents).toEqual(["a.md", "deep/er/b.html"].map((name) => shown(join(folder, name))));
    expect(links.map((link: { target: string; state: string }) => `${link.target} ${link.state}`)).toEqual([
      "a.md ok",
      "left/out.md skipped",
      "../../a.md ok",
    ]);
  });

  it("are not looked for in what cannot be read, which is said", async () => {
    const folder = folderOf({ "a.md": "", "b.txt": "" });
    symlinkSync(join(folder, "nowhere"), join(folder, "gone.md"));
    const said = await runCommand([folder, join(folder, "b.txt"), join(folder, "c.md")]);
    expect(said.code).toBe(1);
    expect(said.out.split("\n")).toEqual([
      `${shown(join(folder, "gone.md"))}: ENOENT: no such file or directory, open '${join(folder, "gone.md")}'`,
      `${join(folder, "b.txt")}: neither Markdown nor HTML`,
      `${join(folder, "c.md")}: no such file`,
      "0 links in 1 documents",
      "",
    ]);
  });
});

describe("links to the web", () => {
  it("are only listed when it is offline", async () => {
    const folder = folderOf({ "a.md": "<https://a.example/b#c> [d](//e.example)" });
    const said = await runCommand(["--offline", folder]);
    expect(said).toEqual({
      code: 0,
      err: "",
      out: [
        `${shown(join(folder, "a.md"))}:1:1: listed  https://a.example/b#c`,
        `${shown(join(folder, "a.md"))}:1:25: listed  //e.example`,
        "2 links in 1 documents: 2 to the web, not fetched",
        "",
      ].join("\n"),
    });
  });

  it("may be none", async () => {
    const folder = folderOf({ "a.md": "[a](http://[) [b](https://left.example/out)" });
    expect(verdictsOf(await runCommand(["--json", "--exclude", "https://left.example", folder]))).toEqual({
      "http://[": "broken: no address",
      "https://left.example/out": "skipped: excluded",
    });
  });
});

describe("the command", () => {
  it("helps", async () => {
    const said = await runCommand(["--help"]);
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/^usage: linkcheck/);
  });

  it("says what is wrong with its command line", async () => {
    const said = await runCommand(["--per-host", "none", "."]);
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/^linkcheck: --per-host expects a number, got "none"\n\nusage: /);
    expect(said.out).toBe("");
  });
});
