/** Where the configurations lie, relative to this file. State and reports go to `.slipway/` beside it. */
export default {
  models: 'apps/pipeline/models',
  featureTables: 'apps/pipeline/features',
};
