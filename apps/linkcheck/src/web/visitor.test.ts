import { coroutine } from "@tsyncio/coroutine";
import { getRunningLoop } from "@tsyncio/loop";
import { createTask, gather, sleep, wait } from "@tsyncio/task";
import { runVirtual } from "@tsyncio/testing";
import { describe, expect, it } from "vitest";
import type { Reply } from "./reply.ts";
import { type VisitOptions, Visitor } from "./visitor.ts";

const options: VisitOptions = {
  perHost: 2,
  requests: 3,
  retries: 2,
  timeoutMs: 1000,
  backoffMs: 100,
  patienceMs: 10_000,
};

type Answer = Partial<Reply> | Error | "never";

/** A web whose servers answer after 10 ms, and which notes when they were asked. */
class Web {
  readonly asked: string[] = [];
  busy = 0;
  busiest = 0;

  constructor(private readonly answers: Record<string, readonly Answer[]>) {}

  readonly ask = coroutine(
    function* ask(this: Web, url: string) {
      this.asked.push(`${getRunningLoop().time()} ${url}`);
      const before = this.asked.filter((entry) => entry.endsWith(` ${url}`)).length - 1;
      const answers = this.answers[new URL(url).pathname] ?? [{ status: 200 }];
      const answer = answers[Math.min(before, answers.length - 1)]!;
      this.busiest = Math.max(this.busiest, ++this.busy);
      try {
        yield* sleep(answer === "never" ? 1e9 : 10);
      } finally {
        this.busy--;
      }
      if (answer instanceof Error) throw answer;
      return { status: 200, location: null, retryAfter: null, page: null, ...(answer as Partial<Reply>) };
    }.bind(this),
  );
}

/** The visit of one page of a host, and when the host was asked. */
function visit(path: string, answers: Record<string, readonly Answer[]>, changed: Partial<VisitOptions> = {}) {
  const web = new Web(answers);
  const result = runVirtual(() =>
    new Visitor({ ...options, ...changed }, web.ask, () => 0).visit(`https://a.example${path}`, false),
  );
  return { ...result, asked: web.asked };
}

const reset = Object.assign(new TypeError("fetch failed"), {
  cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
});

describe("a visit", () => {
  it("is fine when the answer is", () => {
    const { verdict, url, asked } = visit("/", {});
    expect({ verdict, url }).toEqual({ verdict: { state: "ok" }, url: "https://a.example/" });
    expect(asked).toEqual(["0 https://a.example/"]);
  });

  it.each([
    [404, { state: "broken", detail: "HTTP 404" }],
    [410, { state: "broken", detail: "HTTP 410" }],
    [304, { state: "broken", detail: "HTTP 304" }],
    [501, { state: "broken", detail: "HTTP 501" }],
    [204, { state: "ok" }],
    [401, { state: "restricted", detail: "HTTP 401" }],
    [403, { state: "restricted", detail: "HTTP 403" }],
  ])("that is answered with %i is not tried again", (status, verdict) => {
    const visited = visit("/", { "/": [{ status }] });
    expect(visited.verdict).toEqual(verdict);
    expect(visited.asked).toHaveLength(1);
  });

  it("is tried again, each time later, when the server is not well", () => {
    const { verdict, asked } = visit("/", { "/": [{ status: 503 }, reset, { status: 200 }] });
    expect(verdict).toEqual({ state: "ok" });
    expect(asked.map((entry) => Number.parseInt(entry, 10))).toEqual([0, 110, 320]);
  });

  it("is given up after so many times", () => {
    expect(visit("/", { "/": [{ status: 500 }] })).toMatchObject({
      verdict: { state: "broken", detail: "HTTP 500" },
      asked: { length: 3 },
    });
    expect(visit("/", { "/": [reset] }, { retries: 1 })).toMatchObject({
      verdict: { state: "broken", detail: "the connection was closed" },
      asked: { length: 2 },
    });
  });

  it("takes no longer than it may", () => {
    const { verdict, asked } = visit("/", { "/": ["never"] }, { retries: 1 });
    expect(verdict).toEqual({ state: "broken", detail: "no answer within 1 seconds" });
    expect(asked.map((entry) => Number.parseInt(entry, 10))).toEqual([0, 1100]);
  });

  it("is not tried again when that is of no use", () => {
    const gone = new TypeError("fetch failed", {
      cause: Object.assign(new Error("getaddrinfo ENOTFOUND a.example"), { code: "ENOTFOUND" }),
    });
    const { verdict, asked } = visit("/", { "/": [gone] });
    expect(verdict).toEqual({ state: "broken", detail: "no such host" });
    expect(asked).toHaveLength(1);
  });

  it("follows redirects to other hosts", () => {
    const { verdict, url } = visit("/", {
      "/": [{ status: 302, location: "/next#part" }],
      "/next": [{ status: 301, location: "https://b.example/end" }],
    });
    expect({ verdict, url }).toEqual({ verdict: { state: "ok" }, url: "https://b.example/end" });
  });

  it("says where something has moved for good", () => {
    const { verdict } = visit("/", {
      "/": [{ status: 301, location: "/next" }],
      "/next": [{ status: 308, location: "/end" }],
    });
    expect(verdict).toEqual({ state: "moved", detail: "to https://a.example/end" });
  });

  it("does not walk in circles", () => {
    const { verdict, asked } = visit("/a", {
      "/a": [{ status: 302, location: "/b" }],
      "/b": [{ status: 302, location: "/a" }],
    });
    expect(verdict).toEqual({
      state: "broken",
      detail: "redirects in a circle: https://a.example/a → https://a.example/b → https://a.example/a",
    });
    expect(asked).toHaveLength(2);
  });

  it("does not walk for ever", () => {
    const answers = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`/${i}`, [{ status: 302, location: `/${i + 1}` }]]),
    );
    expect(visit("/0", answers)).toMatchObject({
      verdict: { state: "broken", detail: "redirects more than 10 times" },
      asked: { length: 11 },
    });
  });

  it.each(["ftp://a.example/", "http://[", "mailto:a@b.example"])("does not follow to %s", (location) => {
    expect(visit("/", { "/": [{ status: 302, location }] }).verdict).toEqual({
      state: "broken",
      detail: `redirects to ${location}, which is no address on the web`,
    });
  });

  it("can be cancelled at any time", () =>
    runVirtual(function* () {
      const web = new Web({ "/": ["never"] });
      const visitor = new Visitor({ ...options, requests: 1 }, web.ask);
      const tasks = [1, 2, 3].map(() => createTask(visitor.visit("https://a.example/", false)));
      yield* sleep(5);
      for (const task of tasks) task.cancel();
      yield* wait(tasks);
      expect(tasks.map((task) => task.cancelled())).toEqual([true, true, true]);
      expect(web.busy).toBe(0);
    }));
});

describe("a host", () => {
  it("is asked no more than so much at a time, and so are all together", () =>
    runVirtual(function* () {
      const counts: number[] = [];
      for (const hosts of [["a"], ["a", "b", "c"]]) {
        const web = new Web({});
        const visitor = new Visitor(options, web.ask);
        yield* gather(
          Array.from({ length: 12 }, (_, i) => visitor.visit(`https://${hosts[i % hosts.length]}.example/${i}`, false)),
        );
        counts.push(web.busiest);
      }
      expect(counts).toEqual([2, 3]);
    }));

  it("rests as long as it asks to, for all requests to it", () => {
    const web = new Web({ "/busy": [{ status: 429, retryAfter: "5" }, { status: 200 }] });
    const verdicts = runVirtual(function* () {
      const visitor = new Visitor({ ...options, perHost: 1 }, web.ask);
      const visits = yield* gather(
        ["https://a.example/busy", "https://a.example/2", "https://b.example/3"].map((url) =>
          visitor.visit(url, false),
        ),
      );
      return visits.map((visited) => visited.verdict.state);
    });
    expect(verdicts).toEqual(["ok", "ok", "ok"]);
    expect(web.asked).toEqual([
      "0 https://a.example/busy",
      "0 https://b.example/3",
      "5010 https://a.example/2",
      "5020 https://a.example/busy",
    ]);
  });

  it("is given up when it asks to wait for too long", () => {
    const { verdict, asked } = visit("/", { "/": [{ status: 429, retryAfter: "3600" }] });
    expect(verdict).toEqual({ state: "broken", detail: "HTTP 429, asks to wait for 3600 seconds" });
    expect(asked).toHaveLength(1);
  });
});
