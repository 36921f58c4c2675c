import type { Transaction } from '@slipway/database';

/**
 * Plans the rest of a transaction for one pass over many rows. The planner takes a row for cheap to hash and dear to hand
 * over, and so hashes all of them in one process; how many workers there are is still the server's to say. Compiling the
 * expressions again in each worker costs more than it saves.
 */
export async function preferParallelPlans(transaction: Transaction): Promise<void> {
  await transaction.execute(
    `SELECT set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
       set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`,
  );
}
