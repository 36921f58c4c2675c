import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A request as it arrived. */
export interface ArrivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An HTTP server on 127.0.0.1 that answers as a test says, and remembers what arrived. */
export interface ScriptedServer {
  readonly url: string;
  readonly arrived: readonly ArrivedRequest[];
  close(): Promise<void>;
}

/** @param answer called once per request, with its place in the order of arrival, from 0 */
export async function startScriptedServer(
  answer: (response: ServerResponse, request: ArrivedRequest, place: number) => void,
): Promise<ScriptedServer> {
  const arrived: ArrivedRequest[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      const { method = '', url: target = '', headers } = incoming;
      arrived.push({ method, target, headers, body });
      answer(response, arrived[arrived.length - 1]!, arrived.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrived,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers with a text of another kind. */
export function answerText(
  response: ServerResponse,
  {
    status,
    text,
    type = 'text/html; charset=utf-8',
    headers = {},
  }: { status: number; text: string; type?: string; headers?: Record<string, string> },
): void {
  response.writeHead(status, { 'content-type': type, ...headers }).end(text);
}
