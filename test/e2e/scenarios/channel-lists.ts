/** A server's channels as a list: by disco, in pages; secret ones are not in it. */
import { expect } from 'vitest';
import { child, show, textOf } from '../../harness/markup.ts';
import { items, rsm, submit } from '../../harness/requests.ts';
import { scenario, theme } from '../../harness/scenario.ts';

export const channelLists = theme('lists of channels', [
  scenario('45-12 a room that one is in lists its occupants', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const { items: all } = await items(romeo, stage.room);
    expect(all.map(({ attrs }) => attrs.jid).sort()).toEqual(
      [`${stage.room}/${juliet.nick}`, `${stage.room}/${romeo.nick}`].sort(),
    );
  }),

  // One scenario: the list of a server is kept for all its users for a while, so whoever asks first decides what is on it.
  scenario(
    '45-01 059-01 055-01 433-01 a server lists its channels, by the page and by search, and no secret one',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const nurse = await stage.irc('nurse');
      await nurse.enters();
      const hidden = stage.otherChannel();
      for (const { channel } of [hidden, stage.otherChannel()]) await juliet.enters(channel);
      await juliet.does(`MODE ${hidden.channel} +s`);
      const { items: two, set: paged } = await items(romeo, stage.server, rsm('<max>2</max>'));
      expect(two).toHaveLength(2);
      expect(textOf(child(paged, 'last'))).not.toBe('');
      const found = async (): Promise<readonly (string | undefined)[]> => {
        const jids: (string | undefined)[] = [];
        let after = '';
        for (let pages = 0; pages < 20; pages++) {
          const { answer, items: page, set } = await items(romeo, stage.server, rsm(`<max>50</max>${after}`));
          expect(answer.attrs.type).toBe('result');
          jids.push(...page.map(({ attrs }) => attrs.jid));
          const last = textOf(child(set, 'last'));
          if (page.length === 0 || last === '') break;
          after = `<after>${last}</after>`;
        }
        return jids;
      };
      const all = await found();
      expect(all).toContain(stage.room);
      expect(all.slice(0, 2)).toEqual(two.map(({ attrs }) => attrs.jid));
      expect(new Set(all).size).toBe(all.length);
      expect(all).not.toContain(hidden.room);
      const [, behind] = stage.room.split(stage.channel);
      expect(all.every((jid) => jid?.endsWith(behind ?? ''))).toBe(true);
      for (const search of [
        `<query xmlns='jabber:iq:search'>${submit({ name: stage.channel })}</query>`,
        `<search xmlns='urn:xmpp:channel-search:0:search'>${submit({ FORM_TYPE: 'urn:xmpp:channel-search:0:search-params', q: stage.channel, sinname: '1' })}</search>`,
      ]) {
        const told = show(await romeo.client.ask(`<iq type='set' to='${stage.server}'>${search}</iq>`, 20_000));
        expect(told).toContain(stage.room);
        expect(told).not.toContain(hidden.room);
      }
    },
  ),
]);
