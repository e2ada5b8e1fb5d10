/** A word with a Redis on a unix socket, without a client: is it ready, and would it please end. */
import { createConnection } from 'node:net';
import type { Clock } from '../../bridge/contract.ts';

/** Sends one inline command; resolves with the first line of the answer, or undefined where there is none. */
export function talk(path: string, command: string, withinMs: number, clock: Clock): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path).setEncoding('utf8');
    let text = '';
    const end = (answer: string | undefined): void => {
      giveUp();
      socket.destroy();
      resolve(answer);
    };
    const giveUp = clock.after(withinMs, () => end(undefined));
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.on('data', (more: string) => {
      text = (text + more).slice(0, 1_000);
      const line = text.indexOf('\r\n');
      if (line >= 0) end(text.slice(0, line));
    });
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
  });
}

/** Does it take commands? False while it loads its file. */
export const isReady = async (path: string, clock: Clock): Promise<boolean> =>
  (await talk(path, 'PING', 1_000, clock)) === '+PONG';
