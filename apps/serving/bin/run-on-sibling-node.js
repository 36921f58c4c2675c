import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** True for a version of Node that runs Slipway: 22.18 or newer. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/**
 * Runs a launcher again, on the Node that the package `node` brought beside it. npm and npx find that one by PATH; whoever
 * starts the launcher itself, such as a supervisor, may have an older one there. Signals are passed on, and this process
 * ends as the other does.
 * @returns false, and nothing has happened, when there is no such Node (its install script may not have run)
 */
export function runOnSiblingNode(launcherUrl) {
  const node = findSiblingNode(launcherUrl);
  if (node === undefined) return false;
  const args = [fileURLToPath(launcherUrl), ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: 'inherit' });
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    throw error;
  });
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
  return true;
}

function findSiblingNode(launcherUrl) {
  const require = createRequire(launcherUrl);
  try {
    const { version } = require('node/package.json');
    const folder = join(dirname(require.resolve('node/package.json')), 'bin');
    const node = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
    return isNewEnough(version) && existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
