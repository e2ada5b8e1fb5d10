/**
 * An identd (RFC 1413): tells servers, which ask as soon as we connect, by which of our users a connection is. The answer is a hash of the JID, as
 * biboumi's: the same for the same person, and no name. One for a network, there as long as the process.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock, Log } from '#bridge';

export interface Identd {
  /** This socket is of that user; the returned function takes it back. */
  identify(socket: Socket, owner: string): () => void;
  /** The port that it listens on; undefined: not yet, or it could not. */
  readonly port: number | undefined;
  /** Resolves when it listens, or can't. Before the first connection, as servers ask at once. */
  listen(): Promise<void>;
  close(): void;
}

export interface IdentdOptions {
  /** 0: one that is free. */
  readonly port: number;
  readonly host: string;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

/** A server may ask before we have heard that we are connected. */
const patienceMs = 2000;
const askMs = 10_000;
const maxGuests = 200;
const maxQuestion = 64;
const question = /^\s*([0-9]{1,5})\s*,\s*([0-9]{1,5})\s*$/;

/** Listens from the first connection on. Where it cannot, it says so and does without. */
export function createIdentd({ port, host, clock, log }: IdentdOptions): Identd {
  /** By both ports and the other side's address. */
  const owners = new Map<string, string>();
  const waiting = new Set<() => void>();
  let guests = 0;
  let started = false;

  function answer(guest: Socket, text: string): void {
    const ports = question.exec(text);
    const [ours, theirs] = [Number(ports?.[1] ?? 0), Number(ports?.[2] ?? 0)];
    const about = `${ours}, ${theirs}`;
    if (ours < 1 || theirs < 1 || ours > 65_535 || theirs > 65_535) {
      guest.end(`${about} : ERROR : INVALID-PORT\r\n`);
      return;
    }
    const key = keyOf(ours, theirs, guest.remoteAddress);
    const tell = (): boolean => {
      const owner = owners.get(key);
      if (owner === undefined) return false;
      guest.end(`${about} : USERID : UNIX : ${createHash('sha1').update(owner).digest('hex')}\r\n`);
      return true;
    };
    if (tell()) return;
    const again = (): void => {
      if (tell()) over();
    };
    const late = clock.after(patienceMs, () => {
      over();
      guest.end(`${about} : ERROR : NO-USER\r\n`);
    });
    const over = (): void => {
      late();
      waiting.delete(again);
    };
    waiting.add(again);
    guest.once('close', over);
  }

  function take(guest: Socket): void {
    guests++;
    let text = '';
    const late = clock.after(askMs, () => guest.destroy());
    guest.once('close', () => {
      guests--;
      late();
    });
    guest.on('error', () => guest.destroy());
    if (guests > maxGuests) {
      guest.destroy();
      return;
    }
    guest.on('data', function read(bytes: Buffer) {
      text += bytes.toString('latin1');
      const end = text.indexOf('\n');
      if (end < 0 && text.length < maxQuestion) return;
      guest.off('data', read);
      guest.resume();
      answer(guest, end < 0 ? '' : text.slice(0, end));
    });
  }

  const server: Server = createServer(take);
  const listening = new Promise<void>((resolve) => {
    server.once('listening', () => resolve());
    server.once('error', (error) => {
      log.error(
        { err: error, port },
        'the identd cannot listen, and servers are told nothing; deploy/README.md says what it takes',
      );
      resolve();
    });
  });
  return {
    identify(socket, owner) {
      const key = keyOf(socket.localPort, socket.remotePort, socket.remoteAddress);
      owners.set(key, owner);
      for (const look of [...waiting]) look();
      return () => owners.delete(key);
    },
    get port() {
      const address = server.address();
      return address !== null && typeof address === 'object' ? address.port : undefined;
    },
    listen() {
      if (!started) server.listen(port, host).unref();
      started = true;
      return listening;
    },
    close: () => void server.close(),
  };
}

const keyOf = (ours: number | undefined, theirs: number | undefined, host: string | undefined): string =>
  `${ours},${theirs},${(host ?? '').replace(/^::ffff:/, '')}`;
