import { SlipwayError } from '@slipway/contracts';
import type { FollowTrouble } from './follow-event.ts';

/** Tells of each trouble once, as a follower meets it at every look. */
export interface TroubleReport {
  report(trouble: FollowTrouble): void;
  /** A look ended well: what comes after is news again. */
  end(): void;
}

export function createTroubleReport(onTrouble: (trouble: FollowTrouble) => void): TroubleReport {
  const told = new Set<string>();
  return {
    report(trouble) {
      const key = keyOf(trouble);
      if (told.has(key)) return;
      told.add(key);
      onTrouble(trouble);
    },
    end: () => told.clear(),
  };
}

function keyOf(trouble: FollowTrouble): string {
  if (trouble.kind === 'unset') return trouble.kind;
  const { version, error } = trouble;
  return JSON.stringify([trouble.kind, version, codeOf(error)]);
}

/** A failure without a code is told apart by its message. */
function codeOf(error: unknown): string {
  if (SlipwayError.isInstance(error)) return error.code;
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? String(error);
}
