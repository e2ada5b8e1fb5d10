/** XEP-0333 Displayed Markers, version 1.0.0: §4, up to where somebody has read. */
import { attr, element } from '../codec.ts';

export const MARKERS = 'urn:xmpp:chat-markers:0';

export const markable = element(MARKERS, 'markable', {});
/** `id`: of the newest message that was read; in rooms its stanza-id. */
export const displayed = element(MARKERS, 'displayed', { id: attr('id') });
