/** XEP-0077 In-Band Registration, version 2.4: accounts with a gateway, by form and by the two old fields (§4); ended with `<remove/>` (§3.2). */
import { childText, element, flag, maybe, type TypeOf } from '../codec.ts';
import { dataForm } from './0004-data-forms.ts';
import { oob } from './0066-oob.ts';

export const REGISTER = 'jabber:iq:register';

export const registration = element(REGISTER, 'query', {
  registered: flag('registered'),
  remove: flag('remove'),
  instructions: childText('instructions'),
  username: childText('username'),
  password: childText('password'),
  form: maybe(dataForm),
  /** §5: where else one registers. */
  oob: maybe(oob),
});
export type Registration = TypeOf<typeof registration>;
