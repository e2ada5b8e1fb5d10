/** A room over a restart: what is written down of it, and how clients that are still there are taken back in without being asked to rejoin. */
import type { MembershipRow } from '../../storage/ports.ts';
import { clientsOf, createRoom, letIn, type Occupant, type Room } from './room.ts';
import { standings } from './standing.ts';

/** How an occupant was told, in one word: the power and, where they are not simply there, their show. */
export function standingOf({ power, facts: { show = 'online' } }: Occupant): string {
  return show === 'online' ? power : `${power}/${show}`;
}

/** What a line begins with that holds the topic that they were told. */
const topicMark = '\t';

/** `occupants` is what the clients were told, one a line: "power nick", "power/away nick"; and the topic. */
export function snapshotOf(room: Room): Omit<MembershipRow, 'account' | 'away'> | undefined {
  const nick = room.me?.nick ?? room.told?.me;
  if (nick === undefined) return undefined;
  const occupants: string[] = [];
  for (const occupant of room.people.all()) occupants.push(`${standingOf(occupant)} ${occupant.nick}`);
  for (const [told, power] of room.told?.powers ?? []) occupants.push(power === undefined ? told : `${power} ${told}`);
  if (room.topic.text !== '') occupants.push(`${topicMark}${room.topic.text}`);
  return { chat: room.chat, local: room.local, nick, clients: clientsOf(room), occupants };
}

function isStanding(text: string): boolean {
  return Object.hasOwn(standings, text.split('/')[0] ?? '');
}

/** A room as it was, in which nothing is known yet but what the clients believe. A line without a power is a nick whose presence is told again. */
export function restoreRoom(row: MembershipRow, clients: readonly string[], domain: string): Room {
  const room = createRoom(row.chat, row.local, domain);
  const powers = new Map<string, string | undefined>();
  for (const line of row.occupants) {
    if (line.startsWith(topicMark)) {
      room.topic = { text: line.slice(topicMark.length), by: undefined, at: undefined };
      continue;
    }
    const space = line.indexOf(' ');
    const power = line.slice(0, Math.max(0, space));
    if (isStanding(power)) powers.set(line.slice(space + 1), power);
    else powers.set(line, undefined);
  }
  room.told = { me: row.nick, powers };
  for (const client of clients) letIn(room, client);
  return room;
}
