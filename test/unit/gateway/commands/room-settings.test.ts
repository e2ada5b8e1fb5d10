/** A user's own settings of a room, for the form that configures it (muc#owner). */
import { beforeEach, describe, expect, test } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import { roomSettingsFields, storeRoomSettings } from '../../../../src/gateway/commands/room-settings.ts';
import type { Asking } from '../../../../src/gateway/face.ts';
import { dataForm } from '../../../../src/xmpp/xep/0004-data-forms.ts';
import { parse } from '../../../harness/markup.ts';
import { type CommandWorld, createCommandWorld, inRoom, submit } from './world.ts';

const owner = 'romeo@example.org';
const verona = chatId('#verona');
let world: CommandWorld = createCommandWorld();
let asking: Asking;
beforeEach(() => {
  world = createCommandWorld();
  asking = {
    account: { id: accountId(`${owner}/net.test/irc.test`), owner, on: 'net.test' },
    session: undefined,
    archive: { recent: async () => [] },
    desk: world.desk,
    now: () => 0,
    signal: new AbortController().signal,
  };
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
    const fields = await roomSettingsFields(asking, verona);
    expect(fields.map(({ var: name, type, values }) => [name, type, values])).toEqual([
      ['record_history', 'list-single', ['unset']],
      ['persistent', 'boolean', ['true']],
    ]);
  });

  test('45-82 004-03 what is said of them is kept, fields of the network are not looked at', async () => {
    const form = submission({ 'muc#roomconfig_moderatedroom': '1', persistent: '1', record_history: 'unset' });
    expect(await storeRoomSettings(asking, verona, form)).toBe(true);
    expect(await set()).toEqual({ persistent: true });
    expect(await storeRoomSettings(asking, verona, submission({ 'muc#roomconfig_roomsecret': 'x' }))).toBe(false);
    expect(await set()).toEqual({ persistent: true });
    expect(world.given).toEqual([`changed ${owner} room`]);
  });

  test('004-04 what is wrong is bad-value, and nothing is changed', async () => {
    const form = submission({ persistent: '1', record_history: 'perhaps' });
    await expect(storeRoomSettings(asking, verona, form)).rejects.toMatchObject({
      code: 'bad-value',
      condition: 'not-acceptable',
      type: 'modify',
    });
    expect(await set()).toEqual({});
  });

  test('where nothing can be set there are no fields', async () => {
    const { desk: _, ...without } = asking;
    expect(await roomSettingsFields(without, verona)).toEqual([]);
    expect(await storeRoomSettings(without, verona, submission({ persistent: '1' }))).toBe(false);
  });
});
