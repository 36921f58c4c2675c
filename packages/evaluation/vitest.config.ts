import { defineProject } from 'vitest/config';

export default defineProject({
  resolve: { conditions: ['@slipway/source'] },
  ssr: { resolve: { conditions: ['@slipway/source'] } },
  // On a busy machine a property of hundreds of cases waits its turn.
  test: { name: 'evaluation', include: ['src/**/*.test.ts'], testTimeout: 30_000 },
});
