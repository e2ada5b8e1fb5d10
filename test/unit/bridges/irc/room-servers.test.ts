/** Rooms and people against real servers: ngIRCd, which has nearly no capabilities, ircd-hybrid, InspIRCd, which has most, and one that has all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatId, type Power, personId } from '../../../../src/bridge/index.ts';
import { startInspircd } from '../../../harness/inspircd.ts';
import { connectIrc, type IrcClient } from '../../../harness/irc-client.ts';
import { connectSession, live, type TestSession } from '../../../harness/irc-session.ts';
import type { Ircd } from '../../../harness/ircd.ts';
import { startHybrid } from '../../../harness/ircd-hybrid.ts';
import { startModern } from '../../../harness/modern.ts';
import { startNgircd } from '../../../harness/ngircd.ts';

for (const [name, start] of [
  ['ngircd', startNgircd],
  ['hybrid', startHybrid],
  ['inspircd', startInspircd],
  ['modern', () => startModern(['irc.test'])],
] as const) {
  describe(name, () => {
    const isRich = name !== 'ngircd';
    let ircd: Ircd;
    let count = 0;
    beforeAll(async () => {
      ircd = await start();
    });
    afterAll(() => ircd[Symbol.asyncDispose]());

    /** We have founded a channel; a person is in it with us. */
    async function meet(): Promise<{ us: TestSession; them: IrcClient; room: string; nick: string; theirs: string }> {
      count += 1;
      const [room, nick, theirs] = [`#mine${count}`, `me${count}`, `Guest${count}`];
      const [them, us] = await Promise.all([
        connectIrc({ port: ircd.port, nick: theirs }),
        connectSession({ port: ircd.port, nick }),
      ]);
      await us.join(room);
      await them.join(room);
      await us.event('members', ({ changes }) => changes.some((one) => one.is === 'in' && one.member.nick === theirs));
      return { us, them, room, nick, theirs };
    }
    const give = (us: TestSession, room: string, nick: string, power: Power) =>
      us.live.rooms?.moderate?.(chatId(room), [{ person: personId(nick), action: 'power', power }], live());
    const becomes = async (us: TestSession): Promise<Power | undefined> => {
      const { changes } = await us.event('members', ({ changes }) => changes[0]?.is === 'power');
      return changes[0]?.is === 'power' ? changes[0].power : undefined;
    };

    test('45-71 powers are given and taken, exactly', async () => {
      const { us, room, theirs } = await meet();
      await using _ = us;
      const person = theirs.toLowerCase();
      for (const power of ['moderator', 'voiced', 'helper', 'participant'] as const) {
        await give(us, room, person, power);
        expect(await becomes(us)).toBe(power);
      }
    });

    test('45-65 options are read and set, and told to the room', async () => {
      const { us, them, room } = await meet();
      await using _ = us;
      const { rooms } = us.live;
      await rooms?.setOptions?.(
        chatId(room),
        {
          isModerated: true,
          isPublic: false,
          password: 'sesame',
          maxMembers: 7,
          topicByModeratorsOnly: true,
          topic: 'x',
        },
        live(),
      );
      await them.expect(new RegExp(` MODE ${room} \\+`));
      expect(await rooms?.options?.(chatId(room), live())).toMatchObject({
        isModerated: true,
        isPublic: false,
        password: 'sesame',
        maxMembers: 7,
        topicByModeratorsOnly: true,
        topic: 'x',
      });
      expect((await us.event('remark')).text.plain).toMatch(new RegExp(`^Mode ${room} \\[\\+`));
      await rooms?.setOptions?.(chatId(room), { isModerated: false, password: 'other', maxMembers: 0 }, live());
      expect(await rooms?.options?.(chatId(room), live())).toMatchObject({
        isModerated: false,
        password: 'other',
        maxMembers: 0,
      });
      await rooms?.setOptions?.(chatId(room), { password: '', isPublic: true }, live());
      expect(await rooms?.options?.(chatId(room), live())).toMatchObject({ password: '', isPublic: true });
    });

    test('45-73 options set by who may not', async () => {
      const { us, them, room } = await meet();
      await using _ = us;
      them.send(`JOIN ${room}theirs`);
      await them.expect(/ 366 /);
      await us.join(`${room}theirs`);
      const setting = us.live.rooms?.setOptions?.(chatId(`${room}theirs`), { isModerated: true }, live());
      await expect(setting).rejects.toMatchObject({ code: 'not-allowed-there' });
    });

    test('45-74 45-75 bans by mask, listed with who, and lifted', async () => {
      const { us, room, nick, theirs } = await meet();
      await using _ = us;
      const ban = (action: 'ban' | 'unban', who = '*!*@bad.host') =>
        us.live.rooms?.moderate?.(chatId(room), [{ person: personId(who), action }], live());
      await ban('ban');
      const list = await us.live.rooms?.banned?.(chatId(room), live());
      expect(list).toMatchObject([{ mask: '*!*@bad.host' }]);
      if (isRich) {
        expect(list?.[0]?.by).toBe(nick);
        expect(list?.[0]?.at).toBeGreaterThan(1.7e12);
      }
      await ban('unban');
      await ban('ban', 'tybalt!cat@*');
      await ban('unban', 'tybalt');
      // Who is in the room.
      await ban('ban', `${theirs}!*@*`);
      await ban('unban', theirs);
      await ban('unban', theirs);
      expect(await us.live.rooms?.banned?.(chatId(room), live())).toEqual([]);
      await expect(ban('unban', 'tybalt')).rejects.toMatchObject({ code: 'no-such-person' });
    });

    test('45-90 45-92 invitations both ways: who is invited comes in', async () => {
      const { us, them, room, theirs } = await meet();
      await using _ = us;
      await us.live.rooms?.setOptions?.(chatId(room), { isMembersOnly: true }, live());
      them.send(`PART ${room}`);
      await them.expect(/ PART /);
      await us.live.rooms?.invite?.(chatId(room), personId(theirs), undefined, live());
      await them.expect(new RegExp(` INVITE ${theirs} :?${room}`));
      await them.join(room);
      const nobody = us.live.rooms?.invite?.(chatId(room), personId('nobody-at-all'), undefined, live());
      await expect(nobody).rejects.toMatchObject({ code: 'no-such-person' });
      const again = us.live.rooms?.invite?.(chatId(room), personId(theirs), undefined, live());
      await expect(again).rejects.toMatchObject({ code: 'network-refused' });

      const closed = `${room}closed`;
      await them.join(closed);
      them.send(`MODE ${closed} +i`);
      await them.expect(new RegExp(` MODE ${closed} :?\\+i`));
      await expect(us.join(closed)).rejects.toMatchObject({ code: 'members-only' });
      them.send(`INVITE ${us.live.me} ${closed}`);
      expect(await us.event('invited')).toMatchObject({ chat: closed, by: theirs });
      await us.join(closed);
    });

    test('45-93 a voice is asked for', async () => {
      const { us, them, room } = await meet();
      await using _ = us;
      const other = `${room}v`;
      await them.join(other);
      them.send(`MODE ${other} +m`);
      await them.roundtrip();
      await us.join(other);
      await us.live.rooms?.askVoice?.(chatId(other), live());
      await them.expect(/(NOTICE|PRIVMSG) .*asks for a voice/);
    });

    test('45-01 the list of channels, by the page', async () => {
      const { us, them, room } = await meet();
      await using _ = us;
      await them.join(`${room}second`);
      const found = await us.live.rooms?.list?.({ match: room, max: 10 });
      expect(found?.map(({ chat }) => chat).sort()).toEqual([room, `${room}second`].sort());
      expect(found?.[0]).toEqual({ chat: room, name: room, size: 2 });
    });

    test('people: away is told, and who is online elsewhere', async () => {
      const { us, them, theirs } = await meet();
      await using _ = us;
      const person = personId(theirs.toLowerCase());
      us.live.watch?.([person, personId('nobody-here')]);
      expect((await us.event('presence', (event) => event.person === person)).show).toBe('online');
      expect((await us.event('presence', (event) => event.person !== person)).show).toBe('offline');
      if (isRich) {
        them.send('AWAY :gone fishing');
        const isAway = await us.event(
          'members',
          ({ changes }) => changes[0]?.is === 'facts' && changes[0].facts.show === 'away',
        );
        expect(isAway.changes[0]).toMatchObject({ person, facts: { show: 'away', status: 'gone fishing' } });
        them.close();
        expect((await us.event('presence', (event) => event.person === person && event.show === 'offline')).show).toBe(
          'offline',
        );
      }
    });

    test('ours: AWAY reaches those who ask', async () => {
      const { us, them, nick } = await meet();
      await using _ = us;
      await us.live.status?.appear('away', 'asleep');
      await us.event('members', ({ changes }) => changes[0]?.is === 'facts' && changes[0].facts.status === 'asleep');
      them.say(nick, 'there?');
      await them.expect(new RegExp(` 301 \\S+ ${nick} :?asleep`));
      await us.live.status?.appear('online');
      await us.event('members', ({ changes }) => changes[0]?.is === 'facts' && changes[0].facts.show === null);
    });

    test('those who were there before us: real names by one WHO', async () => {
      const { us, them, room, theirs } = await meet();
      await using _ = us;
      await using late = await connectSession({ port: ircd.port, nick: `late${count}` });
      them.send('AWAY :gone');
      await them.expect(/ 306 /);
      await late.join(room);
      const { changes } = await late.event('members', ({ changes }) => changes[0]?.is === 'facts');
      const theirOwn = changes.find((change) => change.is === 'facts' && change.person === theirs.toLowerCase());
      expect(theirOwn).toMatchObject({ facts: { show: 'away' } });
    });
  });
}
