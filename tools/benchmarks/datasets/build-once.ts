import type { Relation, RelationColumn } from '@slipway/contracts';
import { connectDatabase, migrate, type Database } from '@slipway/database';
import { buildTrainTest, datasetsMigrations, splitSchema } from '@slipway/datasets';
import { reportSample } from '../run-alone.ts';

const [side, url = ''] = process.argv.slice(2);

const values = Array.from({ length: 16 }, (_, index) => `value_${index}`);
const columns: readonly RelationColumn[] = [
  { name: 'sensor', type: 'long', role: 'entityKey', nullable: false },
  { name: 'ticks', type: 'long', role: 'feature', nullable: false },
  ...values.map((name): RelationColumn => ({
    name,
    type: 'double',
    role: name === 'value_0' ? 'target' : 'feature',
    nullable: false,
  })),
  { name: 'state', type: 'string', role: 'feature', nullable: false },
  { name: 'batch', type: 'string', role: 'feature', nullable: false },
];
const sql = `SELECT ${columns.map(({ name }) => name).join(', ')} FROM readings`;
const relation: Relation = { source: 'readings', sql, parameters: [], columns, watermark: {} };
const split = splitSchema.parse({ kind: 'random', testShare: 0.25, seed: 7 });

async function prepare(database: Database): Promise<() => Promise<unknown>> {
  if (side === 'copy') return () => database.execute(`CREATE TABLE peer AS ${sql}`);
  if (side === 'hash')
    return () =>
      database.execute(
        `CREATE TABLE peer AS SELECT *, sha256(record_send(ROW(readings.*))) AS hash FROM readings`,
      );
  await migrate(database, datasetsMigrations);
  return () => buildTrainTest(database, { relation, split });
}

const database = await connectDatabase({ url });
await reportSample(await prepare(database));
await database.close();
