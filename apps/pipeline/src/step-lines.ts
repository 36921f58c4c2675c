import type { StepEvent } from '@slipway/deployment';
import type { Output } from './output.ts';

/** Prints one line per finished step, with its duration, and progress in place while it runs. */
export function createStepLines(output: Output, now: () => number): (event: StepEvent) => void {
  let startedAt = now();
  return (event) => {
    const label = event.step.padEnd(9);
    if (event.kind === 'started') startedAt = now();
    if (event.kind === 'started') output.progress(`  ${label} ...`);
    if (event.kind === 'progress')
      output.progress(`  ${label} ${estimate(event.done, event.total, now() - startedAt)}`);
    if (event.kind === 'warning') output.line(`  ${output.paint('yellow', label)} ${event.sentence}`);
    if (event.kind === 'done') {
      const seconds = ((now() - startedAt) / 1000).toFixed(1);
      output.line(
        `  ${output.paint('bold', label)} ${event.sentence} ${output.paint('dim', `(${seconds} s)`)}`,
      );
    }
  };
}

function estimate(done: number, total: number, elapsedMs: number): string {
  const left = done === 0 ? '' : `, about ${Math.ceil(((total - done) * elapsedMs) / done / 1000)} s left`;
  return `${done}/${total}${left}`;
}
