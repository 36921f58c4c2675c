import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, runCommand, type CliProject } from './cli-project.ts';

const model = 'apps/pipeline/models/bike-demand.ts';
let project: CliProject;

beforeAll(async () => {
  project = await createCliProject();
});
afterAll(() => project.remove());

/** One line on stderr that matches, nothing of a stack trace, and this exit code. */
async function expectFailure(args: readonly string[], code: number, message: RegExp): Promise<void> {
  const result = await project.run(...args);
  expect({ code: result.code, lines: result.stderr.trim().split('\n').length }).toEqual({ code, lines: 1 });
  expect(result.stderr).toMatch(message);
  expect(result.stderr).not.toMatch(/\n\s+at /);
}

describe('usage', () => {
  it.each([
    [['depoly'], /Unknown verb.*Did you mean "slipway deploy"/],
    [['deploy', 'bike-demnd'], /Unknown model.*Did you mean "bike-demand"/],
    [['deploy', '--sed', '7'], /--sed/],
    [['features', 'load', 'bike_hour', '--file', 'x.csv'], /bike_hour.*Did you mean "bike_hours"/],
    [['features', 'load', 'bike_hours'], /--file/],
    [['rollback', 'bike-demand'], /--reason/],
    [['explain', 'bike-demand@production'], /no version/i],
    [['serve', 'bike-demand', '--port', 'eighty'], /--port/],
  ])('%j', async (args, message) => {
    await expectFailure(args, 2, message);
  });

  it('prints one JSON document for a failure with --json, and a stack trace with --verbose', async () => {
    const json = await project.run('deploy', 'bike-demnd', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'failed', code: 'model_unknown' });
    const verbose = await project.run('deploy', 'bike-demnd', '--verbose');
    expect(verbose.stderr).toMatch(/\n\s+at /);
  });
});

describe('configuration', () => {
  it.each([
    ['seed: 42', 'seeed: 42', /"estimator.seeed" is not a key here, did you mean "seed"/],
    ['nEstimators: 100', "nEstimators: '50'", /"estimator.params.nEstimators"/],
    ['testShare: 0.3', 'testShare: 3', /"split.testShare"/],
    ["metric: 'rmse'", "metric: 'rmsle'", /"gate.metric"/],
    ["'temperature'", "'temprature'", /no column "temprature", did you mean "temperature"/],
    ["blocks: 'date'", "blocks: 'dat'", /"gate.blocks": there is no column "dat", did you mean "date"/],
    ['export default', 'export default {{', /bike-demand\.ts cannot be read/],
    ['export default', 'export const model =', /bike-demand\.ts is not one.*no default export/],
  ])('%s -> %s', async (right, wrong, message) => {
    await project.edit(model, right, wrong);
    try {
      await expectFailure(['plan'], 2, message);
    } finally {
      await project.edit(model, wrong, right);
    }
  });

  it('of another model stops only who asks for it or for all', async () => {
    const other = 'apps/pipeline/models/diamond-price.ts';
    await project.edit(other, 'testShare: 0.2', 'testShare: 2');
    try {
      await expectFailure(['plan'], 2, /"split.testShare"/);
      await expectFailure(['explain', 'diamond-price@production'], 2, /"split.testShare"/);
      for (const args of [['plan', 'bike-demand'], ['status']]) {
        expect(await project.run(...args)).toMatchObject({ code: 0 });
      }
    } finally {
      await project.edit(other, 'testShare: 2', 'testShare: 0.2');
    }
  });

  it('of the feature table that a model names is what is reported for the model', async () => {
    const table = 'apps/pipeline/features/diamonds.ts';
    const first = 'apps/pipeline/features/a-table.ts';
    await project.write(first, 'export default {};');
    await project.edit(table, 'owner:', 'ownr:');
    try {
      await expectFailure(['plan', 'diamond-price'], 2, /^configuration_invalid: .*"ownr"/);
      expect(await project.run('plan', 'bike-demand')).toMatchObject({ code: 0 });
    } finally {
      await project.edit(table, 'ownr:', 'owner:');
      await rm(join(project.folder, first));
    }
  });

  it('that imports a package of ours in vain says where to install it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-apart-'));
    try {
      const source = await project.read(model);
      for (const name of ['models', 'features']) await mkdir(join(folder, name));
      await writeFile(join(folder, 'models/bike-demand.ts'), source);
      const config = { models: 'models', featureTables: 'features' };
      await writeFile(join(folder, 'slipway.config.json'), JSON.stringify(config));
      const args = ['plan', '--config', join(folder, 'slipway.config.json')];
      await expectFailure(args, 2, /Install @slipway\/deployment .* docs\/your-own-repository\.md says\.$/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('without a project says where one is looked for', async () => {
    const result = await runCommand('/', {}, ['plan']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('slipway.config.ts');
  });
});

describe('data', () => {
  const header = 'stone,carat,cut,color,clarity,depth,table,price,length,width,height';
  const good = '1,0.23,Ideal,E,SI2,61.5,55,326,3.95,3.98,2.43';

  it('refuses a file with bad rows whole, with every violation counted and sample keys', async () => {
    const rows = [
      good,
      good.replace('1,', '2,').replace('Ideal', 'Perfect'),
      good.replace('1,0.23', '3,-1'),
      good.replace('1,0.23', '4,99'),
      good.replace('1,', '5,').replace(',326,', ',cheap,'),
      good.replace('1,', '6,'),
      good.replace('1,', '6,'),
    ];
    await project.write('bad.csv', [header, ...rows, ''].join('\n'));
    const result = await project.run('features', 'load', 'diamonds', '--file', 'bad.csv');
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('bad.csv was refused whole: 7 rows read');
    expect(result.stderr).toContain(
      'violations of price_type_double (1), carat_range (2), cut_enum (1), row_key_unique (2)',
    );
    expect(result.stderr).not.toMatch(/Perfect|cheap/);
    expect(result.stderr).toMatch(/price_type_double +1 +14\.3 % +line 6\n/);
    expect(result.stderr).toMatch(/carat_range +2 +28\.6 % +\{"stone":3\}, \{"stone":4\}\n/);
    expect(result.stderr).toMatch(/row_key_unique +2 +28\.6 % +\{"stone":6\}\n/);
    const { details } = await project.json<{ details: { violations: unknown } }>(
      ['features', 'load', 'diamonds', '--file', 'bad.csv'],
      3,
    );
    expect(details.violations).toMatchObject([
      { constraint: 'price_type_double', sampleKeys: ['line 6'] },
      { constraint: 'carat_range', sampleKeys: ['{"stone":3}', '{"stone":4}'] },
      { constraint: 'cut_enum', sampleKeys: ['{"stone":2}'] },
      { constraint: 'row_key_unique', sampleKeys: ['{"stone":6}'] },
    ]);
    const [status] = await project.json<{ rows: number; watermark: number }[]>([
      'features',
      'status',
      'diamonds',
    ]);
    expect(status).toMatchObject({ rows: 0, watermark: 0 });
  });

  it('names a missing file, a missing column, and the line of a value that is no number', async () => {
    await expectFailure(['features', 'load', 'diamonds', '--file', 'none.csv'], 2, /none\.csv/);
    await project.write('short.csv', 'stone,carat\n1,0.2\n');
    await expectFailure(['features', 'load', 'diamonds', '--file', 'short.csv'], 3, /cut/);
    await project.write('text.csv', `${header}\n${good.replace('0.23', 'heavy')}\n`);
    const text = await project.run('features', 'load', 'diamonds', '--file', 'text.csv');
    expect(text.code).toBe(3);
    expect(text.stderr).toMatch(/carat/);
    expect(text.stderr).not.toContain('heavy');
    await project.write('text.PARQUET', header);
    await expectFailure(
      ['features', 'load', 'diamonds', '--file', 'text.PARQUET'],
      3,
      /cannot be read as Parquet/,
    );
  });

  it('waits for data instead of failing, and says what fills the table', async () => {
    const result = await project.run('deploy', 'diamond-price');
    expect(result.code).toBe(3);
    expect(result.stdout).toContain('slipway features load diamonds');
  });
});

describe('dependencies', () => {
  it('says that the database is unreachable, without the password', async () => {
    const variables = { DATABASE_URL: 'postgres://me:very-secret@127.0.0.1:1/none' };
    const result = await runCommand(project.folder, variables, ['status']);
    expect(result.code).toBe(6);
    expect(result.stderr).toMatch(/^database_unreachable/);
    expect(result.stderr + result.stdout).not.toContain('very-secret');
  });

  it('refuses the embedded database in production, and starts nothing', async () => {
    const result = await runCommand(project.folder, { SLIPWAY_ENV: 'production' }, ['status']);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/DATABASE_URL/);
    expect(await readdir(join(project.folder, '.slipway')).catch(() => [])).not.toContain('postgres');
  });

  it('doubts a name that is nearly production, and does what was asked', async () => {
    const variables = { SLIPWAY_ENV: 'prod', DATABASE_URL: project.url };
    const { code, stdout, stderr } = await runCommand(project.folder, variables, ['status', '--json']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^SLIPWAY_ENV=prod is /),
    });
    expect(JSON.parse(stdout)).toMatchObject([{ registeredName: 'bike-demand-prod' }, {}]);
  });

  it.each([['deploy'], ['demo']])(
    'refuses the registry in the database for "%s" in production, and writes nothing',
    async (verb) => {
      const empty = await createTestDatabase();
      const before = await listFiles(project.folder);
      try {
        const variables = { SLIPWAY_ENV: 'production', DATABASE_URL: empty.url };
        const result = await runCommand(project.folder, variables, [verb]);
        expect(result).toEqual({
          code: 2,
          stdout: '',
          stderr: expect.stringContaining('MLFLOW_TRACKING_URI'),
        });
        expect(result.stderr).toMatch(/^embedded_refused/);
        const made = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|public$|information_schema$)'";
        expect(await empty.database.query(made)).toEqual([]);
        expect(await listFiles(project.folder)).toEqual(before);
      } finally {
        await empty.drop();
      }
    },
  );

  it('refuses a database that a newer version has migrated, names it, and leaves it alone', async () => {
    const book = 'slipway_migrations."registry-client"';
    await project.run('db', 'migrate');
    await project.database.execute(`INSERT INTO ${book} (hash, created_at) VALUES ('of tomorrow', 0)`);
    try {
      for (const args of [['status'], ['plan'], ['deploy'], ['db', 'migrate']])
        await expectFailure(
          args,
          6,
          /^database_schema_newer: Schema registry .*newer version of @slipway\/registry-client.*Upgrade/,
        );
    } finally {
      await project.database.execute(`DELETE FROM ${book} WHERE hash = 'of tomorrow'`);
    }
    expect((await project.run('status')).code).toBe(0);
  });

  it('refuses a database on which another text of a migration ran', async () => {
    const book = 'slipway_migrations."registry-client"';
    await project.run('db', 'migrate');
    const [row] = await project.database.query<{ hash: string }>(`SELECT hash FROM ${book} WHERE id = 1`);
    await project.database.execute(`UPDATE ${book} SET hash = 'another' WHERE id = 1`);
    try {
      await expectFailure(['status'], 6, /^database_migration_edited: .*@slipway\/registry/);
    } finally {
      await project.database.execute(`UPDATE ${book} SET hash = $1 WHERE id = 1`, [row!.hash]);
    }
  });

  it('says that a port is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as { port: number };
    try {
      await expectFailure(['serve', 'bike-demand', '--port', String(port)], 2, /port_taken.*--port/);
    } finally {
      blocker.close();
    }
  });

  it('says that its folder cannot be written', async () => {
    await rm(join(project.folder, '.slipway'), { recursive: true, force: true });
    await project.write('.slipway', 'a file where the folder should be');
    const result = await runCommand(project.folder, {}, ['db', 'url']);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toMatch(/\.slipway/);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });
});

/** Every path below a project. Its node_modules is a link into the repository, where other suites write meanwhile. */
async function listFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name !== 'node_modules').toSorted();
  const below = names.map(async (name) => {
    const inside = await readdir(join(folder, name), { recursive: true }).catch(() => []);
    return [name, ...inside.toSorted().map((path) => join(name, path))];
  });
  return (await Promise.all(below)).flat();
}
