import { describe, expect, it } from "vitest";
import {
  paintCode,
  paintProse,
  palette,
  wrapCode,
  wrapProse,
} from "./layout.ts";

describe("wrapProse", () => {
  it("breaks between words", () => {
    expect(wrapProse("one two three four", 9)).toEqual([
      "one two",
      "three",
      "four",
    ]);
  });

  it("keeps code between backticks together", () => {
    expect(wrapProse("we say `yield* sleep(0)` here", 18)).toEqual([
      "we say",
      "`yield* sleep(0)`",
      "here",
    ]);
  });

  it("cuts a word that is longer than a line", () => {
    expect(wrapProse("a abcdefgh b", 5)).toEqual(["a", "abcde", "fgh b"]);
  });

  it("breaks code that is longer than a line", () => {
    expect(wrapProse("`one two three`", 8)).toEqual([
      "`one two",
      "three`",
    ]);
  });
});

describe("wrapCode", () => {
  it("leaves a line that fits", () => {
    expect(wrapCode("  const one = 1;", 20)).toEqual([
      "  const one = 1;",
    ]);
  });

  it("puts the rest under it, further in", () => {
    expect(wrapCode("  const answer = question;", 18)).toEqual([
      "  const answer =",
      "    question;",
    ]);
  });

  it("cuts what has no space, and always ends", () => {
    expect(wrapCode("abcdefghij", 4)).toEqual([
      "abcd",
      "  ef",
      "  gh",
      "  ij",
    ]);
    expect(
      wrapCode("x".repeat(500), 10).every((l) => l.length <= 10),
    ).toBe(true);
  });
});

describe("colour", () => {
  it("is nothing at all when it is off", () => {
    const paint = palette(false);
    expect(paint.title("x")).toBe("x");
    expect(paintCode("const a = 1; // b", "typescript", paint)).toBe(
      "const a = 1; // b",
    );
    expect(paintProse(["say `this`"], paint)).toEqual(["say `this`"]);
  });

  it("takes the place of backticks, also over a line's end", () => {
    const paint = palette(true);
    expect(paintProse(["a `one", "two` b"], paint)).toEqual([
      "a \x1b[36mone\x1b[39m",
      "\x1b[36mtwo\x1b[39m b",
    ]);
  });

  it("lights up keywords, strings and comments", () => {
    const paint = palette(true);
    expect(paintCode('yield* say("x"); // hm', "typescript", paint)).toBe(
      '\x1b[35myield\x1b[39m* say(\x1b[32m"x"\x1b[39m); \x1b[2m// hm\x1b[22m',
    );
    expect(paintCode('await f("x")  # hm', "python", paint)).toBe(
      '\x1b[35mawait\x1b[39m f(\x1b[32m"x"\x1b[39m)  \x1b[2m# hm\x1b[22m',
    );
  });
});
