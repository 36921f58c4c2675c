import { SlipwayError } from '@slipway/contracts';
import type { MlflowTransport } from './create-mlflow-transport.ts';

/** What the server can do, read from its version. */
export interface MlflowServer {
  /** Such as `3.17.2`; `unknown` for servers that do not say, which are taken for new ones. */
  readonly version: string;
  /** Logged models came with MLflow 3. */
  readonly hasLoggedModels: boolean;
}

/** Asks `GET /version`, which the host check exempts. */
export async function detectServer(transport: MlflowTransport): Promise<MlflowServer> {
  const answer = await transport.send({
    action: 'asking the tracking server for its version',
    method: 'GET',
    path: 'version',
    isPlainRoute: true,
  });
  if (!answer.ok) return { version: 'unknown', hasLoggedModels: true };
  const version = new TextDecoder().decode(answer.body.subarray(0, 100)).trim();
  const major = /^(\d+)\.\d+/.exec(version)?.[1];
  if (major !== undefined && Number(major) >= 2) return { version, hasLoggedModels: Number(major) >= 3 };
  throw new SlipwayError('registry_unavailable', {
    what: `There is no MLflow server at ${transport.url}, or something stands in front of it`,
    expected: 'MLflow 2 or newer',
    received: major === undefined ? 'an answer that is no version number' : `version ${major}`,
    next: 'Check the address; a login page in front of the server needs its own credentials',
    details: { url: transport.url, path: 'version' },
  });
}
