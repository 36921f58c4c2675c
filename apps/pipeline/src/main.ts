import { userInfo } from 'node:os';
import { runCommand } from './run-command.ts';

// A reader that has seen enough (`| head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** A user id of a container may have no name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

process.exitCode = await runCommand({
  args: process.argv.slice(2),
  folder: process.cwd(),
  variables: { USER: userName(), ...process.env },
  stdout: process.stdout,
  stderr: process.stderr,
  now: Date.now,
});
