/** A sleep made of a native promise and a native timer: what the chapter "sleep" shows. */
export function nap(delayMs: number): Promise<void> {
  return new Promise((succeed) => {
    setTimeout(succeed, delayMs);
  });
}
