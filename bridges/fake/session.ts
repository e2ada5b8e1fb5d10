/** One login: what is asked happens at once and is confirmed at once. */
import {
  type Act,
  type ChatId,
  type Clock,
  type Content,
  GatewayError,
  type NetworkEvent,
  type PersonId,
  type Picture,
  type Rooms,
  type Session,
  type SessionHost,
} from '#bridge';
import { createBlocks } from './blocks.ts';
import type { FakeConfig } from './config.ts';
import { createDeeds } from './deeds.ts';
import { outlineOf } from './outline.ts';
import { createCommands, createPeople } from './people.ts';
import { hears } from './room.ts';
import { nameIn } from './settings.ts';
import type { World } from './world.ts';

export function createSession(
  world: World,
  person: PersonId,
  host: SessionHost,
  clock: Clock,
  signal: AbortSignal,
  can: Pick<FakeConfig, 'avatars' | 'contacts' | 'deeds' | 'groups' | 'history' | 'maxLines' | 'reactions'>,
): Session {
  let me = person;
  let over = false;
  const hear = (event: NetworkEvent): void => {
    if (event.kind === 'members')
      for (const change of event.changes) if (change.is === 'renamed' && change.person === me) me = change.as ?? me;
    void host.emit(event);
  };
  const deaf = world.listen(person, hear, host.ownClient);
  const end = async (): Promise<void> => {
    if (over) return;
    over = true;
    deaf();
    for (const chat of world.rooms()) if (isIn(chat)) world.leave(me, chat);
  };
  const isIn = (chat: ChatId): boolean => world.members(chat).some((member) => member.person === me);
  const lists = can.contacts ? world.contacts.session(() => me) : undefined;
  const restricted = can.reactions && { emoji: new Set(can.reactions), emojiPerPerson: 1 };
  signal.addEventListener('abort', () => void end(), { once: true });

  return {
    get me() {
      return me;
    },
    limits: () => ({ ...restricted, textBytes: 65_536, maxBytes: 65_536, concurrency: 64, window: 64, dedupes: false }),
    excerpt({ text }) {
      const lines = text?.plain.split('\n') ?? [];
      return lines.length > can.maxLines ? `${lines[0]} …` : undefined;
    },
    async send(message: Content, to) {
      const lines = message.text?.plain.split('\n').length ?? 0;
      if (lines > can.maxLines) throw new GatewayError('message-too-long', { text: `At most ${can.maxLines} lines` });
      const ref = world.say(me, to.chat, message);
      return { refs: [ref], at: clock.now() };
    },
    configure(settings) {
      const name = nameIn(settings);
      if (name !== undefined && name !== me) world.rename(me, name);
    },
    status: {
      async appear(show, status) {
        world.facts(me, { show: show === 'online' ? null : show, status: status ?? null });
      },
    },
    rooms: { ...createRooms(world, () => me), ...(can.groups && grouping(world)) },
    people: createPeople(world, () => me, clock),
    commands: createCommands(world, () => me, clock),
    ...(can.avatars && {
      avatars: world.wardrobe.avatars,
      profile: {
        avatar: async (picture: Picture | undefined) => world.wear(me, picture),
        nick: async (nick: string) => void world.rename(me, nick),
      },
    }),
    ...(can.deeds && { ...createDeeds(world, () => me, clock), blocks: createBlocks(world, () => me) }),
    ...(lists && { contacts: lists.contacts }),
    watch(persons) {
      world.watch(me, persons);
      lists?.watch(persons);
    },
    ...(can.history && { history: world.history }),
    end,
  };
}

/** What rooms stand in, and what they are to who has not entered them. */
const grouping = (world: World): Required<Pick<Rooms, 'outline' | 'describe'>> => ({
  outline: async () => outlineOf(listed(world)),
  async describe(chat) {
    if (!listed(world).includes(chat)) throw new GatewayError('no-such-room');
    return { ...hears(world.options(chat)), name: chat, topic: world.topicOf(chat) };
  },
});

const listed = (world: World): readonly ChatId[] =>
  world.rooms().filter((chat) => world.options(chat).isPublic !== false);

function createRooms(world: World, me: () => PersonId): Rooms {
  const isIn = (chat: ChatId, who: PersonId): boolean => world.members(chat).some(({ person }) => person === who);

  function act(chat: ChatId, { person, action, power, reason }: Act): void {
    if (action === 'unban') world.unban(chat, person);
    else if (action === 'power' && power !== undefined) world.power(person, chat, power, me());
    else if (action === 'kick') world.leave(person, chat, 'kicked', me(), reason);
    else if (action === 'ban') {
      world.ban(chat, person, me());
      if (isIn(chat, person)) world.leave(person, chat, 'banned', me(), reason);
    } else throw new GatewayError('network-cannot');
  }

  return {
    async join(chat, { password }) {
      world.join(me(), chat, undefined, password);
    },
    async leave(chat) {
      if (isIn(chat, me())) world.leave(me(), chat);
    },
    async nick(_chat, nick) {
      world.rename(me(), nick);
    },
    async list({ match = '', after, max }) {
      const named = listed(world).filter((chat) => chat.includes(match));
      const from = after === undefined ? 0 : named.indexOf(after as ChatId) + 1;
      const some = named.slice(from, from + max);
      return some.map((chat) => ({ chat, name: chat, size: world.members(chat).length }));
    },
    async topic(chat, text) {
      world.topic(me(), chat, text);
    },
    async invite(chat, person, reason) {
      world.invite(me(), person, chat, reason);
    },
    async askVoice(chat) {
      world.askVoice(me(), chat);
    },
    async options(chat) {
      return world.options(chat);
    },
    async setOptions(chat, change) {
      world.setOptions(me(), chat, change);
    },
    async banned(chat) {
      return world.banned(chat);
    },
    async moderate(chat, acts) {
      world.checkPower(me(), chat);
      for (const one of acts) act(chat, one);
    },
  };
}
