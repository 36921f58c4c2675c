import { readFileSync } from 'node:fs';
import { mlflowReleases, postgresDriver } from '@slipway/registry-client/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile_inline: string };
  readonly command?: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly environment: Readonly<Record<string, string>>;
}

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const compose = parse(page('compose.yaml')) as {
  services: Record<'postgres' | 'mlflow', Service>;
  volumes: Record<string, unknown>;
};
const { postgres, mlflow } = compose.services;

describe('docs/compose.yaml', () => {
  it('has a health check for each server, its data in a volume, and a port for this machine only', () => {
    expect(Object.keys(compose.services)).toEqual(['postgres', 'mlflow']);
    for (const { ports, volumes, healthcheck } of Object.values(compose.services)) {
      expect(healthcheck.test[0]).toBe('CMD');
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('pins Postgres 15 or newer, and the MLflow and the driver that the suites run against', () => {
    const [, major] = /^postgres:(\d+)\.\d+$/.exec(postgres.image ?? '') ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(15);
    const { version } = mlflowReleases['3'];
    const [from, run] = mlflow.build!.dockerfile_inline.trim().split('\n');
    expect(from).toBe(`FROM ghcr.io/mlflow/mlflow:v${version}`);
    expect(run?.split(' ').at(-1)).toBe(postgresDriver);
    expect(page('real-servers.md')).toContain(`pip install mlflow==${version} ${postgresDriver}\n`);
  });

  it('is reached at the addresses that the page exports', () => {
    const [exported = ''] = /export DATABASE_URL=.*\nexport MLFLOW.*\n/.exec(page('real-servers.md')) ?? [];
    const [here] = mlflow.ports[0]!.split(/:\d+$/);
    const { POSTGRES_USER: user, POSTGRES_DB: name } = postgres.environment;
    expect(exported).toBe(
      `export DATABASE_URL=postgres://${user}:$POSTGRES_PASSWORD@${postgres.ports[0]!.split(/:\d+$/)[0]}/${name}\n` +
        `export MLFLOW_TRACKING_URI=http://${here}\n`,
    );
    const allowed = mlflow.command?.find((flag) => flag.startsWith('--allowed-hosts='));
    expect(allowed?.split(/[=,]/)).toContain(here);
  });

  it('keeps models in the volume that the page copies, and the password in a file that git ignores', () => {
    const [artifacts] = mlflow.volumes;
    const folder = artifacts!.split(':')[1]!;
    expect(mlflow.command).toContain(`--artifacts-destination=${folder}`);
    expect(page('real-servers.md')).toContain(` mlflow:${folder}/. "$BACKUP/artifacts/"`);
    expect(page('real-servers.md')).toContain(` "$BACKUP/artifacts/." mlflow:${folder}/`);
    // Compose reads the .env beside its file.
    expect(page('real-servers.md')).toMatch(/"POSTGRES_PASSWORD=.*> docs\/\.env/);
    expect(page('../.gitignore').split('\n')).toContain('/docs/.env');
    expect(postgres.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
  });
});
