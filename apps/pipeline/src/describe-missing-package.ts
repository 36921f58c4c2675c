/**
 * What to do about an import of ours that Node did not find: a configuration imports from where it lies, not from where the
 * command line is installed.
 * @returns undefined for any other failure
 */
export function describeMissingPackage(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || (cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND')
    return undefined;
  const name = /'(@slipway\/[a-z-]+)/.exec(cause.message)?.[1];
  if (name === undefined) return undefined;
  return `Install ${name} in the repository that this file belongs to, as docs/your-own-repository.md says`;
}
