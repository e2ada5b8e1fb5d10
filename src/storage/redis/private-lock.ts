/** Keeps a second gateway out of a data directory: a socket that its owner listens on, so that the lock dies with the process, however it dies. */
import { rename, stat, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import type { Clock } from '../../bridge/contract.ts';

const triesAtMost = 10;
/** Nobody takes so long to put it in its place. */
const begunMs = 10_000;

/**
 * Resolves with what gives the lock back; undefined: a living process holds it, or is just taking it. Whoever takes it listens beside its place first, which one alone can, and
 * moves that there: of several who find the lock of a process that was killed, none deletes what another has put in its place meanwhile.
 */
export async function lock(path: string, clock: Pick<Clock, 'now'>): Promise<(() => Promise<void>) | undefined> {
  const beside = `${path}~`;
  for (let tries = 0; tries < triesAtMost; tries++) {
    if (await answers(path)) return undefined;
    const server = await listen(beside);
    if (server === undefined) {
      if ((await answers(beside)) || !(await wasBegunBefore(clock.now() - begunMs, beside))) return undefined;
      await unlink(beside).catch(() => undefined);
      continue;
    }
    // Somebody may have come and gone again since it was looked.
    const isHeld = await answers(path);
    if (!isHeld && (await moved(beside, path))) return () => giveBack(path, server);
    await closed(server);
    if (isHeld) return undefined;
  }
  return undefined;
}

async function giveBack(path: string, server: Server): Promise<void> {
  await unlink(path).catch(() => undefined);
  await closed(server);
}

/** False: whoever gave the lock back has deleted it, as Node does with the name that a socket was made by. */
const moved = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );

/** Of one that is being made it can't be told whether anybody listens. */
const wasBegunBefore = (time: number, path: string): Promise<boolean> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs < time,
    () => false,
  );

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

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
