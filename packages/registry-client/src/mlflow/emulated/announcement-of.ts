import { readMlmodel, type Mlmodel } from '../../mlmodel/read-mlmodel.ts';
import { emulatedFolder } from './emulation-tags.ts';

/** What `runs/log-model` takes. */
interface ModelAnnouncement {
  readonly artifact_path: string;
  readonly flavors: Mlmodel['flavors'];
  readonly model_uuid: string;
  readonly run_id: string;
  readonly utc_time_created: string;
}

/**
 * What Python's MLflow 2.22 says of a model when it logs one: the server keeps these five fields and no others, its pages
 * read the signature from the file itself. A flavor's settings go as they are: it drops those under `config`.
 * @param options.now for a file that does not say when it was made
 */
export function announcementOf(
  mlmodel: Uint8Array,
  { runId, now }: { runId: string; now: number },
): ModelAnnouncement {
  const { flavors, uuid, createdAt } = readMlmodel(new TextDecoder().decode(mlmodel));
  return {
    artifact_path: emulatedFolder,
    flavors,
    model_uuid: uuid ?? runId,
    run_id: runId,
    utc_time_created: createdAt ?? new Date(now).toISOString().replace('T', ' ').replace('Z', '000'),
  };
}
