import { exitCode } from '../exit-code.ts';
import { findDeployed } from '../find-deployed.ts';
import { allModels, getModel } from '../load-configurations.ts';
import { parsePort } from '../parse-port.ts';
import { startServing } from '../serving-process.ts';
import type { Verb } from '../verb.ts';

export const serve: Verb = {
  keepsWork: true,
  words: ['[model]'],
  options: ['port'],
  help: 'Start the serving app on this environment; Ctrl-C ends it',
  example: 'serve bike-demand --port 8090',
  run: async (command, line) => {
    const { output } = command;
    const { servingListeners: listeners, servingTokens: tokens } = command.environment;
    const option = line.option('port');
    const port = parsePort(option ?? listeners.port ?? '8080', option === undefined ? 'PORT' : '--port');
    const adminPort = parsePort(listeners.adminPort ?? '0', 'ADMIN_PORT');
    const known = await command.configurations();
    const [name] = line.words;
    const models =
      name === undefined ? allModels(known).map((model) => model.name) : [getModel(known, name).name];
    // Without servers the app would start all the same, from its cache or with nothing: a person wants to hear why.
    const deployed = await findDeployed(await command.deployment(), models);
    const serving = await startServing(command, {
      models,
      deployed,
      host: listeners.host,
      port,
      adminPort,
      tokens,
    });
    output.line(`serving ${models.join(', ')} at ${serving.url} (log: .slipway/logs/serving.log)`);
    output.line(`metrics and admin at ${serving.adminUrl}`);
    if (!serving.isReady) output.line('not ready yet: the log says what it waits for');
    output.document({ url: serving.url, adminUrl: serving.adminUrl, models });
    const code = await serving.ended;
    return code === 0 ? exitCode.done : exitCode.unexpected;
  },
};
