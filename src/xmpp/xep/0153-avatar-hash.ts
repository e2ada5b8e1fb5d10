/** XEP-0153 vCard-Based Avatars, version 1.1.1: what an available presence says of its sender's picture. */
import type { Element } from '../../xml/element.ts';
import { child, childText } from '../../xml/query.ts';
import { type Xml, xml } from '../../xml/writer.ts';

const UPDATE = 'vcard-temp:x:update';

/** There is none (§4.1): a client that has an old one forgets it. */
export const noAvatar = xml`<x xmlns='vcard-temp:x:update'><photo/></x>`;

/** There may be one, of which nothing can be said yet (§4.1). */
export const avatarUnknown = xml`<x xmlns='vcard-temp:x:update'/>`;

/** The SHA-1 of its bytes, in lower-case hexadecimal digits. */
export const avatarHash = (hash: string): Xml => xml`<x xmlns='vcard-temp:x:update'><photo>${hash}</photo></x>`;

/** What a presence says of it: a hash; '': there is none; undefined: nothing. */
export function avatarHashIn(presence: Element): string | undefined {
  const update = child(presence, 'x', UPDATE);
  const photo = update === undefined ? undefined : childText(update, 'photo')?.trim().toLowerCase();
  return photo === '' || /^[0-9a-f]{40}$/.test(photo ?? '-') ? photo : undefined;
}
