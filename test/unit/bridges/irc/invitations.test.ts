/** Invitations both ways, and asking for a voice. */
import { describe, expect, test } from 'vitest';
import { chatId, personId } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;

const invite = (us: TestSession, chat: string, person: string) =>
  us.live.rooms?.invite?.(chatId(chat), personId(person), 'no place for this', live());
const askVoice = (us: TestSession) => us.live.rooms?.askVoice?.(chatId('#room'), live());

describe('invited', () => {
  test('45-92 by a person, by a service; into a channel that we then join', async () => {
    const { us, server } = await meet();
    await using _ = us;
    server.say(
      ':Romeo!u@h INVITE juliet #Balcony',
      ':services.test INVITE juliet #help',
      ':Romeo!u@h INVITE juliet nick',
    );
    expect(await us.event('invited')).toMatchObject({ chat: '#balcony', by: 'Romeo', person: 'romeo' });
    const service = await us.event('invited');
    expect(service).toMatchObject({ chat: '#help', by: 'services.test' });
    expect(service).not.toHaveProperty('person');
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'invited')).toHaveLength(2);
    const joining = us.join('#balcony');
    await server.admit('#Balcony', 'juliet @Romeo');
    await joining;
  });

  test('refused, then invited: a join succeeds', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const refused = us.join('#room');
    await server.expect(/^JOIN #room$/);
    server.say(':s.test 473 juliet #room :Cannot join channel (+i)');
    await expect(refused).rejects.toMatchObject({ code: 'members-only' });
    server.say(':Romeo!u@h INVITE juliet #room');
    const { chat } = await us.event('invited');
    const joining = us.join(chat);
    await server.admit('#room', 'juliet @Romeo');
    await joining;
  });

  test('invite-notify: others who are invited are a remark in the room', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':Romeo!u@h INVITE Nurse #room', ':Romeo!u@h INVITE Nurse #elsewhere');
    expect(await us.event('remark')).toMatchObject({ chat: '#room', text: { plain: 'Romeo invites Nurse.' } });
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'remark' || kind === 'invited')).toHaveLength(1);
  });
});

describe('inviting', () => {
  test('45-90 resolves when the server has passed it on, by the name that the server knows', async () => {
    const { us, server } = await meet();
    await using _ = us;
    server.answer = (line) => (line.startsWith('INVITE') ? [':s.test 341 juliet nurse #room'] : []);
    await invite(us, '#other', 'nurse');
    const joining = us.join('#room');
    await server.admit('#Room', 'juliet');
    await joining;
    await invite(us, '#room', 'nurse');
    expect(server.lines.all.filter((line) => line.startsWith('INVITE'))).toEqual([
      'INVITE nurse #other',
      'INVITE nurse #Room',
    ]);
    await expect(invite(us, '#room', 'a b')).rejects.toMatchObject({ code: 'no-such-person' });
    await expect(invite(us, 'room', 'nurse')).rejects.toMatchObject({ code: 'bad-address' });
  });

  test.each([
    ['401 juliet nurse', 'no-such-person'],
    ['403 juliet #room', 'no-such-room'],
    ['442 juliet #room', 'not-in-room'],
    ['443 juliet nurse #room', 'network-refused'],
    ['482 juliet #room', 'not-allowed-there'],
    ['518 juliet #room', 'not-allowed-there'],
    ['707 juliet nurse', 'network-refused'],
    ['715 juliet #room', 'network-refused'],
  ])('45-90 refused with %s is %s', async (numeric, code) => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.answer = (line) => (line.startsWith('INVITE') ? [`:s.test ${numeric} :No, says the server`] : []);
    await expect(invite(us, '#room', 'nurse')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/says the server/),
    });
  });

  test('45-90 refused where the channel is named in words alone (UnrealIRCd)', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.answer = (line) =>
      line.startsWith('INVITE') ? [':s.test 518 juliet :Cannot invite (+V) at channel #room'] : [];
    await expect(invite(us, '#room', 'nurse')).rejects.toMatchObject({ code: 'not-allowed-there' });
  });
});

describe('a voice', () => {
  const notices = ({ lines }: Awaited<ReturnType<typeof inRoom>>['server']) =>
    lines.all.filter((line) => /^(NOTICE|PRIVMSG)/.test(line));

  test('45-93 is asked of all moderators at once', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { isupport: 'PREFIX=(ohv)@%+ STATUSMSG=@%+ CHANTYPES=#' });
    await using _ = us;
    await askVoice(us);
    expect(notices(server)).toEqual(['PRIVMSG %#room :juliet asks for a voice in #room.']);
  });

  test('45-93 where that is refused or unknown, of some moderators one by one', async () => {
    const { us, server } = await inRoom('juliet @a @b @c +v @d @e', {
      isupport: 'PREFIX=(ov)@+ STATUSMSG=@ CHANTYPES=#',
    });
    await using _ = us;
    server.answer = (line) =>
      line.startsWith('PRIVMSG @') ? [':s.test 404 juliet #room :Cannot send to channel (+m)'] : [];
    await askVoice(us);
    const text = ':juliet asks for a voice in #room.';
    expect(notices(server)).toEqual([
      `PRIVMSG @#room ${text}`,
      ...['a', 'b', 'c', 'd'].map((nick) => `NOTICE ${nick} ${text}`),
    ]);
  });

  test('45-93 where nobody could give it, it cannot be asked for', async () => {
    const { us, server } = await inRoom('juliet +v', { isupport: 'PREFIX=(ov)@+ CHANTYPES=#' });
    await using _ = us;
    await expect(askVoice(us)).rejects.toMatchObject({ code: 'network-cannot' });
    expect(notices(server)).toEqual([]);
  });
});
