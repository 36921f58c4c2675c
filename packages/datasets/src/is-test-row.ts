import type { Relation, RelationColumn } from '@slipway/contracts';
import { quoteIdentifier, quoteLiteral } from '@slipway/database';
import { canonicalRow } from './canonical-row.ts';
import { eventTimeOf } from './event-time-of.ts';
import { rowKeyColumns } from './row-key.ts';
import type { ResolvedSplit } from './split-schema.ts';
import { unfitRelation } from './unfit-relation.ts';

/**
 * SQL over a relation's columns that is true for test rows, false for training rows and NULL for rows of neither. It may
 * use window functions: it belongs in a select list, over the rows that take part.
 * Hash splits compare u = first 52 bits of sha256(seed, 0x1f, canonical key) / 2^52 with the test share.
 * @throws SlipwayError `configuration_invalid` when the relation lacks what the split needs
 */
export function isTestRow(relation: Relation, split: ResolvedSplit): string {
  switch (split.kind) {
    case 'random':
      return isBelow(keyHash(rowKeyColumns(relation), split.seed), split.testShare);
    case 'group':
      return isBelow(keyHash([splitColumn(relation, split.by)], split.seed), split.testShare);
    case 'stratified':
      return isStratifiedTestRow(relation, split);
    case 'time':
      return isLateRow(relation, split);
  }
}

function isStratifiedTestRow(
  relation: Relation,
  split: Extract<ResolvedSplit, { kind: 'stratified' }>,
): string {
  const { by, testShare, seed, variant } = split;
  const column = splitColumn(relation, by);
  if (column.type === 'double') {
    throw unfitRelation(
      `a split cannot be stratified by "${by}": nearly every number would be its own`,
      relation,
    );
  }
  const hash = keyHash([column, ...rowKeyColumns(relation)], seed);
  if (variant === 'stable') return isBelow(hash, testShare);
  const stratum = `PARTITION BY ${quoteIdentifier(by)}`;
  const testRows = `floor(count(*) OVER (${stratum}) * ${testShare}::float8 + 0.5)`;
  return `row_number() OVER (${stratum} ORDER BY ${hash}) <= ${testRows}`;
}

function isLateRow(
  relation: Relation,
  { cutoff, gapHours }: Extract<ResolvedSplit, { kind: 'time' }>,
): string {
  const time = quoteIdentifier(eventTimeOf(relation));
  const from = `${quoteLiteral(cutoff)}::timestamptz`;
  const gap = `${gapHours} * interval '1 hour'`;
  // A row without a time is refused with its side; on neither, it would be lost without a word.
  return `CASE WHEN ${time} >= ${from} THEN true WHEN ${time} < ${from} - ${gap} OR ${time} IS NULL THEN false END`;
}

function keyHash(key: readonly RelationColumn[], seed: number): string {
  // As one constant: the server would convert and join the parts again for every row.
  const seedBytes = Buffer.from(`${seed}\u001f`).toString('hex');
  return `sha256(decode('${seedBytes}', 'hex') || ${canonicalRow(key)})`;
}

/**
 * Whether u, the first 52 bits of a hash as a number in [0, 1), is below a share: compared as bytes, which is exact and
 * spares a million conversions. k / 2^52 < share is k < ceil(share * 2^52), and four more bits make whole bytes of it.
 */
function isBelow(hash: string, share: number): string {
  // The largest double below 1 comes to 2^52, which has a bit too many.
  const threshold = BigInt(Math.min(Math.ceil(share * 2 ** 52), 2 ** 52 - 1)) << 4n;
  return `${hash} < decode('${threshold.toString(16).padStart(14, '0')}', 'hex')`;
}

function splitColumn(relation: Relation, name: string): RelationColumn {
  const column = relation.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw unfitRelation(`the split needs the column "${name}"`, relation);
  return column;
}
