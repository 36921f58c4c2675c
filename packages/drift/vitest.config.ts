import { defineProject } from 'vitest/config';

export default defineProject({
  resolve: { conditions: ['@slipway/source'] },
  ssr: { resolve: { conditions: ['@slipway/source'] } },
  // They share one Postgres: on a busy machine a property of hundreds of tables waits its turn.
  test: { name: 'drift', include: ['src/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
});
