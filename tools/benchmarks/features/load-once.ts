import { createReadStream } from 'node:fs';
import { connectDatabase, migrate, postgresTypes, type Database } from '@slipway/database';
import { featuresMigrations, loadFeatureTable } from '@slipway/features';
import { reportSample } from '../run-alone.ts';
import { readingTable } from './reading-table.ts';

const [side, url = '', path = ''] = process.argv.slice(2);

/** Loads the file with everything a feature table promises. */
async function prepareOurs(database: Database): Promise<() => Promise<unknown>> {
  await migrate(database, featuresMigrations);
  const options = { holder: 'benchmark', now: Date.now };
  return () => loadFeatureTable(database, readingTable, { kind: 'csv', path }, options);
}

/** Hands the bytes to the server, which types them and checks nothing. */
async function prepareCopy(database: Database): Promise<() => Promise<unknown>> {
  const columns = Object.entries(readingTable.columns).map(
    ([name, { type }]) => `${name} ${postgresTypes[type]}`,
  );
  await database.execute(`CREATE TABLE bare (${columns.join(', ')})`);
  return () =>
    database.copyIn(
      'COPY bare FROM STDIN (FORMAT csv, HEADER)',
      createReadStream(path, { highWaterMark: 1 << 20 }),
    );
}

const database = await connectDatabase({ url });
const work = await (side === 'ours' ? prepareOurs(database) : prepareCopy(database));
await reportSample(work);
await database.close();
