/**
 * The logged model a version was made from, read from where its files lie: `models:/m-...`, a folder of a logged model
 * (`.../models/m-.../artifacts`), or, on MLflow 2.x, the folder `model` of its run. Null for other places.
 */
export function modelIdOfSource(source: string, runId: string | null): string | null {
  const native =
    /^models:\/(m-[^/@]+)\/?$/.exec(source) ?? /\/models\/(m-[0-9a-f]{32})\/artifacts\/?$/.exec(source);
  if (native !== null) return native[1]!;
  const emulated = /\/([0-9a-f]{32})\/artifacts\/model\/?$/.exec(source);
  return emulated !== null && emulated[1] === runId ? `m-${runId}` : null;
}
