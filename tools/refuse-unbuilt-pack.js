// What npm runs before it packs a package: without dist/ it would make a tarball that nobody can import, and say nothing.
import { existsSync, readFileSync } from 'node:fs';

const { name, exports = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.values(exports).map(({ import: file }) => file);
const files = [...entries.filter((file) => file !== undefined), ...(exports['.'] ? [] : ['./dist/main.js'])];
const missing = files.filter((file) => !existsSync(file));
if (missing.length > 0) {
  process.stderr.write(`${name} is not built: ${missing.join(', ')} missing. Run "npm run build" first.\n`);
  process.exit(1);
}
