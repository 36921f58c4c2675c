import { readFileSync } from 'node:fs';
import { mlflowReleases } from '@slipway/registry-client/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile_inline: string };
  readonly command?: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly depends_on?: unknown;
  readonly environment: Readonly<Record<string, string>>;
}

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const compose = parse(page('compose.yaml')) as {
  services: Record<'postgres' | 'mlflow', Service>;
  volumes: Record<string, unknown>;
};
const { postgres, mlflow } = compose.services;

describe('docs/compose.yaml', () => {
  it('has two services, each with a health check, a named volume and a port for this machine only', () => {
    expect(Object.keys(compose.services)).toEqual(['postgres', 'mlflow']);
    for (const { ports, volumes, healthcheck } of Object.values(compose.services)) {
      expect(healthcheck.test[0]).toBe('CMD');
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
    expect(mlflow.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  });

  it('pins Postgres 15 or newer, and the MLflow that the suites run against', () => {
    const [, major] = /^postgres:(\d+)\.\d+$/.exec(postgres.image ?? '') ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(15);
    expect(mlflow.build?.dockerfile_inline).toContain(
      `FROM ghcr.io/mlflow/mlflow:v${mlflowReleases['3'].version}\n`,
    );
    expect(page('real-servers.md')).toContain(`mlflow==${mlflowReleases['3'].version} `);
  });

  it('holds no password, and lets MLflow answer to its name here', () => {
    expect(postgres.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(mlflow.command?.slice(0, 2)).toEqual(['mlflow', 'server']);
    expect(mlflow.command).toContain('--serve-artifacts');
    expect(mlflow.command?.find((flag) => flag.startsWith('--allowed-hosts='))).toContain('mlflow:5000');
  });
});
