/** A wire tap in front of a server: passes bytes on, and tells who came and what they said first. */
import { createConnection, createServer, type Socket } from 'node:net';

/** One connection that was made to it. */
export interface Guest {
  /** The address it came from. */
  readonly from: string;
  /** All that it has said so far. */
  readonly said: Buffer;
}

export interface Relay extends AsyncDisposable {
  readonly port: number;
  readonly guests: readonly Guest[];
  /** The port on loopback that later guests are led to; 0: whoever comes hears nothing. */
  to: number;
  /** Whoever is connected is so no longer. */
  cut(): void;
}

/** Listens on loopback. */
export async function startRelay(to = 0): Promise<Relay> {
  const guests: { readonly from: string; said: Buffer }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const guest = { from: socket.remoteAddress ?? '', said: Buffer.alloc(0) };
    guests.push(guest);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      guest.said = Buffer.concat([guest.said, bytes]);
    });
    if (relay.to === 0) return;
    const target = createConnection(relay.to, '127.0.0.1');
    sockets.add(target);
    target.on('error', () => socket.destroy());
    target.on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
    socket.pipe(target);
    target.pipe(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const relay: Relay = {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    guests,
    to,
    cut() {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    async [Symbol.asyncDispose]() {
      relay.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}
