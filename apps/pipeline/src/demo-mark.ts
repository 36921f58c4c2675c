import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from './find-project.ts';

/** A file in `.slipway/` that says: only the demo has worked here, so the next demo may delete it all. */
export const demoMark = 'made-by-demo';

/** Takes the mark away: from now on somebody's work lies here, which a demo must keep. */
export async function removeDemoMark({ state }: Project): Promise<void> {
  await rm(join(state, demoMark), { force: true }).catch(() => undefined);
}
