import { access, stat } from 'node:fs/promises';
import { SlipwayError } from '@slipway/contracts';

/** @throws SlipwayError `file_not_found`, `file_unreadable` */
export async function checkReadableFile(path: string, expected: string): Promise<void> {
  await access(path).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'file_not_found' : 'file_unreadable';
    const what = code === 'file_not_found' ? `There is no file ${path}` : `${path} cannot be read`;
    throw new SlipwayError(code, { what, next: 'Check the path', cause });
  });
  if ((await stat(path)).isDirectory())
    throw new SlipwayError('file_unreadable', { what: `${path} is a folder`, expected });
}
