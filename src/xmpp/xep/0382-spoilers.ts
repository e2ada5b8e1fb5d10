/** XEP-0382 Spoiler messages, version 0.2.0: §3, the word that a message is shown to those only who ask for it, with a hint at what it is about. */
import { element, text } from '../codec.ts';

/** Namespace and feature (§2). */
export const SPOILERS = 'urn:xmpp:spoiler:0';

/** `hint`: '' for none. */
export const spoiler = element(SPOILERS, 'spoiler', { hint: text() });
