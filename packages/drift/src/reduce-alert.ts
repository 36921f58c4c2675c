import type { AlertState } from '@slipway/contracts';
import type { DriftVerdict } from './decide-drift.ts';
import type { MonitoringPolicy } from './monitoring-schema.ts';

/** Before the first window of a version. */
export const noAlert: AlertState = { formatVersion: 1, recent: [], firing: false, since: null };

/**
 * The alert after one more window: it fires when at least `violating` of the last `of` windows drifted, the newest among
 * them. An `insufficient` window neither raises nor clears it.
 * @param window the verdict, and the window's start in microseconds since 1970-01-01 UTC
 */
export function reduceAlert(
  state: AlertState,
  window: { readonly outcome: DriftVerdict['outcome']; readonly from: number },
  { of, violating }: MonitoringPolicy['alert'],
): AlertState {
  if (window.outcome === 'insufficient') return state;
  const recent = [...state.recent, window.outcome].slice(-of);
  const violations = recent.filter((outcome) => outcome === 'drift').length;
  const firing = window.outcome === 'drift' && violations >= violating;
  const since = firing ? (state.since ?? window.from) : null;
  return { formatVersion: 1, recent, firing, since };
}
