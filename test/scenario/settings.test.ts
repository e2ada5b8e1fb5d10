/** What users set, and what comes of it: in rooms, on the network, after a restart. */
import { describe, expect } from 'vitest';
import { chatId, GatewayError } from '../../src/bridge/index.ts';
import type { SettingsPlace } from '../../src/core/settings.ts';
import { once, said, self, subject, there } from './lines.ts';
import { mantua, type Stage, scenario, verona } from './stage.ts';

const all: SettingsPlace = { level: 'all' };
const server: SettingsPlace = { level: 'server' };
const room = (chat: string): SettingsPlace => ({ level: 'room', chat: chatId(chat) });

async function set(stage: Stage, place: SettingsPlace, change: object): Promise<void> {
  await stage.gateway.domain.preferences.change('romeo@test', place, { ...change });
  await stage.calm();
}

describe('staying in rooms', () => {
  scenario('a room that is kept is not left by its last client; its past is told to the next', async (stage) => {
    await set(stage, room('#verona'), { persistent: true });
    const juliet = await stage.inhabitant('juliet', '#verona');
    await stage.inhabitant('nurse', '#mantua');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await romeo.joins(mantua, 'romeo');
    await romeo.leaves(verona, 'romeo');
    await romeo.leaves(mantua, 'romeo');
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    expect(stage.members('#mantua')).toEqual(['nurse']);
    await juliet.says('#verona', 'wherefore art thou');
    romeo.ignores();
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), once('juliet', 'wherefore art thou'), subject());
  });

  scenario('it is kept over a restart with nobody in it', async (stage) => {
    await set(stage, all, { persistent: true });
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await romeo.leaves(verona, 'romeo');
    await stage.restarts();
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
  });

  scenario(
    'what is set for a room counts before what is set for all; set back, an empty room is left',
    async (stage) => {
      await set(stage, all, { persistent: true });
      await set(stage, room('#mantua'), { persistent: false });
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      await romeo.joins(mantua, 'romeo');
      await romeo.leaves(verona, 'romeo');
      await romeo.leaves(mantua, 'romeo');
      expect([stage.members('#verona'), stage.members('#mantua')]).toEqual([['romeo'], []]);
      await set(stage, all, { persistent: null });
      expect(stage.members('#verona')).toEqual([]);
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    },
  );
});

describe('on the network', () => {
  scenario('what is set for the server counts when it is connected, and at once where it is', async (stage) => {
    await set(stage, server, { nick: 'montague' });
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    expect(stage.members('#verona')).toEqual(['montague']);
    await set(stage, server, { nick: 'new-baptized' });
    expect(stage.members('#verona')).toEqual(['new-baptized']);
  });

  scenario(
    'a login that was refused is tried at once when its owner has changed something, and what waited is said',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      stage.gateway.away(new GatewayError('login-refused', { text: 'No.' }));
      await stage.restarts();
      await romeo.says(verona, 'call me but love');
      await romeo.sends(`<message type='chat' id='dm' to='juliet@net.test'><body>speak again</body></message>`);
      expect(stage.members('#verona')).toEqual(['juliet']);
      expect(juliet.heard).toEqual([]);
      stage.gateway.away(undefined);
      await set(stage, server, { nick: 'new-baptized' });
      expect(stage.members('#verona')).toEqual(['juliet', 'new-baptized']);
      expect([...juliet.heard].sort()).toEqual(['new-baptized: call me but love', 'new-baptized: speak again']);
    },
  );

  scenario('somebody else’s settings are theirs', async (stage) => {
    await set(stage, server, { nick: 'montague' });
    const tybalt = stage.client('tybalt');
    await tybalt.joins(verona, 'tybalt');
    expect(stage.members('#verona')).toEqual(['tybalt']);
  });
});

describe('the past', () => {
  scenario('what is not to be kept is not kept', async (stage) => {
    await set(stage, room('#verona'), { record_history: 'false' });
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await juliet.says('#verona', 'unheard of');
    await set(stage, room('#verona'), { record_history: 'unset' });
    await juliet.says('#verona', 'for the record');
    romeo.ignores();
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    phone.gets(there('juliet'), self('romeo'), once('juliet', 'for the record'), subject());
  });

  scenario('who wishes for nothing gets as much as is set, who wishes gets the wish', async (stage) => {
    await set(stage, all, { max_history_length: 1, persistent: true });
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    for (const text of ['one', 'two', 'three']) await juliet.says('#verona', text);
    romeo.gets(there('juliet'), self('romeo'), subject(), ...['one', 'two', 'three'].map((t) => said('juliet', t)));
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    phone.gets(there('juliet'), self('romeo'), once('juliet', 'three'), subject());
    const tablet = stage.client('romeo', 'tablet');
    await tablet.joins(verona, 'romeo', "<history maxstanzas='2'/>");
    tablet.gets(there('juliet'), self('romeo'), once('juliet', 'two'), once('juliet', 'three'), subject());
  });
});

describe('orders', () => {
  scenario('an account that is told to disconnect leaves everything, and its owner may come again', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    const [account] = await stage.gateway.database.db.selectFrom('accounts').select('id').execute();
    const running = stage.gateway.domain.runner.get(account?.id as never);
    await running?.obey({ is: 'disconnect', reason: 'Enough for today' });
    await stage.calm();
    const [bye] = romeo.gets(
      `<presence type='unavailable' from='${verona}/romeo'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status code='333'/></x></presence>`,
    );
    expect(JSON.stringify(bye)).toContain('Enough for today');
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), subject());
  });
});
