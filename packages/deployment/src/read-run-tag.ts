import { gateVerdictSchema, parseStored, SlipwayError, type GateVerdict } from '@slipway/contracts';
import type { Run } from '@slipway/registry-client';
import { runTag } from './run-tags.ts';

/** What the gate decided about a run. @throws SlipwayError `artifact_invalid`, `format_unsupported` */
export function readVerdict(run: Run): GateVerdict {
  return readTag(run, runTag.verdict, parseVerdict);
}

/** The gate's configuration as it was. @throws SlipwayError `artifact_invalid` */
export function readGate(run: Run): unknown {
  return readTag(run, runTag.gate, JSON.parse);
}

/** The load that a run's data was read at. @throws SlipwayError `artifact_invalid` */
export function readWatermark(run: Run): number {
  return readTag(run, runTag.watermark, parseWatermark);
}

/** For those who can do without: undefined for a tag that cannot be read. Others' errors go on. */
export function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** True for what is thrown about a tag that somebody edited, not about one that a newer program wrote. */
export function isUnreadable(error: unknown): error is SlipwayError {
  return SlipwayError.isInstance(error) && error.code === 'artifact_invalid';
}

/** Tags can be edited by anybody on MLflow's pages, so none is believed before it was read. */
function readTag<T>({ runId, tags }: Run, key: string, parse: (text: string) => T): T {
  try {
    return parse(tags[key] ?? '');
  } catch (cause) {
    if (isOfNewerProgram(cause, tags[key] ?? '')) throw cause;
    throw new SlipwayError('artifact_invalid', {
      what: `Tag "${key}" of run ${runId} cannot be read: it was edited or removed`,
      next: `Write it again on the run's page; "verdict.json" and "configuration.json" of the run say what it was`,
      details: { runId, tag: key },
      cause,
    });
  }
}

function parseVerdict(text: string): GateVerdict {
  return parseStored(gateVerdictSchema, 'gate verdict', JSON.parse(text));
}

function parseWatermark(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error('not a load number');
}

/** A verdict that names another version is no accident, and must not be overlooked. */
function isOfNewerProgram(error: unknown, text: string): boolean {
  if (!SlipwayError.isInstance(error) || error.code !== 'format_unsupported') return false;
  const value = JSON.parse(text) as { formatVersion?: unknown } | null;
  return typeof value?.formatVersion === 'number' && value.formatVersion > 1;
}
