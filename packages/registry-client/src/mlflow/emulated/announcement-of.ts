import { readMlmodel, type Mlmodel } from '../../mlmodel/read-mlmodel.ts';
import { emulatedFolder } from './emulation-tags.ts';

/** What `runs/log-model` takes. */
export interface ModelAnnouncement {
  readonly artifact_path: string;
  readonly flavors: Mlmodel['flavors'];
  readonly model_uuid: string;
  readonly run_id: string;
  readonly utc_time_created: string;
}

/**
 * What Python's MLflow 2.22 says of a model when it logs one: the server keeps these five fields and no others, its pages
 * read the signature from the file itself. Settings under `config` stay there too.
 * @param options.now for a file that does not say when it was made
 */
export function announcementOf(
  mlmodel: Uint8Array,
  { runId, now }: { runId: string; now: number },
): ModelAnnouncement {
  const { flavors, uuid, createdAt } = readMlmodel(new TextDecoder().decode(mlmodel));
  return {
    artifact_path: emulatedFolder,
    flavors: Object.fromEntries(
      Object.entries(flavors).map(([name, settings]) => [name, withoutConfig(settings)]),
    ),
    model_uuid: uuid ?? runId,
    run_id: runId,
    utc_time_created: createdAt ?? new Date(now).toISOString().replace('T', ' ').replace('Z', '000'),
  };
}

function withoutConfig(settings: Mlmodel['flavors'][string]): Mlmodel['flavors'][string] {
  if (typeof settings !== 'object' || settings === null) return settings;
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'config'));
}
