/** Why a request failed, for people; and whether it is of use to try again. */
export interface Failure {
  readonly detail: string;
  readonly passing: boolean;
}

const explanations: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name of the host could not be looked up",
  ECONNREFUSED: "the host refused the connection",
  ECONNRESET: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
};

/** What about a host does not change within a minute. */
const lasting = /^(ENOTFOUND|ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;

/** Explains what `fetch` threw: the cause is what matters, "fetch failed" says nothing. */
export function explain(error: unknown): Failure {
  const cause = ((error as Partial<Error> | null)?.cause ?? error) as Partial<NodeJS.ErrnoException> | null;
  const code = typeof cause?.code === "string" ? cause.code : "";
  const message = typeof cause?.message === "string" && cause.message !== "" ? cause.message : String(error);
  return { detail: explanations[code] ?? message, passing: !lasting.test(code) };
}
