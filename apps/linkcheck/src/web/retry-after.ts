/** How long a server asks to wait, in milliseconds: it gives seconds, or a date. Null when it asks for nothing. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const whenMs = Date.parse(text);
  return Number.isNaN(whenMs) ? null : Math.max(0, whenMs - nowMs);
}
