/** XEP-0444 Message Reactions, version 0.2.1: §3.1, always the full set of one person's reactions to one message. */
import { attr, element, type TypeOf, texts } from '../codec.ts';

export const REACTIONS = 'urn:xmpp:reactions:0';

export const reactions = element(REACTIONS, 'reactions', { id: attr('id'), reactions: texts('reaction') });
export type Reactions = TypeOf<typeof reactions>;
