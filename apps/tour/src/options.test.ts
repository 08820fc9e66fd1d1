import { describe, expect, it } from "vitest";
import { readOptions, UsageError } from "./options.ts";

describe("readOptions", () => {
  it("knows nothing by default", () => {
    expect(readOptions([])).toEqual({
      help: false,
      list: false,
      step: false,
      height: null,
      chapters: [],
    });
  });

  it("takes options and chapters in any order, and npm's --", () => {
    expect(
      readOptions(["--", "tower", "--step", "--height", "5", "lock"]),
    ).toEqual({
      help: false,
      list: false,
      step: true,
      height: 5,
      chapters: ["tower", "lock"],
    });
    expect(readOptions(["--height=2", "--list", "-h"])).toMatchObject({
      height: 2,
      list: true,
      help: true,
    });
  });

  it.each(["--colour", "-x", "-1"])("refuses the option %s", (word) => {
    expect(() => readOptions([word])).toThrow(
      new UsageError(
        `There is no option ${word}. "npm run tour -- --help" lists them.`,
      ),
    );
  });

  it.each(["0", "-1", "1.5", "21", "high", "", "1e1"])(
    "refuses the height %j",
    (height) => {
      expect(() => readOptions(["--height", height])).toThrow(
        new UsageError(
          `--height takes a whole number from 1 to 20, and was given ${JSON.stringify(height)}.`,
        ),
      );
    },
  );

  it("refuses a height that is missing", () => {
    expect(() => readOptions(["tower", "--height"])).toThrow(
      new UsageError(
        "--height takes a whole number from 1 to 20, and was given nothing.",
      ),
    );
  });
});
