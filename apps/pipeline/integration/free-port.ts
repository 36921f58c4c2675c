import { createServer, type AddressInfo } from 'node:net';

/** A port of 127.0.0.1 at which nobody listens now, for programs that have to be told one. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
