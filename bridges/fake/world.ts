/** The network itself: rooms, who is in them, what is said. Scripts use the same verbs as sessions. */
import {
  type ChatId,
  type Clock,
  chatId,
  GatewayError,
  type Member,
  type MessageRef,
  messageId,
  type NetworkEvent,
  type PersonId,
  type Power,
  personId,
  plainText,
} from '#bridge';

/** How a session hears of what happens. */
export type Listener = (event: NetworkEvent) => void;

interface FakeRoom {
  topic: string;
  readonly members: Map<PersonId, Member>;
}

export interface World {
  /** Listens as that person, whatever they are called later; the returned function stops. Throws `nick-taken`. */
  listen(person: PersonId, listener: Listener): () => void;
  join(person: PersonId, chat: ChatId, power?: Power): void;
  leave(
    person: PersonId,
    chat: ChatId,
    how?: 'left' | 'kicked' | 'banned' | 'lost',
    by?: string,
    reason?: string,
  ): void;
  /** To a room or to a person; resolves with what the network calls it. Throws where the network refuses. */
  say(person: PersonId, chat: ChatId, plain: string, action?: boolean): MessageRef;
  topic(person: PersonId, chat: ChatId, text: string): void;
  rename(person: PersonId, to: string): PersonId;
  power(person: PersonId, chat: ChatId, power: Power, by: string): void;
  /** From now on, joining or speaking there fails so; undefined: no more. */
  refuse(chat: ChatId, error: GatewayError | undefined): void;
  /** The network has enough of that person: their session is over. */
  expel(person: PersonId, reason: string): void;
  members(chat: ChatId): readonly Member[];
  rooms(): readonly ChatId[];
  topicOf(chat: ChatId): string;
}

export function createWorld(clock: Clock): World {
  const rooms = new Map<ChatId, FakeRoom>();
  const listeners = new Map<PersonId, Listener>();
  const refusals = new Map<ChatId, GatewayError>();
  let counter = 0;

  const at = (): Date => new Date(clock.now());
  const room = (chat: ChatId): FakeRoom => {
    let found = rooms.get(chat);
    if (found === undefined) {
      found = { topic: '', members: new Map() };
      rooms.set(chat, found);
    }
    return found;
  };
  const tell = (chat: ChatId, event: NetworkEvent, but?: PersonId): void => {
    for (const person of room(chat).members.keys()) if (person !== but) listeners.get(person)?.(event);
  };
  const check = (chat: ChatId): void => {
    const refusal = refusals.get(chat);
    if (refusal !== undefined) throw refusal;
  };
  const member = (chat: ChatId, person: PersonId): Member => {
    const found = room(chat).members.get(person);
    if (found === undefined) throw new GatewayError('not-in-room');
    return found;
  };

  return {
    listen(person, listener) {
      if (listeners.has(person)) throw new GatewayError('nick-taken', { text: `${person} is taken` });
      listeners.set(person, listener);
      return () => {
        for (const [name, one] of listeners) if (one === listener) listeners.delete(name);
      };
    },
    join(person, chat, power = 'participant') {
      check(chat);
      const { members, topic } = room(chat);
      if (!members.has(person)) {
        const joined: Member = { person, nick: person, power };
        tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'in', member: joined }] });
        members.set(person, joined);
      }
      const everybody = [...members.values()].map((one) => ({ is: 'in', member: one }) as const);
      listeners.get(person)?.({ kind: 'members', at: at(), chat, changes: everybody, complete: true });
      listeners.get(person)?.({ kind: 'room', at: at(), chat, change: { name: chat, topic } });
    },
    leave(person, chat, how = 'left', by, reason) {
      member(chat, person);
      room(chat).members.delete(person);
      const details = { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
      tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'out', person, how, ...details }] });
      if (how !== 'left') listeners.get(person)?.({ kind: 'removed', at: at(), chat, how, ...details });
    },
    say(person, chat, plain, action = false) {
      check(chat);
      counter += 1;
      const ref = { id: messageId(`m${counter}`), part: 0 };
      const said = {
        kind: 'message',
        at: at(),
        by: person,
        nick: person,
        ref,
        content: { text: plainText(plain), ...(action && { action }) },
      } as const;
      if (chat.startsWith('#')) {
        member(chat, person);
        tell(chat, { ...said, chat }, person);
      } else {
        const listener = listeners.get(personId(chat));
        if (listener === undefined) throw new GatewayError('no-such-person', { text: `${chat} is not here` });
        listener({ ...said, chat: chatId(person), direct: true });
      }
      return ref;
    },
    topic(person, chat, text) {
      member(chat, person);
      room(chat).topic = text;
      tell(chat, { kind: 'room', at: at(), chat, by: person, change: { topic: text, topicBy: person, topicAt: at() } });
    },
    rename(person, to) {
      const as = personId(to);
      if (as !== person && listeners.has(as)) throw new GatewayError('nick-taken', { text: `${to} is taken` });
      const listener = listeners.get(person);
      listeners.delete(person);
      if (listener !== undefined) listeners.set(as, listener);
      for (const [chat, { members }] of rooms) {
        const was = members.get(person);
        if (was === undefined) continue;
        members.delete(person);
        members.set(as, { ...was, person: as, nick: to });
        tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'renamed', person, nick: to, as }] });
      }
      return as;
    },
    power(person, chat, power, by) {
      room(chat).members.set(person, { ...member(chat, person), power });
      tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'power', person, power, by }] });
    },
    refuse(chat, error) {
      if (error === undefined) refusals.delete(chat);
      else refusals.set(chat, error);
    },
    expel(person, reason) {
      for (const [chat, { members }] of rooms) {
        if (!members.delete(person)) continue;
        tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'out', person, how: 'lost', reason }] });
      }
      listeners.get(person)?.({ kind: 'state', at: at(), state: 'ended', text: reason });
      listeners.delete(person);
    },
    members: (chat) => [...room(chat).members.values()],
    rooms: () => [...rooms.keys()],
    topicOf: (chat) => room(chat).topic,
  };
}
