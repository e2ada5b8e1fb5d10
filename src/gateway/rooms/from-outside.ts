/**
 * The configuration of a room that whoever asks is not in (XEP-0045 §10.2): the room's own is out of reach, but what they have set for themselves is theirs,
 * connected or not.
 */
import type { ErrorCode } from '../../core/errors.ts';
import type { ChatId } from '../../core/ids.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type DataForm, type Field, typedForm } from '../../xmpp/xep/0004-data-forms.ts';
import { MUC_ROOMCONFIG, mucOwner } from '../../xmpp/xep/0045-muc.ts';
import type { SettingsFields } from '../face.ts';
import { formIn } from '../translation.ts';
import { refuse, result } from './origin.ts';

/** The form as people see it, in the language of whoever asks. */
export function formOf(fields: readonly Field[], instructions: string, lang: string | undefined): DataForm {
  const form = typedForm('form', MUC_ROOMCONFIG, fields);
  return formIn({ ...form, title: 'Configuration of the room', instructions: [instructions] }, lang);
}

const onlyOwn = 'You are not in this room: these are your own settings for it. Join it to see the rest.';

/**
 * The answer to a muc#owner request. Throws the GatewayError due for a value that can't be.
 * @param code the error for what is the room's
 * @param own absent: nothing can be set
 */
export async function fromOutside(
  stanza: Stanza,
  chat: ChatId,
  own: SettingsFields | undefined,
  code: ErrorCode,
  text: string,
): Promise<readonly Outgoing[]> {
  const no = [refuse(stanza, code, stanza.to.bare, text)];
  if (own === undefined) return no;
  const { lang } = stanza;
  if (stanza.type === 'get') {
    return [result(stanza, mucOwner.write({ form: formOf(await own.fields(chat, lang), onlyOwn, lang) }))];
  }
  const form = mucOwner.in(stanza.el)?.form;
  if (form?.type === 'cancel') return [result(stanza)];
  if (form?.type !== 'submit' || !own.knows(form)) return no;
  await own.keep(chat, form, lang);
  return [result(stanza)];
}
