import type { Queryable } from '@slipway/database';

/**
 * Lets no erasure come between what a build reads and what it enters: an erasure waits for builds that have begun, and builds
 * that begin later read what it has left. The first statement of their transaction.
 */
export async function holdOffErasures(queryable: Queryable): Promise<void> {
  await queryable.execute('LOCK TABLE training.dataset IN ROW EXCLUSIVE MODE');
}
