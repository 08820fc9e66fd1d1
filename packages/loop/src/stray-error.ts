/** What is known of a stray error. Further keys say what was involved: `future`, `task`, `handle` … */
export interface ExceptionContext {
  /** What happened, in words. */
  message: string;
  /** The error, when there is one. */
  exception?: unknown;
  [detail: string]: unknown;
}

/** Writes a stray error to the console, with all that is known about it. */
export function logStrayError(context: ExceptionContext): void {
  const { message, exception, ...details } = context;
  const lines = [message ?? "Unhandled exception in event loop"];
  for (const name of Object.keys(details).sort()) lines.push(`${name}: ${String(details[name])}`);
  if (exception === undefined) console.error(lines.join("\n"));
  else console.error(`${lines.join("\n")}\n`, exception);
}
