/** The laws of networks whose rooms stand in groups; where there are none, they hold. */
import { chatId } from '../../core/ids.ts';
import { ensure, type Law, live, loggedIn, refused, within } from './laws.ts';

/** All of them. */
export const groupLaws: readonly Law[] = [
  {
    name: 'an outline has each group ahead of what is in it, once, and rooms that are listed; a network that says so has one',
    check: (subject) =>
      loggedIn(subject, 'kitgroups', async ({ rooms }) => {
        ensure(
          (rooms.outline !== undefined) === (subject.network.groupsRooms === true),
          'rooms stand in groups where the network says so, and nowhere else',
        );
        if (rooms.outline === undefined) return;
        const outline = await within(subject, 'outline', rooms.outline(live()));
        const listed = (
          await within(subject, 'list', rooms.list?.({ max: 50_000 }, live()) ?? Promise.resolve([]))
        ).map(({ chat }) => chat);
        const seen = new Set<string>();
        for (const entry of outline) {
          const name = 'group' in entry ? entry.group : entry.chat;
          ensure(entry.within === undefined || seen.has(entry.within), `what ${name} is in stands ahead of it`);
          ensure(!seen.has(name), `${name} is there once`);
          ensure('group' in entry || listed.includes(entry.chat), `${name} is listed`);
          seen.add(name);
        }
      }),
  },
  {
    name: 'a room that we are not in is described as its event tells, and one that is not there is refused',
    check: (subject) =>
      loggedIn(subject, 'kitlooks', async ({ rooms, events, enter }) => {
        const describe = rooms.describe?.bind(rooms);
        if (describe === undefined) return;
        const before = await within(subject, 'describe', describe(subject.room, live()));
        await enter();
        const told = events.find((event) => event.kind === 'room' && event.chat === subject.room);
        ensure(told?.kind === 'room' && told.change.name === before.name, 'it is called the same');
        const none = describe(chatId('#kitnosuchroom'), live());
        await refused('a description of no room', within(subject, 'describe', none));
      }),
  },
];
