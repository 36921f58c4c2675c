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
  | FollowTrouble;

/** What keeps a look from bringing a version. The one that serves goes on. */
export type FollowTrouble =
  | {
      readonly kind: 'failed';
      readonly model: string;
      /** The version that the alias names and that does not load; null when the registry did not say. */
      readonly version: string | null;
      readonly error: unknown;
    }
  | {
      /** The alias names nothing, or the registered model is not there. */
      readonly kind: 'unset';
      readonly model: string;
      readonly alias: string;
      /** What goes on serving; null when nothing does yet. */
      readonly serving: string | null;
    };
