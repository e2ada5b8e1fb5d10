/** What makes others on the fake network do something to whoever asks for it, typed as "/play …" in a room: for demonstrations, and for tests of the whole gateway. */
import { type Clock, chatId, GatewayError, messageId, type PersonId, personId, plainText, type Show } from '#bridge';
import type { World } from './world.ts';

const shows: Readonly<Record<string, Show>> = {
  online: 'online',
  away: 'away',
  xa: 'xa',
  dnd: 'dnd',
  chat: 'chat',
  offline: 'offline',
};

interface Line {
  readonly world: World;
  readonly me: PersonId;
  readonly now: number;
  readonly who: PersonId;
  /** What stands behind the name. */
  readonly rest: string;
}

function message({ world, me, who, rest, now }: Line, by: PersonId): void {
  const ref = { id: messageId(`script ${now} ${rest}`), part: 0 };
  const said = { kind: 'message', at: new Date(now), by, nick: by, ref, content: { text: plainText(rest) } } as const;
  const event = { ...said, chat: chatId(who), direct: true } as const;
  if (by === me) world.contacts.sayElsewhere(event);
  else world.tell(by, chatId(me), event);
}

const verbs: Readonly<Record<string, (line: Line) => void>> = {
  /** LIST name [heading]: on my list. */
  LIST: ({ world, me, who, rest }) => world.contacts.put(me, who, rest === '' ? {} : { groups: [rest] }),
  /** CALL name what: how they are called. */
  CALL: ({ world, me, who, rest }) => world.contacts.put(me, who, { name: rest }),
  UNLIST: ({ world, me, who }) => world.contacts.remove(me, who),
  ASK: ({ world, me, who, rest }) => world.contacts.ask(who, me, rest),
  /** SHOW name away [status]. */
  SHOW({ world, who, rest }) {
    const [word = '', ...status] = rest.split(' ');
    world.contacts.appear(who, {
      show: shows[word] ?? 'online',
      ...(status.length > 0 && { status: status.join(' ') }),
    });
  },
  /** PLACE room [name]: I come in there, elsewhere; BAN room: I am out of it for good. */
  PLACE: ({ world, me, who, rest }) => world.place(me, chatId(who), ...(rest === '' ? [] : [rest])),
  BAN: ({ world, me, who }) => world.leave(me, chatId(who), 'banned', 'prince'),
  /** SAY name text: they write to me; SELF name text: I write to them, from elsewhere. */
  SAY: (line) => message(line, line.who),
  SELF: (line) => message(line, line.me),
};

/** Resolves with what whoever wrote it is told. */
export function play(world: World, me: PersonId, clock: Pick<Clock, 'now'>, line: string): string {
  const [verb = '', name = '', ...rest] = line.split(' ');
  const act = verbs[verb];
  if (act === undefined || name === '')
    throw new GatewayError('bad-request', { text: `One of ${Object.keys(verbs).join(', ')}, and a name` });
  act({ world, me, now: clock.now(), who: personId(name), rest: rest.join(' ') });
  return 'Done';
}
