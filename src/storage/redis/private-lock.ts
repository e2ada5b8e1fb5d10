/** Keeps a second gateway out of a data directory: a socket that its owner listens on, so that the lock dies with the process, however it dies. */
import { unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';

/** Resolves with what gives the lock back; undefined: a living process holds it. */
export async function lock(path: string): Promise<(() => Promise<void>) | undefined> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const server = await listen(path);
    if (server !== undefined) return () => new Promise((resolve) => server.close(() => resolve()));
    if (await answers(path)) return undefined;
    await unlink(path).catch(() => undefined);
  }
  return undefined;
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server.unref()));
  });
}

/** Does a process listen there? */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
