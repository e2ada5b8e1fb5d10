/** A channel's modes as remarks, as a room's options read and set, and its list of bans. */
import { describe, expect, test } from 'vitest';
import { chatId, type RoomOptions } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { inRoom } = puppets;
const room = chatId('#room');
const isupport = 'MODES=2 PREFIX=(ov)@+ CHANTYPES=# CHANMODES=beI,k,l,imnpst KEYLEN=10';

const read = (us: TestSession) => us.live.rooms?.options?.(room, live());
const set = (us: TestSession, change: RoomOptions) => us.live.rooms?.setOptions?.(room, change, live());

/** A server that keeps modes as it is told to. */
async function obedient(modes: string) {
  const met = await inRoom('@juliet Romeo', { isupport });
  met.server.answer = (line) => {
    if (line === 'MODE #room') return [`:s.test 324 juliet #room ${modes}`];
    const change = /^MODE #room ([+-].*)$/.exec(line)?.[1];
    return change === undefined ? [] : [`:juliet!user@host.test MODE #room ${change}`];
  };
  return met;
}
const sent = ({ server }: Awaited<ReturnType<typeof obedient>>): readonly string[] =>
  server.lines.all.filter((line) => /^(MODE #room [+-]|TOPIC)/.test(line));

describe('remarks', () => {
  test('a MODE line is a remark, before what it changes; a key is not shown', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { isupport });
    await using _ = us;
    server.say(':Romeo!r@h MODE #room +ok juliet sesame', ':s.test MODE #room -k sesame');
    const remark = await us.event('remark');
    expect(remark).toMatchObject({ chat: '#room', text: { plain: 'Mode #room [+ok juliet *] by Romeo' } });
    expect((await us.event('remark')).text.plain).toBe('Mode #room [-k *] by s.test');
    const kinds = us.events.all.slice(-4).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['room', 'members', 'remark']);
  });

  test('45-63 every change of ranks is told, the modes asked for at the join are not remarked', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { isupport });
    await using _ = us;
    server.say(':s.test 324 juliet #room +nt', ':Romeo!r@h MODE #room +ov juliet juliet');
    expect((await us.event('remark')).text.plain).toBe('Mode #room [+ov juliet juliet] by Romeo');
    expect((await us.event('members')).changes).toEqual([
      { is: 'power', person: 'juliet', power: 'moderator', by: 'Romeo' },
    ]);
  });

  test('our own user modes are a notice, but for those that a server gives to whoever it lets in', async () => {
    const clock = createManualClock();
    const { us, server } = await inRoom('juliet', { isupport, more: [':juliet!u@h MODE juliet :+i'] }, { clock });
    await using _ = us;
    server.say(':juliet!u@h MODE juliet :+Zx');
    await mark({ us, server });
    await clock.advance(10_000);
    server.say(':juliet!u@h MODE juliet :+iw');
    await us.event('notice', ({ text }) => text.plain === 'Mode juliet [+iw] by juliet');
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(2);
  });
});

describe('options', () => {
  test('as the server says, each where it has the mode', async () => {
    const met = await obedient('+mntlk 25 sesame');
    await using us = met.us;
    expect(await read(us)).toEqual({
      name: '#room',
      topic: '',
      isModerated: true,
      isMembersOnly: false,
      noOutsideMessages: true,
      topicByModeratorsOnly: true,
      isPublic: true,
      password: 'sesame',
      maxMembers: 25,
    });
  });

  test('a server without the modes has fewer options', async () => {
    const { us, server } = await inRoom('@juliet', { isupport: 'PREFIX=(o)@ CHANTYPES=# CHANMODES=b,,,m' });
    await using _ = us;
    server.answer = (line) => (line === 'MODE #room' ? [':s.test 324 juliet #room +'] : []);
    expect(await read(us)).toEqual({ name: '#room', topic: '', isModerated: false });
    await expect(set(us, { isMembersOnly: true })).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(set(us, { password: 'x' })).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(set(us, { maxMembers: 3 })).rejects.toMatchObject({ code: 'network-cannot' });
  });

  test('45-65 what is different is set, in as few lines as the server takes, and told when it has confirmed', async () => {
    const met = await obedient('+nts');
    await using us = met.us;
    await set(us, {
      name: '#ROOM',
      isModerated: true,
      isMembersOnly: true,
      isPublic: true,
      noOutsideMessages: true,
      topicByModeratorsOnly: false,
      password: 'sesame',
      maxMembers: 9,
    });
    expect(sent(met)).toEqual(['MODE #room +mi-ts+lk 9 sesame']);
    const changed = await us.event('room', ({ change }) => change.isModerated === true);
    expect(changed.change).toEqual({
      isModerated: true,
      isMembersOnly: true,
      hasPassword: true,
      isPublic: true,
    });
  });

  test('a key is replaced, a limit lifted, a topic set', async () => {
    const met = await obedient('+lk 9 old');
    await using us = met.us;
    await set(us, { password: 'new', maxMembers: 0, isPublic: false, topic: 'of\nlove' });
    expect(sent(met)).toEqual(['MODE #room +s-lk+k old new', 'TOPIC #room :of love']);
    met.server.answer = (line) =>
      line === 'MODE #room' ? [':s.test 324 juliet #room +k new'] : [`:juliet!u@h ${line}`];
    await set(us, { password: '' });
    expect(sent(met).at(-1)).toBe('MODE #room -k new');
  });

  test('nothing is sent for what is so already', async () => {
    const met = await obedient('+ntm');
    await using us = met.us;
    await set(us, { isModerated: true, noOutsideMessages: true, password: '', maxMembers: 0, topic: '' });
    expect(sent(met)).toEqual([]);
  });

  test.each([
    ['482', 'not-allowed-there'],
    ['467', 'not-allowed-there'],
    ['472', 'network-cannot'],
    ['696', 'bad-request'],
    ['742', 'not-allowed-there'],
  ])('45-73 refused with %s is %s', async (numeric, code) => {
    const { us, server } = await inRoom('@juliet', { isupport });
    await using _ = us;
    server.answer = (line) => {
      if (line === 'MODE #room') return [':s.test 324 juliet #room +nt'];
      return line.startsWith('MODE') ? [`:s.test ${numeric} juliet #room :No, says the server`] : [];
    };
    await expect(set(us, { isModerated: true })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/says the server/),
    });
  });

  test('a server that says nothing and does nothing is not believed', async () => {
    const { us, server } = await inRoom('@juliet', { isupport });
    await using _ = us;
    server.answer = (line) => (line === 'MODE #room' ? [':s.test 324 juliet #room +k old'] : []);
    await expect(set(us, { isModerated: true })).rejects.toMatchObject({
      code: 'network-refused',
      message: expect.stringMatching(/\+m/),
    });
    await expect(set(us, { password: 'a b' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(set(us, { password: 'longerthanten' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(set(us, { maxMembers: -1 })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(set(us, { name: '#other' })).rejects.toMatchObject({ code: 'network-cannot' });
  });
});

describe('exceptions', () => {
  const lists = (us: TestSession) => us.live.rooms?.maskLists ?? [];

  test('as ISUPPORT names them, each by its own numerics, asked for side by side', async () => {
    const { us, server } = await inRoom('@juliet', { isupport: `${isupport} EXCEPTS INVEX=X` });
    await using _ = us;
    server.answer = (line) =>
      line === 'MODE #room e'
        ? [
            ':s.test 367 juliet #room *!*@no.ban x 1',
            ':s.test 346 juliet #room *!*@friend x 1',
            ':s.test 348 juliet #room *!*@good Romeo!r@h 1700000000',
            ':s.test 349 juliet #room :End',
          ]
        : [];
    const [exceptions, invitations] = lists(us);
    const both = [exceptions?.show(room, live()), invitations?.show(room, live())];
    expect(await both[0]).toEqual([{ mask: '*!*@good', by: 'Romeo', at: 1_700_000_000_000 }]);
    expect(await both[1]).toEqual([{ mask: '*!*@friend', by: 'x', at: 1000 }]);
    await exceptions?.add(room, 'nurse', live());
    await invitations?.remove(room, 'u@h', live());
    expect(server.lines.all.filter((line) => /^MODE #room ./.test(line))).toEqual([
      'MODE #room e',
      'MODE #room X',
      'MODE #room +e nurse!*@*',
      'MODE #room -X *!u@h',
    ]);
  });

  test('a server that names none has none', async () => {
    const { us } = await inRoom('@juliet', { isupport });
    await using _ = us;
    expect(lists(us)).toEqual([]);
  });
});

describe('bans', () => {
  const list = (us: TestSession, signal = live()) => us.live.rooms?.banned?.(room, signal);

  test('45-74 the list with who and when; who asks meanwhile shares it', async () => {
    const { us, server } = await inRoom('@juliet', { isupport });
    await using _ = us;
    server.answer = (line) =>
      line === 'MODE #room b'
        ? [
            ':s.test 367 juliet #room *!*@bad.host Romeo!r@h 1700000000',
            ':s.test 367 juliet #elsewhere *!*@other Romeo 1',
            ':s.test 367 juliet #ROOM tybalt!*@*',
            ':s.test 368 juliet #room :End of Channel Ban List',
          ]
        : [];
    const both = await Promise.all([list(us), list(us)]);
    expect(both[0]).toEqual([{ mask: '*!*@bad.host', by: 'Romeo', at: 1_700_000_000_000 }, { mask: 'tybalt!*@*' }]);
    expect(both[1]).toEqual(both[0]);
    await list(us);
    expect(server.lines.all.filter((line) => line === 'MODE #room b')).toHaveLength(2);
  });

  test('45-73 shown to moderators only: 482', async () => {
    const { us, server } = await inRoom('juliet', { isupport });
    await using _ = us;
    server.answer = (line) => (line === 'MODE #room b' ? [':s.test 482 juliet #room :Not an operator'] : []);
    await expect(list(us)).rejects.toMatchObject({ code: 'not-allowed-there' });
  });

  test('who gives up is told at once, the others get their answer; ten thousand bans are cut', async () => {
    const { us, server } = await inRoom('@juliet', { isupport });
    await using _ = us;
    puppets.ircd.answersPings = false;
    const giving = new AbortController();
    const first = list(us, giving.signal);
    const second = list(us);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    giving.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    const rows = Array.from({ length: 10_000 }, (_, index) => `:s.test 367 juliet #room *!*@h${index}`);
    server.say(...rows, `:s.test PONG s.test :${token}`);
    expect(await second).toHaveLength(2000);
  });

  test('not in the room: nothing to ask', async () => {
    const { us, server } = await inRoom('juliet', { isupport });
    await using _ = us;
    await mark({ us, server });
    await expect(us.live.rooms?.banned?.(chatId('#other'), live())).rejects.toMatchObject({ code: 'not-in-room' });
    await expect(us.live.rooms?.options?.(chatId('#other'), live())).rejects.toMatchObject({ code: 'not-in-room' });
  });
});
