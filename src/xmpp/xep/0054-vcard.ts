/** XEP-0054 vcard-temp, version 1.3.0: §3.1 and §3.3, the little that a service says of itself and a network of its people. */
import { childText, element, type TypeOf } from '../codec.ts';

export const VCARD = 'vcard-temp';

/** All absent: the empty card that stands for "none". */
export const vcard = element(VCARD, 'vCard', {
  fullName: childText('FN'),
  nickname: childText('NICKNAME'),
  url: childText('URL'),
  description: childText('DESC'),
});
export type VCard = TypeOf<typeof vcard>;
