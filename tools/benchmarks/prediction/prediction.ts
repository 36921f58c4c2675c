import type { BenchmarkContext, BenchmarkResult } from '../benchmark.ts';

export async function prediction(_: BenchmarkContext): Promise<BenchmarkResult> {
  return Promise.resolve({ measurements: [], ratios: {}, figures: {} });
}
