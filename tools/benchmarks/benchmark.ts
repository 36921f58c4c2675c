/** What a benchmark gets to work with. */
export interface BenchmarkContext {
  /** URL of a server whose user may create databases: each measurement has a database of its own. */
  readonly server: () => Promise<string>;
  /** Folder for its files, removed afterwards. */
  readonly folder: string;
  /** Rows of a shorter run. @default what the benchmark is about */
  readonly rows?: number | undefined;
  /** How often ours and the peer are measured in turn. */
  readonly rounds: number;
}

/** One run of one side. */
export interface Sample {
  readonly ms: number;
  /** Greatest resident memory of the process that ran it, in MiB. */
  readonly peakMb: number;
  /** Error of what was trained, where something was, on rows that it has not seen. */
  readonly rmse?: number;
}

/** One side of a comparison with what every round measured. */
export interface Measurement {
  readonly name: string;
  readonly rows: number;
  readonly samples: readonly Sample[];
}

export interface BenchmarkResult {
  readonly measurements: readonly Measurement[];
  /** `<measure> vs <peer>`: ours divided by the peer's, so that smaller is better. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
}

/** One file each, entered in `main.ts` under the name that `npm run bench --` takes. */
export type Benchmark = (context: BenchmarkContext) => Promise<BenchmarkResult>;
