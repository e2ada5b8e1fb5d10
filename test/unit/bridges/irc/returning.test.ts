/** Who is back after having been away, on servers that tell nobody of it: asked now and then, of those who are shown as away. */
import { expect, test } from 'vitest';
import { personId } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const isupport = 'PREFIX=(ov)@+ CHANTYPES=#';
const everyMs = 300_000;

/** Romeo is away when we come, and Tybalt is not. */
async function arrive(caps: string) {
  const clock = createManualClock();
  const met = await puppets.inRoom('juliet Romeo Tybalt', { caps, isupport }, { clock });
  await met.server.expect(/^MODE #room$/);
  await clock.advance(0);
  await met.server.expect(/^WHO #room$/);
  met.server.say(
    ':s.test 352 juliet #room r h s.test Romeo G :0 Romeo',
    ':s.test 352 juliet #room t h s.test Tybalt H :0 Tybalt',
    ':s.test 315 juliet #room :End',
  );
  const away = await met.us.event('members');
  expect(away.changes).toContainEqual({ is: 'facts', person: 'romeo', facts: { show: 'away', address: 'r@h' } });
  const asked = () => met.server.lines.all.filter((line) => line.startsWith('USERHOST'));
  return { ...met, clock, asked };
}

test('whoever was away when we came is shown as back, and nobody else is asked after', async () => {
  const { us, server, clock, asked } = await arrive('');
  await using _ = us;
  await clock.advance(everyMs);
  await server.expect(/^USERHOST romeo$/);
  server.say(':s.test 302 juliet :Romeo=-r@h');
  await mark({ us, server });
  await clock.advance(everyMs);
  await server.expect(/^USERHOST romeo$/);
  server.say(':s.test 302 juliet :Romeo*=+r@h ');
  const back = await us.event('members');
  expect(back.changes).toEqual([{ is: 'facts', person: 'romeo', facts: { show: null } }]);
  await clock.advance(everyMs);
  await mark({ us, server });
  expect(asked()).toHaveLength(2);
});

test('where the server tells of it nobody is asked after', async () => {
  const { us, server, clock, asked } = await arrive('away-notify');
  await using _ = us;
  await clock.advance(everyMs);
  await mark({ us, server });
  expect(asked()).toEqual([]);
});

test('a contact who was away when they were written to is asked after until they are back', async () => {
  const clock = createManualClock();
  const { us, server } = await puppets.meet({ caps: 'away-notify', isupport: `${isupport} MONITOR=9` }, { clock });
  await using _ = us;
  us.live.watch?.([personId('romeo'), personId('tybalt')]);
  await server.expect(/^MONITOR \+ romeo,tybalt$/);
  server.say(':s.test 730 juliet :Romeo!r@h,Tybalt!t@h', ':s.test 301 juliet Romeo :in love');
  const ofRomeo = () => us.event('presence', ({ person }) => person === 'romeo');
  expect(await ofRomeo()).toMatchObject({ show: 'online' });
  expect(await ofRomeo()).toMatchObject({ show: 'away', status: 'in love' });
  await clock.advance(everyMs);
  await server.expect(/^USERHOST romeo$/);
  server.say(':s.test 302 juliet :Romeo=+r@h');
  expect(await ofRomeo()).toMatchObject({ show: 'online' });
});

test('a contact who was away when they were written to, and came back before the server watched them for us, is shown as back', async () => {
  const { us, server } = await puppets.meet({
    caps: 'away-notify extended-monitor',
    isupport: `${isupport} MONITOR=9`,
  });
  await using _ = us;
  us.live.watch?.([personId('romeo')]);
  await server.expect(/^MONITOR \+ romeo$/);
  server.say(':s.test 301 juliet Romeo :in love', ':s.test 730 juliet :Romeo!r@h');
  expect(await us.event('presence')).toMatchObject({ show: 'away', status: 'in love' });
  await server.expect(/^USERHOST romeo$/);
  server.say(':s.test 302 juliet :Romeo=+r@h', ':Romeo!r@h AWAY :again', ':s.test 730 juliet :Romeo!r@h');
  expect(await us.event('presence')).toMatchObject({ show: 'online' });
  expect(await us.event('presence')).toMatchObject({ show: 'away', status: 'again' });
  await mark({ us, server });
  expect(server.lines.all.filter((line) => line.startsWith('USERHOST'))).toHaveLength(1);
});

test('a contact who is away when the connection is made is shown so, whether they share a room or not', async () => {
  const { us, server } = await puppets.meet({
    caps: 'away-notify extended-monitor',
    isupport: `${isupport} MONITOR=9`,
  });
  await using _ = us;
  us.live.watch?.([personId('romeo'), personId('tybalt')]);
  await server.expect(/^MONITOR \+ romeo,tybalt$/);
  server.say(':s.test 730 juliet :Romeo!r@h', ':s.test 731 juliet :tybalt');
  await server.expect(/^USERHOST romeo$/);
  server.say(':s.test 302 juliet :Romeo=-r@h', ':Tybalt!t@h AWAY :no', ':s.test 730 juliet :Tybalt!t@h');
  await mark({ us, server });
  const joining = us.join('#room');
  await server.admit('#room', 'juliet Mercutio Tybalt');
  await joining;
  us.live.watch?.([personId('mercutio'), personId('romeo')]);
  await server.expect(/^MONITOR \+ mercutio$/);
  server.say(':s.test 730 juliet :Mercutio!m@h');
  await server.expect(/^USERHOST mercutio$/);
  await server.expect(/^WHO #room$/);
  server.say(':s.test 352 juliet #room m h s.test Mercutio G :0 M', ':s.test 315 juliet #room :End');
  await mark({ us, server });
  const told = us.events.all.flatMap((event) => (event.kind === 'presence' ? [`${event.person} ${event.show}`] : []));
  expect(told).toEqual([
    ...['romeo online', 'tybalt offline', 'romeo away', 'tybalt away'],
    ...['mercutio online', 'mercutio away'],
  ]);
  expect(server.lines.all.filter((line) => line.startsWith('USERHOST'))).toEqual([
    'USERHOST romeo',
    'USERHOST mercutio',
  ]);
});

test('of many a few are asked after at a time, each in turn', async () => {
  const clock = createManualClock();
  const many = Array.from({ length: 60 }, (_, at) => `n${at}`);
  const { us, server } = await puppets.inRoom(['juliet', ...many].join(' '), { isupport }, { clock });
  await using _ = us;
  await server.expect(/^MODE #room$/);
  await clock.advance(0);
  await server.expect(/^WHO #room$/);
  server.say(...many.map((nick) => `:s.test 352 juliet #room u h s.test ${nick} G :0 x`), ':s.test 315 juliet #room :');
  await us.event('members', ({ changes }) => changes.length === many.length);
  await clock.advance(everyMs);
  await server.expect(/^USERHOST n45 n46 n47 n48 n49$/);
  await clock.advance(everyMs);
  await server.expect(/^USERHOST n55 n56 n57 n58 n59$/);
  const lines = server.lines.all.filter((line) => line.startsWith('USERHOST'));
  expect(
    lines
      .join(' ')
      .split(' ')
      .filter((word) => word !== 'USERHOST'),
  ).toEqual(many);
});

test('what is asked so is no part of the answer to what somebody has typed meanwhile', async () => {
  const { us, server } = await puppets.meet();
  await using _ = us;
  puppets.ircd.answersPings = false;
  const ask = async (line: string) => {
    const answer = us.live.commands?.raw(line, live());
    await server.expect(new RegExp(`^${line}$`));
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(':s.test 302 juliet :Romeo=-r@h', ':s.test 251 juliet :3 users', `:s.test PONG s.test :${token}`);
    return answer;
  };
  expect(await ask('LUSERS')).toBe('3 users');
  expect(await ask('userhost Romeo')).toBe('Romeo=-r@h\n3 users');
});
