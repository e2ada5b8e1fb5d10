/** Powers, kicks and bans as MODE and KICK lines: exactly what was asked for, from what somebody has now. */
import { describe, expect, test } from 'vitest';
import { type Act, chatId, type Power, personId } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { inRoom } = puppets;
const five = 'MODES=4 PREFIX=(qaohv)~&@%+ CHANTYPES=# CHANMODES=b,k,l,imnpst';
const two = 'MODES=4 PREFIX=(ov)@+ CHANTYPES=# CHANMODES=b,k,l,imnpst';

const moderate = (us: TestSession, ...acts: readonly Act[]) => us.live.rooms?.moderate?.(chatId('#room'), acts, live());
const power = (person: string, wanted: Power): Act => ({ person: personId(person), action: 'power', power: wanted });

async function lines(names: string, isupport: string, act: Act, ...before: readonly string[]) {
  const met = await inRoom(names, { isupport });
  await using us = met.us;
  met.server.say(...before);
  await mark(met);
  await moderate(us, act);
  return met.server.lines.all.filter((line) => /^(MODE #room [+-]|KICK)/.test(line));
}

describe('powers', () => {
  test.each([
    ['n', 'owner', '+q'],
    ['n', 'admin', '+a'],
    ['n', 'moderator', '+o'],
    ['n', 'helper', '+h'],
    ['n', 'voiced', '+v'],
    ['n', 'participant', undefined],
    ['@n', 'moderator', undefined],
    ['@+n', 'voiced', '-o'],
    ['@n', 'voiced', '+v-o'],
    ['@%+n', 'helper', '-o'],
    ['~&@n', 'moderator', '-qa'],
    ['@+n', 'participant', '-ov'],
    ['+n', 'visitor', '-v'],
    ['+n', 'moderator', '+o'],
    ['&n', 'owner', '+q'],
  ] as const)('45-71 %s becomes %s by %s', async (name, wanted, change) => {
    const nicks = change === undefined ? '' : ` ${change.replace(/[+-]/g, '').replace(/./g, ' n').trim()}`;
    const expected = change === undefined ? [] : [`MODE #room ${change}${nicks}`];
    expect(await lines(`@juliet ${name}`, five, power('n', wanted))).toEqual(expected);
  });

  test.each([
    ['owner', '+o'],
    ['admin', '+o'],
    ['moderator', '+o'],
    ['voiced', '+v'],
  ] as const)('45-71 where there are fewer ranks, %s is the next: %s', async (wanted, change) => {
    expect(await lines('@juliet n', two, power('n', wanted))).toEqual([`MODE #room ${change} n`]);
  });

  test('45-73 nothing less is taken for a helper, nor given for nothing', async () => {
    const { us } = await inRoom('@juliet n', { isupport: two });
    await using _ = us;
    await expect(moderate(us, power('n', 'helper'))).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(moderate(us, power('a b', 'voiced'))).rejects.toMatchObject({ code: 'no-such-person' });
  });

  test('45-73 where everybody may speak nobody can be silenced, and that is not said to be done', async () => {
    const met = await inRoom('@juliet n +m', { isupport: five });
    await using us = met.us;
    await expect(moderate(us, power('n', 'visitor'))).rejects.toMatchObject({
      code: 'network-cannot',
      message: /^Everybody may speak in #room,/,
    });
    met.server.say(':op!u@h MODE #room +m');
    await mark(met);
    await expect(moderate(us, power('n', 'visitor'))).resolves.toBeUndefined();
  });

  test("45-71 a rank of the server's own above op goes with the others", async () => {
    const isupport = 'MODES=4 PREFIX=(Yov)!@+ CHANTYPES=#';
    expect(await lines('@juliet !n', isupport, power('n', 'voiced'))).toEqual(['MODE #room +v-Y n n']);
  });

  test('45-71 in a moderated channel a participant is who has a voice', async () => {
    const moderated = ':op!u@h MODE #room +m';
    expect(await lines('@juliet n', five, power('n', 'participant'), moderated)).toEqual(['MODE #room +v n']);
    expect(await lines('@juliet @+n', five, power('n', 'participant'), moderated)).toEqual(['MODE #room -o n']);
    expect(await lines('@juliet +n', five, power('n', 'visitor'), moderated)).toEqual(['MODE #room -v n']);
  });
});

describe('bans', () => {
  const ban = (person: string, action: 'ban' | 'unban' = 'ban'): Act => ({ person: personId(person), action });
  const extended = `${two} EXTBAN=~,ar ACCOUNTEXTBAN=account,a`;

  test.each([
    ['*!*@bad.host', '*!*@bad.host'],
    ['spam*', 'spam*!*@*'],
    ['user@host', '*!user@host'],
    ['nick!user', 'nick!user@*'],
    ['account:ada', '~account:ada'],
    ['~r:real?name', '~r:real?name'],
  ])('45-75 by mask: %s', async (mask, sent) => {
    expect(await lines('@juliet n', extended, ban(mask))).toEqual([`MODE #room +b ${sent}`]);
    expect(await lines('@juliet n', extended, ban(mask, 'unban'))).toEqual([`MODE #room -b ${sent}`]);
  });

  test.each([
    ['R:Ada', 'R:Ada'],
    ['m:R:Ada', 'm:R:Ada'],
    ['account:Ada', 'account:Ada'],
    ['!realname:real?name', '!realname:real?name'],
    ['m:*!*@bad.host', 'm:*!*@bad.host'],
    ['*!*@2001:db8::1', '*!*@2001:db8::1'],
  ])('45-75 extended where no sign begins them: %s', async (mask, sent) => {
    const bare = `${two} EXTBAN=,ACNORcjmrz ACCOUNTEXTBAN=account,R`;
    expect(await lines('@juliet n', bare, ban(mask))).toEqual([`MODE #room +b ${sent}`]);
    expect(await lines('@juliet n', bare, ban(mask, 'unban'))).toEqual([`MODE #room -b ${sent}`]);
  });

  test('45-75 of somebody in the room: by host, and out; lifted by the nick', async () => {
    const { us, server } = await inRoom('@juliet Nurse!n@capulet', { isupport: two });
    await using _ = us;
    await moderate(us, ban('nurse'));
    server.say(':Nurse!n@capulet PART #room');
    await mark({ us, server });
    await moderate(us, ban('nurse', 'unban'));
    expect(server.lines.all.filter((line) => /^(MODE #room [+-]|KICK)/.test(line))).toEqual([
      'MODE #room +b *!*@capulet',
      'KICK #room nurse',
      'MODE #room -bb *!*@capulet nurse!*@*',
    ]);
  });

  test('45-75 of somebody of whom it was never told where they come from: the server is asked, and who has another nick stays out', async () => {
    const { us, server } = await inRoom('@juliet Nurse Peter Tybalt', { isupport: two });
    await using _ = us;
    server.answer = (line) =>
      line.startsWith('USERHOST ') ? [':s.test 302 juliet :Nurse*=+n@capulet Peter=-p@2001:db8::1 juliet=+j@real'] : [];
    await moderate(us, ban('nurse'), ban('peter'), ban('tybalt'));
    expect(server.lines.all.filter((line) => /^(USERHOST|MODE #room [+-])/.test(line))).toEqual([
      'USERHOST Nurse Peter Tybalt',
      'MODE #room +bbb *!*@capulet *!*@2001:db8::1 tybalt!*@*',
    ]);
    await mark({ us, server });
    await moderate(us, ban('nurse', 'unban'));
    expect(server.lines.all).toContain('MODE #room -bb *!*@capulet nurse!*@*');
    const told = us.events.all.flatMap((event) => (event.kind === 'members' ? event.changes : []));
    expect(told).toContainEqual({ is: 'facts', person: 'nurse', facts: { address: 'n@capulet' } });
    expect(JSON.stringify(told)).not.toContain('j@real');
  });

  test.each([
    ['Nurse!n@host.test', '*!n@host.test'],
    ['Nurse!user@host.test', 'nurse!*@*'],
  ])('45-75 of somebody who comes from where we do (%s): not of all who do', async (member, mask) => {
    expect(await lines(`@juliet ${member}`, two, ban('nurse'))).toEqual([`MODE #room +b ${mask}`, 'KICK #room nurse']);
  });

  /** Lifted by the nick, with these bans in the channel's list. */
  async function lifted(names: string, masks: readonly string[], whois: readonly string[] = []) {
    const { us, server } = await inRoom(names, { isupport: two });
    await using _ = us;
    server.answer = (line) => {
      if (line.startsWith('WHOIS ')) return [...whois, ':s.test 318 juliet nurse :End'];
      if (line !== 'MODE #room b') return [];
      return [...masks.map((mask) => `:s.test 367 juliet #room ${mask} romeo 1`), ':s.test 368 juliet #room :End'];
    };
    const why = await moderate(us, ban('nurse', 'unban'))?.then(
      () => undefined,
      (error: unknown) => error,
    );
    return { why, sent: server.lines.all.filter((line) => /^MODE #room -/.test(line)) };
  }
  const nurseIs = [':s.test 311 juliet Nurse n capulet * :Angelica'];

  test('45-75 a ban that was set before, or by others, is lifted by the nick as the list has it', async () => {
    const listed = ['Nurse!*@*', '*!*@Capulet', '*!~n*@capulet', 'x*!*@capulet', '*!*@*.net', '*!*@*', '$a:nurse'];
    expect(await lifted('@juliet', listed, nurseIs)).toEqual({
      why: undefined,
      sent: ['MODE #room -bb Nurse!*@* *!*@Capulet'],
    });
    expect((await lifted('@juliet Nurse!n@capulet', ['*!n@capu?et', '*!?@capulet'])).sent).toEqual([
      'MODE #room -b *!?@capulet',
    ]);
    expect((await lifted('@juliet', ['nurse!*@*', '*!*@capulet'])).sent).toEqual(['MODE #room -b nurse!*@*']);
  });

  test('45-75 where no ban of that nick is known this is said, and nothing is sent', async () => {
    for (const masks of [[], ['*!*@elsewhere', '*!*@*.net']]) {
      expect(await lifted('@juliet', masks, nurseIs)).toMatchObject({
        why: { code: 'no-such-person', message: expect.stringMatching(/^No ban of nurse is known in #room\./) },
        sent: [],
      });
    }
    expect(await lifted('@juliet Nurse!n@capulet', [])).toEqual({ why: undefined, sent: [] });
  });

  test('a mask that is in the list already, or no more, is as was wished: done, and nobody is told', async () => {
    const { us, server } = await inRoom('@juliet', { isupport: two });
    await using _ = us;
    for (const [action, numeric] of [
      ['ban', '697'],
      ['unban', '698'],
    ] as const) {
      const done = moderate(us, ban('*!*@bad.host', action));
      await server.expect(new RegExp(`^MODE #room ${action === 'ban' ? '\\+' : '-'}b`));
      server.say(`:s.test ${numeric} juliet #room *!*@bad.host b :Channel ban list says so`);
      await done;
    }
    await mark({ us, server });
    const told = us.events.all.flatMap((event) => (event.kind === 'notice' ? [event.text.plain] : []));
    expect(told).toEqual(['the mark']);
  });

  test('45-73 a mask that the server makes nothing of is refused', async () => {
    const { us, server } = await inRoom('@juliet', { isupport: `${two} EXTBAN=$,ajrxz` });
    await using _ = us;
    server.answer = (line) =>
      line === 'MODE #room +b $y:x' ? [':s.test 743 juliet #room b $y:x :Invalid ban mask'] : [];
    await expect(moderate(us, ban('$y:x'))).rejects.toMatchObject({ code: 'bad-request', message: /Invalid ban mask/ });
  });

  test.each([
    ['KICK', '972 juliet KICK :n is a channel owner'],
    ['MODE', '974 juliet b :You are not an IRC operator'],
    ['MODE', '460 juliet :Halfops cannot set mode b'],
  ])('45-73 what UnrealIRCd refuses of %s without a word of whom or where: %s', async (command, refusal) => {
    const { us, server } = await inRoom('@juliet n', { isupport: two });
    await using _ = us;
    server.answer = (line) => (line.startsWith(`${command} #room `) ? [`:s.test ${refusal}`] : []);
    const act: Act = { person: personId('n'), action: command === 'KICK' ? 'kick' : 'ban' };
    await expect(moderate(us, act)).rejects.toMatchObject({ code: 'not-allowed-there' });
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(1);
  });

  test('45-73 what is no mask, and accounts where they cannot be banned', async () => {
    const { us } = await inRoom('@juliet n', { isupport: two });
    await using _ = us;
    await expect(moderate(us, ban('a!b c'))).rejects.toMatchObject({ code: 'bad-request' });
    await expect(moderate(us, ban(`*${'x'.repeat(200)}`))).rejects.toMatchObject({ code: 'bad-request' });
    await expect(moderate(us, ban('account:ada'))).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(moderate(us, ban('#room'))).rejects.toMatchObject({ code: 'no-such-person' });
  });

  test('all or nothing where one makes no sense: nothing is sent', async () => {
    const { us, server } = await inRoom('@juliet n m', { isupport: two });
    await using _ = us;
    await expect(moderate(us, power('n', 'moderator'), ban('#x'))).rejects.toMatchObject({ code: 'no-such-person' });
    await mark({ us, server });
    expect(server.lines.all.filter((line) => line.startsWith('MODE #room +'))).toEqual([]);
  });

  test('45-65 many changes go in as few lines as fit', async () => {
    const masks = Array.from({ length: 5 }, (_, index) => `${'x'.repeat(90)}${index}!*@*`);
    const { us, server } = await inRoom('@juliet', { isupport: 'MODES PREFIX=(ov)@+ CHANTYPES=#' });
    await using _ = us;
    await moderate(us, ...masks.map((mask) => ban(mask)));
    const sent = server.lines.all.filter((line) => line.startsWith('MODE #room +'));
    expect(sent.map((line) => line.split(' ')[2])).toEqual(['+bbb', '+bb']);
    expect(Math.max(...sent.map((line) => line.length))).toBeLessThan(450);
  });
});

describe('many at once', () => {
  const nicks = Array.from({ length: 30 }, (_, n) => `n${n}`);
  const names = `@juliet ${nicks.join(' ')}`;
  const kick = (nick: string, reason?: string): Act => ({
    person: personId(nick),
    action: 'kick',
    ...(reason !== undefined && { reason }),
  });

  test('45-65 they are kicked in as few lines as the server takes, those of one reason together', async () => {
    const { us, server } = await inRoom(names, { isupport: `${two} TARGMAX=NAMES:1,KICK:4` });
    await using _ = us;
    await moderate(us, ...nicks.slice(0, 6).map((nick) => kick(nick)), kick('n6', 'Spam'), kick('n7', 'Spam'));
    expect(server.lines.all.filter((line) => line.startsWith('KICK'))).toEqual([
      'KICK #room n0,n1,n2,n3',
      'KICK #room n4,n5',
      'KICK #room n6,n7 Spam',
    ]);
  });

  test('45-65 a line of many stays one, however many the server takes and however long the reason is', async () => {
    const { us, server } = await inRoom(names, { isupport: `${two} TARGMAX=KICK: KICKLEN=390` });
    await using _ = us;
    await moderate(us, ...nicks.map((nick) => kick(nick, 'x'.repeat(500))));
    const sent = server.lines.all.filter((line) => line.startsWith('KICK'));
    expect(sent.flatMap((line) => line.split(' ')[2]?.split(','))).toEqual(nicks);
    expect(Math.max(...sent.map((line) => line.length))).toBeLessThanOrEqual(510);
    expect(sent.length).toBeLessThan(4);
  });

  test('45-65 what is said meanwhile waits for the next of them alone, and all are kicked', async () => {
    const clock = createManualClock();
    const options = { throttle: { burst: 20, perSecond: 1 } };
    const { us, server } = await inRoom(names, { isupport: two }, { options, clock });
    await using _ = us;
    const kicking = moderate(us, ...nicks.map((nick) => kick(nick)));
    await server.expect(/^KICK #room n5$/);
    const said = us.say('#room', 'be gone');
    await clock.advance(40_000);
    await Promise.all([kicking, said]);
    const sent = server.lines.all.filter((line) => /^(KICK|PRIVMSG)/.test(line));
    const at = sent.indexOf('PRIVMSG #room :be gone');
    expect(at).toBeLessThan(sent.length - 1);
    expect(sent.toSpliced(at, 1)).toEqual(nicks.map((nick) => `KICK #room ${nick}`));
  });
});
