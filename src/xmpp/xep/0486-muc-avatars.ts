/** XEP-0486 MUC Avatars, version 0.1.0: §3.3, how a room says in service discovery that it has a picture. */
import { type Field, valueField } from './0004-data-forms.ts';

/** Of its muc#roominfo form: the SHA-1 of the picture on its card, as in XEP-0153. */
export const avatarHashField = (hash: string): Field => valueField('muc#roominfo_avatarhash', [hash], 'text-multi');
