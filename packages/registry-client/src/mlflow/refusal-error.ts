import { SlipwayError } from '@slipway/contracts';
import type { MlflowRefusal } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';

/** A refusal that no verb has words of its own for. The server's message is kept, without the values it quotes. */
export function refusalError(
  { status, errorCode, message }: MlflowRefusal,
  { request, url }: { readonly request: MlflowRequest; readonly url: string },
): SlipwayError {
  const words = withoutValues(message);
  return new SlipwayError('registry_rejected', {
    what: `${request.action.charAt(0).toUpperCase()}${request.action.slice(1)} was refused by the tracking server at ${url}`,
    received: `HTTP ${status} ${errorCode}${words === '' ? '' : ` "${words}"`}`,
    details: { field: 'request', reason: 'pattern', status, errorCode },
  });
}

/** The first line of a server's message, at most 200 characters; what stands in quotes is a value of the user's. */
export function withoutValues(message: string): string {
  const [line = ''] = message.split('\n', 1);
  const bare = line
    .replace(/=?'.*'/g, " '...'")
    .replace(/"[^"]*"/g, '...')
    .replace(/\s+/g, ' ')
    .trim();
  return bare.length <= 200 ? bare : `${bare.slice(0, 199)}…`;
}
