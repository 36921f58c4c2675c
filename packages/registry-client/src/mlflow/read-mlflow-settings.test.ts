import { describe, expect, it } from 'vitest';
import { readMlflowSettings } from './read-mlflow-settings.ts';

const MLFLOW_TRACKING_URI = 'http://127.0.0.1:5000';

describe('readMlflowSettings', () => {
  it('is undefined without an address; an empty variable is not set', () => {
    expect(readMlflowSettings({ MLFLOW_TRACKING_TOKEN: 'x' })).toBeUndefined();
    expect(readMlflowSettings({ MLFLOW_TRACKING_URI: '' })).toBeUndefined();
  });

  it('takes user and password before a token', () => {
    const token = { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN: 'token' };
    expect(readMlflowSettings(token)?.authentication).toEqual({ kind: 'bearer', token: 'token' });
    const both = { ...token, MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'secret' };
    expect(readMlflowSettings(both)?.authentication).toEqual({
      kind: 'basic',
      username: 'ada',
      password: 'secret',
    });
  });

  it('takes seconds for an answer', () => {
    const read = (seconds: string): unknown =>
      readMlflowSettings({ MLFLOW_TRACKING_URI, MLFLOW_HTTP_REQUEST_TIMEOUT: seconds });
    expect(read('2.5')).toMatchObject({ timeoutMs: 2_500 });
    expect(read('')).not.toHaveProperty('timeoutMs');
  });

  it.each([
    { MLFLOW_TRACKING_URI: 'secret' },
    { MLFLOW_TRACKING_URI: './mlruns-secret' },
    { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN: 'secret\n' },
    { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_PASSWORD: 'secret' },
    { MLFLOW_TRACKING_URI, MLFLOW_HTTP_REQUEST_TIMEOUT: 'secret' },
    { MLFLOW_TRACKING_URI, MLFLOW_HTTP_REQUEST_TIMEOUT: '0' },
  ])('names the variable and not its value: %#', (variables) => {
    const read = (): unknown => readMlflowSettings(variables);
    expect(read).toThrow(expect.objectContaining({ code: 'configuration_invalid' }) as Error);
    expect(read).toThrow(/MLFLOW_(TRACKING|HTTP)_/);
    expect(read).not.toThrow(/secret/);
  });
});
