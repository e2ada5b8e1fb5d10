/** Which line is read and written in which encoding: of the server, of a channel, and where it is neither. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CharsetNames, charsetNames, createCharsets, createEncodings } from '../../../../bridges/irc/charsets.ts';
import { openWith, TestSession, type TestSessionOptions } from '../../../harness/irc-session.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';

const encoding = createEncodings();
const charsets = (server: CharsetNames, rooms: Record<string, CharsetNames> = {}, utf8only = false) =>
  createCharsets({ server: () => server, room: (name) => rooms[name], utf8only: () => utf8only, encoding });
const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('choice', () => {
  const both = charsets(
    { in: 'koi8-r', out: 'iso-8859-15' },
    { '#jp': { in: 'shift_jis', out: 'shift_jis' }, '#utf': { out: 'utf-8' } },
  );

  test('of the server', () => {
    expect(both.decode(bytes(':a!b@c PRIVMSG #x :\xf0\xd2\xc9'))).toBe(':a!b@c PRIVMSG #x :При');
    expect(both.encode('PRIVMSG #x :é€\r\n')).toEqual(bytes('PRIVMSG #x :\xe9\xa4\r\n'));
    expect(both.encode('PRIVMSG romeo :é\r\n')).toEqual(bytes('PRIVMSG romeo :\xe9\r\n'));
  });

  test('of the channel, wherever its name stands', () => {
    expect(both.decode(bytes(':a!b@c PRIVMSG #jp :\x93\xfa'))).toBe(':a!b@c PRIVMSG #jp :日');
    expect(both.decode(bytes(':a!b@c NOTICE @#jp :\x93\xfa'))).toBe(':a!b@c NOTICE @#jp :日');
    expect(both.decode(bytes(':s 332 me #jp :\x93\xfa'))).toBe(':s 332 me #jp :日');
    expect(both.encode('TOPIC #jp :日\r\n')).toEqual(bytes('TOPIC #jp :\x93\xfa\r\n'));
    expect(both.encode('@label=x PRIVMSG #jp :日\r\nPING :a\r\n')).toEqual(
      bytes('@label=x PRIVMSG #jp :\x93\xfa\r\nPING :a\r\n'),
    );
  });

  test('a channel may be UTF-8 where its server is not', () => {
    expect(both.encode('PRIVMSG #utf :é\r\n').toString()).toBe('PRIVMSG #utf :é\r\n');
  });

  test('nothing set: read as usual, written as it is', () => {
    const none = charsets({});
    expect(none.decode(bytes(':a PRIVMSG #x :\xe9'))).toBeUndefined();
    expect(none.encode('PRIVMSG #x :é\r\n').toString()).toBe('PRIVMSG #x :é\r\n');
    expect(none.encode('PRIVMSG #x :e\r\n')).toBe('PRIVMSG #x :e\r\n');
  });

  test('UTF8ONLY: whatever is set, UTF-8', () => {
    expect(charsets({ out: 'koi8-r' }, {}, true).encode('PRIVMSG #x :ж\r\n')).toBe('PRIVMSG #x :ж\r\n');
  });

  test('names that are none count as unset', () => {
    expect(charsetNames({ encoding_in: 'klingon', encoding_out: 'latin1' })).toEqual({ out: 'windows-1252' });
    expect(charsetNames({ encoding_in: 5, encoding_out: '' })).toEqual({});
    expect(charsetNames(undefined)).toEqual({});
  });

  test('a channel is asked about once, until something is set anew', () => {
    let asked = 0;
    const it = createCharsets({
      server: () => ({}),
      room: () => ({ out: asked++ === 0 ? 'koi8-r' : 'utf-8' }),
      utf8only: () => false,
      encoding,
    });
    it.encode('PRIVMSG #x :ж\r\n');
    it.encode('PRIVMSG #x :ж\r\n');
    expect(asked).toBe(1);
    it.changed();
    expect(it.encode('PRIVMSG #x :ж\r\n').toString()).toBe('PRIVMSG #x :ж\r\n');
  });
});

describe('on a connection', () => {
  let ircd: PuppetIrcd;
  beforeEach(async () => {
    ircd = await startPuppetIrcd();
  });
  afterEach(() => ircd[Symbol.asyncDispose]());

  async function inRoom(wanted: Partial<TestSessionOptions>, isupport?: string) {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', ...wanted });
    const server: PuppetClient = await (await ircd.next()).welcome(isupport === undefined ? {} : { isupport });
    await done;
    const joining = us.join('#Room');
    await server.admit('#Room', 'juliet romeo');
    await joining;
    return { us, server };
  }

  test('both ways, of the server and of a room, at once when it is set', async () => {
    let room = {};
    const { us, server } = await inRoom({
      settings: { encoding_in: 'koi8-r', encoding_out: 'koi8-r' },
      roomSettings: () => room,
    });
    await using _ = us;
    server.raw(bytes(':romeo!r@h PRIVMSG #Room :\xf0\xd2\xc9\r\n'));
    expect((await us.event('message', ({ nick }) => nick === 'romeo')).content.text?.plain).toBe('При');
    server.raw(Buffer.from(':romeo!r@h PRIVMSG #Room :valid UTF-8 é\r\n'));
    expect((await us.event('message', ({ nick }) => nick === 'romeo')).content.text?.plain).toBe('valid UTF-8 é');
    const heard = server.bytes(/PRIVMSG #Room :?(\S+)\r\n/);
    await us.say('#Room', 'При');
    expect(await heard).toBe('\xf0\xd2\xc9');
    room = { encoding_out: 'windows-1251' };
    us.live.configure?.({ encoding_out: 'koi8-r' });
    const next = server.bytes(/PRIVMSG #Room :?(\S+)\r\n/);
    await us.say('#Room', 'При');
    expect(await next).toBe('\xcf\xf0\xe8');
  });

  test('a server that takes only UTF-8 gets only that', async () => {
    const { us, server } = await inRoom({ settings: { encoding_out: 'koi8-r' } }, 'CHANTYPES=# UTF8ONLY');
    await using _ = us;
    await us.say('#Room', 'При');
    await server.expect(/^PRIVMSG #Room При$/);
  });
});
