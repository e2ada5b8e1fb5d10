/** Questions about people, against a server that says what the test wants: WHOIS gathered by nick, CTCP both ways, floods, silence. */
import { describe, expect, test } from 'vitest';
import { spelled } from '../../../../bridges/irc/whois-facts.ts';
import { cardText } from '../../../../bridges/irc/whois-text.ts';
import { chatId, personId } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet } = puppets;

const people = (us: TestSession) => {
  const { people: asked } = us.live;
  if (asked?.about === undefined || asked.version === undefined || asked.ping === undefined || asked.time === undefined)
    throw new Error('nothing can be asked here');
  return { about: asked.about, version: asked.version, ping: asked.ping, time: asked.time };
};
const romeo = personId('romeo');

describe('WHOIS', () => {
  test('is gathered by nick until its end, whatever comes between, and in people’s words', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const asking = people(us).about(romeo, live());
    const other = people(us).about(personId('paris'), live());
    await server.expect(/^WHOIS romeo romeo$/);
    await server.expect(/^WHOIS paris paris$/);
    server.say(
      ':s.test 311 juliet Romeo rom verona.test * :Romeo \x02Montague\x02',
      ':s.test 311 juliet paris p count.test * :Count Paris',
      ':s.test 319 juliet Romeo :@#balcony #masks',
      ':s.test 319 juliet Romeo :+#tomb ',
      ':s.test 312 juliet Romeo s.test :Verona, Italy',
      ':s.test 313 juliet Romeo :is a lover',
      ':s.test 301 juliet Romeo :gone to Mantua',
      ':s.test 330 juliet Romeo montague :is logged in as',
      ':s.test 671 juliet Romeo :is using a secure connection',
      ':s.test 338 juliet Romeo 192.0.2.1 :actually using host',
      ':s.test 318 juliet paris :End of /WHOIS list.',
      ':s.test 317 juliet Romeo 95 1700000000 :seconds idle, signon time',
      ':s.test 318 juliet Romeo :End of /WHOIS list.',
    );
    expect(await asking).toEqual({
      nick: 'romeo',
      realName: 'Romeo Montague',
      address: 'rom@verona.test',
      account: 'montague',
      away: 'gone to Mantua',
      idleSeconds: 95,
      facts: [
        { label: 'Channels', value: '@#balcony #masks; +#tomb' },
        { label: 'Server', value: 's.test (Verona, Italy)' },
        { label: 'Operator', value: 'is a lover' },
        { label: 'Encryption', value: 'is using a secure connection' },
        { label: 'Connection', value: 'actually using host 192.0.2.1' },
        { label: 'Idle', value: '1 min 35 s' },
        { label: 'Connected since', value: '2023-11-14 22:13 UTC' },
      ],
    });
    expect(await other).toMatchObject({ realName: 'Count Paris', facts: [] });
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(1);
  });

  test('one question for all that ask about the same person; who gives up gives up alone', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const gone = new AbortController();
    const one = people(us).about(romeo, gone.signal);
    const other = people(us).about(personId('ROMEO'), live());
    await server.expect(/^WHOIS/);
    gone.abort(new Error('never mind'));
    await expect(one).rejects.toThrow('never mind');
    server.say(':s.test 311 juliet Romeo r h * :R', ':s.test 318 juliet Romeo :End');
    expect(await other).toMatchObject({ realName: 'R' });
    expect(server.lines.all.filter((line) => line.startsWith('WHOIS'))).toHaveLength(1);
  });

  test.each([
    ['401', ['401 juliet romeo :No such nick', '318 juliet romeo :End'], 'no-such-person'],
    ['402', ['402 juliet romeo :No such server'], 'no-such-person'],
    ['nothing but the end', ['318 juliet romeo :End'], 'no-such-person'],
    ['263', ['263 juliet WHOIS :Server load is too high'], 'too-fast'],
  ])('%s: %j', async (_name, lines, code) => {
    const { us, server } = await meet();
    await using _ = us;
    const asking = people(us).about(romeo, live());
    await server.expect(/^WHOIS/);
    server.say(...lines.map((line) => `:s.test ${line}`));
    await expect(asking).rejects.toMatchObject({ code });
  });

  test('about ourselves nothing that only we are shown', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const asking = people(us).about(personId('juliet'), live());
    await server.expect(/^WHOIS/);
    server.say(
      ':s.test 311 juliet juliet j cloak.test * :J',
      ':s.test 378 juliet juliet :is connecting from *@gateway.test 192.0.2.9',
      ':s.test 338 juliet juliet j@gateway.test 192.0.2.9 :actual host',
      ':s.test 350 juliet juliet gateway.test 192.0.2.9 :is connected via the isthmus gateway',
      ':s.test 379 juliet juliet :is using modes +iwx',
      ':s.test 318 juliet juliet :End',
    );
    expect((await asking).facts).toEqual([{ label: 'Modes', value: 'is using modes +iwx' }]);
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(1);
  });

  test('a server that says too much is not listened to for ever', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const asking = people(us).about(romeo, live());
    await server.expect(/^WHOIS/);
    const more = Array.from({ length: 500 }, () => `:s.test 320 juliet romeo :${'x'.repeat(300)}`);
    server.say(':s.test 311 juliet romeo r h * :R', ...more, ':s.test 318 juliet romeo :End');
    const { facts } = await asking;
    expect(facts).toHaveLength(1);
    expect(facts[0]?.value.length).toBeLessThanOrEqual(400);
  });

  test('no answer, no connection, no such name, too many: each ends', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    const late = people(us).about(romeo, live());
    await server.expect(/^WHOIS/);
    await Promise.all([expect(late).rejects.toMatchObject({ code: 'timed-out' }), clock.advance(20_000)]);
    await expect(people(us).about(personId('a b'), live())).rejects.toMatchObject({ code: 'no-such-person' });
    const all = Array.from({ length: 12 }, (_unused, at) => people(us).about(personId(`n${at}`), live()));
    const lost = Promise.allSettled(all);
    await server.expect(/^WHOIS n7/);
    server.cut();
    const codes = (await lost).map((one) => one.status === 'rejected' && one.reason.code);
    expect(codes.filter((code) => code === 'too-fast')).toHaveLength(4);
    expect(codes.filter((code) => code === 'network-away')).toHaveLength(8);
    await expect(people(us).about(romeo, live())).rejects.toMatchObject({ code: 'network-away' });
  });
});

describe('CTCP', () => {
  test('092-01 202-01 version and time are what their client says, to whom it says it', async () => {
    const { us, server } = await meet({ caps: 'echo-message' });
    await using _ = us;
    const version = people(us).version(romeo, live());
    const time = people(us).time(romeo, live());
    await server.expect(/^PRIVMSG romeo \x01VERSION\x01$/);
    await server.expect(/^PRIVMSG romeo \x01TIME\x01$/);
    server.say(
      ':juliet!user@host.test PRIVMSG romeo :\x01VERSION\x01',
      ':Paris!p@h NOTICE juliet :\x01VERSION not asked\x01',
      ':Romeo!r@h NOTICE juliet :\x01TIME Sat Nov 21 12:00:00 2026\x01',
      ':Romeo!r@h NOTICE juliet :\x01VERSION \x02WeeChat\x02 4.1\x01',
    );
    expect(await version).toBe('WeeChat 4.1');
    expect(await time).toBe('Sat Nov 21 12:00:00 2026');
    await mark({ us, server });
    expect(us.events.all.some(({ kind }) => kind === 'message')).toBe(false);
  });

  test('410-04 a ping is timed, and answered by what we said alone', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    const ping = people(us).ping(romeo, live());
    const token = (await server.expect(/^PRIVMSG romeo :?\x01PING (\S+)\x01$/))[1];
    server.say(':Romeo!r@h NOTICE juliet :\x01PING 1\x01');
    await mark({ us, server });
    await clock.advance(140);
    server.say(`:Romeo!r@h NOTICE juliet :\x01PING ${token}\x01`);
    expect(await ping).toBe(140);
  });

  test('092-01 who takes no such questions (+C of Solanum) is told to, at once', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const said = 'Cannot send to user romeo (+C set)';
    server.answer = (line) => (line.includes('VERSION') ? [`:s.test 492 juliet :${said}`] : []);
    const refused = { code: 'not-allowed-there', message: `romeo: ${said}` };
    await expect(people(us).version(romeo, live())).rejects.toMatchObject(refused);
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(1);
  });

  test('one on its way to a person and of a kind, six at once, and no more for a while', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    const both = [people(us).version(romeo, live()), people(us).version(romeo, live())];
    await server.expect(/VERSION/);
    server.say(':Romeo!r@h NOTICE juliet :\x01VERSION x\x01');
    expect(await Promise.all(both)).toEqual(['x', 'x']);
    const all = Array.from({ length: 7 }, (_unused, at) => people(us).version(personId(`n${at}`), live()));
    const ends = Promise.allSettled(all);
    await server.expect(/^PRIVMSG n4/);
    await clock.advance(20_000);
    const codes = (await ends).map((one) => one.status === 'rejected' && one.reason.code);
    expect(codes).toEqual([...Array(5).fill('timed-out'), 'too-fast', 'too-fast']);
    expect(server.lines.all.filter((line) => line.includes('VERSION'))).toHaveLength(6);
  });

  test('a refusal of the server is the answer; a message on its way is not taken for it', async () => {
    const { us, server } = await meet({ caps: 'echo-message' });
    await using _ = us;
    const version = people(us).version(romeo, live());
    await server.expect(/VERSION/);
    server.say(":s.test 492 juliet romeo :Can't send CTCP");
    await expect(version).rejects.toMatchObject({ code: 'not-allowed-there' });
    const sending = us.say('romeo', 'hello');
    const again = people(us).version(romeo, live());
    await server.expect(/^PRIVMSG romeo hello/);
    await server.expect(/VERSION/);
    server.say(
      ':juliet!user@host.test PRIVMSG romeo :\x01VERSION\x01',
      ':juliet!user@host.test PRIVMSG romeo :hello',
      ':s.test 401 juliet romeo :No such nick',
    );
    await sending;
    await expect(again).rejects.toMatchObject({ code: 'no-such-person' });
  });

  test('asked of us: what our own software is, and nothing of our user', async () => {
    const { us, server } = await meet();
    await using _ = us;
    server.say(':Romeo!r@h PRIVMSG juliet :\x01CLIENTINFO\x01', ':Romeo!r@h PRIVMSG juliet :\x01FINGER\x01');
    server.say(':Romeo!r@h PRIVMSG juliet :\x01SOURCE\x01', ':Romeo!r@h PRIVMSG juliet :\x01USERINFO\x01');
    await server.expect(/^NOTICE Romeo :\x01CLIENTINFO ACTION CLIENTINFO FINGER PING SOURCE TIME VERSION\x01$/);
    await server.expect(/^NOTICE Romeo :\x01FINGER Isthmus/);
    await server.expect(/^NOTICE Romeo :\x01SOURCE Isthmus/);
  });
});

describe('conversations', () => {
  test('notices of strangers come from the server, of those we wrote to and of services as theirs', async () => {
    const { us, server } = await meet();
    await using _ = us;
    server.say(
      ':Romeo!r@h NOTICE juliet :psst',
      ':Global!g@h NOTICE juliet :restart',
      ':NickServ!n@h NOTICE juliet :id',
    );
    expect((await us.event('notice')).text.plain).toBe('Romeo: psst');
    expect((await us.event('notice')).text.plain).toBe('Global: restart');
    expect(await us.event('message')).toMatchObject({ chat: 'nickserv', direct: true, notice: true });
    await us.say('romeo', 'yes?');
    server.say(':Romeo!r@h NOTICE juliet :come down');
    expect(await us.event('message')).toMatchObject({ chat: 'romeo', nick: 'Romeo', direct: true });
  });

  test('what a service says about a channel is shown in it, if one is in it; nobody else can do that', async () => {
    const { us, server } = await puppets.inRoom();
    await using _ = us;
    server.say(
      ':ChanServ!c@services.test NOTICE juliet :[#Room] Be kind',
      ':ChanServ!c@services.test NOTICE juliet :[#other] Elsewhere',
      ':Tybalt!t@h NOTICE juliet :[#room] I am not a service',
      ':*status!znc@znc.in PRIVMSG juliet :You have no new lines',
    );
    expect(await us.event('message')).toMatchObject({
      chat: '#room',
      nick: 'ChanServ',
      notice: true,
      content: { text: { plain: 'Be kind' } },
    });
    expect(await us.event('message')).toMatchObject({ chat: 'chanserv', direct: true });
    expect((await us.event('notice')).text.plain).toBe('Tybalt: [#room] I am not a service');
    expect(await us.event('message')).toMatchObject({ chat: '*status', direct: true });
    await us.say('*status', 'help');
    await server.expect(/^PRIVMSG \*status help$/);
  });

  test('somebody who is away says so once an hour, and to nobody who did not write', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    server.say(':s.test 301 juliet Paris :never asked');
    await us.say('romeo', 'a');
    server.say(':s.test 301 juliet Romeo :in \x02Mantua\x02', ':s.test 301 juliet Romeo :in Mantua');
    expect(await us.event('message')).toMatchObject({
      chat: 'romeo',
      direct: true,
      notice: true,
      content: { action: true, text: { plain: 'is away: in Mantua' } },
    });
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'message')).toHaveLength(1);
    await clock.advance(3_600_000 - 60_000);
    await us.say('romeo', 'b');
    server.say(':s.test 301 juliet Romeo :in Mantua');
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'message')).toHaveLength(1);
  });

  test('another name is told once, and the conversation goes on under it', async () => {
    const { us, server } = await meet();
    await using _ = us;
    await us.say('romeo', 'a');
    server.say(':Paris!p@h NICK Count', ':Romeo!r@h NICK Montague', ':Montague!r@h NOTICE juliet :it is I');
    expect(await us.event('moved')).toMatchObject({ chat: 'romeo', to: 'montague', nick: 'Montague' });
    expect(await us.event('message')).toMatchObject({ chat: chatId('montague') });
    expect(us.events.all.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
  });
});

describe('in words', () => {
  test.each([
    [0, '0 s'],
    [1, '1 s'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [90_061, '1 d 1 h'],
    [864_000, '10 d'],
  ])('%i seconds: %s', (seconds, words) => expect(spelled(seconds)).toBe(words));

  test('a card is its lines', () => {
    const facts = [{ label: 'Server', value: 's.test' }];
    expect(cardText({ nick: 'romeo', realName: 'Romeo', away: '', facts })).toBe(
      'romeo\nReal name: Romeo\nServer: s.test',
    );
  });
});
