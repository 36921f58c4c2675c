import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ColumnBatch } from '@slipway/contracts';
import { migrate } from '@slipway/database';
import { createTestDatabase } from '@slipway/database/testing';
import type { DeploymentContext } from '@slipway/deployment';
import { ensureFeatureTable, loadFeatureTable, readFeatureFile } from '@slipway/features';
import { createEmbeddedRegistry } from '@slipway/registry-client/embedded';
import bikeHours from '../features/bike-hours.ts';
import diamonds from '../features/diamonds.ts';
import { allMigrations } from '../src/command-context.ts';

const dataFile = (name: string): string => fileURLToPath(new URL(`../data/${name}`, import.meta.url));

/** Microseconds of a day of 2011. */
export function day(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) * 1000;
}

export const halfYear = { from: day('2011-01-01'), to: day('2011-07-01') };
export const summer = { from: day('2011-07-01'), to: day('2011-10-01') };

/** The verbs' context on a database of its own, with the real data at hand. */
export interface TestDeployment {
  readonly context: DeploymentContext;
  readonly url: string;
  /** Loads bike rows of a time window; `change` edits the text of the file first. */
  loadBikes(window: { from: number; to: number }, change?: (csv: string) => string): Promise<void>;
  loadDiamonds(): Promise<void>;
  remove(): Promise<void>;
}

export async function createTestDeployment(): Promise<TestDeployment> {
  const test = await createTestDatabase();
  const { database } = test;
  for (const set of allMigrations) await migrate(database, set);
  const generateId = (): string => randomUUID().replaceAll('-', '');
  const context: DeploymentContext = {
    database,
    registry: createEmbeddedRegistry({ database, now: Date.now, generateId }),
    environment: 'development',
    featureTables: new Map([bikeHours, diamonds].map((table) => [table.name, table])),
    now: Date.now,
    generateId,
    holder: `test:${process.pid}:${generateId()}`,
    who: 'ada',
    gitCommit: null,
  };
  const load = async (
    table: typeof bikeHours,
    path: string,
    window?: { from: number; to: number },
  ): Promise<void> => {
    await ensureFeatureTable(database, table);
    const where = window === undefined ? {} : { where: { column: table.eventTime ?? '', ...window } };
    await loadFeatureTable(
      database,
      table,
      { kind: 'csv', path, ...where },
      { holder: context.holder, now: Date.now },
    );
  };
  return {
    context,
    url: test.url,
    async loadBikes(window, change = (csv) => csv) {
      const folder = await mkdtemp(join(tmpdir(), 'slipway-data-'));
      const path = join(folder, 'bike-hours.csv');
      await writeFile(path, change(await readFile(dataFile('bike-hours.csv'), 'utf8')));
      await load(bikeHours, path, window);
      await rm(folder, { recursive: true });
    },
    loadDiamonds: () => load(diamonds, dataFile('diamonds.csv')),
    remove: () => test.drop(),
  };
}

/** Bike rows of a time window, from the file. */
export function readBikes(window: { from: number; to: number }): Promise<ColumnBatch> {
  const where = { column: 'hour_start', ...window };
  return readFeatureFile(bikeHours, { path: dataFile('bike-hours.csv'), where });
}

/** Numbers in [0, 1) from a seed: a linear congruential generator (Numerical Recipes' constants). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Indexes 0..count-1 in a seeded random order (Fisher-Yates). */
export function shuffledIndexes(count: number, random: () => number): number[] {
  const indexes = Array.from({ length: count }, (_, index) => index);
  for (let place = count - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    [indexes[place], indexes[other]] = [indexes[other]!, indexes[place]!];
  }
  return indexes;
}
