import { SlipwayError, type Digest } from '@slipway/contracts';
import type { CataloguedDataset } from '@slipway/datasets';
import type { Registry, Run } from '@slipway/registry-client';

export interface RetentionRules {
  /** The newest versions of each model whose data stays, whatever their aliases. */
  readonly keepVersions: number;
  /** Runs started, and datasets asked for, within so many days keep their data. */
  readonly keepDays: number;
}

/**
 * Why the registry needs a dataset, by digest: aliased versions, the newest versions, young and unfinished runs. A run the
 * registry does not know keeps its data as well: it may be another registry's. Every model that used a dataset is asked
 * about, of all environments that share the database.
 * @throws SlipwayError `registry_unavailable`: then nothing may be dropped; `invalid_argument` for a `keepVersions` that is no
 * count
 */
export async function findDatasetRoots(
  registry: Registry,
  datasets: readonly CataloguedDataset[],
  { keepVersions, keepDays, now }: RetentionRules & { readonly now: number },
): Promise<ReadonlyMap<Digest, string>> {
  checkKeepVersions(keepVersions);
  const models = new Set(datasets.flatMap(({ uses }) => uses.map(({ model }) => model)));
  const needs = new Map<string, Need>();
  for (const model of models) await needVersions(registry, needs, { model, keepVersions });
  const floor = now - keepDays * 86_400_000;
  const roots = new Map<Digest, string>();
  const stored = datasets.filter(({ swept }) => swept === null);
  for (const { ref, uses } of stored) {
    const found = uses.flatMap(({ runId }) => needs.get(runId) ?? []);
    const need = found.find(({ isAliased }) => isAliased) ?? found[0];
    if (need !== undefined) roots.set(ref.digest, need.reason);
  }
  const asked = new Map<string, string | undefined>();
  for (const { ref, uses } of stored.filter((dataset) => !roots.has(dataset.ref.digest))) {
    for (const { runId } of uses) {
      if (!asked.has(runId))
        asked.set(runId, describeRun(runId, await findRun(registry, runId), { floor, keepDays }));
      const reason = asked.get(runId);
      if (reason === undefined) continue;
      roots.set(ref.digest, reason);
      break;
    }
  }
  return roots;
}

/** Every comparison with what is no number would be false, and no version keep its data. */
function checkKeepVersions(keepVersions: number): void {
  if (Number.isSafeInteger(keepVersions) && keepVersions >= 0) return;
  throw new SlipwayError('invalid_argument', {
    what: '"keepVersions" must be a whole number from 0',
    next: 'Correct it, or leave it out; nothing was dropped',
  });
}

/** Why a run keeps its data. */
interface Need {
  readonly reason: string;
  readonly isAliased: boolean;
}

/** Notes the runs of aliased and of the newest versions. An alias says more, so it comes first. */
async function needVersions(
  registry: Registry,
  needs: Map<string, Need>,
  { model, keepVersions }: { readonly model: string; readonly keepVersions: number },
): Promise<void> {
  const versions = await registry.listModelVersions(model);
  for (const [place, { version, aliases, runId }] of versions.entries()) {
    if (runId === null) continue;
    const name = `${model}, version ${version}`;
    if (aliases.length > 0)
      needs.set(runId, { reason: `alias ${aliases.join(' and ')} of ${name}`, isAliased: true });
    else if (place < keepVersions && !needs.has(runId))
      needs.set(runId, { reason: `among the newest ${keepVersions} versions: ${name}`, isAliased: false });
  }
}

function describeRun(
  runId: string,
  run: Run | undefined,
  { floor, keepDays }: { readonly floor: number; readonly keepDays: number },
): string | undefined {
  if (run === undefined) return `used by run ${runId}, which this registry does not know`;
  if (run.status === 'RUNNING') return `used by run ${runId}, which is not finished`;
  return run.startTime >= floor ? `used by run ${runId} of the last ${keepDays} days` : undefined;
}

async function findRun(registry: Registry, runId: string): Promise<Run | undefined> {
  try {
    return await registry.getRun(runId);
  } catch (error) {
    if (SlipwayError.isInstance(error) && error.code === 'run_not_found') return undefined;
    throw error;
  }
}
