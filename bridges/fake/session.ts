/** One login: what is asked happens at once and is confirmed at once. */
import type { ChatId, Clock, Content, Moderation, PersonId, Power, Rooms, Session, SessionHost } from '#bridge';
import { nameIn } from './settings.ts';
import type { World } from './world.ts';

/** What the older actions come to. */
const powers: Partial<Record<Moderation, Power>> = {
  voice: 'voiced',
  devoice: 'participant',
  help: 'helper',
  dehelp: 'participant',
  op: 'moderator',
  deop: 'participant',
};

export function createSession(
  world: World,
  person: PersonId,
  host: SessionHost,
  clock: Clock,
  signal: AbortSignal,
): Session {
  let me = person;
  let over = false;
  const deaf = world.listen(person, (event) => {
    if (event.kind === 'members')
      for (const change of event.changes) if (change.is === 'renamed' && change.person === me) me = change.as ?? me;
    void host.emit(event);
  });
  const end = async (): Promise<void> => {
    if (over) return;
    over = true;
    deaf();
    for (const chat of world.rooms()) if (isIn(chat)) world.leave(me, chat);
  };
  const isIn = (chat: ChatId): boolean => world.members(chat).some((member) => member.person === me);
  signal.addEventListener('abort', () => void end(), { once: true });

  const rooms: Rooms = {
    async join(chat) {
      world.join(me, chat);
    },
    async leave(chat) {
      if (isIn(chat)) world.leave(me, chat);
    },
    async nick(_chat, nick) {
      world.rename(me, nick);
    },
    async topic(chat, text) {
      world.topic(me, chat, text);
    },
    async moderate(chat, acts) {
      for (const { person: whom, action, power = powers[action], reason } of acts) {
        if (power !== undefined) world.power(whom, chat, power, me);
        else if (action !== 'unban') world.leave(whom, chat, action === 'ban' ? 'banned' : 'kicked', me, reason);
      }
    },
  };

  return {
    get me() {
      return me;
    },
    limits: () => ({ textBytes: 2000, maxBytes: 65_536, concurrency: 64, window: 64, dedupes: false }),
    async send(message: Content, to) {
      const ref = world.say(me, to.chat, message.text?.plain ?? '', message.action);
      return { refs: [ref], at: clock.now() };
    },
    configure(settings) {
      const name = nameIn(settings);
      if (name !== undefined && name !== me) world.rename(me, name);
    },
    rooms,
    end,
  };
}
