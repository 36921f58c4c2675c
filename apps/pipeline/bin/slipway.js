#!/usr/bin/env node
// Starts the program on a Node that can run it: from source inside the repository, from dist when installed.
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';

const servingApp = nodeModule.createRequire(import.meta.url).resolve('@slipway/serving-app/package.json');
const { isNewEnough, runOnSiblingNode } = await import(
  new URL('bin/run-on-sibling-node.js', pathToFileURL(servingApp)).href
);

if (isNewEnough(process.versions.node)) await start();
else if (!runOnSiblingNode(import.meta.url)) {
  process.stderr.write(
    `slipway needs Node 22.18 or newer and runs on ${process.versions.node}: install a newer Node, ` +
      'or run "npm install --save-dev node@24" with install scripts allowed ("npm ci" in a clone of Slipway).\n',
  );
  process.exitCode = 2;
}

async function start() {
  // Halves the time to start; where the cache cannot be written, Node goes on without it.
  nodeModule.enableCompileCache();
  const source = new URL('../src/main.ts', import.meta.url);
  const fromSource = existsSync(source);
  if (fromSource) {
    nodeModule.registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, { ...context, conditions: [...context.conditions, '@slipway/source'] }),
    });
  }
  await import(fromSource ? source.href : new URL('../dist/main.js', import.meta.url).href);
}
