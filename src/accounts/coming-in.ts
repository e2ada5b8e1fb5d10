/** Joins: a client comes into a room (XEP-0045 §7.2), with its account where that is not in it yet. */
import { GatewayError } from '../core/errors.ts';
import type { ChatId } from '../core/ids.ts';
import type { DurableIntent, HistoryWish, Origin } from '../core/intent.ts';
import { bareOf } from '../core/jids.ts';
import type { Outcome, Taken } from '../delivery/lanes.ts';
import type { Entering } from '../gateway/face.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { mustBeAdmitted } from './admission.ts';
import type { ExecutorParts } from './execute.ts';
import { inTime } from './in-time.ts';
import { mustBeWithin } from './quotas.ts';

type Join = Taken & { readonly intent: Extract<DurableIntent, { kind: 'join' }> };

/** How far back a client that lost its connection is served, in messages. */
const missedAtMost = 1000;
/** How long it waits for what is fetched of the room's past (ms). */
const gapWaitMs = 5_000;
/** How long the archive may take. */
const patienceMs = 10_000;

/** Into a room: onto the network where that is needed, and then a client is told of everybody and of what was said. */
export async function comeIn(parts: ExecutorParts, taken: Join): Promise<Outcome> {
  const { face, clients, world } = parts;
  const { intent, origin } = taken;
  const history = intent.history ?? (await unspokenWish(parts, intent.chat, origin.from));
  const left = face.leftSince(intent, origin);
  if (left !== undefined) {
    world.send(left);
    return { is: 'done' };
  }
  mustBeAdmitted(parts.row, origin.from, world);
  face.check(intent, origin);
  const wish = history === undefined ? intent : { ...intent, history };
  const isOurs = face.hasRoom(intent.chat);
  const wasIn = face.clients(intent.chat).includes(origin.from);
  const wasThere = face.isIn(intent.chat);
  const entering = face.begin(wish, origin);
  try {
    // Into a room that we are on the way back into comes nobody new.
    if (!isOurs) world.mayComeIn(parts.row.owner);
    if (!wasThere) await enter(parts, taken);
    await parts.told();
    await parts.catchingUp.settled(intent.chat, gapWaitMs);
    await tell(parts, entering, wish, taken);
  } catch (error) {
    entering.abandon(error instanceof GatewayError && error.next === 'later');
    if (wasIn && face.hasRoom(intent.chat))
      clients.departed({ chat: intent.chat, client: origin.from, how: 'bounced', ...heardUpTo(entering) });
    if (error instanceof GatewayError && error.code === 'members-only') parts.grace.begin();
    // What was said waits for its owner to mend the login; whoever asks to come in is told now.
    if (error instanceof GatewayError && error.next === 'pause') return { is: 'failed', error: asOfRoom(error) };
    throw error;
  }
  appear(parts);
  world.preferences.heard(bareOf(origin.from), origin.lang).catch(world.ignore);
  const { chat, password } = intent;
  // Where we were in the network has not looked at it: a phone may remember an old one.
  const tried = wasThere && clients.password(chat) !== undefined ? undefined : password;
  if (face.clients(chat).includes(origin.from)) clients.entered(chat, origin.from, tried, wasIn);
  return { is: 'done' };
}

const heardUpTo = ({ since }: Entering) => since !== undefined && { since };

/** The room refuses nobody: as its own word, that a login is needed asks for the room's password (XEP-0045 §7.2.5), and takes it out of bookmarks in some clients. */
const asOfRoom = ({ message: text, details }: GatewayError): GatewayError =>
  new GatewayError('not-now', { text, ...details });

/** Who is there, a piece a turn where they are many; what changes meanwhile is told with the rest. */
async function tell(
  parts: ExecutorParts,
  entering: Entering,
  wish: Join['intent'],
  { origin, signal }: Taken,
): Promise<void> {
  const { world } = parts;
  const { crowds: pace } = world;
  while (entering.others > pace.perTurn) {
    await pace.take(pace.perTurn);
    const some = entering.some(pace.perTurn);
    if (some.length === 0) break;
    world.send(some);
    await world.pressure();
    signal.throwIfAborted();
  }
  const rows = await past(parts, wish, origin);
  const now = pace.take(entering.others);
  if (now !== undefined) await now;
  world.send(entering.finish(rows));
}

/** What somebody wants of the past who says nothing about it: what they missed, if anything. */
async function unspokenWish(
  { clients }: ExecutorParts,
  chat: ChatId,
  client: string,
): Promise<HistoryWish | undefined> {
  const missed = await clients.since(chat, client);
  return missed === undefined ? undefined : { since: missed, maxStanzas: missedAtMost };
}

/** The network hears whether anybody is at the keyboard. */
function appear({ face, connection, world }: ExecutorParts): void {
  const shown = face.shown();
  const session = connection.coming();
  if (shown === undefined || session === undefined || session instanceof Promise) return;
  session.status?.appear(shown.show, shown.status).catch(world.ignore);
}

/** Onto the network, and there into the room. */
async function enter(parts: ExecutorParts, { intent, origin, signal }: Join): Promise<void> {
  const { row, face, world } = parts;
  const { chat, nick, password = parts.clients.password(chat) } = intent;
  const rooms = face.rooms();
  const isOn = rooms.some((one) => face.isIn(one));
  await mustBeWithin(world.quotas, world.store, row, rooms.length, isOn);
  const session = await parts.connection.connect(nick, origin.at);
  parts.catchingUp.lost(chat);
  await session.rooms.join(chat, { nick, ...(password !== undefined && { password }) }, signal);
}

/** A room without its past is better than none: also where the archive neither answers nor refuses, as all else that is said there waits behind whoever comes in. */
async function past(parts: ExecutorParts, wish: Join['intent'], origin: Origin): Promise<readonly ArchiveRow[]> {
  const { row, face, world } = parts;
  const wanted = face.wants(wish, origin);
  if (wanted === undefined) return [];
  try {
    const recent = world.archive.recent(row.id, wish.chat, wanted.max, wanted.since);
    const rows = await inTime(recent, patienceMs, world.clock);
    if (rows === undefined)
      world.log.warn({ account: row.id }, 'the archive did not answer in time; a client came in without history');
    return rows ?? [];
  } catch (error) {
    world.log.error({ account: row.id, error }, 'the archive could not be read; a client came in without history');
    return [];
  }
}
