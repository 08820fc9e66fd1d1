const longest = 80;

/** A value as an error message or a `toString()` shows it: short, on one line, never throwing. */
export function showResult(value: unknown): string {
  try {
    return shorten(text(value));
  } catch {
    return "(a value that cannot be shown)";
  }
}

function text(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return value.name === "" ? "an anonymous function" : `function ${value.name}`;
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Error)
    return value.message === "" ? value.name : `${value.name}(${JSON.stringify(value.message)})`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  const own = (value as { toString?: unknown }).toString;
  if (typeof own === "function" && own !== Object.prototype.toString) return String(value);
  const name = (value as object).constructor?.name;
  return name === "Object" || name === undefined ? `{${Object.keys(value).join(", ")}}` : `<${name}>`;
}

function shorten(shown: string): string {
  const line = shown.replaceAll("\n", " ");
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
