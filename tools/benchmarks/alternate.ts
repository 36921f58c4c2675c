import type { Measurement, Sample } from './benchmark.ts';

export interface Side {
  readonly name: string;
  readonly rows: number;
  readonly run: () => Promise<Sample>;
}

/** Runs the sides in turn (A B A B ...), so that whatever else the machine does meets all of them. */
export async function alternate(sides: readonly Side[], rounds: number): Promise<Measurement[]> {
  const samples = new Map(sides.map((side) => [side, [] as Sample[]]));
  for (let round = 0; round < rounds; round += 1)
    for (const side of sides) samples.get(side)?.push(await side.run());
  return sides.map((side) => ({ name: side.name, rows: side.rows, samples: samples.get(side) ?? [] }));
}

/** The least of what was measured: what the work takes when nothing disturbs it. */
export function leastMs({ samples }: Measurement): number {
  return Math.min(...samples.map(({ ms }) => ms));
}

export function medianMs({ samples }: Measurement): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

export function peakMb({ samples }: Measurement): number {
  return Math.max(...samples.map((sample) => sample.peakMb));
}
