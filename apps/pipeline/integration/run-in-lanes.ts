import type { CommandResult } from './cli-project.ts';
import type { ServerVerb } from './verbs-of-servers.ts';

/** How a verb ended, and how many seconds it took. */
export interface EndedVerb extends CommandResult {
  readonly line: string;
  readonly seconds: number;
}

/**
 * Runs verbs, two at a time, each lane in an environment of its own, so that none waits for the lease of another. More
 * lanes would take the seconds from each other that a verb has, on a machine of two cores.
 * @param options.run runs a command line in an environment
 * @param options.afterEach done before the next verb of the lane
 */
export async function runInLanes(
  verbs: readonly ServerVerb[],
  {
    run,
    afterEach,
  }: {
    readonly run: (args: readonly string[], environment: string) => Promise<CommandResult>;
    readonly afterEach: () => Promise<void>;
  },
): Promise<readonly EndedVerb[]> {
  const [left, ended]: [ServerVerb[], EndedVerb[]] = [[...verbs], []];
  const lane = async (environment: string): Promise<void> => {
    for (let verb = left.shift(); verb !== undefined; verb = left.shift()) {
      const begun = performance.now();
      const result = await run(verb.args, environment);
      const seconds = (performance.now() - begun) / 1000;
      ended.push({ ...result, line: verb.args.join(' '), seconds });
      await afterEach();
    }
  };
  await Promise.all([lane('lane-one'), lane('lane-two')]);
  const slowest = Math.max(...ended.map(({ seconds }) => seconds));
  console.log(`slowest ${slowest.toFixed(1)} s of ${ended.length} verbs`);
  return ended;
}
