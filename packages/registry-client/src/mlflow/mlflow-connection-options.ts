/** Who the client says it is. */
export type MlflowAuthentication =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** How to reach a tracking server. */
export interface MlflowConnectionOptions {
  /** `http` or `https`; a path is kept as prefix, `user:password@` is taken as basic authentication. */
  readonly trackingUri: string;
  /** Goes before a user in the URI. */
  readonly authentication?: MlflowAuthentication;
  /** Certificates and proxies are its business. @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds for one request, its answer and its repeats, without waits that the server asks for. A repeat needs 500 of them. @default 8_000 */
  readonly timeoutMs?: number;
  /** The same for a request that carries a file. @default 120_000 */
  readonly artifactTimeoutMs?: number;
  /** Further attempts of a request that may be repeated. @default 4 */
  readonly retries?: number;
  /** Waits before an attempt; rejects when the signal is aborted. @default a timer */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** 0 to 1, spreads the attempts of many clients. @default Math.random */
  readonly random?: () => number;
  /** Milliseconds since 1970, UTC. @default Date.now */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets, for durations. @default performance.now */
  readonly monotonicNow?: () => number;
  /** Requests under way at once, 1 to 8: more exhaust the connections of an MLflow server. @default 8 */
  readonly maxConcurrency?: number;
  /** Ends every request with `aborted`. */
  readonly signal?: AbortSignal;
}
