import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { fromAsync } from "@tsyncio/coroutine";
import { Semaphore } from "@tsyncio/sync";
import { run, taskGroup } from "@tsyncio/task";
import {
  type Chapter,
  example,
  type Stage,
  say,
  show,
} from "../chapter.ts";
import { print } from "../print.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** The sources of our own packages, as paths below the root. */
function listFiles(): string[] {
  const sources = readdirSync(`${root}packages`).map(
    (name) => `packages/${name}/src`,
  );
  return sources
    .filter((folder) => existsSync(root + folder))
    .flatMap((folder) =>
      readdirSync(root + folder, { recursive: true }).map(
        (path) => `${folder}/${String(path).replaceAll("\\", "/")}`,
      ),
    )
    .filter((path) => /(?<!\.test|\.test-d)\.ts$/.test(path))
    .sort();
}

// #region server
function serve(paths: readonly string[]) {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "/").slice(1);
    try {
      if (!paths.includes(path)) throw new Error("not ours");
      response.end(await readFile(root + path));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.keepAliveTimeout = 0; // never hang up on a slow client
  return server;
}

const listen = fromAsync(async (_signal, server: Server) => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
});

const close = fromAsync(async (_signal, server: Server) => {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
});
// #endregion

// #region fetch
const fetchText = fromAsync(async (signal, url: string) => {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return await response.text();
});

function* fetchAll(base: string, paths: readonly string[], stage: Stage) {
  const gate = new Semaphore(6); // six at a time, no more
  const texts = new Map<string, string>();
  function* fetchOne(path: string) {
    yield* gate.hold(function* () {
      texts.set(path, yield* fetchText(base + path));
      stage.progress(`${texts.size} of ${paths.length}: ${path}`);
    });
  }
  yield* taskGroup(function* (group) {
    for (const path of paths) group.createTask(fetchOne(path));
  });
  return texts;
}

function* ourOwnFiles(stage: Stage) {
  const paths = listFiles();
  const server = serve(paths);
  try {
    const base = `http://127.0.0.1:${yield* listen(server)}/`;
    const texts = yield* fetchAll(base, paths, stage);
    const lines = [...texts.values()].join("").split("\n").length - 1;
    print(`${texts.size} of ${paths.length} files, ${lines} lines`);
  } finally {
    yield* close(server);
    print("the server is closed:", !server.listening);
  }
}

async function fetchOurOwnFiles(stage: Stage) {
  try {
    await run(ourOwnFiles(stage), { signal: stage.signal });
  } catch (error) {
    if (!stage.signal.aborted) throw error;
    print("you stopped it, and nothing is left running");
  }
}
// #endregion

/** How many files there are changes with the repository; that all of them came does not. */
function allFetched(lines: readonly string[]): string | undefined {
  const [fetched = "", closed = ""] = lines;
  if (!/^(\d+) of \1 files, \d{3,} lines$/.test(fetched)) {
    return `All the files should be fetched, and the output says: ${fetched}`;
  }
  if (closed !== "the server is closed: true" || lines.length > 2) {
    return `The server should be closed, and the output says: ${lines.slice(1).join(" / ")}`;
  }
  return undefined;
}

export const chapter: Chapter = {
  name: "files",
  title: "A real job: a server, many requests, and Ctrl-C",
  source: import.meta.url,
  parts: [
    say(`
      Enough toys. Here is an HTTP server that serves the sources of these very
      packages, and a client that fetches them all, at most six at a time.

      Both use what the platform gives: promises and an AbortSignal. \`fromAsync\`
      turns such a function into a coroutine. If the coroutine is cancelled, the
      signal aborts, and the request stops on the wire.
    `),
    show("server"),
    say(`
      Now the client. You know its parts: a group, in which one failure stops
      all; a semaphore, which is a lock with six keys; and a \`finally\` that
      closes the server, however this ends. Press Ctrl-C while it runs, if you
      are quick: the group is cancelled, the server is closed, the tour ends.
    `),
    example("fetch", fetchOurOwnFiles, allFetched),
    say(`
      That was the tour. What you saw is in the folder \`packages\`, one layer
      in each. Begin with \`future\`: it is short. Thank you for coming.
    `),
  ],
};
