import { coroutine } from "@tsyncio/coroutine";
import { CancelledError } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { Semaphore } from "@tsyncio/sync";
import { sleep, TimeoutError, timeout } from "@tsyncio/task";
import type { Verdict } from "../findings.ts";
import type { Options } from "../options.ts";
import { explain } from "./failure.ts";
import { type Ask, ask, type Reply } from "./reply.ts";
import { retryAfterMs } from "./retry-after.ts";

/** What a visit found. */
interface Visit {
  readonly verdict: Verdict;
  /** Where the redirects led. */
  readonly url: string;
  /** The page there, when it was wanted and there is one. */
  readonly page: string | null;
}

export type VisitOptions = Pick<Options, "perHost" | "requests" | "retries" | "timeoutMs" | "backoffMs" | "patienceMs">;

const mostRedirects = 10;

/** No answer worth the name. */
class Unreachable extends Error {}

/** A host, and how much it may be asked. */
interface Host {
  readonly requests: Semaphore;
  /** When it wants to be asked again, in milliseconds of the loop's clock. */
  restsUntilMs: number;
}

/** Asks the web: not too much at a time, not for too long, and again when that may help. */
export class Visitor {
  private readonly _options: VisitOptions;
  private readonly _ask: Ask;
  private readonly _random: () => number;
  private readonly _requests: Semaphore;
  private readonly _hosts = new Map<string, Host>();

  constructor(options: VisitOptions, askServer: Ask = ask, random: () => number = Math.random) {
    this._options = options;
    this._ask = askServer;
    this._random = random;
    this._requests = new Semaphore(options.requests);
  }

  /** Follows an address to its end. Suspends as long as it takes; cancelling it breaks off what is under way. */
  readonly visit = coroutine(
    function* visit(this: Visitor, address: string, wantPage: boolean) {
      const way = [address];
      let forGood = true;
      for (;;) {
        const url = way.at(-1)!;
        const end = (verdict: Verdict, page: string | null = null): Visit => ({ verdict, url, page });
        let reply: Reply;
        try {
          reply = yield* this._askPatiently(url, wantPage);
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error;
          return end({ state: "broken", detail: error.message });
        }
        const { status, location, page } = reply;
        if (status < 300 || status >= 400 || location === null) {
          const moved = way.length > 1 && forGood ? url : null;
          return end(verdictOf(status, moved), page);
        }
        const next = URL.canParse(location, url) ? new URL(location, url) : null;
        if (next === null || !/^https?:$/.test(next.protocol)) {
          return end({ state: "broken", detail: `redirects to ${location}, which is no address on the web` });
        }
        next.hash = "";
        way.push(next.href);
        if (way.indexOf(next.href) < way.length - 1) {
          return end({ state: "broken", detail: `redirects in a circle: ${way.join(" → ")}` });
        }
        if (way.length > mostRedirects + 1) {
          return end({ state: "broken", detail: `redirects more than ${mostRedirects} times` });
        }
        forGood &&= status === 301 || status === 308;
      }
    }.bind(this),
  );

  /** Asks until there is an answer that will not change soon. @throws Unreachable when there is none. */
  private *_askPatiently(url: string, wantPage: boolean) {
    const { retries, backoffMs, patienceMs } = this._options;
    for (let attempt = 0; ; attempt++) {
      let waitMs = backoffMs * 2 ** attempt * (1 + this._random() / 2);
      const answer = yield* this._askOnce(url, wantPage);
      if (answer instanceof Unreachable) {
        if (attempt >= retries) throw answer;
      } else {
        if (attempt >= retries || !isPassing(answer.status)) return answer;
        const askedMs = retryAfterMs(answer.retryAfter, Date.now());
        if (askedMs !== null) {
          if (askedMs > patienceMs) {
            throw new Unreachable(`HTTP ${answer.status}, asks to wait for ${Math.ceil(askedMs / 1000)} seconds`);
          }
          // All of the host rests, not only this request.
          const host = this._hostOf(url);
          host.restsUntilMs = Math.max(host.restsUntilMs, getRunningLoop().time() + askedMs);
          waitMs = 0;
        }
      }
      yield* sleep(waitMs);
    }
  }

  /** One request, in its turn. @throws Unreachable when trying again is of no use. */
  private *_askOnce(url: string, wantPage: boolean) {
    const { timeoutMs } = this._options;
    const host = this._hostOf(url);
    using _ofHost = yield* host.requests.acquire();
    for (;;) {
      const restMs = host.restsUntilMs - getRunningLoop().time();
      if (restMs <= 0) break;
      yield* sleep(restMs);
    }
    using _ofAll = yield* this._requests.acquire();
    try {
      return yield* timeout(timeoutMs, () => this._ask(url, wantPage));
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      if (error instanceof TimeoutError) return new Unreachable(`no answer within ${timeoutMs / 1000} seconds`);
      const { detail, passing } = explain(error);
      const unreachable = new Unreachable(detail, { cause: error });
      if (!passing) throw unreachable;
      return unreachable;
    }
  }

  private _hostOf(url: string): Host {
    const { host } = new URL(url);
    let known = this._hosts.get(host);
    if (known === undefined) {
      known = { requests: new Semaphore(this._options.perHost), restsUntilMs: 0 };
      this._hosts.set(host, known);
    }
    return known;
  }
}

/** Whether the same question may have another answer soon. */
function isPassing(status: number): boolean {
  return status === 429 || status === 408 || (status >= 500 && status !== 501);
}

function verdictOf(status: number, moved: string | null): Verdict {
  if (status === 401 || status === 403 || status === 407) return { state: "restricted", detail: `HTTP ${status}` };
  if (status < 200 || status >= 300) return { state: "broken", detail: `HTTP ${status}` };
  return moved === null ? { state: "ok" } : { state: "moved", detail: `to ${moved}` };
}
