import type { BackendName } from './deploy-backends.ts';
import type { BrokenSource } from './kill-order.ts';

/** The program without one thing that lets a deploy go on where a dead one stopped. */
interface BrokenDeploy extends BrokenSource {
  readonly what: string;
  /** The call to die before. */
  readonly at: RegExp;
  /** The violation that has to be found. */
  readonly sees: RegExp;
  readonly backends: readonly BackendName[];
}

export const brokenDeploys: readonly BrokenDeploy[] = [
  {
    what: 'the search for the unfinished run',
    file: 'deployment/src/attempt.ts',
    from: "status: 'RUNNING'",
    to: "status: 'SCHEDULED'",
    at: /INSERT INTO training\.dataset_use/,
    sees: /is RUNNING/,
    backends: ['embedded', 'MLflow 3'],
  },
  {
    what: 'the reuse of a stored dataset',
    file: 'datasets/src/seal-dataset.ts',
    from: 'await transaction.execute(`DROP TABLE ${quoteTable(build)}`);',
    to: '',
    at: /INSERT INTO training\.dataset_use/,
    sees: /belongs to no dataset/,
    backends: ['embedded'],
  },
  {
    what: 'the search for the registered version',
    file: 'deployment/src/register-version.ts',
    from: 'versions.find((version) =>',
    to: 'versions.find((version) => false &&',
    at: /INSERT INTO registry\.model_alias|POST .*registered-models\/alias/,
    sees: /versions: expected 1, got 2/,
    backends: ['embedded', 'MLflow 3'],
  },
  {
    what: 'the search for the begun model',
    file: 'deployment/src/log-candidate.ts',
    from: 'await registry.listLoggedModels(run)',
    to: '[]',
    at: /POST .*runs\/outputs$/,
    sees: /model m-\w+ is PENDING/,
    backends: ['MLflow 3'],
  },
  {
    what: 'the search for the begun move of production',
    file: 'deployment/src/alias-moves.ts',
    from: 'if (unfinished) return last;',
    to: '',
    at: /INSERT INTO registry\.model_alias|POST .*registered-models\/alias/,
    sees: /moves of production: expected 1, got 2/,
    backends: ['embedded', 'MLflow 3'],
  },
  {
    what: 'the memory of the verdict',
    file: 'deployment/src/earlier-verdict.ts',
    from: 'if (!holds)',
    to: 'if (verdict)',
    at: /UPDATE registry\.run SET status|POST .*runs\/update/,
    sees: /result: expected/,
    backends: ['embedded'],
  },
];
