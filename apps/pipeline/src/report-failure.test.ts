import { SlipwayError } from '@slipway/contracts';
import { createMlflowClient } from '@slipway/registry-client';
import { describe, expect, it } from 'vitest';
import { reportFailure } from './report-failure.ts';
import { verbs } from './verbs/index.ts';

/** What the client says when a connection ends in the middle of a call. */
async function cutError(call: 'create' | 'read'): Promise<unknown> {
  const fetch = (): Promise<Response> => Promise.reject(new TypeError('terminated'));
  const client = createMlflowClient({
    trackingUri: 'http://127.0.0.1:5000',
    fetch,
    wait: async () => undefined,
  });
  const sent =
    call === 'read'
      ? client.getRun('a'.repeat(32))
      : client.createRun({ experimentId: '1', runName: 'x', startTime: 1 });
  return sent.catch((error: unknown) => error);
}

describe('a cut answer', () => {
  it('of a verb that goes on where it stopped asks for another run, not for a look', async () => {
    const { lines, document } = reportFailure(await cutError('create'), { verbose: false, goesOn: true });
    expect(lines[0]).toMatch(
      /^registry_unavailable: Creating a run failed: .*\. Run it again: it goes on where it stopped\.$/,
    );
    expect(document.message).toContain('Run it again: it goes on where it stopped.');
    expect(`${lines.join()}${document.message}`).not.toContain('look before');
  });

  it('of any other verb asks for a look', async () => {
    const { lines } = reportFailure(await cutError('create'), { verbose: false });
    expect(lines[0]).toContain('look before you ask again.');
    expect(lines[0]).not.toContain('Run it again');
  });

  it('that can have done nothing keeps its own next step', async () => {
    const error = await cutError('read');
    const goesOn = reportFailure(error, { verbose: false, goesOn: true });
    expect(goesOn).toEqual(reportFailure(error, { verbose: false }));
    expect(goesOn.lines[0]).toContain('Check that the server runs');
  });

  it('keeps its sentence when the error names no next step', () => {
    const error = new SlipwayError('registry_unavailable', { what: 'Cut', details: { mayBeDone: true } });
    const { lines } = reportFailure(error, { verbose: false, goesOn: true });
    expect(lines).toEqual(['registry_unavailable: Cut. Run it again: it goes on where it stopped.']);
  });
});

it('deploy, retrain and erase go on where they stopped', () => {
  expect([...verbs].filter(([, verb]) => verb.goesOn === true).map(([name]) => name)).toEqual([
    'deploy',
    'retrain',
    'erase',
  ]);
});

it('control characters of a server or a key reach no terminal; a stack keeps its lines', () => {
  const violations = [{ constraint: 'unique', count: 1, share: 0.5, sampleKeys: ['a\u001b[31m\nb'] }];
  const error = new SlipwayError('data_rejected', { what: 'Refused\u009b2J', details: { violations } });
  const { lines } = reportFailure(error, { verbose: true });
  expect(lines.slice(0, 3)).toEqual([
    'data_rejected: Refused\\x9b2J.',
    '  violated  rows   share  for example',
    '  unique       1  50.0 %  a\\x1b[31m\\nb',
  ]);
  expect(lines.filter((line) => line.startsWith('    at ')).length).toBeGreaterThan(1);
});
