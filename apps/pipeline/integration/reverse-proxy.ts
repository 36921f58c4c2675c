import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An HTTP server before another one, which knows when the other has answered everything it was asked. */
interface ReverseProxy {
  readonly url: string;
  /** Resolves when no request is on its way, those of dead clients included. */
  untilIdle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts one on a free port of 127.0.0.1. A request is passed on once it is whole; a client that died takes nothing back.
 * @param options.cuts for which paths the connection ends when the other server has answered, with no answer
 */
export async function startReverseProxy(
  upstream: string,
  { cuts = () => false }: { readonly cuts?: (path: string) => boolean } = {},
): Promise<ReverseProxy> {
  const open = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const passed = passOn({ upstream, cuts }, request, response).finally(() => open.delete(passed));
    open.add(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async untilIdle() {
      // What a dead client had sent lies in the sockets of this process. Until this question has been to the other server and
      // back, the event loop turns several times, and each turn takes new connections and reads those it has.
      await (await fetch(`${url}/health`)).text();
      while (open.size > 0) await Promise.all(open);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function passOn(
  { upstream, cuts }: { readonly upstream: string; readonly cuts: (path: string) => boolean },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Cut off before its end.
  const body = await buffer(request).catch(() => undefined);
  if (body === undefined) return;
  try {
    const { 'content-type': type } = request.headers;
    const answer = await fetch(`${upstream}${request.url ?? '/'}`, {
      method: request.method ?? 'GET',
      headers: type === undefined ? {} : { 'content-type': type },
      ...(body.length === 0 ? {} : { body }),
      redirect: 'manual',
    });
    const content = Buffer.from(await answer.arrayBuffer());
    if (cuts(request.url ?? '')) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(content);
  } catch {
    response.writeHead(502).end();
  }
}
