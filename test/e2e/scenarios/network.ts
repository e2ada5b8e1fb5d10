/** What happens to a network: splits, forced nicks, kills, changed hosts; and that rooms are right afterwards. */
import { expect } from 'vitest';
import { itemOf } from '../../harness/expectations.ts';
import { child, codesOf } from '../../harness/markup.ts';
import { fills } from '../../harness/requests.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, Stage } from '../../harness/stage.ts';

const staged = only(['modern', 'plain'], 'a split can not be staged here');
const forwards = only(['inspircd', 'modern', 'plain'], 'its channels send nobody on');
const forced = only(['modern', 'plain'], 'nobody has such power here');
const told = only(['modern'], 'it is told as leaving and coming again');

/** An operator of the server who is in no channel. */
async function prince(stage: Stage): Promise<IrcPerson> {
  const escalus = await stage.irc('escalus');
  await escalus.does('OPER root rootpw');
  return escalus;
}

export const network = theme('what happens to a network', [
  scenario(
    '45-64 a split: those who are lost go, and come back with their powers',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const nurse = await stage.irc('nurse');
      await nurse.enters();
      await romeo.sees(nurse);
      await juliet.does(`MODE ${stage.channel} +o ${nurse.nick}`);
      await romeo.sees(nurse);
      const escalus = await prince(stage);
      await escalus.does(`SPLIT mantua${stage.world.next()}.test ${juliet.nick},${nurse.nick}`);
      await romeo.sees(juliet, 'unavailable');
      await romeo.sees(nurse, 'unavailable');
      romeo.says('they are gone');
      await romeo.hears(romeo, 'they are gone');
      await escalus.does('REJOIN mantua.test');
      await romeo.client.receive(
        `<presence from='${stage.room}/${nurse.nick}'><x><item role='moderator'/></x></presence>`,
      );
      romeo.says('they are back');
      await juliet.hears(romeo, 'they are back');
    },
    staged,
  ),

  scenario(
    'who returns after a split is told of as they are in the end, or one by one as they come where that is set',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const nurse = await stage.irc('nurse');
      await nurse.enters();
      await juliet.does(`MODE ${stage.channel} +o ${nurse.nick}`);
      const rises = `<presence from='${stage.room}/${nurse.nick}'><x><item role='moderator'/></x></presence>`;
      await romeo.client.receive(rises);
      const escalus = await prince(stage);
      const comesBack = async (): Promise<readonly (string | undefined)[]> => {
        const since = romeo.client.inbox.all.length;
        await escalus.does(`SPLIT mantua${stage.world.next()}.test ${nurse.nick}`);
        await romeo.sees(nurse, 'unavailable');
        await escalus.does('REJOIN mantua.test');
        await romeo.client.receive(rises);
        const shown = romeo.client.seen(`<presence from='${stage.room}/${nurse.nick}' type='!'/>`, since);
        return shown.map((one) => itemOf(one)?.attrs.role);
      };
      expect(await comesBack()).toEqual(['moderator']);
      await fills(romeo, stage.room, 'configure', { netjoins: 'one-by-one' });
      expect(await comesBack()).toEqual(['participant', 'moderator']);
    },
    staged,
  ),

  scenario(
    '45-54 a nick that is changed by force: the client is told 303, and talks on',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const escalus = await prince(stage);
      const old = romeo.nick;
      await escalus.does(`SANICK ${old} ${old}x`);
      const gone = await romeo.sees(old, 'unavailable');
      expect(codesOf(gone)).toEqual(expect.arrayContaining([110, 303]));
      romeo.nick = `${old}x`;
      await romeo.sees(romeo);
      romeo.says('a rose by any other name');
      await juliet.hears(romeo, 'a rose by any other name');
    },
    forced,
  ),

  scenario(
    'a channel that one is put into is offered to the client',
    async (stage) => {
      const { romeo } = await stage.pair();
      const escalus = await prince(stage);
      const { channel, room } = stage.otherChannel();
      await escalus.enters(channel);
      await escalus.does(`SAJOIN ${romeo.nick} ${channel}`);
      await romeo.client.receive((one) => child(one, 'x', 'jabber:x:conference')?.attrs.jid === room);
      await romeo.enters(room);
      escalus.says('welcome', channel);
      await romeo.hears(escalus, 'welcome', room);
    },
    forced,
  ),

  scenario(
    '45-92 a channel that sends one on: the join is refused with where to, and one is invited there, where one is at once',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const full = stage.otherChannel();
      const hall = stage.otherChannel();
      await juliet.enters(full.channel);
      await juliet.enters(hall.channel);
      await juliet.does(`MODE ${full.channel} +lL 1 ${hall.channel}`);
      await expect(romeo.enters(full.room)).rejects.toThrow(/redirect/);
      await romeo.client.receive((one) => child(one, 'x', 'jabber:x:conference')?.attrs.jid === hall.room);
      await juliet.sees(romeo, 'JOIN', hall.channel);
      await romeo.enters(hall.room);
      romeo.says('so here I am', hall.room);
      await juliet.hears(romeo, 'so here I am', hall.channel);
    },
    forwards,
  ),

  scenario(
    'a changed host is nobody’s leaving',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const escalus = await prince(stage);
      const since = romeo.client.inbox.all.length;
      await escalus.does(`CHGHOST ${juliet.nick} ~j balcony.test`);
      juliet.says('in another gown');
      await romeo.hears(juliet, 'in another gown');
      expect(romeo.client.seen(`<presence type='unavailable'/>`, since)).toEqual([]);
    },
    told,
  ),

  scenario(
    'killed by an operator: one may come back, and talk again',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const escalus = await prince(stage);
      await escalus.does(`KILL ${romeo.nick} :enough`);
      await juliet.sees(romeo, 'QUIT');
      await romeo.enters();
      await juliet.sees(romeo, 'JOIN');
      romeo.says('a second life');
      await juliet.hears(romeo, 'a second life');
    },
    forced,
  ),

  scenario(
    'a capability that goes away while one talks: nothing is lost',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const escalus = await prince(stage);
      romeo.says('before');
      await juliet.hears(romeo, 'before');
      await escalus.does('CAPDEL setname');
      romeo.says('after');
      await romeo.hears(romeo, 'after');
      await juliet.hears(romeo, 'after');
      await escalus.does('CAPADD setname');
      romeo.says('again');
      await romeo.hears(romeo, 'again');
    },
    forced,
  ),
]);
