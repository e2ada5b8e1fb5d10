/** A user's own settings of a room as fields of another form: the room's configuration (muc#owner) asks for them beside what the network has. */
import { GatewayError } from '../../core/errors.ts';
import type { ChatId } from '../../core/ids.ts';
import type { SettingsPlace } from '../../core/settings.ts';
import type { DataForm, Field } from '../../xmpp/xep/0004-data-forms.ts';
import type { Asking } from '../face.ts';
import { changeOf, fieldsFor } from './configure.ts';
import type { Desk } from './desk.ts';
import { readSubmission, writeField } from './forms.ts';
import { textsFor } from './texts.ts';

const placeOf = ({ account }: Asking, chat: ChatId): SettingsPlace => ({
  level: 'room',
  chat,
  ...(account.on !== undefined && { on: account.on }),
});

async function fieldsOf(asking: Asking, { forms, settings }: Desk, chat: ChatId) {
  if (forms === undefined || forms.room.length === 0) return [];
  return fieldsFor(forms.room, await settings.of(asking.account.owner), placeOf(asking, chat));
}

/** As they are for the asking account's owner, under biboumi's names (`record_history`, `persistent`…); none where nothing can be set. */
export async function roomSettingsFields(asking: Asking, chat: ChatId, lang?: string): Promise<readonly Field[]> {
  if (asking.desk === undefined) return [];
  const texts = textsFor(lang);
  return (await fieldsOf(asking, asking.desk, chat)).flatMap((field) => writeField(field, texts));
}

/** Keeps what a submission says of them and leaves the rest alone. Throws `bad-value`, and then has changed nothing. Resolves with whether anything changed. */
export async function storeRoomSettings(asking: Asking, chat: ChatId, form: DataForm, lang?: string): Promise<boolean> {
  const { desk } = asking;
  if (desk === undefined) return false;
  const fields = await fieldsOf(asking, desk, chat);
  const read = readSubmission(fields, form, textsFor(lang));
  if (!('answer' in read)) throw new GatewayError('bad-value', { text: 'fault' in read ? read.fault : read.missing });
  const change = changeOf(fields, read.answer);
  if (Object.keys(change).length === 0) return false;
  await desk.settings.change(asking.account.owner, placeOf(asking, chat), change);
  return true;
}
