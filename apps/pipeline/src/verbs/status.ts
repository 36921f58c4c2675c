import { registeredName } from '@slipway/registry-client';
import { exitCode } from '../exit-code.ts';
import { formatTable } from '../table.ts';
import type { Verb } from '../verb.ts';

export const status: Verb = {
  words: [],
  options: [],
  help: 'Show what serves: every model, its versions and aliases',
  example: 'status',
  run: async (command) => {
    const { models } = await command.configurations();
    const { registry, environment } = await command.deployment();
    const states = [];
    for (const model of models.keys()) {
      const name = registeredName(model, environment);
      const versions = await registry.listModelVersions(name);
      const serving = await registry.findVersionByAlias(name, 'production');
      const previous = await registry.findVersionByAlias(name, 'previous');
      states.push({
        model,
        registeredName: name,
        versions: versions.length,
        production: serving?.version ?? null,
        previous: previous?.version ?? null,
      });
    }
    const rows = states.map((state) => [
      state.model,
      state.registeredName,
      String(state.versions),
      state.production ?? '-',
      state.previous ?? '-',
    ]);
    for (const text of formatTable([
      ['model', 'registered as', 'versions', 'production', 'previous'],
      ...rows,
    ]))
      command.output.line(text);
    command.output.document(states);
    return exitCode.done;
  },
};
