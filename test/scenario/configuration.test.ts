/** A room's configuration as clients see and change it. */
import { describe, expect } from 'vitest';
import { chatId } from '../../src/bridge/index.ts';
import { failed } from './lines.ts';
import { scenario, verona } from './stage.ts';

const owner = (type: string, inside = '', id = 'o') =>
  `<iq type='${type}' id='${id}' to='${verona}'><query xmlns='http://jabber.org/protocol/muc#owner'>${inside}</query></iq>`;
const submit = (name: string, value: string) =>
  `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='muc#roomconfig_${name}'><value>${value}</value></field></x>`;
const field = (name: string, value: string) => `<field var='muc#roomconfig_${name}'><value>${value}</value></field>`;
const changed = `<message type='groupchat' from='${verona}'><x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x></message>`;

describe('configuration', () => {
  scenario('45-81 45-82 45-83 seen, changed, and told with 104', async (stage) => {
    const romeo = stage.client();
    const phone = stage.client('romeo', 'phone');
    await romeo.joins(verona, 'romeo');
    await phone.joins(verona, 'romeo');
    romeo.ignores();
    phone.ignores();
    await romeo.sends(owner('get'));
    romeo.gets(
      `<iq type='result' id='o'><query><x type='form'>${field('moderatedroom', '0')}${field('maxusers', 'none')}</x></query></iq>`,
    );
    await romeo.sends(owner('set', submit('moderatedroom', '1'), 'o2'));
    romeo.gets(changed, `<iq type='result' id='o2' from='${verona}'/>`);
    phone.gets(changed);
    await romeo.sends(owner('get', '', 'o3'));
    romeo.gets(`<iq type='result' id='o3'><query><x type='form'>${field('moderatedroom', '1')}</x></query></iq>`);
    await romeo.sends(owner('set', submit('moderatedroom', '1'), 'o4'));
    romeo.gets(`<iq type='result' id='o4'/>`);
  });

  scenario(
    'GEN-01 45-82 one’s own settings that can not be: one answer, and the room stays as it is',
    async (stage) => {
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      const form = (record: string): string =>
        submit('moderatedroom', '1').replace(
          '</x>',
          `<field var='record_history'><value>${record}</value></field></x>`,
        );
      await romeo.sends(owner('set', form('perhaps')));
      romeo.gets(failed('iq', 'o', 'modify', 'not-acceptable'));
      await romeo.sends(owner('set', form('true'), 'o2'));
      romeo.gets(changed, `<iq type='result' id='o2'/>`);
    },
  );

  scenario('45-84 a password set here keeps out who does not know it', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(owner('set', submit('roomsecret', 'sesame')));
    romeo.gets(changed, `<iq type='result' id='o'/>`);
    const juliet = stage.client('juliet');
    await juliet.joins(verona, 'juliet');
    juliet.gets(failed('presence', 'join', 'auth', 'not-authorized'));
    await juliet.joins(verona, 'juliet', '<password>sesame</password>');
    expect(stage.members('#verona')).toContain('juliet');
  });

  scenario('45-84 a password set here is the one with which the room is entered after a restart', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await stage.promotes('romeo', '#verona', 'owner');
    for (const password of ['sesame', 'open']) {
      await romeo.sends(owner('set', submit('roomsecret', password), password));
      await stage.restarts();
      expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    }
  });

  scenario('45-90 a second client with an old password comes in; others are told the one that holds', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona', 'owner');
    await juliet.configures('#verona', { password: 'sesame' });
    const [romeo, phone] = [stage.client(), stage.client('romeo', 'phone')];
    await romeo.joins(verona, 'romeo', '<password>sesame</password>');
    await phone.joins(verona, 'romeo', '<password>old</password>');
    const paris = stage.client('paris');
    const x = `<x xmlns='http://jabber.org/protocol/muc#user'><invite to='paris@test'/></x>`;
    await phone.sends(`<message to='${verona}'>${x}</message>`);
    paris.gets(`<message><x xmlns='jabber:x:conference' password='sesame'/></message>`);
    await stage.restarts();
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
  });

  scenario('45-81 the network decides who may: forbidden, and nothing is changed', async (stage) => {
    await stage.inhabitant('juliet', '#verona', 'moderator');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(owner('set', submit('moderatedroom', '1')));
    romeo.gets(failed('iq', 'o', 'auth', 'forbidden'));
    expect(stage.gateway.world.options(chatId('#verona')).isModerated).toBe(false);
  });

  scenario('45-83 a change on the network’s side is told too', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona', 'moderator');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await juliet.configures('#verona', { isMembersOnly: true });
    romeo.gets(changed);
  });

  scenario('45-80 45-85 an instant room is one already; nothing is destroyed from here', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(owner('set', `<x xmlns='jabber:x:data' type='submit'/>`));
    romeo.gets(`<iq type='result' id='o'/>`);
    await romeo.sends(owner('set', `<destroy/>`, 'o2'));
    romeo.gets(failed('iq', 'o2', 'cancel', 'not-allowed'));
    expect(stage.members('#verona')).toEqual(['romeo']);
  });
});
