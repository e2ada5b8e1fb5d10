/** The laws that every bridge passes. Free of any test runner: each law is a name and a check that throws; `test/conformance/bridges.test.ts` runs them all. */

import { plainText } from '../../core/content.ts';
import { deliveryKey } from '../../core/ids.ts';
import type { Address, Clock, Network, Session } from '../contract.ts';
import { type ChatId, GatewayError, type NetworkEvent } from '../index.ts';

/** A network with a bridge on it, and somebody on the other side whom the test plays. */
export interface Subject {
  readonly network: Network;
  readonly on?: string;
  readonly clock: Clock;
  /** A room that can be joined; another one that refuses. */
  readonly room: ChatId;
  readonly closedRoom: ChatId;
  /** Addresses of every kind, awkward ones among them. */
  readonly addresses: readonly Address[];
  /** Another person, already in `room`. */
  readonly other: {
    say(text: string): Promise<void>;
    /** Resolves with the texts heard in `room`, once there are so many. */
    heard(count: number): Promise<readonly string[]>;
  };
}

export interface Law {
  readonly name: string;
  check(subject: Subject): Promise<void>;
}

/** The alphabet of localparts that no server changes or rejects (CHECKLIST JID-05). */
const safe = /^[a-z0-9._\-+~!#$%*=?^()[\]{}|,;\\]*$/;

const waitMs = 10_000;

function ensure(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

interface Login {
  readonly session: Session;
  readonly events: readonly NetworkEvent[];
  end(): Promise<void>;
}

async function login(subject: Subject, nick: string): Promise<Login> {
  const events: NetworkEvent[] = [];
  const stop = new AbortController();
  const account = {
    id: `${nick}/kit`,
    owner: `${nick}@kit.test`,
    nick,
    ...(subject.on !== undefined && { on: subject.on }),
  };
  const host = {
    emit: (event: NetworkEvent) => {
      events.push(event);
      return undefined;
    },
    checkpoint: async () => {},
  };
  const session = await subject.network.connect(account, host, stop.signal);
  return {
    session,
    events,
    async end() {
      await session.end('the kit is done');
      stop.abort(new Error('done'));
    },
  };
}

async function within<T>(subject: Subject, what: string, promise: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = subject.clock
    .sleep(waitMs, stop.signal)
    .then(() => Promise.reject(new Error(`${what} did not settle in ${waitMs} ms`)));
  late.catch(() => {});
  return Promise.race([promise, late]).finally(() => stop.abort(new Error('settled')));
}

async function refused(what: string, promise: Promise<unknown>): Promise<void> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  ensure(outcome instanceof GatewayError, `${what} must reject with a GatewayError, not ${String(outcome)}`);
}

export const laws: readonly Law[] = [
  {
    name: 'an address that is formatted and parsed is the same, and a prepared localpart',
    async check({ network, addresses }) {
      for (const address of addresses) {
        const local = network.addresses.format(address);
        ensure(safe.test(local), `${local} leaves the alphabet that every server keeps`);
        const back = JSON.stringify(network.addresses.parse(local), Object.keys(address).sort());
        ensure(back === JSON.stringify(address, Object.keys(address).sort()), `${local} came back as ${back}`);
      }
    },
  },
  {
    name: 'a join that resolves has told everybody who is there, ourselves among them',
    async check(subject) {
      const { session, events, end } = await login(subject, 'kitjoin');
      ensure(session.rooms !== undefined, 'the session has rooms');
      await within(subject, 'join', session.rooms.join(subject.room, { nick: 'kitjoin' }, AbortSignal.timeout(waitMs)));
      const complete = events.find((event) => event.kind === 'members' && event.complete === true);
      ensure(complete?.kind === 'members', 'a complete member list came first');
      const people = complete.changes.flatMap((change) => (change.is === 'in' ? [change.member.person] : []));
      ensure(people.includes(session.me), 'we are in it');
      ensure(people.length >= 2, 'so is the other one');
      await end();
    },
  },
  {
    name: 'a join that the network refuses rejects with the error that the user should see',
    async check(subject) {
      const { session, end } = await login(subject, 'kitclosed');
      ensure(session.rooms !== undefined, 'the session has rooms');
      const joining = session.rooms.join(subject.closedRoom, { nick: 'kitclosed' }, AbortSignal.timeout(waitMs));
      await refused('a refused join', within(subject, 'join', joining));
      await end();
    },
  },
  {
    name: 'sends of one chat that are in flight together arrive in the order they were started, each with its ref',
    async check(subject) {
      const { session, end } = await login(subject, 'kitorder');
      ensure(session.rooms !== undefined, 'the session has rooms');
      await session.rooms.join(subject.room, { nick: 'kitorder' }, AbortSignal.timeout(waitMs));
      const count = Math.min(20, session.limits(subject.room).window);
      const texts = Array.from({ length: count }, (_, i) => `number ${i}`);
      const signal = AbortSignal.timeout(waitMs);
      const sends = texts.map((text, i) =>
        session.send({ text: plainText(text) }, { chat: subject.room, key: deliveryKey(`${i}-0`), number: 1, signal }),
      );
      const sent = await within(subject, 'send', Promise.all(sends));
      ensure(
        sent.every(({ refs }) => refs.length > 0),
        'each has a ref',
      );
      ensure(new Set(sent.map(({ refs }) => refs[0]?.id)).size === count, 'no two refs are the same');
      const heard = await within(subject, 'hearing', subject.other.heard(count));
      ensure(heard.join() === texts.join(), `heard ${heard.join(' | ')}`);
      await end();
    },
  },
  {
    name: 'what others say arrives once, with who said it and where',
    async check(subject) {
      const { session, events, end } = await login(subject, 'kithear');
      ensure(session.rooms !== undefined, 'the session has rooms');
      await session.rooms.join(subject.room, { nick: 'kithear' }, AbortSignal.timeout(waitMs));
      await subject.other.say('good morning');
      const heard = () =>
        events.filter((event) => event.kind === 'message' && event.content.text?.plain === 'good morning');
      while (heard().length === 0) await within(subject, 'hearing', subject.clock.sleep(10));
      const [message] = heard();
      ensure(message?.kind === 'message' && message.chat === subject.room && heard().length === 1, 'once, in the room');
      await end();
    },
  },
  {
    name: 'sending into a room that we are not in rejects, and nobody hangs',
    async check(subject) {
      const { session, end } = await login(subject, 'kitout');
      const to = { chat: subject.closedRoom, key: deliveryKey('9-0'), number: 1, signal: AbortSignal.timeout(waitMs) };
      await refused('a send from outside', within(subject, 'send', session.send({ text: plainText('hello?') }, to)));
      await end();
    },
  },
];
