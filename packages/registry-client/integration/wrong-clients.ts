import { registryContractCases } from '../src/testing/index.ts';

/** A client with one mistake, made by rewriting what it sends, and the cases of the contract that must notice. */
export interface WrongClient {
  readonly name: string;
  readonly fetch: typeof globalThis.fetch;
  readonly failing: readonly string[];
}

type Rewrite = (url: URL, init: RequestInit) => void;

function rewriting(rewrite: Rewrite): typeof globalThis.fetch {
  return (input, init = {}) => {
    const url = new URL(String(input));
    const changed = { ...init };
    rewrite(url, changed);
    return fetch(url, changed);
  };
}

/** In the order of the contract. */
function inOrder(...names: readonly string[]): readonly string[] {
  const known = registryContractCases.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no case of the contract: ${unknown.join('; ')}`);
  return known.filter((name) => names.includes(name));
}

export const wrongClients: readonly WrongClient[] = [
  {
    name: 'asks for an alias at an endpoint that does not exist',
    fetch: rewriting((url) => {
      url.pathname = url.pathname.replace('registered-models/alias', 'registered-models/aliases');
    }),
    failing: inOrder(
      'moves an alias, reads it back, and deletes it twice',
      'finds nothing behind an alias that is not set, and none of a model that is not there',
      'refuses reserved aliases and unknown versions',
      'makes a version that knows its logged model, run, tags and description',
    ),
  },
  {
    name: 'sends no max_results',
    fetch: rewriting((url, init) => {
      url.searchParams.delete('max_results');
      if (typeof init.body !== 'string') return;
      const body = JSON.parse(init.body) as Record<string, unknown>;
      init.body = JSON.stringify({ ...body, max_results: undefined });
    }),
    failing: inOrder('searches runs by tags and status, newest first'),
  },
  {
    name: 'names an alias in the address of a DELETE instead of its body',
    fetch: rewriting((url, init) => {
      if (init.method !== 'DELETE' || typeof init.body !== 'string') return;
      const body = JSON.parse(init.body) as Record<string, string>;
      for (const [key, value] of Object.entries(body)) url.searchParams.set(key, value);
      init.body = '{}';
    }),
    failing: inOrder('moves an alias, reads it back, and deletes it twice'),
  },
  {
    name: 'sends params as numbers',
    fetch: rewriting((url, init) => {
      if (!url.pathname.endsWith('log-batch') || typeof init.body !== 'string') return;
      init.body = init.body.replaceAll(/"value":"(\d+)"/g, '"value":$1');
    }),
    failing: inOrder('keeps params, tags and the latest value of each metric'),
  },
  {
    name: 'sends NaN as null',
    fetch: rewriting((_, init) => {
      if (typeof init.body === 'string') init.body = init.body.replaceAll('"NaN"', 'null');
    }),
    failing: inOrder('keeps NaN as the metric of a run, and refuses it for a logged model'),
  },
];
