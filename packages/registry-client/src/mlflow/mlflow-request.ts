/** One call of the REST API. */
export interface MlflowRequest {
  /** What is being done, for messages: "reading a run". */
  readonly action: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the tracking URI, percent-encoded, without a leading slash. */
  readonly path: string;
  /** Left out where undefined. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as it is. */
  readonly content?: Uint8Array;
  /** A second arrival changes nothing. @default true for GET, false for others */
  readonly isRepeatable?: boolean;
  /** A refusal for a lost race inside the server's database wrote nothing, so it may be sent again. @default isRepeatable */
  readonly mayRepeatRefusal?: boolean;
  /** Carries a file: more time, and an error status without MLflow's words is an answer too. @default false */
  readonly isFileRoute?: boolean;
  /** Goes a file's route and carries none: no more time than any other request. @default false */
  readonly isShort?: boolean;
  /** Hash a good answer while it comes instead of keeping it: the body is then its sha256, 32 bytes. @default false */
  readonly isHashed?: boolean;
}

export function isRepeatable(request: MlflowRequest): boolean {
  return request.isRepeatable ?? request.method === 'GET';
}

/** MLflow 2.x answers 500 for a missing file: an answer to look at, not an outage. */
export function isFileRead(request: MlflowRequest): boolean {
  return request.isFileRoute === true && request.method === 'GET';
}
