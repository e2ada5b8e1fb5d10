/** XEP-0461 Message Replies, version 0.2.1: §3. */
import { attr, element, optionalAttr, type TypeOf } from '../codec.ts';

export const REPLIES = 'urn:xmpp:reply:0';

/** `to`: whose message it was, `id`: which. */
export const replyTo = element(REPLIES, 'reply', { to: optionalAttr('to'), id: attr('id') });
export type ReplyTo = TypeOf<typeof replyTo>;
