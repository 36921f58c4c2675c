import { isUtf8 } from 'node:buffer';
import { SlipwayError } from '@slipway/contracts';

const newline = 0x0a;

/**
 * Passes the bytes of a text file on as long as they are UTF-8: a decoder would put U+FFFD in the place of the others.
 * @throws SlipwayError `file_unreadable` naming the line
 */
export async function* checkUtf8(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let lines = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = endOfWholeCharacters(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw notUtf8(file, lines + findBadLine(whole));
    lines += countLines(whole);
    rest = bytes.subarray(end);
    yield whole;
  }
  if (rest.length > 0) throw notUtf8(file, lines + 1);
}

/** A chunk may end inside a character, of which up to three bytes are there. */
function endOfWholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** The first line that is no UTF-8, from 1. No byte of a longer character is a line break. */
function findBadLine(bytes: Buffer): number {
  for (let [line, from] = [1, 0]; ; line += 1) {
    const end = bytes.indexOf(newline, from);
    if (end === -1 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

function notUtf8(file: string, line: number): SlipwayError {
  return new SlipwayError('file_unreadable', {
    what: `${file} is not UTF-8`,
    received: `other bytes in line ${line}`,
    next: 'Save it as UTF-8, for example with iconv',
    details: { line },
  });
}
