import { mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWriteAheadFiles, type WriteAheadFiles } from './write-ahead-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-files-'));
});
afterEach(() => rm(directory, { recursive: true }));

const open = (id: string, segmentBytes?: number): Promise<WriteAheadFiles> =>
  openWriteAheadFiles({ directory, processId: process.pid, generateId: () => id, segmentBytes });

async function textOf(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('');
}

/** What a writer announced about itself, with a change. */
async function announce(id: string, change: object = {}): Promise<void> {
  const own = JSON.parse(await readFile(join(directory, 'me.owner'), 'utf8')) as object;
  await writeFile(join(directory, `${id}.owner`), JSON.stringify({ ...own, ...change }));
  await writeFile(join(directory, `${id}.000000001.jsonl`), `${id}\n`);
}

describe('write-ahead files', () => {
  it('count bytes and not characters, also of files that were claimed', async () => {
    await writeFile(join(directory, 'dead.1.jsonl'), 'é\n');
    const files = await open('me');
    await files.append('ü\n');
    expect(files.pendingBytes).toBe(3);
    expect(await textOf(await files.closed())).toBe('é\n');
    expect(files.pendingBytes).toBe(6);
    for (const path of await files.seal()) await files.remove(path);
    expect(files.pendingBytes).toBe(0);
    await files.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('begin another file when one is full, and keep their order', async () => {
    const files = await open('me', 10);
    const lines = Array.from({ length: 25 }, (_, place) => `line ${place}\n`);
    for (const line of lines) await files.append(line);
    const paths = await files.seal();
    expect(paths).toHaveLength(13);
    expect(await textOf(paths)).toBe(lines.join(''));
    await files.close();
  });

  it('go on in another file when one takes no more: on a full disk its end may be half a line', async () => {
    // Writing to /dev/full fails as on a full disk.
    await symlink('/dev/full', join(directory, 'me.000000001.jsonl'));
    const files = await open('me');
    await expect(files.append('lost\n')).rejects.toMatchObject({ code: 'ENOSPC' });
    await files.append('kept\n');
    expect(await textOf(await files.seal())).toBe('kept\n');
    await files.close();
  });

  it('write lines again when the file was claimed while this process slept', async () => {
    const files = await open('me');
    await files.append('before\n');
    await rename(join(directory, 'me.000000001.jsonl'), join(directory, 'other.000000001.jsonl'));
    await files.append('after\n');
    expect(await textOf(await files.seal())).toBe('after\n');
    await files.close();
  });
});

describe('files of another writer', () => {
  it('stay while it lives, in this process or another', async () => {
    const [files, other] = [await open('me'), await open('other')];
    await other.append('other\n');
    await announce('neighbour', { processId: process.ppid });
    expect(await files.closed()).toEqual([]);
    await Promise.all([files.close(), other.close()]);
  });

  it.each([
    ['its process has ended', { processId: 999_999_999 }],
    ['its process id has begun another life', { startedAt: 0 }],
  ])('are claimed when %s', async (_, change) => {
    const files = await open('me');
    await announce('dead', change);
    expect(await textOf(await files.closed())).toBe('dead\n');
    await files.closed();
    await files.close();
    expect(await readdir(directory)).toEqual(['me.000000001.jsonl']);
  });

  it('stay when it has our process id in another container, until it has been silent for a minute', async () => {
    const files = await open('me');
    await announce('far', { place: 'another container' });
    expect(await files.closed()).toEqual([]);
    const ago = (seconds: number): Promise<void> => {
      const time = new Date(Date.now() - seconds * 1000);
      return utimes(join(directory, 'far.owner'), time, time);
    };
    await ago(30);
    expect(await files.closed()).toEqual([]);
    await ago(90);
    expect(await textOf(await files.closed())).toBe('far\n');
    await files.close();
  });

  it('are claimed by one of two', async () => {
    for (let place = 0; place < 20; place += 1) {
      await writeFile(join(directory, `dead.${place}.jsonl`), `${place}\n`);
    }
    const [first, second] = [await open('first'), await open('second')];
    const claimed = (await Promise.all([first.closed(), second.closed()])).flat();
    expect(
      (await textOf(claimed))
        .split('\n')
        .filter(Boolean)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 20 }, (_, place) => place));
    await Promise.all([first.close(), second.close()]);
  });
});
