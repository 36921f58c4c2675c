import { defineProject } from 'vitest/config';

export default defineProject({
  resolve: { conditions: ['@slipway/source'] },
  ssr: { resolve: { conditions: ['@slipway/source'] } },
  test: { name: 'tools', include: ['src/**/*.test.ts'] },
});
