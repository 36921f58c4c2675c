import { appendFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Lines of the prediction log that no database would take, for a person to look at. */
export const rejectFileName = 'rejected.ndjson';

/** Keeps refused lines, unless the file has grown beyond the limit already. */
export async function keepRejected(
  directory: string,
  lines: readonly string[],
  { maxBytes }: { readonly maxBytes: number },
): Promise<void> {
  if (lines.length === 0) return;
  const path = join(directory, rejectFileName);
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  if (size > maxBytes) return;
  await appendFile(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
}
