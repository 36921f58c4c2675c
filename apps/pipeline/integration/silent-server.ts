import { createServer, type Socket } from 'node:net';

/** A server that takes connections and never says a word, as one does whose machine hangs. */
export interface SilentServer {
  readonly port: number;
  /** How many connections it has taken. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** @param port 0 for a free one, or that of a server that has been stopped */
export async function startSilentServer(port = 0): Promise<SilentServer> {
  const taken: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    taken.push(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    connections: () => taken.length,
    close: async () => {
      for (const socket of taken) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
