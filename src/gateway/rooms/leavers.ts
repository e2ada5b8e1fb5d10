/**
 * Who left while something of theirs waits, behind other things or to be tried again: a join from before must not bring them in after all, and what they said while
 * they were in is said all the same.
 */
import type { ChatId } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { bareOf } from '../../core/jids.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { FaceState } from './feature.ts';
import { departure } from './kicks.ts';
import { closedRoom } from './open-rooms.ts';
import { ownJid } from './room.ts';

/** A client's word that it leaves. */
export interface Leaving {
  readonly at: number;
  /** Nothing of its was known to wait for: it is told when its join turns up. */
  readonly untold?: { readonly id: string | undefined };
}

/** More are not kept in mind; the oldest are forgotten first. */
const rememberedAtMost = 1000;

const keyOf = (chat: ChatId, client: string): string => `${chat} ${client}`;

function remember<T>(times: Map<string, T>, key: string, one: T): void {
  times.delete(key);
  times.set(key, one);
  const [oldest] = times.keys();
  if (times.size > rememberedAtMost && oldest !== undefined) times.delete(oldest);
}

/** A client that is not in says that it leaves. `untold`: it was not being let in either, and is not answered yet. */
export function departs(
  { leavers, context }: FaceState,
  chat: ChatId,
  client: string,
  untold?: { readonly id: string | undefined },
): void {
  const at = (context.moment ?? context.now)();
  remember(leavers, keyOf(chat, client), untold === undefined ? { at } : { at, untold });
}

/** A client that was in has left, or is lost. */
export function goesOut({ gone, context }: FaceState, chat: ChatId, client: string): void {
  remember(gone, keyOf(chat, client), context.now());
}

/** Has it left since it asked to come in? Then what it is to be told of that still: it was in the queue, and waits for its 110 like anybody (XEP-0045 §7.14). */
export function leftSince(
  face: FaceState,
  { chat, nick }: { readonly chat: ChatId; readonly nick: string },
  { from, to, at }: Origin,
): readonly Outgoing[] | undefined {
  const key = keyOf(chat, from);
  const left = face.leavers.get(key);
  if (left === undefined || at >= left.at) return undefined;
  if (left.untold === undefined) return [];
  face.leavers.set(key, { at: left.at });
  const { id } = left.untold;
  const room = face.rooms.get(chat) ?? closedRoom(chat, bareOf(to));
  return [
    {
      kind: 'presence',
      type: 'unavailable',
      from: ownJid(room, nick),
      to: [from],
      ...(id !== undefined && { id }),
      body: departure(face, room, room.me, { how: 'left' }, from),
    },
  ];
}

/** Was it in when it asked for that? Only of who is not in now. */
export function wasIn({ gone }: FaceState, chat: ChatId, { from, at }: Origin): boolean {
  const left = gone.get(keyOf(chat, from));
  return left !== undefined && at <= left;
}
