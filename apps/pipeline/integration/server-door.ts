import { connect, createServer, type Server, type Socket } from 'node:net';

/** How a server looks from outside: `shut` as one that has been stopped, `silent` as one whose machine hangs. */
export type DoorState = 'open' | 'shut' | 'silent';

/** A door in front of a server, on a port that it keeps for itself in every state. */
export interface ServerDoor {
  /** The server's URL with the port of the door. */
  readonly url: string;
  /** Changes the state; ends the connections that are there. */
  set(state: DoorState): Promise<void>;
}

/** Ports below 32768 are handed out to nobody who asks for a free one, so that none is lost while a door is shut. */
const ports = { first: 20_000, count: 10_000, tries: 50 };

/** Makes an open door. @param options.start which port to try first, any whole number */
export async function openServerDoor({ to, start }: { to: string; start: number }): Promise<ServerDoor> {
  const taken = new Set<Socket>();
  let state: DoorState = 'open';
  const keep = (socket: Socket): Socket => {
    taken.add(socket);
    return socket.on('error', () => undefined).on('close', () => taken.delete(socket));
  };
  const server = createServer((socket) => {
    keep(socket);
    if (state === 'silent') socket.resume();
    else passOn(socket, keep(connect(Number(new URL(to).port), new URL(to).hostname)));
  });
  const port = await listenBelow(server, start);
  const url = new URL(to);
  url.port = String(port);
  return {
    url: url.href.replace(/\/$/, ''),
    set: async (next) => {
      state = next;
      const closed = next === 'shut' && server.listening ? close(server) : undefined;
      for (const socket of taken) socket.destroy();
      await closed;
      if (next !== 'shut' && !server.listening) await listen(server, port);
    },
  };
}

function passOn(socket: Socket, behind: Socket): void {
  socket.pipe(behind).pipe(socket);
  socket.on('close', () => behind.destroy());
  behind.on('close', () => socket.destroy());
}

async function listenBelow(server: Server, start: number): Promise<number> {
  for (let tries = 0; tries < ports.tries; tries += 1) {
    const port = ports.first + ((start + tries) % ports.count);
    const isOurs = await listen(server, port).then(
      () => true,
      () => false,
    );
    if (isOurs) return port;
  }
  throw new Error(`no free port among ${ports.tries} from ${ports.first + (start % ports.count)} on`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
