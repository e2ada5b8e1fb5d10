/** A user's own settings of a room, for the form that configures it (muc#owner). */
import { beforeEach, describe, expect, test } from 'vitest';
import { chatId } from '../../../../src/core/ids.ts';
import { roomSettings } from '../../../../src/gateway/commands/room-settings.ts';
import type { SettingsFields } from '../../../../src/gateway/face.ts';
import { dataForm } from '../../../../src/xmpp/xep/0004-data-forms.ts';
import { parse } from '../../../harness/markup.ts';
import { type CommandWorld, createCommandWorld, forms, inRoom, submit } from './world.ts';

const owner = 'romeo@example.org';
const verona = chatId('#verona');
let world: CommandWorld = createCommandWorld();
let own: SettingsFields;
beforeEach(() => {
  world = createCommandWorld();
  const made = roomSettings(world.desk, { owner, on: 'net.test' });
  if (made === undefined) throw new Error('rooms have settings');
  own = made;
});

function submission(values: Parameters<typeof submit>[0]) {
  const form = dataForm.read(parse(submit(values)));
  if (form === undefined) throw new Error('no form');
  return form;
}
const set = async () => (await world.settings.of(owner)).at(inRoom);

describe('a room’s own settings in another form', () => {
  test('the fields have biboumi’s names and what holds now', async () => {
    await world.settings.change(owner, { level: 'all' }, { persistent: true });
    const fields = await own.fields(verona);
    expect(fields.map(({ var: name, type, values }) => [name, type, values])).toEqual([
      ['record_history', 'list-single', ['unset']],
      ['persistent', 'boolean', ['true']],
    ]);
  });

  test('45-82 004-03 what is said of them is kept, fields of the network are not looked at', async () => {
    const form = submission({ 'muc#roomconfig_moderatedroom': '1', persistent: '1', record_history: 'unset' });
    expect(own.knows(form)).toBe(true);
    await own.keep(verona, form);
    expect(await set()).toEqual({ persistent: true });
    const others = submission({ 'muc#roomconfig_roomsecret': 'x' });
    expect(own.knows(others)).toBe(false);
    await own.keep(verona, others);
    expect(await set()).toEqual({ persistent: true });
    expect(world.given).toEqual([`changed ${owner} room`]);
  });

  test('004-04 what is wrong is bad-value, and nothing is changed', async () => {
    const form = submission({ persistent: '1', record_history: 'perhaps' });
    await expect(own.keep(verona, form)).rejects.toMatchObject({
      code: 'bad-value',
      condition: 'not-acceptable',
      type: 'modify',
    });
    expect(await set()).toEqual({});
  });

  test('GEN-10 what is wrong is said in the language of whoever sent it', async () => {
    const form = submission({ persistent: 'perhaps' });
    await expect(own.keep(verona, form, 'de-AT')).rejects.toMatchObject({
      details: { text: '„Stay“: Ja oder nein.', lang: 'de' },
    });
  });

  test('where nothing can be set of rooms there are none', () => {
    expect(roomSettings({ ...world.desk, forms: undefined }, { owner })).toBeUndefined();
    expect(roomSettings({ ...world.desk, forms: { ...forms, room: [] } }, { owner })).toBeUndefined();
  });
});
