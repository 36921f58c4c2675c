/** The server did what was asked. */
export interface MlflowSuccess {
  readonly ok: true;
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Bytes announced by the server, when it did. */
  readonly contentLength: number | undefined;
}

/** The server understood and refused: `{"error_code": ..., "message": ...}`. */
export interface MlflowRefusal {
  readonly ok: false;
  readonly status: number;
  readonly errorCode: string;
  /** Its own words; may quote what was sent. */
  readonly message: string;
}

export type MlflowAnswer = MlflowSuccess | MlflowRefusal;

/** True for a refusal because something named in the request does not exist; an unknown route is something else. */
export function isMissing(answer: MlflowAnswer): boolean {
  return (
    !answer.ok && answer.status === 404 && /^(RESOURCE_DOES_NOT_EXIST|NOT_FOUND)$/.test(answer.errorCode)
  );
}
