/** What happened to a followed model, for logs and metrics. */
export type FollowEvent =
  | {
      readonly kind: 'swapped';
      readonly model: string;
      readonly from: string | null;
      readonly to: string;
      /** Tells two versions of one number apart: a model that was deleted and deployed again begins at 1. */
      readonly runId: string | null;
    }
  | { readonly kind: 'cached'; readonly model: string; readonly version: string }
  | { readonly kind: 'failed'; readonly model: string; readonly error: unknown };
