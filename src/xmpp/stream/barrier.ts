/**
 * Asks the server to say that it has processed what it was sent: a ping (XEP-0199) from the domain to itself, which the server routes back to us behind everything
 * written before. One is on its way at a time; who asks meanwhile shares the next.
 */
import type { Element } from '../../xml/element.ts';
import { xml } from '../../xml/writer.ts';
import { newId } from './pending.ts';
import { type Clock, LinkDown } from './types.ts';

/** How long the server may take for what it has been sent. */
const ANSWER_MS = 60_000;
/** It is asked again so often meanwhile: where two processes have a stream of one domain for a while, the server may have answered the other one. */
const AGAIN_MS = 10_000;

export interface Barrier {
  wait(): Promise<void>;
  /** Whether the stanza was a ping of ours that came back. */
  settle(stanza: Element): boolean;
  fail(reason: string): void;
}

interface Flight {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: LinkDown): void;
}

export interface BarrierTools {
  readonly domain: string;
  readonly clock: Clock;
  write(text: string): void;
  /** The server did not answer in time. */
  dead(): void;
}

/** For one stream. */
export function createBarrier({ domain, clock, write, dead }: BarrierTools): Barrier {
  const prefix = `barrier-${newId()}-`;
  let count = 0;
  let flying: Flight | undefined;
  let next: Flight | undefined;
  let cancel = (): void => undefined;
  const depart = (flight: Flight): void => {
    flying = flight;
    count++;
    const ping = xml`<iq type='get' id=${prefix + count} from=${domain} to=${domain}><ping xmlns='urn:xmpp:ping'/></iq>`;
    const askAgain = (): void => {
      again = clock.after(AGAIN_MS, askAgain);
      write(ping.text);
    };
    const cancelDeath = clock.after(ANSWER_MS, dead);
    let again = clock.after(AGAIN_MS, askAgain);
    cancel = () => {
      cancelDeath();
      again();
    };
    write(ping.text);
  };
  return {
    wait: () => {
      if (flying === undefined) {
        const flight = newFlight();
        depart(flight);
        return flight.promise;
      }
      next ??= newFlight();
      return next.promise;
    },
    settle: ({ attrs }) => {
      if (!attrs.id?.startsWith(prefix) || attrs.from !== domain) return false;
      if (flying === undefined || attrs.id !== prefix + count) return true;
      const landed = flying;
      cancel();
      flying = undefined;
      landed.resolve();
      const waiting = next;
      next = undefined;
      if (waiting !== undefined) depart(waiting);
      return true;
    },
    fail: (reason) => {
      cancel();
      flying?.reject(new LinkDown(reason));
      next?.reject(new LinkDown(reason));
      flying = undefined;
      next = undefined;
    },
  };
}

function newFlight(): Flight {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Who waits hears of it; where nobody does any more it is no unhandled rejection.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
