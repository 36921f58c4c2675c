import { describe, expect, it } from 'vitest';
import { parseEnvironment } from './environment.ts';
import { mlflowPage } from './mlflow-page.ts';

describe('mlflowPage', () => {
  it('names the page below the path of the server, and no password', () => {
    const environment = parseEnvironment({ MLFLOW_TRACKING_URI: 'https://ada:secret@mlflow.example/base/' });
    expect(mlflowPage(environment, { registeredName: 'bikes' })).toBe(
      'https://mlflow.example/base/#/models/bikes',
    );
    expect(mlflowPage(environment, { registeredName: 'bikes', version: '2' })).toBe(
      'https://mlflow.example/base/#/models/bikes/versions/2',
    );
  });

  it('is nothing without a tracking server', () => {
    expect(mlflowPage(parseEnvironment({}), { registeredName: 'bikes' })).toBeUndefined();
  });
});
