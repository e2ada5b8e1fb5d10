/** What the fake network tells of people, and what its users can type: small examples of `Session.people` and `Session.commands`. */
import { type ChatId, type Clock, type Commands, GatewayError, type People, type PersonId } from '#bridge';
import { play } from './script.ts';
import type { World } from './world.ts';

/** Known is whoever is in a room, is online, or is on one's list. */
export function createPeople(world: World, me: () => PersonId, clock: Clock): People {
  function known(person: PersonId, signal: AbortSignal): readonly ChatId[] {
    signal.throwIfAborted();
    const rooms = world.rooms().filter((chat) => world.members(chat).some((one) => one.person === person));
    const isKnown = rooms.length > 0 || world.isThere(person) || world.contacts.on(me()).includes(person);
    if (!isKnown) throw new GatewayError('no-such-person', { text: `${person} is not here` });
    return rooms;
  }
  return {
    tellsIdle: true,
    async about(person, signal) {
      const rooms = known(person, signal).join(' ');
      const avatar = world.wardrobe.of(person);
      const facts = rooms === '' ? [] : [{ label: 'Rooms', value: rooms }];
      return { nick: person, realName: `The ${person}`, idleSeconds: 60, ...(avatar && { avatar }), facts };
    },
    async version(person, signal) {
      known(person, signal);
      return world.versionOf(person, me());
    },
    async time(person, signal) {
      known(person, signal);
      return new Date(clock.now()).toUTCString();
    },
    async ping(person, signal) {
      known(person, signal);
      return 1;
    },
  };
}

/** What the others do is behind it (script.ts). */
const script = '/play ';
const who = /^\/who(?:\s|$)/;

/** "/who" in a room says who is in it, "/fail" fails; "/play …" has others do something; to the service, ROOMS lists the rooms. */
export function createCommands(world: World, me: () => PersonId, clock: Pick<Clock, 'now'>): Commands {
  return {
    knows: (_chat, text) => who.test(text) || text === '/fail' || text.startsWith(script),
    async run(chat, text) {
      if (text.startsWith(script)) return play(world, me(), clock, text.slice(script.length));
      if (!who.test(text)) throw new GatewayError('network-refused', { text: 'It failed, as you wished' });
      const nicks = world.members(chat).map(({ nick }) => nick);
      return nicks.length === 0 ? undefined : nicks.join(' ');
    },
    async raw(line) {
      if (line !== 'ROOMS') throw new GatewayError('bad-request', { text: 'Only ROOMS is understood' });
      return world.rooms().join(' ');
    },
  };
}
