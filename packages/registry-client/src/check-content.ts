import { registryRejected } from './registry-rejected.ts';

/** Checks that the content of a file is bytes. @throws SlipwayError `registry_rejected` */
export function checkContent(content: unknown): void {
  if (content instanceof Uint8Array) return;
  const facts = { expected: 'a Uint8Array', received: typeof content };
  throw registryRejected({
    field: 'content',
    reason: 'type',
    what: 'The content of a file is not bytes',
    ...facts,
  });
}
