import type { Verb } from '../verb.ts';
import { clean } from './clean.ts';
import { databaseMigrate, databaseStatus, databaseStop, databaseUrl } from './database.ts';
import { datasetsDiff, datasetsExport, datasetsList, datasetsShow } from './datasets.ts';
import { demo } from './demo.ts';
import { deploy, retrain } from './deploy.ts';
import { erase } from './erase.ts';
import { explain } from './explain.ts';
import { featuresCheck } from './features-check.ts';
import { featuresLoad } from './features-load.ts';
import { featuresStatus } from './features-status.ts';
import { labelsLoad } from './labels.ts';
import { monitor } from './monitor.ts';
import { plan } from './plan.ts';
import { predict } from './predict.ts';
import { promote, rollback } from './promote.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { tryOne, tune } from './tune.ts';

/** Every verb, in the order the help shows them. */
export const verbs: ReadonlyMap<string, Verb> = new Map([
  ['demo', demo],
  ['plan', plan],
  ['deploy', deploy],
  ['retrain', retrain],
  ['try', tryOne],
  ['tune', tune],
  ['monitor', monitor],
  ['promote', promote],
  ['rollback', rollback],
  ['serve', serve],
  ['status', status],
  ['explain', explain],
  ['predict', predict],
  ['features load', featuresLoad],
  ['features check', featuresCheck],
  ['features status', featuresStatus],
  ['datasets list', datasetsList],
  ['datasets show', datasetsShow],
  ['datasets diff', datasetsDiff],
  ['datasets export', datasetsExport],
  ['clean', clean],
  ['erase', erase],
  ['labels load', labelsLoad],
  ['db status', databaseStatus],
  ['db stop', databaseStop],
  ['db url', databaseUrl],
  ['db migrate', databaseMigrate],
]);
