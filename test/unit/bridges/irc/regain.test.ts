/** Our own nick: taken back by the services, or in the moment in which it becomes free; and what NickServ is told. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '../../../../src/core/settings.ts';
import { openWith, TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';

let ircd: PuppetIrcd;
let clock: ManualClock;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
  clock = createManualClock();
});
afterEach(() => ircd[Symbol.asyncDispose]());

const nickserv = { nickserv_password: 'sesame' };

/** Comes in as juliet_, as somebody else has the nick. */
async function underAnother(settings: Settings, isupport = 'MONITOR=100', options = {}) {
  const us = new TestSession();
  const done = openWith(us, { port: ircd.port, nick: 'juliet', settings, clock, options }).catch(
    (error: unknown) => error,
  );
  const server = await ircd.next();
  await server.expect(/^USER/);
  server.say(':s.test CAP * LS :', ':s.test 433 * juliet :in use');
  await server.expect(/^NICK juliet_$/);
  server.nick = 'juliet_';
  server.say(':s.test 001 juliet_ :hi', `:s.test 005 juliet_ ${isupport} :are supported`, ':s.test 422 juliet_ :none');
  await done;
  return { us, server };
}
const said = (server: PuppetClient, pattern: RegExp) => server.lines.all.filter((line) => pattern.test(line));
const becomes = async (us: TestSession, server: PuppetClient) => {
  server.say(':juliet_!j@h NICK juliet', 'PING :done');
  await server.expect(/^PONG :?done$/);
  expect(us.live.me).toBe('juliet');
};

describe('services that come back', () => {
  const registered =
    'This nickname is registered. Please choose a different nickname, or identify via \u0002/msg NickServ identify <password>\u0002';

  /** Under our own nick; NickServ was told the password, and has said that the nick is registered, as it does at first. */
  async function identified(settings: Settings = nickserv) {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', settings, clock });
    const server = await ircd.next();
    await server.expect(/^USER/);
    server.say(':s.test CAP * LS :', ':s.test 001 juliet :hi', ':s.test 005 juliet NICKLEN=30 :are supported');
    server.say(':s.test 422 juliet :none');
    await done;
    const asks = async (who = 'NickServ') => {
      server.say(`:${who}!s@services NOTICE juliet :${registered}`, 'PING :done');
      await server.expect(/^PONG :?done$/);
      return said(server, /NICKSERV|NickServ/i);
    };
    return { asks, server };
  }

  test('are told the password again when they ask who we are, and not in the moment in which they were', async () => {
    const { asks } = await identified();
    const once = ['NICKSERV IDENTIFY sesame'];
    expect(await asks()).toEqual(once);
    await clock.advance(3_600_000);
    expect(await asks('Tybalt')).toEqual(once);
    expect(await asks()).toEqual([...once, ...once]);
    expect(await asks()).toEqual([...once, ...once]);
  });

  test('are told nothing where the server has no word for them: anybody may have their name', async () => {
    const { asks, server } = await identified();
    server.say(':s.test 421 juliet NICKSERV :Unknown command');
    await server.expect(/^PRIVMSG NickServ :IDENTIFY sesame$/);
    await clock.advance(3_600_000);
    expect(await asks()).toHaveLength(2);
  });

  test('are told nothing where there is nothing to tell', async () => {
    const { asks } = await identified({});
    await clock.advance(3_600_000);
    expect(await asks()).toEqual([]);
  });
});

describe('a nick that is in use', () => {
  test('45-30 is a conflict where nothing shows that it is ours', async () => {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet' }).catch((error: unknown) => error);
    const server = await ircd.next();
    await server.expect(/^USER/);
    server.say(':s.test 433 * juliet :in use');
    expect(await done).toMatchObject({ code: 'nick-taken' });
  });

  test('45-30 one that the server has cut is ours: nobody has the longer one, and it is not asked for', async () => {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', settings: nickserv, clock });
    const server = await ircd.next();
    await server.expect(/^USER/);
    server.nick = 'julie';
    server.say(':s.test CAP * LS :', ':s.test 001 julie :hi', ':s.test 005 julie NICKLEN=5 :are supported');
    server.say(':s.test 422 julie :none');
    await done;
    await clock.advance(60_000);
    server.say('PING :done');
    await server.expect(/^PONG :?done$/);
    expect(said(server, /^(USERHOST|NICKSERV (REGAIN|GHOST))/)).toEqual([]);
  });

  test('45-30 one that no server takes is told, password or not', async () => {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', settings: nickserv }).catch((error: unknown) => error);
    const server = await ircd.next();
    await server.expect(/^USER/);
    server.say(':s.test 432 * juliet :Erroneous');
    await server.expect(/^NICK juliet_$/);
    server.say(':s.test 432 * juliet_ :Erroneous');
    expect(await done).toMatchObject({ code: 'bad-nick' });
  });

  test('45-30 one of ours that is as long as the server takes: what is too long is followed by what is not', async () => {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', settings: nickserv });
    const server = await ircd.next();
    await server.expect(/^USER/);
    server.say(':s.test CAP * LS :', ':s.test 433 * juliet :in use');
    await server.expect(/^NICK juliet_$/);
    server.say(':s.test 432 * juliet_ :Nickname too long, max. 6 characters');
    await server.expect(/^NICK julie_$/);
    server.say(':s.test 001 julie_ :hi', ':s.test 422 julie_ :none');
    await done;
    await using _ = us;
    await server.expect(/^NICKSERV REGAIN juliet sesame$/);
  });

  test('one that the services hold back for us is taken back from them', async () => {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', settings: nickserv });
    const server = await ircd.next();
    await server.expect(/^USER/);
    server.say(':s.test CAP * LS :', ':s.test 432 * juliet :Invalid nickname: Nickname Enforcer');
    await server.expect(/^NICK juliet_$/);
    server.say(':s.test 001 juliet_ :hi', ':s.test 422 juliet_ :none');
    await done;
    await using _ = us;
    await server.expect(/^NICKSERV REGAIN juliet sesame$/);
  });

  test('with a password: identified, then taken back by the services', async () => {
    const { us, server } = await underAnother(nickserv);
    await using _ = us;
    await server.expect(/^NICKSERV REGAIN juliet sesame$/);
    expect(said(server, /^NICKSERV/)).toEqual(['NICKSERV IDENTIFY juliet sesame', 'NICKSERV REGAIN juliet sesame']);
    server.say(':NickServ!s@services NOTICE juliet_ :juliet has been regained.');
    await server.expect(/^NICK juliet$/);
    await becomes(us, server);
    await server.expect(/^MONITOR - juliet$/);
  });

  test('services that know other words are asked with those; a nick that is held back is released', async () => {
    const { us, server } = await underAnother(nickserv);
    await using _ = us;
    const notice = (text: string) => server.say(`:NickServ!s@services NOTICE juliet_ :${text}`);
    await server.expect(/^NICKSERV REGAIN/);
    notice('Unknown command REGAIN. Type /msg NickServ HELP');
    await server.expect(/^NICKSERV RECOVER juliet sesame$/);
    notice('Invalid command. Use /msg NickServ help for a command listing.');
    await server.expect(/^NICKSERV GHOST juliet sesame$/);
    notice('juliet has been ghosted.');
    await server.expect(/^NICK juliet$/);
    server.say(':s.test 433 juliet_ juliet :held by the services');
    await server.expect(/^NICKSERV RELEASE juliet sesame$/);
    notice('juliet has been released.');
    await server.expect(/^NICK juliet$/);
    await becomes(us, server);
  });

  test('a server without the command is asked by a message', async () => {
    const { us, server } = await underAnother(nickserv);
    await using _ = us;
    await server.expect(/^NICKSERV REGAIN/);
    server.say(':s.test 421 juliet_ NICKSERV :Unknown command', ':s.test 421 juliet_ NICKSERV :Unknown command');
    await server.expect(/^PRIVMSG NickServ :REGAIN juliet sesame$/);
    expect(said(server, /^PRIVMSG NickServ/)).toEqual([
      'PRIVMSG NickServ :IDENTIFY juliet sesame',
      'PRIVMSG NickServ :REGAIN juliet sesame',
    ]);
  });
});

describe('the moment in which it is free', () => {
  test.each([
    ['MONITOR says so', ':s.test 731 juliet_ :romeo,Juliet'],
    ['its holder quits before our eyes', ':Juliet!g@h QUIT :Ping timeout'],
    ['its holder takes another', ':JULIET!g@h NICK other'],
    ['its holder is killed', ':oper!o@h KILL juliet :ghost'],
  ])('%s: taken at once', async (_what, line) => {
    const { us, server } = await underAnother(nickserv);
    await using _ = us;
    await server.expect(/^MONITOR \+ juliet$/);
    server.say(':s.test 730 juliet_ :juliet!g@h', ':s.test 731 juliet_ :romeo', line);
    await server.expect(/^NICK juliet$/);
    await becomes(us, server);
    await server.expect(/^MONITOR - juliet$/);
    await clock.advance(600_000);
    expect(said(server, /^NICK juliet$/)).toHaveLength(2);
  });

  test('a server whose list is full (734) is asked each minute, as one that has none', async () => {
    const { us, server } = await underAnother(nickserv);
    await using _ = us;
    await server.expect(/^MONITOR \+ juliet$/);
    server.say(':s.test 734 juliet_ 30 juliet :Monitor list is full.', 'PING :mark');
    await server.expect(/^PONG :?mark$/);
    await clock.advance(60_000);
    await server.expect(/^USERHOST juliet$/);
    server.say(':s.test 302 juliet_ :');
    await server.expect(/^NICK juliet$/);
    await becomes(us, server);
  });

  test('what USERHOST tells of others is no word that it is free', async () => {
    const { us, server } = await underAnother(nickserv, 'NICKLEN=30');
    await using _ = us;
    server.say(':s.test 302 juliet_ :romeo=-r@verona nurse=+n@capulet', 'PING :mark');
    await server.expect(/^PONG :?mark$/);
    expect(said(server, /^NICK juliet$/)).toEqual(['NICK juliet']);
    await clock.advance(60_000);
    await server.expect(/^USERHOST juliet$/);
    server.say(':s.test 302 juliet_ :');
    await server.expect(/^NICK juliet$/);
    await becomes(us, server);
  });

  test('not tried twice in a breath', async () => {
    const { us, server } = await underAnother(nickserv);
    await using _ = us;
    server.say(':s.test 731 juliet_ :juliet', ':Juliet!g@h QUIT :bye', 'PING :mark');
    await server.expect(/^PONG :?mark$/);
    await server.expect(/^NICK juliet$/);
    expect(said(server, /^NICK juliet$/)).toHaveLength(2);
  });

  test('a new wish ends the old one', async () => {
    const { us, server } = await underAnother(nickserv);
    await using _ = us;
    await server.expect(/^MONITOR \+/);
    const changing = us.live.rooms?.nick?.('#x' as never, 'capulet', AbortSignal.timeout(5000));
    await server.expect(/^NICK capulet$/);
    server.say(':juliet_!j@h NICK capulet');
    await changing;
    server.say(':s.test 731 capulet :juliet', 'PING :mark');
    await server.expect(/^PONG :?mark$/);
    await server.expect(/^MONITOR - juliet$/);
    expect(said(server, /^NICK juliet$/)).toHaveLength(1);
  });
});

describe('a nick that the network takes in mid-life', () => {
  const under = async (settings: Settings) => {
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', settings, clock });
    const server = await (await ircd.next()).welcome({ isupport: 'MONITOR=100' });
    await done;
    return { us, server };
  };

  test('because another has it behind a split is had back when that one is gone', async () => {
    const { us, server } = await under({});
    await using _ = us;
    server.say(':juliet!j@h NICK 042AAAAAB');
    await server.expect(/^MONITOR \+ juliet$/);
    server.say(':s.test 730 042AAAAAB :juliet!other@h', ':s.test 731 042AAAAAB :juliet');
    await server.expect(/^NICK juliet$/);
    server.say(':042AAAAAB!j@h NICK juliet');
    await server.expect(/^MONITOR - juliet$/);
    expect(us.live.me).toBe('juliet');
  });

  test('and that the services know as ours is asked of them', async () => {
    const { us, server } = await under(nickserv);
    await using _ = us;
    server.say(':juliet!j@h NICK 042AAAAAB');
    await server.expect(/^NICKSERV REGAIN juliet sesame$/);
  });

  test('because somebody wants it so stays taken', async () => {
    const { us, server } = await under(nickserv);
    await using _ = us;
    server.say(':juliet!j@h NICK Guest1234', ':Romeo!r@h NICK 042AAAAAC', 'PING :mark');
    await server.expect(/^PONG :?mark$/);
    expect(us.live.me).toBe('guest1234');
    expect(said(server, /^(MONITOR|NICKSERV REGAIN)/)).toEqual([]);
  });
});

test('where too much waits to be sent when a nick is to be asked for, it is asked for a minute later', async () => {
  const { us, server } = await underAnother(nickserv, 'NICKLEN=30', { throttle: { burst: 20, perSecond: 0.1 } });
  await using _ = us;
  await clock.advance(59_999);
  const waiting = Array.from({ length: 4_200 }, () => us.say('nurse', 'o').catch(() => undefined));
  await clock.advance(1);
  us.stop.abort(new Error('enough'));
  await Promise.all(waiting);
  expect(said(server, /^USERHOST/)).toEqual([]);
});

test('under our own nick NickServ is told the password alone; and nobody else ever is', async () => {
  const us = new TestSession();
  const done = openWith(us, { port: ircd.port, nick: 'juliet', settings: nickserv });
  const server = await (await ircd.next()).welcome();
  await done;
  await using _ = us;
  await server.expect(/^NICKSERV IDENTIFY sesame$/);
  server.say(':s.test 900 juliet x juliet :You are now logged in');
  expect(said(server, /MONITOR|USERHOST|REGAIN/)).toEqual([]);
});

test('who is logged in already is not identified a second time', async () => {
  const us = new TestSession();
  const settings = { ...nickserv, sasl_password: 'sesame' };
  const done = openWith(us, { port: ircd.port, nick: 'juliet', settings });
  const server = await ircd.next();
  await server.expect(/^USER/);
  server.say(':s.test CAP * LS :sasl=PLAIN');
  await server.expect(/^CAP REQ sasl/);
  server.say(':s.test CAP * ACK :sasl');
  await server.expect(/^AUTHENTICATE PLAIN/);
  server.say('AUTHENTICATE +');
  await server.expect(/^AUTHENTICATE \S{8,}/);
  server.say(':s.test 900 juliet x juliet :You are now logged in', ':s.test 903 juliet :ok');
  await server.expect(/^CAP END/);
  server.say(':s.test 001 juliet :hi', ':s.test 422 juliet :none', 'PING :mark');
  await done;
  await using _ = us;
  await server.expect(/^PONG :?mark/);
  expect(said(server, /NICKSERV|NickServ/)).toEqual([]);
});
