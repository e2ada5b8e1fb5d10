/** XEP-0153 vCard-Based Avatars, version 1.1.1: §4.1, the hash in presence. An empty photo: none; no photo: not known yet. */
import { childText, element } from '../codec.ts';

export const VCARD_UPDATE = 'vcard-temp:x:update';

export const vcardUpdate = element(VCARD_UPDATE, 'x', { photo: childText('photo') });
