import { connectDatabase, withLease } from '../src/index.ts';

// Holds a lease and writes under its fence each time it is told to, one line a write: `written` or the code of the error.
const { url, leaseMs } = JSON.parse(process.argv[2] ?? '{}') as { url: string; leaseMs: number };
const database = await connectDatabase({ url });
await withLease(database, { name: 'guarded', holder: `process ${process.pid}`, leaseMs }, async (lease) => {
  process.stdout.write('held\n');
  for await (const line of process.stdin.setEncoding('utf8')) {
    if (String(line).startsWith('end')) break;
    const outcome = await database
      .transaction(async (transaction) => {
        await lease.fence(transaction);
        await transaction.execute('INSERT INTO protected (holder, token) VALUES ($1, $2)', [
          process.pid,
          lease.token,
        ]);
        return 'written';
      })
      .catch((error: { code?: string }) => error.code ?? 'unknown');
    process.stdout.write(`${outcome} ${lease.signal.aborted ? 'aborted' : 'held'}\n`);
  }
});
await database.close();
