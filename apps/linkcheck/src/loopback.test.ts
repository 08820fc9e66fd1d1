import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf } from "../test/folder.ts";
import { runCommand, verdictsOf } from "../test/run-command.ts";
import { nobody, serve } from "../test/servers.ts";
import { command } from "./command.ts";

const calm = ["--json", "--timeout", "30", "--backoff", "0.01", "--retries", "1"];
/** For servers that never answer. */
const hasty = ["--json", "--timeout", "0.3", "--retries", "0"];

/** The verdicts on these paths of a server, without its address. */
async function verdictsOn(server: string, paths: readonly string[], args: readonly string[] = calm) {
  const folder = folderOf({ "a.md": paths.map((path) => `- <${server}${path}>`).join("\n") });
  const said = await runCommand([...args, folder]);
  const verdicts = Object.entries(verdictsOf(said));
  return Object.fromEntries(
    verdicts.map(([url, verdict]) => [url.slice(server.length), verdict.replaceAll(server, "")]),
  );
}

describe("a server", () => {
  it("that is all right is asked once for a page, whatever its anchors", async () => {
    const asked: string[] = [];
    const server = await serve((request, response) => {
      asked.push(request.url!);
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end('<h1 id="here">ä</h1>');
    });
    expect(await verdictsOn(server, ["/", "/#here", "/#gone", "/#top", "/other", "/#%zz"])).toEqual({
      "/": "ok",
      "/#here": "ok",
      "/#gone": 'broken: no anchor "gone" on the page',
      "/#top": "ok",
      "/other": "ok",
      "/#%zz": 'broken: no anchor "%zz" on the page',
    });
    expect(asked.sort()).toEqual(["/", "/other"]);
  });

  it("has no anchors where there is no page", async () => {
    const server = await serve((request, response) => {
      response.statusCode = request.url === "/none" ? 404 : request.url === "/secret" ? 403 : 200;
      response.setHeader("content-type", request.url === "/image" ? "image/png" : "text/html");
      response.end();
    });
    expect(await verdictsOn(server, ["/none#a", "/secret#a", "/image#a"])).toEqual({
      "/none#a": "broken: HTTP 404",
      "/secret#a": "restricted: HTTP 403",
      "/image#a": "ok",
    });
  });

  it("that is slow is given up", async () => {
    const server = await serve(() => {});
    expect(await verdictsOn(server, ["/slow"], hasty)).toEqual({ "/slow": "broken: no answer within 0.3 seconds" });
  });

  it("that resets connections is tried again", async () => {
    let asked = 0;
    const server = await serve((request, response) => {
      if (request.url === "/always" || asked++ === 0) request.socket.resetAndDestroy();
      else response.end();
    });
    expect(await verdictsOn(server, ["/always"])).toEqual({ "/always": "broken: the connection was closed" });
    expect(await verdictsOn(server, ["/once"])).toEqual({ "/once": "ok" });
  });

  it("that is not there refuses", async () => {
    expect(await verdictsOn(await nobody(), ["/"])).toEqual({ "/": "broken: the host refused the connection" });
  });

  it("that redirects in circles is left", async () => {
    const server = await serve((request, response) => {
      const next: Record<string, string> = { "/a": "/b", "/b": "/c", "/c": "/b", "/old": "/new" };
      const location = next[request.url!];
      response.writeHead(location === undefined ? 200 : 301, location === undefined ? {} : { location }).end();
    });
    expect(await verdictsOn(server, ["/a", "/old", "/new"])).toEqual({
      "/a": "broken: redirects in a circle: /a → /b → /c → /b",
      "/old": "moved: to /new",
      "/new": "ok",
    });
  });

  it("that streams for ever is not listened to for ever", async () => {
    const closed: Promise<void>[] = [];
    const server = await serve((request, response) => {
      closed.push(new Promise((resolve) => response.once("close", resolve)));
      response.setHeader("content-type", "text/html");
      const flood = request.url === "/flood";
      const pour = (): void => {
        if (response.destroyed) return;
        response.write(flood ? "x".repeat(1 << 20) : "x", () => (flood ? setImmediate(pour) : setTimeout(pour, 20)));
      };
      pour();
    });
    expect(await verdictsOn(server, ["/", "/flood#a"])).toEqual({ "/": "ok", "/flood#a": "ok" });
    expect(await verdictsOn(server, ["/drip#a"], hasty)).toEqual({ "/drip#a": "broken: no answer within 0.3 seconds" });
    await Promise.all(closed);
    expect(closed).toHaveLength(3);
  });

  it("that has had too much gets the rest it asks for", async () => {
    let asked = 0;
    const server = await serve((_request, response) => {
      if (asked++ > 0) response.end();
      else response.writeHead(429, { "retry-after": "1" }).end();
    });
    expect(await verdictsOn(server, ["/"])).toEqual({ "/": "ok" });
    expect(asked).toBe(2);
    const greedy = await serve((_request, response) => {
      response.writeHead(429, { "retry-after": "600" }).end();
    });
    expect(await verdictsOn(greedy, ["/"])).toEqual({ "/": "broken: HTTP 429, asks to wait for 600 seconds" });
  });

  it("is asked no more than so much at a time", async () => {
    let busy = 0;
    let busiest = 0;
    const server = await serve((_request, response) => {
      busiest = Math.max(busiest, ++busy);
      setTimeout(() => {
        busy--;
        response.end();
      }, 5);
    });
    const paths = Array.from({ length: 30 }, (_, i) => `/${i}`);
    const verdicts = await verdictsOn(server, paths, ["--json", "--per-host", "3"]);
    expect(Object.values(verdicts)).toEqual(paths.map(() => "ok"));
    expect(busiest).toBe(3);
  });
});

describe("a page on the web", () => {
  it("is checked like a document", async () => {
    const server = await serve((request, response) => {
      response.setHeader("content-type", "text/html");
      if (request.url === "/old") response.writeHead(302, { location: "/dir/page" }).end();
      else if (request.url === "/dir/page")
        response.end('<a href="next">1</a> <a href="/gone">2</a> <a href="//[">3</a>');
      else response.writeHead(request.url === "/dir/next" ? 200 : 404).end();
    });
    const said = await runCommand([...calm, `${server}/old#part`, `${server}/gone`]);
    expect(said.code).toBe(1);
    expect(verdictsOf(said)).toEqual({ next: "ok", "/gone": "broken: HTTP 404", "//[": "broken: no address" });
    expect(JSON.parse(said.out)).toMatchObject({
      documents: [`${server}/old#part`],
      failures: [{ source: `${server}/gone`, detail: "HTTP 404" }],
    });
  });

  it("must be one", async () => {
    const server = await serve((_request, response) => {
      response.setHeader("content-type", "text/plain").end("text");
    });
    const said = await runCommand([...calm, server]);
    expect(said.code).toBe(1);
    expect(JSON.parse(said.out).failures).toEqual([{ source: server, detail: "no HTML page" }]);
  });
});

describe("a run", () => {
  it("that takes too long ends at its deadline, and says what it knows", async () => {
    const server = await serve((request, response) => {
      if (request.url !== "/slow") response.end();
    });
    const folder = folderOf({ "a.md": `<${server}/fast> <${server}/slow>` });
    const patient = ["--json", "--timeout", "60", "--deadline", "2"];
    const broken = folderOf({ "a.md": `[a](gone.md) <${server}/slow>` });
    const [said, saidOfBroken] = await Promise.all([folder, broken].map((input) => runCommand([...patient, input])));
    expect(said!.code).toBe(3);
    expect(JSON.parse(said!.out).end).toBe("deadline");
    expect(verdictsOf(said!)).toEqual({ [`${server}/fast`]: "ok", [`${server}/slow`]: "unchecked" });
    expect(saidOfBroken!.code).toBe(1);
  });

  it("that is interrupted stops cleanly, and says what it knows", async () => {
    const controller = new AbortController();
    let dropped: () => void;
    const drop = new Promise<void>((resolve) => {
      dropped = resolve;
    });
    const server = await serve((_request, response) => {
      response.once("close", dropped);
      controller.abort();
    });
    const folder = folderOf({ "a.md": `[a](b.md) <${server}/slow>`, "b.md": "" });
    const said = await runCommand(["--json", "--timeout", "60", folder], controller.signal);
    await drop;
    expect(said.code).toBe(130);
    expect(JSON.parse(said.out).end).toBe("interrupted");
    expect(verdictsOf(said)).toMatchObject({ [`${server}/slow`]: "unchecked" });
  });

  it("on a terminal shows how far it is", async () => {
    const folder = folderOf({ "a.md": "[a](a.md)" });
    let shown = "";
    const code = await command([join(folder, "a.md")], {
      out: () => {},
      err: () => {},
      terminal: (text) => {
        shown += text;
      },
      signal: new AbortController().signal,
    });
    expect(code).toBe(0);
    expect(shown).toBe("\r\x1b[K0 documents, 0 of 0 links\r\x1b[K");
  });
});
