/** The network itself: rooms, who is in them, what is said. Scripts use the same verbs as sessions. */
import {
  type ChatId,
  type Clock,
  type Content,
  chatId,
  GatewayError,
  type Listed,
  type Member,
  type MemberFacts,
  type MessageRef,
  messageId,
  type NetworkEvent,
  type OwnClient,
  type PersonId,
  type Picture,
  type Power,
  personId,
  plainText,
  type RoomOptions,
  type Session,
} from '#bridge';
import { createWardrobe, type Wardrobe } from './avatars.ts';
import { type BlockLists, createBlockLists } from './blocks.ts';
import { type Contacts, createContacts } from './contacts.ts';
import {
  admit,
  createRoom,
  type FakeRoom,
  hears,
  isAnybodys,
  mayManage,
  mayOptions,
  maySetTopic,
  maySpeak,
} from './room.ts';
import { createWatching } from './watching.ts';

/** How a session hears of what happens. */
export type Listener = (event: NetworkEvent) => void;

const rememberedAtMost = 20_000;

export interface World {
  /** Listens as that person, whatever they are called later; the returned function stops. Throws `nick-taken`. @param client what they use, which others may ask */
  listen(person: PersonId, listener: Listener, client?: OwnClient): () => void;
  /** The software that somebody uses, for somebody who asks them; the network's own word where theirs does not say. */
  versionOf(person: PersonId, by: PersonId): Promise<string>;
  join(person: PersonId, chat: ChatId, power?: Power, password?: string): void;
  leave(person: PersonId, chat: ChatId, how?: MemberOut, by?: string, reason?: string): void;
  /** To a room or to a person; resolves with what the network calls it. Throws where the network refuses. */
  /** The room itself speaks. */
  remark(chat: ChatId, plain: string): void;
  say(person: PersonId, chat: ChatId, what: string | Content): MessageRef;
  /** Anything else that somebody does there: to all others in the room, or to that person. */
  tell(person: PersonId, chat: ChatId, event: NetworkEvent): void;
  topic(person: PersonId, chat: ChatId, text: string): void;
  rename(person: PersonId, to: string): PersonId;
  power(person: PersonId, chat: ChatId, power: Power, by: string): void;
  /** Something becomes known of somebody, in all rooms that they are in. */
  facts(person: PersonId, facts: MemberFacts): void;
  /** That person looks so from now on; undefined: like nobody. */
  wear(person: PersonId, picture: Picture | undefined): void;
  /** The same of a room. */
  hang(chat: ChatId, picture: Picture | undefined): void;
  readonly wardrobe: Wardrobe;
  /** Whoever listens as that person hears of these people, beginning with how they are. */
  watch(by: PersonId, persons: readonly PersonId[]): void;
  options(chat: ChatId): RoomOptions;
  /** Throws where that person may not. */
  setOptions(person: PersonId, chat: ChatId, change: RoomOptions): void;
  banned(chat: ChatId): readonly Listed[];
  ban(chat: ChatId, mask: string, by: string): void;
  unban(chat: ChatId, mask: string): void;
  /** Throws `no-such-person`. */
  invite(by: PersonId, person: PersonId, chat: ChatId, reason?: string): void;
  /** They have come in there with another client of theirs. */
  place(person: PersonId, chat: ChatId, name?: string): void;
  /** Tells those who could give it. */
  askVoice(person: PersonId, chat: ChatId): void;
  /** From now on, joining or speaking there fails so; undefined: no more. */
  refuse(chat: ChatId, error: GatewayError | undefined): void;
  /** The network has enough of that person: their session is over. */
  expel(person: PersonId, reason: string): void;
  /** Part of the network is cut off: all of them are gone from everywhere, which a room hears of in one breath. */
  split(people: readonly PersonId[], reason: string): void;
  /** Is anybody of that name there? */
  isThere(person: PersonId): boolean;
  members(chat: ChatId): readonly Member[];
  rooms(): readonly ChatId[];
  topicOf(chat: ChatId): string;
  /** Throws where that person may not decide over others there. */
  checkPower(person: PersonId, chat: ChatId): void;
  /** Who wants to hear nothing of whom. */
  readonly blockLists: BlockLists;
  /** What was said in rooms, for who asks later. */
  readonly history: Required<Omit<NonNullable<Session['history']>, 'atFirst' | 'conversations' | 'spokenSince'>>;
  /** Whom its users have on their lists. */
  readonly contacts: Contacts;
}

type MemberOut = Extract<Extract<NetworkEvent, { kind: 'members' }>['changes'][number], { is: 'out' }>['how'];

export function createWorld(clock: Clock): World {
  const rooms = new Map<ChatId, FakeRoom>();
  const listeners = new Map<PersonId, Listener>();
  const clients = new Map<Listener, OwnClient>();
  const refusals = new Map<ChatId, GatewayError>();
  const known = new Map<PersonId, MemberFacts>();
  const blockLists = createBlockLists();
  const wardrobe = createWardrobe();
  let counter = 0;

  const contacts = createContacts({
    clock,
    tell: (owner, event) => listeners.get(owner)?.(event),
    isThere: (person) => listeners.has(person),
    people: () => listeners.keys(),
  });
  const at = (): Date => new Date(clock.now());
  const watching = createWatching((person) => wardrobe.of(person), at);
  const room = (chat: ChatId): FakeRoom => {
    let found = rooms.get(chat);
    if (found === undefined) {
      found = createRoom();
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
  const remark = (chat: ChatId, plain: string, to: (power: Power) => boolean = () => true): void => {
    const event: NetworkEvent = { kind: 'remark', at: at(), chat, text: plainText(plain) };
    for (const { person, power } of room(chat).members.values()) if (to(power)) listeners.get(person)?.(event);
  };

  function changeFacts(person: PersonId, facts: MemberFacts): void {
    known.set(person, { ...known.get(person), ...facts });
    for (const [chat, { members }] of rooms) {
      const was = members.get(person);
      if (was === undefined) continue;
      members.set(person, withFacts(was, facts));
      tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'facts', person, facts }] });
    }
    watching.changed(person);
  }

  return {
    contacts,
    listen(person, listener, client) {
      if (listeners.has(person)) throw new GatewayError('nick-taken', { text: `${person} is taken` });
      listeners.set(person, listener);
      if (client !== undefined) clients.set(listener, client);
      contacts.moved(person);
      return () => {
        clients.delete(listener);
        watching.forget(listener);
        for (const [name, one] of listeners) {
          if (one !== listener) continue;
          listeners.delete(name);
          contacts.leave(name);
          contacts.moved(name);
        }
      };
    },
    async versionOf(person, by) {
      const listener = listeners.get(person);
      const client = listener === undefined ? undefined : clients.get(listener);
      const { name, version = '' } = (await client?.version({ person: by })) ?? { name: 'Fake', version: '1' };
      return `${name} ${version}`.trimEnd();
    },
    join(person, chat, power = 'participant', password) {
      check(chat);
      const here = room(chat);
      const { members, topic, options } = here;
      if (!members.has(person)) {
        admit(here, person, password);
        const joined: Member = withFacts(
          { person, nick: person, power },
          { ...known.get(person), avatar: wardrobe.of(person) ?? null },
        );
        tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'in', member: joined }] });
        members.set(person, joined);
      }
      const everybody = [...members.values()].map((one) => ({ is: 'in', member: one }) as const);
      listeners.get(person)?.({ kind: 'members', at: at(), chat, changes: everybody, complete: true });
      const change = { name: chat, topic, avatar: wardrobe.of(chat) ?? null, ...hears(options) };
      listeners.get(person)?.({ kind: 'room', at: at(), chat, change });
    },
    leave(person, chat, how = 'left', by, reason) {
      member(chat, person);
      room(chat).members.delete(person);
      const details = { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
      tell(chat, { kind: 'members', at: at(), chat, changes: [{ is: 'out', person, how, ...details }] });
      if (how !== 'left') listeners.get(person)?.({ kind: 'removed', at: at(), chat, how, ...details });
    },
    tell(person, chat, event) {
      if (chat.startsWith('#')) {
        member(chat, person);
        tell(chat, event, person);
      } else listeners.get(personId(chat))?.(event);
    },
    say(person, chat, what) {
      check(chat);
      counter += 1;
      const ref = { id: messageId(`m${counter}`), part: 0 };
      const said = {
        kind: 'message',
        at: at(),
        by: person,
        nick: person,
        ref,
        content: typeof what === 'string' ? { text: plainText(what) } : what,
      } as const;
      if (chat.startsWith('#')) {
        maySpeak(room(chat), member(chat, person));
        tell(chat, { ...said, chat }, person);
        const { past } = room(chat);
        past.push({ ...said, chat, history: true });
        if (past.length > rememberedAtMost) past.shift();
      } else {
        const listener = listeners.get(personId(chat));
        if (listener === undefined) throw new GatewayError('no-such-person', { text: `${chat} is not here` });
        if (!blockLists.has(personId(chat), person)) listener({ ...said, chat: chatId(person), direct: true });
      }
      return ref;
    },
    remark: (chat, plain) => remark(chat, plain),
    topic(person, chat, text) {
      maySetTopic(room(chat), member(chat, person));
      room(chat).topic = text;
      tell(chat, { kind: 'room', at: at(), chat, by: person, change: { topic: text, topicBy: person, topicAt: at() } });
    },
    rename(person, to) {
      const as = personId(to);
      if (as !== person && listeners.has(as)) throw new GatewayError('nick-taken', { text: `${to} is taken` });
      const listener = listeners.get(person);
      listeners.delete(person);
      if (listener !== undefined) listeners.set(as, listener);
      wardrobe.renamed(person, as);
      watching.changed(person);
      watching.changed(as);
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
    facts: changeFacts,
    wear(person, picture) {
      const avatar = wardrobe.wear(person, picture);
      changeFacts(person, { avatar: avatar ?? null });
    },
    hang(chat, picture) {
      const avatar = wardrobe.wear(chat, picture) ?? null;
      tell(chat, { kind: 'room', at: at(), chat, change: { avatar } });
    },
    wardrobe,
    watch(by, persons) {
      const listener = listeners.get(by);
      if (listener !== undefined) watching.watch(listener, persons);
    },
    options: (chat) => room(chat).options,
    setOptions(person, chat, change) {
      const here = room(chat);
      mayOptions(here, member(chat, person));
      here.options = { ...here.options, ...change };
      tell(chat, { kind: 'room', at: at(), chat, by: person, change: hears(here.options) });
    },
    banned: (chat) => [...room(chat).bans.values()],
    ban: (chat, mask, by) => void room(chat).bans.set(mask, { mask, by, at: clock.now() }),
    unban: (chat, mask) => void room(chat).bans.delete(mask),
    invite(by, person, chat, reason) {
      member(chat, by);
      const listener = listeners.get(person);
      if (listener === undefined) throw new GatewayError('no-such-person', { text: `${person} is not here` });
      const here = room(chat);
      here.invited.add(person);
      const { password = '' } = here.options;
      const more = { ...(reason !== undefined && { reason }), ...(password !== '' && { password }) };
      listener({ kind: 'invited', at: at(), chat, by, person: by, ...more });
    },
    place(person, chat, name) {
      this.join(person, chat);
      const event = { kind: 'invited', at: at(), chat, by: person, isOwn: true } as const;
      listeners.get(person)?.({ ...event, ...(name !== undefined && { name }) });
    },
    askVoice(person, chat) {
      member(chat, person);
      remark(chat, `${person} asks for the right to speak`, mayManage);
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
    split(people, reason) {
      for (const [chat, { members }] of rooms) {
        const lost = people.filter((person) => members.delete(person));
        const changes = lost.map((person) => ({ is: 'out', person, how: 'lost', reason }) as const);
        if (changes.length > 0) tell(chat, { kind: 'members', at: at(), chat, changes });
      }
      for (const person of people) listeners.delete(person);
    },
    blockLists,
    isThere: (person) => listeners.has(person),
    members: (chat) => [...room(chat).members.values()],
    rooms: () => [...rooms.keys()],
    topicOf: (chat) => room(chat).topic,
    checkPower(person, chat) {
      if (isAnybodys(room(chat))) return;
      if (!mayManage(member(chat, person).power)) {
        throw new GatewayError('not-allowed-there', { text: 'Only moderators decide over others here' });
      }
    },
    history: {
      async before(chat, from, max) {
        check(chat);
        const { past } = room(chat);
        const isEnd = ({ at: said, ref }: (typeof past)[number]): boolean =>
          typeof from === 'number' ? said.getTime() >= from : ref.id === from?.id;
        const found = past.findIndex(isEnd);
        const end = from === undefined || (found < 0 && typeof from === 'number') ? past.length : Math.max(0, found);
        return past.slice(Math.max(0, end - max), end);
      },
      async after(chat, from, max) {
        check(chat);
        const { past } = room(chat);
        const start =
          typeof from === 'number'
            ? past.findIndex(({ at: said }) => said.getTime() > from)
            : past.findIndex((one) => one.ref.id === from.id) + 1;
        if (start === 0 && typeof from !== 'number') throw new GatewayError('no-such-message');
        return start < 0 ? [] : past.slice(start, start + max);
      },
    },
  };
}

/** `null` takes a fact away. */
function withFacts(member: Member, facts: MemberFacts): Member {
  const left = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
  const { person, nick, power, ...before } = member;
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !Object.hasOwn(facts, name)));
  return { person, nick, power, ...kept, ...left };
}
