import { describe, expect, it } from "vitest";
import { explain } from "./failure.ts";
import { retryAfterMs } from "./retry-after.ts";

describe("a failure", () => {
  it.each([
    ["ENOTFOUND", { detail: "no such host", passing: false }],
    ["ECONNREFUSED", { detail: "the host refused the connection", passing: true }],
    ["CERT_HAS_EXPIRED", { detail: "said so", passing: false }],
    ["EWHATEVER", { detail: "said so", passing: true }],
  ])("%s is explained by its cause", (code, failure) => {
    const cause = Object.assign(new Error("said so"), { code });
    expect(explain(new TypeError("fetch failed", { cause }))).toEqual(failure);
  });

  it("without a cause is its own", () => {
    expect(explain(new Error("plain"))).toEqual({ detail: "plain", passing: true });
    expect(explain(new Error("fetch failed", { cause: new Error("") })).detail).toBe("Error: fetch failed");
    expect(explain("text").detail).toBe("text");
    expect(explain(null).detail).toBe("null");
  });
});

describe("Retry-After", () => {
  it("is a number of seconds or a date", () => {
    const nowMs = Date.parse("2026-01-01T00:00:00Z");
    expect(retryAfterMs(" 120 ", nowMs)).toBe(120_000);
    expect(retryAfterMs("Thu, 01 Jan 2026 00:00:07 GMT", nowMs)).toBe(7000);
    expect(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", nowMs)).toBe(0);
    expect(retryAfterMs("soon", nowMs)).toBeNull();
    expect(retryAfterMs(null, nowMs)).toBeNull();
  });
});
