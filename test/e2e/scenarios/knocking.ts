/** Knocking at channels that are for the invited only, from both sides. */
import { expect } from 'vitest';
import { bodyOf, child, childrenOf, conditionOf, show, textOf } from '../../harness/markup.ts';
import { executes, fills, items } from '../../harness/requests.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';

const nodes = 'http://jabber.org/protocol/commands';
const doors = only(['inspircd', 'hybrid', 'modern', 'plain'], 'nobody can knock here');

export const knocking = theme('knocking', [
  scenario(
    'refused by +i one knocks by command, is invited, and comes in; in no other room all the while',
    async (stage) => {
      const juliet = await stage.irc('juliet');
      await juliet.enters();
      await juliet.does(`MODE ${stage.channel} +i`);
      const romeo = await stage.jabber('romeo');
      await expect(romeo.enters()).rejects.toThrow(/registration-required/);
      const { items: all } = await items(romeo, stage.room, '', nodes);
      expect(all.map(({ attrs }) => attrs.node)).toContain('knock');
      const done = await fills(romeo, stage.room, 'knock', { text: 'it is the east' });
      expect(done?.attrs.status).toBe('completed');
      await juliet.client.expect(new RegExp(`(?:710|NOTICE) .*${romeo.nick}`));
      await juliet.does(`INVITE ${romeo.nick} ${stage.channel}`);
      await romeo.client.receive((one) => child(one, 'x', 'jabber:x:conference')?.attrs.jid === stage.room);
      await romeo.enters();
      await juliet.sees(romeo, 'JOIN');
    },
    doors,
  ),

  scenario(
    'a knock is seen in the room by who may let in; a channel that is open cannot be knocked at',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      await juliet.does(`MODE ${stage.channel} +io ${romeo.nick}`);
      const tybalt = await stage.irc('tybalt');
      tybalt.client.send(`KNOCK ${stage.channel} :open up`);
      const seen = await romeo.client.receive(
        (one) => one.name === 'message' && one.attrs.from === stage.room && /knock/i.test(bodyOf(one) ?? ''),
      );
      expect(bodyOf(seen)).toContain(tybalt.nick);
      const open = stage.otherChannel();
      await juliet.enters(open.channel);
      const answer = await executes(romeo, open.room, `node='knock' action='execute'`);
      const refused = await executes(
        romeo,
        open.room,
        `node='knock' sessionid='${child(answer, 'command', nodes)?.attrs.sessionid}' action='complete'`,
      );
      const note = textOf(childrenOf(child(refused, 'command', nodes), 'note')[0]);
      expect(conditionOf(refused) ?? note, show(refused)).toMatch(/not-allowed|open|pointless/);
    },
    doors,
  ),
]);
