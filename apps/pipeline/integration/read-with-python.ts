import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureMlflow, mlflowCacheFolder, type MlflowMajor } from '@slipway/registry-client/testing';

type Texts = Readonly<Record<string, string>>;

/** A run as `MlflowClient` reads it. */
export interface PythonRun {
  readonly id: string;
  readonly status: string;
  readonly startTime: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Texts;
  readonly tags: Texts;
  readonly datasets: readonly {
    readonly name: string;
    readonly digest: string;
    readonly source: string;
    readonly schema: string;
    readonly profile: string;
    readonly tags: Texts;
  }[];
  /** Its artifact `inputs.json`. */
  readonly inputs: unknown;
  readonly artifacts: readonly string[];
}

/** A version as `MlflowClient` reads it. */
export interface PythonVersion {
  readonly version: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly run_id: string;
  readonly source: string;
  readonly status: string;
  readonly tags: Texts;
}

/** What `read-deployment.py` prints. */
export interface PythonReading {
  readonly experiments: readonly {
    readonly name: string;
    readonly tags: Texts;
    readonly runs: readonly PythonRun[];
    readonly loggedModels: readonly {
      readonly id: string;
      readonly runId: string;
      readonly status: string;
      readonly metrics: Readonly<Record<string, number>>;
      readonly datasets: readonly string[];
    }[];
  }[];
  readonly models: readonly {
    readonly name: string;
    readonly description: string;
    readonly aliases: Texts;
    readonly versions: readonly PythonVersion[];
  }[];
}

/** Reads experiments and registered models whose names a pattern matches, with the Python client of the server's release. */
export async function readWithPython(
  { major, url }: { major: MlflowMajor; url: string },
  pattern: string,
): Promise<PythonReading> {
  const python = await ensureMlflow(major, mlflowCacheFolder(process.env));
  const script = fileURLToPath(new URL('read-deployment.py', import.meta.url));
  const { stdout } = await promisify(execFile)(python, [script, url, pattern], { maxBuffer: 1e8 });
  return JSON.parse(stdout) as PythonReading;
}
