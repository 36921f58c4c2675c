import { describe, expect, it } from 'vitest';
import { parseStored } from './parse-stored.ts';
import { predictionRecordSchema, predictionRoles, type PredictionRecord } from './prediction-record.ts';

const record: PredictionRecord = {
  formatVersion: 1,
  requestId: 'r-1',
  clientRequestId: 'trace-1',
  row: 0,
  model: 'bike-demand',
  role: 'production',
  version: '3',
  runId: 'abc',
  entityKey: { system: 'capital-bikeshare' },
  eventTime: 1309478400000000,
  receivedAt: 1309478400000001,
  prediction: 61.5,
  numbers: [7, null],
  texts: ['clear', null],
};
const read = (change: object): PredictionRecord =>
  parseStored(
    predictionRecordSchema,
    'prediction record',
    JSON.parse(JSON.stringify({ ...record, ...change })),
  );

describe('a prediction record', () => {
  it('comes back from JSON as it was written', () => {
    expect(read({})).toEqual(record);
    for (const role of predictionRoles) expect(read({ role }).role).toBe(role);
    const bare = {
      clientRequestId: null,
      version: null,
      entityKey: null,
      eventTime: null,
      role: 'candidate',
    };
    expect(read(bare)).toEqual({ ...record, ...bare });
  });

  it.each([
    ['row', { row: -1 }],
    ['role', { role: 'champion' }],
    ['requestId', { requestId: '' }],
    ['clientRequestId', { clientRequestId: 'a\0b' }],
    ['clientRequestId', { clientRequestId: 'x'.repeat(129) }],
    ['entityKey.store', { entityKey: { store: 'a\0b' } }],
    ['entityKey.store', { entityKey: { store: null } }],
    ['entityKey', { entityKey: { '\ud800': 1 } }],
    ['texts.0', { texts: ['\ud800'] }],
    ['eventTime', { eventTime: 2 ** 53 }],
    ['prediction', { prediction: null }],
    ['runId', { version: null, runId: null }],
  ])('is refused with a wrong %s', (field, change) => {
    const act = (): PredictionRecord => read(change);
    expect(act).toThrowError(expect.objectContaining({ code: 'schema_mismatch' }));
    expect(act).toThrowError(new RegExp(`${field.replace('.', '\\.')}`));
  });
});
