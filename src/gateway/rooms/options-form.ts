/** What can be set of a room as the form of its configuration (XEP-0045 §16.5.3), and back. A field that the form leaves out keeps its value. */
import type { RoomOptions } from '../../bridge/contract.ts';
import type { RoomChange } from '../../core/intent.ts';
import { booleanOf, type DataForm, type Field, firstValueOf, valueField } from '../../xmpp/xep/0004-data-forms.ts';
import { saidIn } from '../translation.ts';

const config = (name: string): string => `muc#roomconfig_${name}`;

/** What no XEP has a field for (XEP-0068 §3.4). */
const OUTSIDE = '{urn:isthmus:room}no-outside-messages';

type Flag = 'isModerated' | 'isMembersOnly' | 'isPublic' | 'topicByModeratorsOnly' | 'noOutsideMessages';

/** `turned`: the form asks for the opposite. */
const flags: readonly { readonly of: Flag; readonly field: string; readonly label: string; readonly turned?: true }[] =
  [
    { of: 'isPublic', field: config('publicroom'), label: 'Listed publicly' },
    { of: 'isMembersOnly', field: config('membersonly'), label: 'By invitation only' },
    { of: 'isModerated', field: config('moderatedroom'), label: 'Moderated: only who has voice may speak' },
    {
      of: 'topicByModeratorsOnly',
      field: config('changesubject'),
      label: 'Everybody may change the subject',
      turned: true,
    },
    { of: 'noOutsideMessages', field: OUTSIDE, label: 'No messages from people outside' },
  ];
const numbers: readonly number[] = [10, 20, 30, 50, 100, 200, 500, 1000];
const longest = 300;
const mostMembers = 1_000_000;

const flag = (name: string, label: string, is: boolean): Field => ({
  ...valueField(name, [is ? '1' : '0'], 'boolean'),
  label,
});

function maxField(max: number): Field {
  const offered = [...new Set([...numbers, ...(max > 0 ? [max] : [])])].sort((a, b) => a - b).map(String);
  const options = [{ label: 'No limit', values: ['none'] }, ...offered.map((value) => ({ values: [value] }))];
  const field = valueField(config('maxusers'), [max > 0 ? String(max) : 'none'], 'list-single');
  return { ...field, label: 'Most people at a time', options };
}

/** A field for each option that the network has. @param isProtected it has a password, though we may not know which */
export function fieldsOf(options: RoomOptions, isProtected = false): readonly Field[] {
  const { name, password, maxMembers } = options;
  const fields: Field[] = [];
  if (name !== undefined) fields.push({ ...valueField(config('roomname'), [name], 'text-single'), label: 'Name' });
  for (const { of, field, label, turned } of flags) {
    const is = options[of];
    if (is !== undefined) fields.push(flag(field, label, turned === true ? !is : is));
  }
  if (password !== undefined) {
    fields.push(flag(config('passwordprotectedroom'), 'A password is needed', password !== '' || isProtected));
    fields.push({ ...valueField(config('roomsecret'), [password], 'text-private'), label: 'Password' });
  }
  return maxMembers === undefined ? fields : [...fields, maxField(maxMembers)];
}

/** A sentence about what can't be, or what is to be different. */
export type Reading = { readonly objection: string } | { readonly change: RoomChange };

const object = (objection: string): Reading => ({ objection });

function passwordIn(form: DataForm, isProtected: boolean | undefined): string | undefined | Reading {
  const secret = firstValueOf(form, config('roomsecret'));
  const wanted = booleanOf(form, config('passwordprotectedroom'));
  if (secret !== undefined && secret.length > longest) return object('The password is too long');
  if (wanted === false) return isProtected === false ? undefined : '';
  // Clients leave out the value of a field that is empty.
  if (wanted === undefined || (secret !== undefined && secret !== '')) return secret;
  return isProtected === true ? undefined : object('A room with a password needs one');
}

/** The password that the room is to have; '': none; undefined: as before. */
export const passwordSet = ({ password }: RoomChange): string | undefined =>
  typeof password === 'string' ? password : undefined;

function maxIn(form: DataForm): number | undefined | Reading {
  const text = firstValueOf(form, config('maxusers'))?.trim();
  if (text === undefined) return undefined;
  if (text === '' || text === 'none') return 0;
  const max = /^\d{1,7}$/.test(text) ? Number(text) : mostMembers + 1;
  return max > mostMembers ? object('The number of people is a whole number, or "none"') : max;
}

/** What a submitted form asks for. @param isProtected whether a password is needed now, where that is known @param lang in which it was shown */
export function readForm(form: DataForm, isProtected: boolean | undefined, lang?: string): Reading {
  const change: Record<string, string | boolean | number> = {};
  const name = firstValueOf(form, config('roomname'));
  if (name !== undefined && name.length > longest) return object('The name is too long');
  if (name !== undefined) change.name = name;
  for (const { of, field, label, turned } of flags) {
    if (firstValueOf(form, field) === undefined) continue;
    const wanted = booleanOf(form, field);
    if (wanted === undefined) return object(`"${saidIn(label, lang).text}" is either 1 or 0`);
    change[of] = turned === true ? !wanted : wanted;
  }
  const password = passwordIn(form, isProtected);
  if (typeof password === 'object') return password;
  if (password !== undefined) change.password = password;
  const max = maxIn(form);
  if (typeof max === 'object') return max;
  if (max !== undefined) change.maxMembers = max;
  return { change };
}
