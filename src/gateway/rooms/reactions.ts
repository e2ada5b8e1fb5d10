/** Reactions in a room (XEP-0444, CHECKLIST 444): the whole set of one person's, each time one of them changes. */
import type { Origin } from '../../core/intent.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { REACTIONS, reactions as reactionsElement } from '../../xmpp/xep/0444-reactions.ts';
import { bareEmoji, reactionForms } from '../reaction-limits.ts';
import type { Known } from '../refs.ts';
import { isGuest } from '../speakers.ts';
import type { EventOf, FaceState, IntentOf, Out, RoomFeature } from './feature.ts';
import { tellIfRenewed } from './occupants.ts';
import type { Room } from './room.ts';
import { type Deed, speakerOf, tellDeed } from './speaking.ts';

/** How many kinds one person may have on one message, and how many people's are remembered. */
const kindsAtMost = 32;
const peopleAtMost = 500;
const longest = 40;

const pictograph = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/** Is it one that clients show? Words and names of a network's own pictures are none (444-04). */
export const isEmoji = (text: string): boolean => text.length <= longest && !/\s/.test(text) && pictograph.test(text);

/** `<reactions/>` and the word to keep it (444-02). */
export const reactionBody = (name: string, emoji: readonly string[]): Xml =>
  xml`${reactionsElement.write({ id: name, reactions: emoji })}<store xmlns='urn:xmpp:hints'/>`;

/** The set after that change; undefined: it is none. */
export function foldReaction(
  known: Known,
  by: Known['by'],
  emoji: string,
  present: boolean,
): readonly string[] | undefined {
  const before = known.reactions?.get(by) ?? [];
  const without = before.filter((one) => bareEmoji(one) !== bareEmoji(emoji));
  if (present === without.length < before.length) return undefined;
  const isFull = before.length === 0 && (known.reactions?.size ?? 0) >= peopleAtMost;
  if (present && (before.length >= kindsAtMost || isFull)) return undefined;
  return putReactions(known, by, present ? [...before, emoji] : without);
}

/** All of somebody's from now on. */
export function putReactions(known: Known, by: Known['by'], emoji: readonly string[]): readonly string[] {
  known.reactions ??= new Map();
  if (emoji.length === 0) known.reactions.delete(by);
  else known.reactions.set(by, emoji);
  return emoji;
}

const deedOf = ({ name }: Known, emoji: readonly string[], facts: Pick<Deed, 'by' | 'at' | 'id'>): Deed => ({
  ...facts,
  kind: 'reaction',
  about: name,
  inside: reactionBody(name, emoji),
});

function hear(face: FaceState, room: Room, event: EventOf<'reaction'>, out: Out): void {
  const known = face.refs.named(room.chat, event.target);
  if (known === undefined || known.isRetracted || !isEmoji(event.emoji)) return;
  const all = foldReaction(known, event.by, event.emoji, event.present);
  if (all === undefined) return;
  tellIfRenewed(face, room, event.by, out);
  const speaker = speakerOf(face, room, event.by);
  const { by } = event;
  tellDeed(face, room, speaker, deedOf(known, all, { by, at: event.at.getTime(), id: undefined }), out);
}

/** The network has ours. */
export function reactionSettled(
  face: FaceState,
  room: Room,
  intent: IntentOf<'react'>,
  origin: Origin,
  known: Known | undefined,
  out: Out,
): void {
  const by = room.me?.person ?? face.session?.me;
  if (known === undefined || by === undefined) return;
  const all = putReactions(known, by, distinct(intent.emoji));
  const speaker = speakerOf(face, room, by);
  const facts = { by, at: face.context.now(), id: origin.stanzaId };
  tellDeed(face, room, speaker, deedOf(known, all, facts), out);
}

/** No emoji twice (444-02). */
export function distinct(emoji: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return emoji.filter((one) => !seen.has(bareEmoji(one)) && seen.add(bareEmoji(one))).slice(0, kindsAtMost);
}

/** Announced where the network has reactions, to whoever may react. */
export const reactions: RoomFeature = {
  features: ({ context, session }, _, from) =>
    session?.reactions === undefined || isGuest(context, { from }) ? [] : [REACTIONS],
  forms: ({ context, session }, { chat }, from) => (isGuest(context, { from }) ? [] : reactionForms(session, chat)),
  on: { reaction: hear },
};
