import { describe, expect, it } from 'vitest';
import { predictionRecordSchema, type PredictionRecord } from './prediction-record.ts';
import { parseStored } from './parse-stored.ts';

const record: PredictionRecord = {
  formatVersion: 1,
  requestId: 'r-1',
  row: 0,
  model: 'bike-demand',
  version: '3',
  runId: 'abc',
  entityKey: { system: 'capital-bikeshare' },
  eventTime: 1309478400000000,
  receivedAt: 1309478400000001,
  prediction: 61.5,
  numbers: [7, null],
  texts: ['clear', null],
};

describe('parseStored', () => {
  it('reads back what was written', () => {
    expect(
      parseStored(predictionRecordSchema, 'prediction record', JSON.parse(JSON.stringify(record))),
    ).toEqual(record);
  });

  it('names an unknown format version and the way out', () => {
    expect(() =>
      parseStored(predictionRecordSchema, 'prediction record', { ...record, formatVersion: 2 }),
    ).toThrowError(/expected formatVersion 1, received formatVersion 2. Upgrade/);
    expect(() => parseStored(predictionRecordSchema, 'prediction record', null)).toThrowError(
      expect.objectContaining({ code: 'format_unsupported' }),
    );
  });

  it('names the field that is wrong', () => {
    const act = () => parseStored(predictionRecordSchema, 'prediction record', { ...record, row: -1 });
    expect(act).toThrowError(/row:/);
    expect(act).toThrowError(expect.objectContaining({ code: 'schema_mismatch' }));
  });
});
