/** XEP-0054 vcard-temp, version 1.3.0: §3.1 and §3.3, the little that a service says of itself and a network of its people, and the picture (XEP-0153 §3.1). */
import { childText, element, maybe, type TypeOf } from '../codec.ts';

export const VCARD = 'vcard-temp';

/** BINVAL is base64, in lines or in one. */
const photo = element(VCARD, 'PHOTO', { type: childText('TYPE'), base64: childText('BINVAL') });

/** All absent: the empty card that stands for "none". */
export const vcard = element(VCARD, 'vCard', {
  fullName: childText('FN'),
  nickname: childText('NICKNAME'),
  photo: maybe(photo),
  url: childText('URL'),
  description: childText('DESC'),
});
export type VCard = TypeOf<typeof vcard>;
