import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase, type Database } from '../src/index.ts';
import { ensureEmbeddedServer } from '../src/embedded/index.ts';

// A client that writes increasing numbers until it is killed. A number is noted in a local file when its commit was
// acknowledged, and only then comes the next; one without an answer is sent again under the same key.
const { directory, writer, from, file } = JSON.parse(process.argv[2] ?? '{}') as {
  directory: string;
  writer: string;
  from: number;
  file: string;
};

async function connect(): Promise<Database> {
  for (;;) {
    try {
      const { url } = await ensureEmbeddedServer({ directory });
      return await connectDatabase({ url, maxConnections: 1 });
    } catch (error) {
      // A server may be killed between its announcement and our first word: only a server that stays away is a failure.
      if (!isRetryable(error)) throw error;
      await sleep(20);
    }
  }
}

function isRetryable(error: unknown): boolean {
  return (error as { code?: string }).code === 'database_unreachable';
}

let database = await connect();
for (let number = from; ;) {
  try {
    await database.transaction(async (transaction) => {
      const written = await transaction.execute(
        'INSERT INTO written (key, writer, number) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING',
        [`${writer}:${number}`, writer, number],
      );
      await transaction.execute('UPDATE total SET numbers = numbers + $2 WHERE writer = $1', [
        writer,
        written,
      ]);
    });
  } catch (error) {
    if (!isRetryable(error)) throw error;
    await database.close();
    database = await connect();
    continue;
  }
  appendFileSync(file, `${number}\n`);
  number += 1;
}
