import { columnsWithRole, SlipwayError, type Relation } from '@slipway/contracts';
import { quoteIdentifier, quoteLiteral } from '@slipway/database';
import { canonicalRow } from './canonical-row.ts';
import type { Split } from './split-schema.ts';

/** SQL conditions over a relation's columns that tell training rows from test rows. */
export interface SplitConditions {
  readonly train: string;
  readonly test: string;
}

/**
 * Conditions of a split. Hash splits compare u = first 52 bits of sha256(seed, 0x1f, canonical key) / 2^52 with the
 * test share.
 * @throws SlipwayError `configuration_invalid` when the relation lacks what the split needs
 */
export function splitConditions(relation: Relation, split: Split): SplitConditions {
  if (split.kind === 'time') return timeConditions(relation, split);
  const names = split.kind === 'group' ? [split.by] : rowKeyOf(relation);
  const key = names.map((name) => {
    const column = relation.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw invalid(`the split needs the column "${name}"`, relation);
    return column;
  });
  const hash = `sha256(convert_to(${quoteLiteral(String(split.seed))}, 'UTF8') || '\\x1f'::bytea || ${canonicalRow(key)})`;
  const u = `('x' || left(encode(${hash}, 'hex'), 13))::bit(52)::bigint::float8 / 4503599627370496`;
  return { test: `${u} < ${split.testShare}`, train: `${u} >= ${split.testShare}` };
}

/** Entity key and event time: what makes a row of the relation unique. @throws SlipwayError `configuration_invalid` */
export function rowKeyOf(relation: Relation): string[] {
  const key = [...columnsWithRole(relation, 'entityKey'), ...columnsWithRole(relation, 'eventTime')];
  if (key.length === 0) throw invalid('a dataset needs an entity key or an event time', relation);
  return key;
}

function timeConditions(relation: Relation, split: Extract<Split, { kind: 'time' }>): SplitConditions {
  const [eventTime] = columnsWithRole(relation, 'eventTime');
  if (eventTime === undefined) throw invalid('a split by time needs an event time', relation);
  const cutoff = `${quoteLiteral(split.cutoff)}::timestamptz`;
  const column = quoteIdentifier(eventTime);
  return {
    test: `${column} >= ${cutoff}`,
    train: `${column} < ${cutoff} - ${split.gapHours} * interval '1 hour'`,
  };
}

function invalid(what: string, { source, columns }: Relation): SlipwayError {
  return new SlipwayError('configuration_invalid', {
    what: `The relation ${source} does not fit: ${what}`,
    received: `columns ${columns.map(({ name, role }) => `${name} (${role})`).join(', ')}`,
  });
}
