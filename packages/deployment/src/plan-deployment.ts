import { SlipwayError, type AliasMove } from '@slipway/contracts';
import { readLoads } from '@slipway/features';
import { registeredName, type ModelVersion } from '@slipway/registry-client';
import { readAliasMoves } from './alias-moves.ts';
import {
  describeChanges,
  inputsDigest,
  trainingInputsOf,
  type TrainingInputs,
} from './configuration-slices.ts';
import { findAttemptOf, findLastDecided, type DecidedAttempt } from './decided-attempts.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { describePromotion } from './describe-promotion.ts';
import { featureTableOf } from './feature-table-of.ts';
import { findHeldBack, holdBack } from './hold-back.ts';
import type { ModelDefinition } from './model-definition.ts';
import { describeInputChanges } from './training-inputs-file.ts';
import { findRollbackFrom } from './rollback-target.ts';

/** What a deploy would do and why. `deploy` does exactly this. */
export interface DeploymentPlan {
  readonly model: string;
  readonly registeredName: string;
  /**
   * `nothing`: these inputs are deployed. `held`: they were decided against, and have not changed. `waiting`: the
   * feature table has no rows yet, or lacks loads that the last decided attempt was trained on.
   */
  readonly action: 'deploy' | 'nothing' | 'held' | 'waiting';
  /** In words, one a line: what changed, or why nothing happens. */
  readonly reasons: readonly string[];
  /** True things that start no deployment, such as new feature rows, and how to get out when the model is held. */
  readonly information: readonly string[];
  /**
   * Load number the data will be read at: pinned to the last decided attempt; the newest for a first one, and after one that
   * had too few rows.
   */
  readonly watermark: number;
  readonly inputsDigest: string;
  readonly productionVersion: string | null;
}

/**
 * Compares a configuration with the last decided attempt in the registry. Reads only.
 * New feature rows are information: only `retrain` (or a first deployment) advances data.
 * @throws SlipwayError `feature_table_unknown`, `not_deployable`
 */
export async function planDeployment(
  context: DeploymentContext,
  model: ModelDefinition,
): Promise<DeploymentPlan> {
  const name = registeredName(model.name, context.environment);
  const newest = await newestWatermark(context, model);
  const [last, production] = [
    await findLastDecided(context, name),
    await context.registry.findVersionByAlias(name, 'production'),
  ];
  if (production === undefined) checkThreshold(model);
  const takesNewest = last?.outcome === 'insufficient';
  const watermark = takesNewest ? newest : (last?.watermark ?? newest);
  const inputs = trainingInputsOf(model);
  const plan = {
    model: model.name,
    registeredName: name,
    watermark,
    inputsDigest: inputsDigest(inputs, watermark),
    productionVersion: production?.version ?? null,
    information: describeNewData(last, newest, model.featureTable),
  };
  if (newest === 0) return { ...plan, action: 'waiting', reasons: [describeEmpty(model)] };
  if (last === undefined)
    return { ...plan, action: 'deploy', reasons: ['first deployment: nothing was decided before'] };
  const changes = await describeInputChanges(context.registry, last, inputs);
  if (changes.length > 0) {
    if (watermark > newest)
      return { ...plan, action: 'waiting', reasons: [describeMissingLoads(model, { watermark, newest })] };
    const serving = production && (await findAttemptOf(context.registry, production));
    const decision = planChanged(inputs, { serving, watermark, changes });
    if (decision.action !== 'deploy') return { ...plan, ...decision };
    const held = await findHeldBack(context.registry, { ...plan, name });
    return withWayOut(plan, held ?? decision);
  }
  const moves = await readAliasMoves(context.registry, name);
  const isServing = production !== undefined;
  const decision = planUnchanged(model, { last, newest, moves, isServing });
  // Who is held is told the way out already.
  const serving = decision.wayOut === undefined ? describeServing(model, { last, production, moves }) : [];
  return withWayOut({ ...plan, information: [...serving, ...plan.information] }, decision);
}

/** A plan with what was decided; how to get out when the model is held comes first. */
function withWayOut(
  plan: Omit<DeploymentPlan, keyof Decision>,
  { wayOut = [], ...decision }: Decision & { readonly wayOut?: readonly string[] },
): DeploymentPlan {
  return { ...plan, ...decision, information: [...wayOut, ...plan.information] };
}

/** The newest load number of a model's feature table, 0 before the first load. @throws SlipwayError `feature_table_unknown` */
export async function newestWatermark(context: DeploymentContext, model: ModelDefinition): Promise<number> {
  const loads = await readLoads(context.database, featureTableOf(context, model).name);
  return loads?.newest ?? 0;
}

/** @throws SlipwayError `not_deployable`: before anything is built, and not after the training */
function checkThreshold({ name, gate }: ModelDefinition): void {
  if (gate.threshold !== undefined) return;
  throw new SlipwayError('not_deployable', {
    what: `${name} has no threshold, and nothing serves yet that a candidate could be compared with`,
    expected: `"gate.threshold", the ${gate.metric} that is good enough for the business`,
    next: 'Add it to the model configuration',
  });
}

/** A configuration that went back to what serves has nothing to deploy, whatever was tried in between. */
function planChanged(
  inputs: TrainingInputs,
  {
    serving,
    watermark,
    changes,
  }: { serving: DecidedAttempt | undefined; watermark: number; changes: readonly string[] },
): Decision {
  if (serving === undefined) return { action: 'deploy', reasons: changes };
  const isSame = serving.inputsDigest === inputsDigest(inputs, serving.watermark);
  // A run that is not finished is a deploy that died after its promotion: there is an end to write.
  if (isSame && serving.run.status === 'FINISHED') {
    const version = serving.version?.version ?? '';
    return { action: 'nothing', reasons: [`version ${version} serves and was made from these inputs`] };
  }
  const data = serving.watermark === watermark ? [] : [`data: load ${serving.watermark} -> ${watermark}`];
  return { action: 'deploy', reasons: [...changes, ...data] };
}

type Decision = Pick<DeploymentPlan, 'action' | 'reasons'>;

function planUnchanged(
  model: ModelDefinition,
  {
    last,
    newest,
    moves,
    isServing,
  }: {
    readonly last: DecidedAttempt;
    readonly newest: number;
    readonly moves: readonly AliasMove[];
    readonly isServing: boolean;
  },
): Decision & { readonly wayOut?: readonly string[] } {
  const on = new Date(last.run.endTime ?? last.run.startTime).toISOString().slice(0, 16).replace('T', ' ');
  if (last.outcome === 'insufficient' && newest > last.watermark) {
    return { action: 'deploy', reasons: [`too few fresh rows on ${on}; there are newer loads now`] };
  }
  const gateChanges = describeChanges(last.gate, JSON.parse(JSON.stringify(model.gate)), 'gate');
  if (last.outcome === 'rejected' || last.outcome === 'insufficient') {
    if (gateChanges.length > 0) return { action: 'deploy', reasons: gateChanges };
    return {
      action: 'held',
      // The sentence begins with the outcome.
      reasons: [`on ${on} ${last.verdict.sentence}`],
      wayOut: [describePromotion(model.name, { run: last.run.runId })],
    };
  }
  if (last.version === undefined)
    return { action: 'deploy', reasons: ['the gate passed and no version was registered'] };
  const { version } = last.version;
  const rollback = findRollbackFrom(moves, version);
  if (rollback !== undefined) return holdBack(model.name, version, rollback);
  const made = `version ${version} was made from exactly these inputs`;
  if (isServing) return { action: 'nothing', reasons: [made] };
  return { action: 'deploy', reasons: [`nothing serves, as the alias production is gone; ${made}`] };
}

/** That another version serves than the one these inputs made, and whether the audit knows who moved the alias. */
function describeServing(
  { name }: ModelDefinition,
  {
    last,
    production,
    moves,
  }: {
    readonly last: DecidedAttempt;
    readonly production: ModelVersion | undefined;
    readonly moves: readonly AliasMove[];
  },
): string[] {
  const made = last.version?.version;
  if (production === undefined || made === undefined || production.version === made) return [];
  const isOurs = moves.at(-1)?.to === production.version;
  const how = isOurs ? '' : ', moved there outside Slipway';
  return [
    `version ${production.version} serves${how}; "slipway promote ${name} --version ${made} --reason <why>" lets version ${made} serve`,
  ];
}

/** Why nothing can be trained yet. */
export function describeEmpty({ featureTable }: ModelDefinition): string {
  return `feature table ${featureTable} has no rows; "slipway features load ${featureTable} --file <csv>" fills it`;
}

/** Fewer loads than a model was trained on: training at that number would take other rows for them. */
function describeMissingLoads(
  { featureTable }: ModelDefinition,
  { watermark, newest }: { watermark: number; newest: number },
): string {
  const missing = `feature table ${featureTable} is at load ${newest}, the model at load ${watermark}`;
  return `${missing}: later loads are missing, as after restoring an older backup. Load them again, or "slipway retrain" takes what is there`;
}

function describeNewData(last: DecidedAttempt | undefined, newest: number, table: string): string[] {
  if (last === undefined || last.outcome === 'insufficient' || newest <= last.watermark) return [];
  return [
    `new data: ${table} is at load ${newest}, the model at load ${last.watermark}; "slipway retrain" takes it`,
  ];
}
