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
  /** Outside the JSON API: an error status without MLflow's words is an answer too. @default false */
  readonly isPlainRoute?: boolean;
  /** Whose time limit holds: a file may take longer. @default 'request' */
  readonly limit?: 'request' | 'file';
  /** What a good answer's body becomes: itself, or its sha256 (32 bytes) while it comes, for one too large to keep. @default 'bytes' */
  readonly bodyAs?: 'bytes' | 'sha256';
}

export function isRepeatable(request: MlflowRequest): boolean {
  return request.isRepeatable ?? request.method === 'GET';
}

/** MLflow 2.x answers 500 for a missing file: an answer to look at, not an outage. */
export function isFileRead(request: MlflowRequest): boolean {
  return request.limit === 'file' && request.method === 'GET';
}

export function isFileWrite(request: MlflowRequest): boolean {
  return request.limit === 'file' && request.method === 'PUT';
}
