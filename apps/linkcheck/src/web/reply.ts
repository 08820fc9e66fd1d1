import { type Coroutine, fromAsync } from "@tsyncio/coroutine";

/** What a server said, as far as it matters. */
export interface Reply {
  readonly status: number;
  readonly location: string | null;
  readonly retryAfter: string | null;
  /** The page, when it was asked for, is HTML and not endless. */
  readonly page: string | null;
}

/** One request, without following redirects. */
export type Ask = (url: string, wantPage: boolean) => Coroutine<Reply>;

/** No page that people read is longer, in bytes. */
const longestPage = 8 * 1024 * 1024;

const headers = {
  "user-agent": "Mozilla/5.0 (compatible; linkcheck; +https://github.com/tsyncio/tsyncio)",
  accept: "text/html,*/*;q=0.8",
};

/** Asks a server. Cancelling it breaks the connection off. */
export const ask: Ask = fromAsync(async function ask(signal, url: string, wantPage: boolean): Promise<Reply> {
  const response = await fetch(url, { signal, headers, redirect: "manual" });
  const isPage = /^(text\/html|application\/xhtml)/i.test(response.headers.get("content-type") ?? "");
  const page = wantPage && isPage && response.ok ? await read(response) : null;
  // A body nobody reads may go on for ever: only breaking off ends it.
  if (response.body?.locked === false) await response.body.cancel();
  return {
    status: response.status,
    location: response.headers.get("location"),
    retryAfter: response.headers.get("retry-after"),
    page,
  };
});

/** The text of a page; null when there is no end to it. */
async function read(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > longestPage) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
