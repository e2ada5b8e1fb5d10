/** A user's own settings of a room as fields of another form: the room's configuration (muc#owner) asks for them beside what the network has. */
import { GatewayError } from '../../core/errors.ts';
import type { ChatId } from '../../core/ids.ts';
import { noSettings, type SettingsPlace } from '../../core/settings.ts';
import { valuesOf } from '../../xmpp/xep/0004-data-forms.ts';
import type { AccountKey, SettingsFields } from '../face.ts';
import { changeOf, fieldsFor } from './configure.ts';
import type { Desk } from './desk.ts';
import { readSubmission, writeField } from './forms.ts';
import { type Texts, textsFor } from './texts.ts';

/** Of one account, under biboumi's names (`record_history`, `persistent`…). undefined: nothing can be set of rooms. */
export function roomSettings(
  { forms, settings, said }: Pick<Desk, 'forms' | 'settings' | 'said'>,
  { owner, on }: Pick<AccountKey, 'owner' | 'on'>,
): SettingsFields | undefined {
  if (forms === undefined || forms.room.length === 0) return undefined;
  const placeOf = (chat: ChatId): SettingsPlace => ({ level: 'room', chat, ...(on !== undefined && { on }) });
  const fieldsOf = async (chat: ChatId, texts: Texts) =>
    fieldsFor(forms.room, await settings.of(owner), placeOf(chat), texts, (text) => said(text, texts.language));
  return {
    async fields(chat, lang) {
      const texts = textsFor(lang);
      return (await fieldsOf(chat, texts)).flatMap((field) => writeField(field, texts));
    },
    knows: (form) => forms.room.some(({ name }) => valuesOf(form, name) !== undefined),
    accepts(form) {
      const texts = textsFor(undefined);
      const fields = fieldsFor(forms.room, noSettings, { level: 'all' }, texts, (text) => text);
      return 'answer' in readSubmission(fields, form, texts);
    },
    async keep(chat, form, lang) {
      const texts = textsFor(lang);
      const fields = await fieldsOf(chat, texts);
      const read = readSubmission(fields, form, texts);
      if (!('answer' in read))
        throw new GatewayError('bad-value', {
          text: 'fault' in read ? read.fault : read.missing,
          lang: texts.language,
        });
      const change = changeOf(fields, read.answer);
      if (Object.keys(change).length > 0) await settings.change(owner, placeOf(chat), change);
    },
  };
}
