import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readingTable } from './reading-table.ts';

const sensors = 1000;
const seed = 20_261_125;
const states = ['idle', 'running', 'worn'];
const start = Date.parse('2026-01-01T00:00:00Z');

/** Writes a CSV file of readings that keep every constraint: the same bytes for the same number of rows. */
export async function writeReadingCsv(path: string, rows: number): Promise<void> {
  await pipeline(Readable.from(lines(rows)), createWriteStream(path));
}

function* lines(rows: number): Generator<string> {
  const random = mulberry32(seed);
  let text = `${Object.keys(readingTable.columns).join(',')}\n`;
  for (let row = 0; row < rows; row += 1) {
    text += `${line(row, random)}\n`;
    if (text.length < 1 << 20) continue;
    yield text;
    text = '';
  }
  yield text;
}

function line(row: number, random: () => number): string {
  const at = new Date(start + Math.floor(row / sensors) * 60_000).toISOString();
  const values = Array.from({ length: 16 }, () => (random() * 1000).toFixed(6));
  const batch = `${String.fromCharCode(65 + (row % 26))}A-${String(row % 10_000).padStart(4, '0')}`;
  return [1 + (row % sensors), at, ...values, states[Math.floor(random() * states.length)], batch].join();
}

/** A small generator of uniform numbers in [0, 1): the same everywhere. Tommy Ettinger, public domain. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
