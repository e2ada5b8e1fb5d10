/** The laws that every bridge passes. Free of any test runner: each law is a name and a check that throws; `test/conformance/bridges.test.ts` runs them all. */
import { plainText } from '../../core/content.ts';
import { GatewayError } from '../../core/errors.ts';
import type { NetworkEvent } from '../../core/event.ts';
import { type ChatId, chatId, deliveryKey, type PersonId, personId } from '../../core/ids.ts';
import type { Address, Attempt, Clock, Network, Rooms, Session } from '../contract.ts';
import type { Asker, OwnClient } from '../own-client.ts';

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
  /** Somebody who can be on a contact list, where the network has such. */
  readonly acquaintance?: PersonId;
  /** Another person, already in `room`. */
  readonly other: {
    /** To the room; resolves when the network has it. */
    say(text: string): Promise<void>;
    /** Resolves with what `nick` said in the room, once there is so much of it. */
    heard(nick: string, count: number): Promise<readonly string[]>;
    /** Resolves when that person has come to the room, or gone from it. */
    sees(nick: string, how: 'come' | 'gone'): Promise<void>;
    /** Asks what software that person uses; absent: people there can't ask. */
    asksVersion?(nick: string): Promise<string>;
    /** Shows another picture from now on; resolves with its bytes. Absent: people have none there. */
    wears?(): Promise<Uint8Array>;
    /** To that person alone. */
    whispers?(to: PersonId, text: string): Promise<void>;
  };
}

export interface Law {
  readonly name: string;
  check(subject: Subject): Promise<void>;
}

/** The alphabet of localparts that no server changes or rejects (CHECKLIST JID-05). */
const safe = /^[a-z0-9._\-+~!#$%*=?^()[\]{}|,;\\]*$/;
/** Of a localpart, in bytes (RFC 7622 §3.3.1). */
const longestLocal = 1023;
const waitMs = 15_000;

/** Throws where it is not so. */
export function ensure(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

interface Login {
  readonly session: Session;
  readonly rooms: Rooms;
  readonly events: NetworkEvent[];
  enter(): Promise<void>;
  attempt(key: string): Attempt;
}

/** Logs in, and out again whatever happens. */
export async function loggedIn(
  subject: Subject,
  nick: string,
  play: (login: Login) => Promise<void>,
  ownClient?: OwnClient,
): Promise<void> {
  const { network, on, room } = subject;
  const events: NetworkEvent[] = [];
  const stop = new AbortController();
  const account = { id: `${nick}/kit`, owner: `${nick}@kit.test`, nick, ...(on !== undefined && { on }) };
  const emit = (event: NetworkEvent): undefined => void events.push(event);
  try {
    const session = await within(
      subject,
      'connect',
      network.connect(
        account,
        { emit, checkpoint: async () => {}, ...(ownClient !== undefined && { ownClient }) },
        stop.signal,
      ),
    );
    const { rooms } = session;
    await play({
      session,
      rooms,
      events,
      enter: () => within(subject, 'join', rooms.join(room, { nick }, stop.signal)),
      attempt: (key) => ({ chat: room, key: deliveryKey(key), number: 1, signal: stop.signal }),
    });
    await within(subject, 'end', session.end('the kit is done'));
  } finally {
    stop.abort(new Error('the kit is done'));
  }
}

/** Rejects where it takes too long. */
export async function within<T>(subject: Subject, what: string, promise: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const late = subject.clock
    .sleep(waitMs, settled.signal)
    .then(() => Promise.reject(new Error(`${what} did not settle in ${waitMs} ms`)));
  late.catch(() => {});
  return Promise.race([promise, late]).finally(() => settled.abort(new Error('settled')));
}

/** The error with which it rejects. */
export async function refused(what: string, promise: Promise<unknown>): Promise<GatewayError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  ensure(outcome instanceof GatewayError, `${what} must reject with a GatewayError, not ${String(outcome)}`);
  return outcome;
}

const texts = (events: readonly NetworkEvent[], text: string) =>
  events.filter((event) => event.kind === 'message' && event.content.text?.plain === text);

/** Resolves when it is so. */
export async function until(subject: Subject, what: string, is: () => boolean): Promise<void> {
  const look = async (): Promise<void> => {
    while (!is()) await subject.clock.sleep(10);
  };
  await within(subject, what, look());
}

const same = (one: Address, other: Address | undefined): boolean =>
  other !== undefined &&
  one.is === other.is &&
  one.on === other.on &&
  (one.is === 'service' ? undefined : one.id) === (other.is === 'service' ? undefined : other.id);

const joining: readonly Law[] = [
  {
    name: 'a join that resolves has told everybody who is there, ourselves among them, and the room',
    check: (subject) =>
      loggedIn(subject, 'kitjoin', async ({ session, events, enter }) => {
        await enter();
        const complete = events.find((event) => event.kind === 'members' && event.complete === true);
        ensure(
          complete?.kind === 'members' && complete.chat === subject.room,
          'a complete member list of the room came',
        );
        const people = complete.changes.flatMap((change) => (change.is === 'in' ? [change.member.person] : []));
        ensure(people.filter((person) => person === session.me).length === 1, 'we are in it, once');
        ensure(people.length >= 2 && new Set(people).size === people.length, 'so is the other one, and nobody twice');
        const described = events.some((event) => event.kind === 'room' && event.chat === subject.room);
        ensure(described, 'the room was described');
        await subject.other.sees('kitjoin', 'come');
      }),
  },
  {
    name: 'a join that the network refuses rejects with the error that the user should see, and not to be tried again',
    check: (subject) =>
      loggedIn(subject, 'kitclosed', async ({ rooms }) => {
        const join = rooms.join(subject.closedRoom, { nick: 'kitclosed' }, AbortSignal.timeout(waitMs));
        const error = await refused('a refused join', within(subject, 'join', join));
        ensure(error.next === 'stop', `${error.code} would be tried again`);
      }),
  },
  {
    name: 'joining a room that we are in tells everything again and nobody else',
    check: (subject) =>
      loggedIn(subject, 'kitagain', async ({ events, enter }) => {
        await enter();
        const before = events.length;
        await enter();
        const lists = events.slice(before).filter((event) => event.kind === 'members' && event.complete === true);
        ensure(lists.length === 1, `one more complete list, not ${lists.length}`);
      }),
  },
  {
    name: 'a room that was left can be entered again; leaving one that we are not in is no error',
    check: (subject) =>
      loggedIn(subject, 'kitleave', async ({ session, rooms, enter, attempt }) => {
        const leave = (): Promise<void> =>
          within(subject, 'leave', rooms.leave(subject.room, 'bye', AbortSignal.timeout(waitMs)));
        await leave();
        await enter();
        await leave();
        await subject.other.sees('kitleave', 'gone');
        const say = session.send({ text: plainText('still here') }, attempt('3-0'));
        await refused('a send after leaving', within(subject, 'send', say));
        await enter();
      }),
  },
];

const talking: readonly Law[] = [
  {
    name: 'sends of one chat that are in flight together arrive in the order they were started, each with its ref',
    check: (subject) =>
      loggedIn(subject, 'kitorder', async ({ session, enter, attempt }) => {
        await enter();
        const count = Math.min(20, session.limits(subject.room).window);
        const lines = Array.from({ length: count }, (_, i) => `number ${i}`);
        const sends = lines.map((text, i) => session.send({ text: plainText(text) }, attempt(`${i}-0`)));
        const sent = await within(subject, 'send', Promise.all(sends));
        for (const { refs } of sent) ensure(refs.length > 0, 'each has a ref');
        ensure(new Set(sent.map(({ refs }) => refs[0]?.id)).size === count, 'no two refs are the same');
        const heard = await within(subject, 'hearing', subject.other.heard('kitorder', count));
        ensure(heard.join() === lines.join(), `heard ${heard.join(' | ')}`);
      }),
  },
  {
    name: 'a text over one message’s limit arrives whole, in parts, and each part has its ref',
    check: (subject) =>
      loggedIn(subject, 'kitlong', async ({ session, enter, attempt }) => {
        await enter();
        const { textBytes, maxBytes } = session.limits(subject.room);
        ensure(textBytes <= maxBytes, 'what one message holds may be sent at all');
        const words = Array.from({ length: Math.floor(Math.min(maxBytes, textBytes * 3) / 8) }, (_, i) => `w${i}`);
        const sent = await within(subject, 'send', session.send({ text: plainText(words.join(' ')) }, attempt('1-0')));
        const heard = await within(subject, 'hearing', subject.other.heard('kitlong', sent.refs.length));
        for (const part of heard) {
          const bytes = Buffer.byteLength(part);
          ensure(bytes <= textBytes, `a part has ${bytes} bytes, where one message holds ${textBytes}`);
        }
        ensure(heard.join(' ').split(/\s+/).join() === words.join(), 'every word arrived once, in order');
      }),
  },
  {
    name: 'the next session gives no message a name that the one before has given',
    async check(subject) {
      const names: string[] = [];
      for (const nick of ['kitbefore', 'kitafter'])
        await loggedIn(subject, nick, async ({ session, enter, attempt }) => {
          await enter();
          const send = session.send({ text: plainText(nick) }, attempt(`${nick}-0`));
          names.push(...(await within(subject, 'send', send)).refs.map(({ id }) => id));
        });
      ensure(new Set(names).size === names.length, `${names.join()}: a name came twice`);
    },
  },
  {
    name: 'what others say arrives once, with who said it and where, and what we say never as somebody else’s',
    check: (subject) =>
      loggedIn(subject, 'kithear', async ({ session, events, enter, attempt }) => {
        await enter();
        await within(subject, 'send', session.send({ text: plainText('our own') }, attempt('7-0')));
        await subject.other.say('good morning');
        await until(subject, 'hearing', () => texts(events, 'good morning').length > 0);
        const all = texts(events, 'good morning');
        const [message] = all;
        ensure(message?.kind === 'message' && message.chat === subject.room && all.length === 1, 'once, in the room');
        ensure(message.by !== session.me && message.direct !== true, 'by the other one, to everybody');
        for (const own of texts(events, 'our own')) {
          ensure(own.kind === 'message' && own.sentBy === deliveryKey('7-0') && own.by === session.me, 'named as ours');
        }
        ensure(texts(events, 'our own').length <= 1, 'told once at most');
      }),
  },
  {
    name: 'sending into a room that we are not in rejects, and nobody hangs',
    check: (subject) =>
      loggedIn(subject, 'kitout', async ({ session, attempt }) => {
        const say = session.send({ text: plainText('hello?') }, { ...attempt('9-0'), chat: subject.closedRoom });
        await refused('a send from outside', within(subject, 'send', say));
      }),
  },
  {
    name: 'a message to nobody rejects, and nobody hangs',
    check: (subject) =>
      loggedIn(subject, 'kitnobody', async ({ session, attempt }) => {
        const say = session.send({ text: plainText('psst') }, { ...attempt('9-1'), chat: chatId('kitnoone') });
        await refused('a message to nobody', within(subject, 'send', say));
      }),
  },
];

const asking: readonly Law[] = [
  {
    name: 'a question about nobody rejects, and so does one that is given up',
    check: (subject) =>
      loggedIn(subject, 'kitask', async ({ session }) => {
        const { about } = session.people ?? {};
        if (about === undefined) return;
        await refused('a question about nobody', within(subject, 'about', about(personId('kitnoone'), live())));
        const over = about(session.me, AbortSignal.abort(new Error('never mind')));
        const how = await within(
          subject,
          'giving up',
          over.then(
            () => 'answered',
            () => 'rejected',
          ),
        );
        ensure(how === 'rejected', 'a question that was given up was answered');
      }),
  },
  {
    name: 'what people say is no command, and a line that is none rejects',
    check: (subject) =>
      loggedIn(subject, 'kittype', async ({ session }) => {
        const { commands } = session;
        if (commands === undefined) return;
        for (const text of ['hello', '/', '/me waves', ' /topic', '/usr/bin/env', 'topic', ''])
          ensure(!commands.knows(subject.room, text), `${JSON.stringify(text)} is taken for a command`);
        await refused('an empty line', within(subject, 'raw', commands.raw('', live())));
      }),
  },
];

/** A client that says this of itself to whoever asks. */
function clientThatSays(told: Awaited<ReturnType<OwnClient['version']>>) {
  const askers: Asker[] = [];
  const version: OwnClient['version'] = async (asker) => {
    askers.push(asker);
    return told;
  };
  return { askers, own: { version, time: async () => undefined, ping: async () => {} } };
}

const asked: readonly Law[] = [
  {
    name: 'somebody who asks what software our user has is told what their client says, and else what the bridge says for itself',
    async check(subject) {
      const { asksVersion } = subject.other;
      if (asksVersion === undefined) return;
      const { own, askers } = clientThatSays({ name: 'Kit', version: '1.2' });
      const says = clientThatSays(undefined);
      const ask = (nick: string) => within(subject, 'asking', asksVersion(nick));
      const answers: string[] = [];
      await loggedIn(subject, 'kittold', async () => void answers.push(await ask('kittold')), own);
      await loggedIn(subject, 'kitmute', async () => void answers.push(await ask('kitmute')), says.own);
      await loggedIn(subject, 'kitbare', async () => void answers.push(await ask('kitbare')));
      ensure(answers[0]?.includes('Kit 1.2') === true, `its client says Kit 1.2, and not: ${answers[0]}`);
      ensure(askers.length === 1 && askers[0]?.chat === undefined, 'it was asked once, by a person');
      ensure(answers[1] !== '' && answers[1] === answers[2], 'who has a client that does not say is answered for');
    },
  },
];

/** For what is waited for. */
export const live = (): AbortSignal => AbortSignal.timeout(waitMs);

const coming: readonly Law[] = [
  {
    name: 'an address that is formatted and parsed is the same, and a prepared localpart',
    async check({ network, addresses }) {
      for (const address of addresses) {
        const local = network.addresses.format(address);
        ensure(safe.test(local), `${local} leaves the alphabet that every server keeps`);
        ensure(local.length <= longestLocal, `${local} is too long for a localpart`);
        const back = network.addresses.parse(local);
        ensure(
          same(address, back),
          `${JSON.stringify(address)} became ${local} and came back as ${JSON.stringify(back)}`,
        );
        ensure(network.addresses.title(address) !== '', 'it has a title for people');
      }
    },
  },
  {
    name: 'a session that has ended tells nothing more, and others see it go',
    async check(subject) {
      let events: readonly NetworkEvent[] = [];
      await loggedIn(subject, 'kitend', async (login) => {
        await login.enter();
        await subject.other.sees('kitend', 'come');
        events = login.events;
      });
      await subject.other.sees('kitend', 'gone');
      const before = events.length;
      await subject.other.say('anybody there?');
      ensure(before > 0 && events.length === before, 'it told something after its end');
    },
  },
  {
    name: 'a connect whose signal is aborted already is none',
    async check(subject) {
      const { network, on } = subject;
      const account = { id: 'kitnot/kit', owner: 'kitnot@kit.test', nick: 'kitnot', ...(on !== undefined && { on }) };
      const host = { emit: () => undefined, checkpoint: async () => {} };
      const connecting = network.connect(account, host, AbortSignal.abort(new Error('stopped')));
      const session = await within(
        subject,
        'connect',
        connecting.catch(() => undefined),
      );
      ensure(session === undefined, 'no session came of it');
    },
  },
  {
    name: 'an account without a usable name is refused with a GatewayError',
    async check(subject) {
      const { network, on } = subject;
      const account = { id: '/kit', owner: 'kit@kit.test', nick: '', ...(on !== undefined && { on }) };
      const host = { emit: () => undefined, checkpoint: async () => {} };
      await refused('a connect without a name', network.connect(account, host, AbortSignal.timeout(waitMs)));
    },
  },
];

/** All of them. */
export const laws: readonly Law[] = [...coming, ...joining, ...talking, ...asking, ...asked];
