/** What is said between two as our user's clients see it: with what it answers, and whom it names by the addresses that they have for them (CHECKLIST 461-01, 372-01). */
import type { Content } from '../../core/content.ts';
import type { ChatId, MessageRef } from '../../core/ids.ts';
import type { Xml } from '../../xml/writer.ts';
import type { FaceState } from '../rooms/feature.ts';
import { leading } from '../rooms/venue.ts';
import { answeredFrom, quotingUnknown } from '../text/answered.ts';
import { bodyOf } from '../text/body.ts';
import { type AddressOf, namesSomebody } from '../text/mentions.ts';
import { personJid } from './addresses.ts';

/** undefined where there is nothing to show. */
export function shownBetween(face: FaceState, chat: ChatId, content: Content<MessageRef>): Xml | undefined {
  const { replyTo } = content;
  const meant = replyTo && face.refs.named(chat, replyTo);
  const asked = meant === undefined ? quotingUnknown(content) : content;
  return bodyOf(leading(face, chat, asked), answeredFrom(meant), addressFor(face, content));
}

/** Whom it names is somebody else or our owner themselves (372-01). */
function addressFor({ context, session }: FaceState, { text }: Content<unknown>): AddressOf | undefined {
  if (!namesSomebody(text)) return undefined;
  return (person) => (person === session?.me ? context.account.owner : personJid(context, person));
}
