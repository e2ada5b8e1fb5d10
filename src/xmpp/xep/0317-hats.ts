/** XEP-0317 Hats, version 0.3.1: what somebody is in a room besides role and affiliation (§3.1). */
import { attr, element, optionalAttr } from '../codec.ts';

export const HATS = 'urn:xmpp:hats:0';

/** One of them. `hue` is an angle (XEP-0392 §5.1). */
export const hat = element(HATS, 'hat', { title: attr('title'), uri: attr('uri'), hue: optionalAttr('hue') });
