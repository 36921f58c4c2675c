import type { AliasMove } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import { findRollbackFrom, findRollbackTarget } from './rollback-target.ts';

function audit(...entries: [AliasMove['verb'], string | null, string][]): AliasMove[] {
  return entries.map(([verb, from, to], index) => ({
    formatVersion: 1,
    sequence: index + 1,
    alias: 'production',
    model: 'm',
    from,
    to,
    verb,
    who: 'a person',
    why: 'a reason',
    verdict: null,
    movedAt: index,
  }));
}

describe('findRollbackTarget', () => {
  it('is undefined when nothing served before', () => {
    expect(findRollbackTarget([], undefined)).toBeUndefined();
    expect(findRollbackTarget(audit(['deploy', null, '1']), '1')).toBeUndefined();
  });

  it('returns to the version before, and further back the second time, never to the bad one', () => {
    const three = audit(['deploy', null, '1'], ['retrain', '1', '2'], ['retrain', '2', '3']);
    expect(findRollbackTarget(three, '3')).toBe('2');
    const once = [...three, ...audit(['rollback', '3', '2'])];
    expect(findRollbackTarget(once, '2')).toBe('1');
    expect(findRollbackTarget([...once, ...audit(['rollback', '2', '1'])], '1')).toBeUndefined();
  });

  it('does not return to a bad version after a newer one was deployed', () => {
    const moves = audit(
      ['deploy', null, '1'],
      ['retrain', '1', '2'],
      ['rollback', '2', '1'],
      ['retrain', '1', '3'],
    );
    expect(findRollbackTarget(moves, '3')).toBe('1');
  });
});

describe('an entry whose move never happened', () => {
  it('is no version that served', () => {
    const moves = audit(['deploy', null, '1'], ['retrain', '1', '2'], ['promote', '1', '3']);
    expect(findRollbackTarget(moves, '3')).toBe('1');
    expect(findRollbackTarget(audit(['deploy', null, '1'], ['retrain', '1', '2']), '1')).toBeUndefined();
  });
});

describe('an alias that somebody moved in the registry', () => {
  const two = audit(['deploy', null, '1'], ['retrain', '1', '2']);

  it('does not hide the version before', () => {
    expect(findRollbackTarget(two, '3')).toBe('2');
    expect(findRollbackTarget([...two, ...audit(['deploy', '3', '4'])], '4')).toBe('2');
  });

  it('and deleted does not either', () => {
    expect(findRollbackTarget([...two, ...audit(['deploy', null, '3'])], '3')).toBe('2');
    expect(findRollbackTarget(two, undefined)).toBe('2');
  });

  it('nor does a version deleted with its entries', () => {
    const [first] = two;
    expect(findRollbackTarget([first!, ...audit(['retrain', '2', '3'])], '3')).toBe('1');
  });
});

describe('findRollbackFrom', () => {
  it('holds a version until somebody promotes it again', () => {
    const moves = audit(['deploy', null, '1'], ['retrain', '1', '2'], ['rollback', '2', '1']);
    expect(findRollbackFrom(moves, '2')?.verb).toBe('rollback');
    expect(findRollbackFrom(moves, '1')).toBeUndefined();
    expect(findRollbackFrom([...moves, ...audit(['promote', '1', '2'])], '2')).toBeUndefined();
  });
});
