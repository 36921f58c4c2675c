import { connectDatabase } from '../src/index.ts';

// A client that writes inside a transaction, says so, and waits to be killed.
const database = await connectDatabase({ url: process.argv[2] ?? '' });
await database.transaction(async (transaction) => {
  await transaction.execute('INSERT INTO witness VALUES (1)');
  process.stdout.write('written\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
