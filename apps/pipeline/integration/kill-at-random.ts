import type { CleanDeploy } from './clean-deploys.ts';
import type { DeploySubject } from './deploy-subject.ts';
import { interruptDeploy, type InterruptedDeploy } from './interrupt-deploy.ts';
import type { Kill } from './kill-order.ts';

/** Draws that may hit nobody before a round gives up. */
const mostDraws = 5;

/**
 * Kills `deploy` at calls that chance chose. A draw can miss: a slow process renews its leases more often than a quick one,
 * and one that is killed after its last call was sent may end first. Then there is another, on a new subject.
 */
export async function killAtRandom(
  createSubject: () => Promise<DeploySubject>,
  random: () => number,
  clean: CleanDeploy,
): Promise<InterruptedDeploy> {
  for (let draws = 1; ; draws += 1) {
    const subject = await createSubject();
    try {
      const interrupted = await interruptDeploy(subject, drawKills(random, clean), clean);
      const { killed, violations } = interrupted;
      if (killed > 0 || violations.length > 0 || draws === mostDraws) return interrupted;
    } finally {
      await subject.remove();
    }
  }
}

/** One call of a clean deployment, or two for two processes, one after the other. */
function drawKills(random: () => number, { calls }: CleanDeploy): Kill[] {
  const draw = (): Kill => ({
    call: 1 + Math.floor(random() * calls.length),
    moment: (['before', 'sent', 'answered'] as const)[Math.floor(random() * 3)]!,
  });
  return random() < 0.4 ? [draw(), draw()] : [draw()];
}
