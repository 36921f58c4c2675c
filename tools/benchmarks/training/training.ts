import { alternate, leastMs, peakMb, type Side } from '../alternate.ts';
import type { BenchmarkContext, BenchmarkResult, Measurement } from '../benchmark.ts';
import { ensurePythonPeers } from '../python-peers.ts';
import { runAlone } from '../run-alone.ts';
import { writeTrainingData } from './training-data.ts';

/** Trees of the forests that scikit-learn grows too, and the threads of both. */
const trees = 100;
const threads = 2;
const columns = 10;

/** What ml-random-forest can be asked for: its time grows with the square of the rows. */
const small = { rows: 5_000, columns: 8, trees: 10 } as const;

/**
 * Grows random forests beside ml-random-forest (the same forest, on one thread) and scikit-learn (one of the same kind, on
 * two). A tenth of the rows shows how the time grows.
 */
export async function training({
  folder,
  rows = 100_000,
  rounds,
}: BenchmarkContext): Promise<BenchmarkResult> {
  const python = await ensurePythonPeers();
  const tenth = Math.ceil(rows / 10);
  const fewest = Math.min(small.rows, rows);
  const paths = {
    small: await writeTrainingData(folder, { rows: fewest, columns: small.columns }),
    tenth: await writeTrainingData(folder, { rows: tenth, columns }),
    whole: await writeTrainingData(folder, { rows, columns }),
  };
  const inNode = (engine: string, path: string, { columns, trees, threads }: Forest): Side['run'] => {
    const program = new URL('grow-once.ts', import.meta.url);
    return () => runAlone(program, [engine, path, `${columns}`, `${trees}`, `${threads}`]);
  };
  const inPython = (path: string): Side['run'] => {
    const program = new URL('grow_once.py', import.meta.url);
    return () => runAlone(program, [path, `${columns}`, `${trees}`, `${threads}`], { python });
  };
  const forest = { columns, trees, threads };
  const one = { ...small, threads: 1 };
  const measurements = await alternate(
    [
      { name: '10 trees of 8 columns, one thread', rows: fewest, run: inNode('ours', paths.small, one) },
      { name: 'ml-random-forest', rows: fewest, run: inNode('library', paths.small, one) },
      { name: '100 trees of 10 columns, 2 threads', rows: tenth, run: inNode('ours', paths.tenth, forest) },
      { name: 'scikit-learn', rows: tenth, run: inPython(paths.tenth) },
      { name: '100 trees of 10 columns, 2 threads', rows, run: inNode('ours', paths.whole, forest) },
      { name: 'scikit-learn', rows, run: inPython(paths.whole) },
    ],
    rounds,
  );
  return resultOf({ rows, tenth, measurements });
}

interface Forest {
  readonly columns: number;
  readonly trees: number;
  readonly threads: number;
}

function resultOf({
  rows,
  tenth,
  measurements,
}: {
  readonly rows: number;
  readonly tenth: number;
  readonly measurements: readonly Measurement[];
}): BenchmarkResult {
  const [own, library, ownTenth, peerTenth, ownWhole, peerWhole] = measurements as [
    Measurement,
    Measurement,
    Measurement,
    Measurement,
    Measurement,
    Measurement,
  ];
  const growth = (few: Measurement, many: Measurement): number => leastMs(many) / leastMs(few);
  return {
    measurements,
    ratios: {
      'time vs ml-random-forest': leastMs(own) / leastMs(library),
      'time vs scikit-learn': leastMs(ownWhole) / leastMs(peerWhole),
      'memory vs scikit-learn': peakMb(ownWhole) / peakMb(peerWhole),
      'rmse vs scikit-learn': rmseOf(ownWhole) / rmseOf(peerWhole),
      [`growth from ${tenth} to ${rows} rows vs scikit-learn`]:
        growth(ownTenth, ownWhole) / growth(peerTenth, peerWhole),
    },
    figures: {
      rows,
      'ours ms': leastMs(ownWhole),
      'scikit-learn ms': leastMs(peerWhole),
      rmse: rmseOf(ownWhole),
    },
  };
}

function rmseOf({ samples }: Measurement): number {
  return samples[0]?.rmse ?? NaN;
}
