/** The command by which a person lets serve what was decided against: by version where one is registered, else by run. */
export function describePromotion(
  model: string,
  attempt: { readonly run: string } | { readonly version: string },
): string {
  const which = 'run' in attempt ? `--run ${attempt.run}` : `--version ${attempt.version}`;
  return `to let it serve anyway: slipway promote ${model} ${which} --reason <why>`;
}
