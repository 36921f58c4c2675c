import { parseStored, predictionRecordSchema, SlipwayError, type PredictionRecord } from '@slipway/contracts';
import type { Database } from '@slipway/database';
import { insertPredictions } from './insert-predictions.ts';

const linesPerStatement = 2_000;

/** SQLSTATE classes of a statement whose values are to blame, and not the server: it would fail for ever. */
const blamesValues = /^(22|23|54)/;

interface Line {
  readonly text: string;
  readonly record: PredictionRecord;
}

/**
 * Ships lines of the write-ahead files to Postgres, each once however often it is sent. A line that is no record, or a
 * record that Postgres refuses, does not hold up the others.
 * @returns the refused lines
 * @throws SlipwayError when the database cannot be reached or refuses for a reason that is not in the values
 */
export async function shipLines(database: Database, lines: readonly string[]): Promise<readonly string[]> {
  const refused: string[] = [];
  for (let start = 0; start < lines.length; start += linesPerStatement) {
    const sound: Line[] = [];
    for (const text of lines.slice(start, start + linesPerStatement)) {
      const record = readRecord(text);
      if (record === undefined) refused.push(text);
      else sound.push({ text, record });
    }
    refused.push(...(await insertSound(database, sound)));
  }
  return refused;
}

function readRecord(text: string): PredictionRecord | undefined {
  try {
    return parseStored(predictionRecordSchema, 'prediction record', JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || SlipwayError.isInstance(error)) return undefined;
    throw error;
  }
}

/** Inserts all, or halves the batch until what cannot be inserted stands alone. */
async function insertSound(database: Database, lines: readonly Line[]): Promise<readonly string[]> {
  try {
    await insertPredictions(
      database,
      lines.map(({ record }) => record),
    );
    return [];
  } catch (error) {
    if (!isValueError(error)) throw error;
    if (lines.length === 1) return lines.map(({ text }) => text);
    const middle = Math.ceil(lines.length / 2);
    return [
      ...(await insertSound(database, lines.slice(0, middle))),
      ...(await insertSound(database, lines.slice(middle))),
    ];
  }
}

function isValueError(error: unknown): boolean {
  return SlipwayError.isInstance(error) && blamesValues.test(String(error.details['sqlState']));
}
