import { createMlflowClient } from '@slipway/registry-client';
import { describeRegistryContract } from '@slipway/registry-client/testing';

for (const [version, url] of Object.entries({
  '3.17.2': 'http://127.0.0.1:5731',
  '2.22.5': 'http://127.0.0.1:5732',
})) {
  describeRegistryContract(`MLflow ${version}`, () => createMlflowClient({ trackingUri: url }));
}
