import { proxyOffError } from './proxy-off.ts';

/** A folder that the tracking server passes files through to: the path below its artifact route. */
export type ArtifactFolder = string;

/**
 * The folder of an artifact URI: `mlflow-artifacts:/<path>`, which every server with `--serve-artifacts` hands out, or
 * the same written out as an address of this server.
 * @throws SlipwayError `registry_rejected` for storage that clients are to write to themselves
 */
export function toArtifactFolder(artifactUri: string, trackingUrl: string): ArtifactFolder {
  const uri = artifactUri.replace(/\/+$/, '');
  const plain = /^mlflow-artifacts:\/(?!\/)(.+)$/.exec(uri) ?? /^mlflow-artifacts:\/\/\/(.+)$/.exec(uri);
  if (plain !== null) return plain[1]!;
  const withHost = /^mlflow-artifacts:\/\/([^/]+)\/(.+)$/.exec(uri);
  if (withHost !== null && withHost[1] === new URL(trackingUrl).host) return withHost[2]!;
  const writtenOut = `${trackingUrl}/api/2.0/mlflow-artifacts/artifacts/`;
  if (uri.startsWith(writtenOut)) return uri.slice(writtenOut.length);
  const scheme = /^([a-z][\w+.-]*):/i.exec(uri)?.[1];
  const storage = scheme === undefined ? 'a folder of its own machine' : `storage of the kind "${scheme}:"`;
  throw proxyOffError(`The files of this run or model lie in ${storage}, not behind the tracking server`);
}
