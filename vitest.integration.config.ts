import { defineConfig } from 'vitest/config';

/** The suites that start servers and processes. `npm test` does without them. */
export default defineConfig({
  resolve: { conditions: ['@slipway/source'] },
  ssr: { resolve: { conditions: ['@slipway/source'] } },
  test: {
    include: ['{apps,packages}/*/integration/**/*.test.ts', 'tools/integration/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
