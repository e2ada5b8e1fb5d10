/** Commands that people type, and lines for the server: what goes onto the wire, what is told, and what never is. */
import { describe, expect, test } from 'vitest';
import { typedNames } from '../../../../bridges/irc/typed-names.ts';
import { typedCommands } from '../../../../bridges/irc/typed-table.ts';
import { type Commands, chatId } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;

const room = chatId('#room');
const romeo = chatId('romeo');

function commandsOf(us: TestSession): Commands {
  const { commands } = us.live;
  if (commands === undefined) throw new Error('nothing can be typed here');
  return commands;
}
const type = (us: TestSession, text: string, chat = room) => commandsOf(us).run(chat, text, live());
const raw = (us: TestSession, line: string) => commandsOf(us).raw(line, live());
const has = (us: TestSession, text: string) => commandsOf(us).knows(room, text);

describe('what is a command', () => {
  test('the names are those of the table', () => {
    expect([...typedNames].sort()).toEqual([...typedCommands.keys()].sort());
  });

  test('told by the first word, in any case; all else is said', async () => {
    const { us } = await meet();
    await using _ = us;
    for (const text of ['/topic', '/TOPIC x', '/mode +k key', '/oper a b', '/identify secret', '/msg NickServ a\nb'])
      expect(has(us, text), text).toBe(true);
    for (const text of ['/', '/me waves', '/usr/bin', '/nonsense', 'topic', ' /topic', '// x', '//topic', '/topicx'])
      expect(has(us, text), text).toBe(false);
  });

  test('two slashes say a command’s name with one; other slashes stay', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    expect(await us.say('#room', '//topic is a command')).toMatchObject({ text: '/topic is a command' });
    await server.expect(/^PRIVMSG #room :\/topic is a command$/);
    expect((await us.say('#room', '// a comment')).text).toBeUndefined();
    await server.expect(/^PRIVMSG #room :\/\/ a comment$/);
    await us.say('#room', '//nonsense');
    await server.expect(/^PRIVMSG #room \/\/nonsense$/);
  });

  test('with a line behind it nothing at all is sent', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    await expect(type(us, '/msg NickServ identify x\nand this')).rejects.toMatchObject({ code: 'bad-request' });
    await mark({ us, server });
    expect(server.lines.all.some((line) => line.startsWith('PRIVMSG'))).toBe(false);
  });

  test('help tells all, and one', async () => {
    const { us } = await meet();
    await using _ = us;
    expect(await type(us, '/help')).toMatch(/\/topic \[CHANNEL\] \[TEXT\|-delete\][\s\S]*two slashes/);
    expect(await type(us, '/help /KICK')).toBe('/kick NICK [REASON]');
    expect(await type(us, '/help no')).toMatch(/no command/);
    expect(await type(us, '/me x').catch(({ code }) => code)).toBe('not-implemented');
  });
});

describe('in a channel', () => {
  test.each([
    ['/mode', /^MODE #Room$/],
    ['/mode +k sesame', /^MODE #Room \+k sesame$/],
    ['/mode #other +i', /^MODE #other \+i$/],
    ['/op romeo', /^MODE #Room \+o romeo$/],
    ['/devoice romeo', /^MODE #Room -v romeo$/],
    ['/ban *!*@evil.test', /^MODE #Room \+b \*!\*@evil\.test$/],
    ['/kick Romeo too loud', /^KICK #Room romeo :too loud$/],
    ['/topic A new one', /^TOPIC #Room :A new one$/],
    ['/topic #ROOM Another one', /^TOPIC #Room :Another one$/],
    ['/topic #elsewhere is better', /^TOPIC #Room :#elsewhere is better$/],
    ['/topic -delete', /^TOPIC #Room :$/],
    ['/topic #room', /^TOPIC #Room$/],
    ['/names', /^NAMES #Room$/],
    ['/who', /^WHO #Room$/],
    ['/who #room %n', /^WHO #Room %n$/],
    ['/who romeo', /^WHO romeo$/],
    ['/who *.verona.test o', /^WHO \*\.verona\.test o$/],
    ['/part so long', /^PART #Room :so long$/],
    ['/leave so long', /^PART #Room :so long$/],
    ['/kb Romeo too loud', /^KICK #Room romeo :too loud$/],
    ['/hs on', /^PRIVMSG HostServ on$/],
    ['/version', /^VERSION$/],
    ['/away gone fishing', /^AWAY :gone fishing$/],
    ['/away', /^AWAY$/],
    ['/notice Romeo hush', /^NOTICE Romeo hush$/],
    ['/ns help', /^PRIVMSG NickServ help$/],
    ['/identify secret', /^PRIVMSG NickServ :IDENTIFY secret$/],
    ['/NickServ identify secret', /^PRIVMSG NickServ :identify secret$/],
    ['/chanserv op #room', /^PRIVMSG ChanServ :op #room$/],
    ['/memoserv list', /^PRIVMSG MemoServ list$/],
    ['/whowas Romeo', /^WHOWAS Romeo$/],
    ['/oper root pw', /^OPER root pw$/],
  ])('%s', async (text, line) => {
    const { us, server } = await inRoom('@juliet Romeo');
    await using _ = us;
    const typed = type(us, text);
    await server.expect(new RegExp(line.source.replace('#Room', '#[Rr]oom')));
    await typed;
  });

  test('what the server answers is told, to whom it was asked and not as a notice', async () => {
    const { us, server } = await inRoom('@juliet Romeo');
    await using _ = us;
    puppets.ircd.answersPings = false;
    const topic = type(us, '/topic');
    const mode = type(us, '/mode +b');
    await server.expect(/^TOPIC/);
    const first = (await server.expect(/^PING :?(\S+)/))[1];
    await server.expect(/^MODE #room \+b/);
    const second = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(
      ':s.test 332 juliet #room :the \x02topic\x02',
      ':s.test 332 juliet #elsewhere :another',
      `:s.test PONG s.test :${first}`,
      ':s.test 367 juliet #room *!*@evil.test op 1795388667',
      ':s.test 367 juliet #room *!*@of.old op 1',
      ':s.test 368 juliet #room :End of list',
      `:s.test PONG s.test :${second}`,
    );
    expect(await topic).toBe('#room the topic');
    expect(await mode).toBe('#room *!*@evil.test op 2026-11-22 23:04 UTC\n#room *!*@of.old op 1\n#room End of list');
    expect(us.events.all.some(({ kind }) => kind === 'notice')).toBe(false);
  });

  test('with labels the answer is what bears the label', async () => {
    const { us, server } = await inRoom('@juliet', { caps: 'labeled-response batch message-tags' });
    await using _ = us;
    puppets.ircd.answersPings = false;
    const who = type(us, '/whowas paris');
    const label = (await server.expect(/^@label=(\S+) WHOWAS paris$/))[1];
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(
      `@label=${label} :s.test BATCH +x labeled-response`,
      ':s.test 314 juliet somebody u h * :else',
      '@batch=x :s.test 314 juliet paris u h * :Count Paris',
      ':s.test BATCH -x',
      `:s.test PONG s.test :${token}`,
    );
    expect(await who).toBe('paris u h * Count Paris');
    expect((await us.event('notice')).text.plain).toContain('somebody');
  });

  test('a refusal is the error of the message', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    puppets.ircd.answersPings = false;
    const typed = type(us, '/mode +m');
    await server.expect(/^MODE #room \+m/);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(":s.test 482 juliet #room :You're not channel operator", `:s.test PONG s.test :${token}`);
    await expect(typed).rejects.toMatchObject({
      code: 'not-allowed-there',
      message: expect.stringMatching(/operator/),
    });
  });

  test('/msg: to a channel it shows as ours, to a person it is told', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    expect(await type(us, '/msg #Room hello all')).toBeUndefined();
    await server.expect(/^PRIVMSG #room :hello all$/);
    expect(await us.event('message')).toMatchObject({
      chat: '#room',
      by: 'juliet',
      content: { text: { plain: 'hello all' } },
    });
    expect(await type(us, '/msg Romeo psst')).toBe('Sent to Romeo.');
    await server.expect(/^PRIVMSG Romeo psst$/);
    await expect(type(us, '/msg a,b x')).rejects.toMatchObject({ code: 'bad-address' });
    await expect(type(us, '/msg Romeo')).rejects.toMatchObject({ code: 'bad-request' });
    await type(us, '/notice #room hear ye');
    expect(await us.event('message')).toMatchObject({ notice: true, content: { text: { plain: 'hear ye' } } });
  });

  test('/join is an invitation, with the key, as rooms are entered by clients', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    expect(await type(us, '/join #Other sesame')).toMatch(/invitation to #Other/);
    expect(await us.event('invited')).toMatchObject({ chat: '#other', by: 'juliet', password: 'sesame' });
    expect(await type(us, '/j room,tomb')).toMatch(/invitation to #tomb: /);
    expect(await us.event('invited')).toMatchObject({ chat: '#tomb', isAsked: true });
    expect(await type(us, '/join #a,b sesame')).toMatch(/invitation to #a, #b: /);
    expect(await us.event('invited')).toMatchObject({ chat: '#a', password: 'sesame' });
    expect(await us.event('invited')).not.toHaveProperty('password');
    expect(await type(us, '/join #Room')).toBe('You are in #Room already.');
    await expect(type(us, '/join #c,#\x07')).rejects.toMatchObject({ code: 'bad-address' });
    expect(server.lines.all.filter((line) => line.startsWith('JOIN'))).toHaveLength(1);
  });

  test('/part: out, as the network tells it', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const parting = type(us, '/part');
    await server.expect(/^PART #room$/);
    server.say(':juliet!user@host.test PART #room');
    await parting;
    expect(await us.event('removed')).toMatchObject({ chat: '#room', how: 'lost' });
  });

  test.each([
    ['EXTBAN=$,ajrxz', '$a:Ada'],
    ['EXTBAN=,ACNORcjmrz', 'R:Ada'],
  ])('/ban and /unban take extended bans as they are written (%s): %s', async (isupport, mask) => {
    const { us, server } = await inRoom('@juliet Romeo', { isupport });
    await using _ = us;
    await type(us, `/ban ${mask}`);
    await type(us, `/unban ${mask}`);
    expect(server.lines.all.filter((line) => /^MODE #room [+-]b/.test(line))).toEqual([
      `MODE #room +b ${mask}`,
      `MODE #room -b ${mask}`,
    ]);
  });

  test('/who of a mask is told of people in any channel', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.answer = (line) =>
      line === 'WHO romeo'
        ? [':s.test 352 juliet #tomb rom verona.test s.test Romeo H :0 Romeo', ':s.test 315 juliet romeo :End']
        : [];
    expect(await type(us, '/who romeo')).toMatch(/^#tomb rom verona\.test s\.test Romeo/);
  });

  test('a service is told by where it runs, and its answer is a conversation', async () => {
    const met = await meet({ caps: 'echo-message' });
    await using us = met.us;
    expect(await type(us, '/msg Q@CServe.quakenet.org AUTH juliet sesame')).toBe('Sent to Q@CServe.quakenet.org.');
    expect(await raw(us, 'PRIVMSG Q@CServe.quakenet.org :AUTH juliet sesame')).toMatch(/^Sent to/);
    const sent = met.server.lines.all.filter((line) => line === 'PRIVMSG Q@CServe.quakenet.org :AUTH juliet sesame');
    expect(sent).toHaveLength(2);
    met.server.say(':juliet!j@h PRIVMSG Q@CServe.quakenet.org :AUTH juliet sesame', ':Q!q@q.test NOTICE juliet :Hello');
    expect(await us.event('message')).toMatchObject({ chat: 'q', content: { text: { plain: 'Hello' } } });
    for (const target of ['a@b', 'Q@CServe.quakenet.org@x.y', '@a.b', 'Q@a..b'])
      await expect(type(us, `/msg ${target} hello`), target).rejects.toMatchObject({ code: 'bad-address' });
  });

  test('/nick goes the usual way', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const renaming = type(us, '/nick Capulet');
    await server.expect(/^NICK Capulet$/);
    server.say(':juliet!user@host.test NICK Capulet');
    await renaming;
    expect(us.live.me).toBe('capulet');
    await expect(type(us, '/nick a,b')).rejects.toMatchObject({ code: 'bad-nick' });
  });

  test('what does not belong here is refused, with a remedy', async () => {
    const { us } = await inRoom();
    await using _ = us;
    await expect(type(us, '/topic x', romeo)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(type(us, '/kick a,b')).rejects.toMatchObject({ code: 'no-such-person' });
    await expect(type(us, '/ctcp Romeo')).rejects.toMatchObject({ code: 'bad-request' });
    await expect(type(us, '/mode +b a\0b')).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('in a conversation', () => {
  test('/whois and /ctcp are about whom one talks with', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const whois = type(us, '/whois', romeo);
    await server.expect(/^WHOIS romeo romeo$/);
    server.say(':s.test 311 juliet romeo r h.test * :Romeo', ':s.test 318 juliet romeo :End');
    expect(await whois).toBe('romeo\nReal name: Romeo\nAddress: r@h.test');
    const version = type(us, '/version', romeo);
    await server.expect(/^PRIVMSG romeo \x01VERSION\x01$/);
    server.say(':romeo!r@h NOTICE juliet :\x01VERSION irssi\x01');
    expect(await version).toBe('romeo: irssi');
    const asked = type(us, '/ctcp romeo userinfo', romeo);
    await server.expect(/^PRIVMSG romeo \x01USERINFO\x01$/);
    server.say(':romeo!r@h NOTICE juliet :\x01USERINFO a Montague\x01');
    expect(await asked).toBe('romeo: a Montague');
  });
});

describe('lines to the server', () => {
  test('as they stand, and the answer', async () => {
    const { us, server } = await meet();
    await using _ = us;
    puppets.ircd.answersPings = false;
    const answer = raw(us, '  LUSERS  ');
    await server.expect(/^LUSERS$/);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(
      ':s.test 251 juliet :There are 3 users',
      ':s.test 252 juliet 1 :operator(s) online',
      ':s.test 421 juliet XYZ :Unknown command',
      `:s.test PONG s.test :${token}`,
    );
    expect(await answer).toBe('There are 3 users\n1 operator(s) online\nXYZ Unknown command');
  });

  test('numerics that nobody asked for are told by the server', async () => {
    const { us, server } = await meet();
    await using _ = us;
    // What we ask by ourselves when our nick is taken.
    server.say(':s.test 302 juliet :Romeo=+r@h');
    server.say(':s.test 251 juliet :There are 3 users', ':s.test 313 juliet Romeo :is an operator');
    expect((await us.event('notice')).text.plain).toBe('There are 3 users');
    expect((await us.event('notice')).text.plain).toBe('Romeo: is an operator');
  });

  test('an answer without an end has one', async () => {
    const { us, server } = await meet();
    await using _ = us;
    puppets.ircd.answersPings = false;
    const answer = raw(us, 'LINKS');
    await server.expect(/^LINKS$/);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(...Array.from({ length: 500 }, (_unused, at) => `:s.test 364 juliet a${at} b :0 c`));
    server.say(`:s.test PONG s.test :${token}`);
    const lines = (await answer)?.split('\n') ?? [];
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('… and 400 more lines');
  });

  test.each([
    ['ISON romeo paris', '303 juliet :romeo', 'romeo'],
    ['MODE juliet +x', '396 juliet cloak.test :is now your displayed host', 'cloak.test is now your displayed host'],
  ])('what we deal with ourselves is told whoever asked for it: %s', async (line, answer, text) => {
    const { us, server } = await meet();
    await using _ = us;
    server.answer = (one) => (one === line ? [`:s.test ${answer}`] : []);
    expect(await raw(us, line)).toBe(text);
  });

  test.each(['PASS x', 'user a b c d', 'CAP REQ :x', 'AUTHENTICATE x', 'WEBIRC a b c d'])(
    '%s is not for people',
    async (line) => {
      const { us, server } = await meet();
      await using _ = us;
      const before = server.lines.all.length;
      await expect(raw(us, line)).rejects.toMatchObject({ code: 'network-refused' });
      await mark({ us, server });
      expect(server.lines.all).toHaveLength(before);
    },
  );

  test('one line, no prefix, not too long, and no other line in it', async () => {
    const { us, server } = await meet();
    await using _ = us;
    for (const line of ['', ':romeo PRIVMSG #a b', '123 x', 'LUSERS\r\nQUIT', 'LUSERS \0'])
      await expect(raw(us, line), line).rejects.toMatchObject({ code: 'bad-request' });
    await expect(raw(us, `TOPIC ${'x'.repeat(600)}`)).rejects.toMatchObject({ code: 'message-too-long' });
    await mark({ us, server });
    expect(server.lines.all.some((line) => line.startsWith('QUIT'))).toBe(false);
  });

  test('NICK, PRIVMSG and commands go their usual ways', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const renaming = raw(us, 'nick Capulet');
    await server.expect(/^NICK Capulet$/);
    server.say(':juliet!user@host.test NICK Capulet');
    await renaming;
    expect(await raw(us, 'PRIVMSG Romeo :good night')).toBe('Sent to Romeo.');
    await server.expect(/^PRIVMSG Romeo :good night$/);
    expect(await raw(us, '/help topic')).toBe('/topic [CHANNEL] [TEXT|-delete]');
  });

  test('QUIT ends the session politely and for good', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const quitting = raw(us, 'QUIT :parting is sorrow');
    await server.expect(/^QUIT :parting is sorrow$/);
    server.end();
    expect(await quitting).toBeUndefined();
    expect(await us.event('state')).toMatchObject({ state: 'ended' });
    await expect(raw(us, 'LUSERS')).rejects.toMatchObject({ code: 'network-away' });
  });

  test('the welcome is told once, again where it was asked for, and when it is another', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const motd = (text: string) =>
      server.say(':s.test 375 juliet :- start', `:s.test 372 juliet :- ${text}`, ':s.test 376 juliet :End');
    motd('Be kind');
    motd('Be kind');
    motd('Be kinder');
    expect((await us.event('notice')).text.plain).toBe('Be kind');
    expect((await us.event('notice')).text.plain).toBe('Be kinder');
    puppets.ircd.answersPings = false;
    const asked = raw(us, 'MOTD');
    await server.expect(/^MOTD$/);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    motd('Be kinder');
    server.say(`:s.test PONG s.test :${token}`);
    expect(await asked).toBe('- start\n- Be kinder\nEnd');
  });
});
