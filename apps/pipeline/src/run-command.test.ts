import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

/** What a command without a project writes, and its exit code. */
async function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Record<'stdout' | 'stderr', NodeJS.WriteStream>;
  const code = await runCommand({ args, folder: '/', variables: {}, ...streams, now: () => 0 });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

it('shows the help of the verb that is asked about, and otherwise that of all', async () => {
  const help = await run(['promote', '--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(
    /^slipway promote <model>[^]*--reason <text>[^]*For example:\n {2}slipway promote /,
  );
  expect(help.stdout).not.toContain('  rollback <model>');
  expect((await run(['help'])).stdout).toContain('  rollback <model>');
});
