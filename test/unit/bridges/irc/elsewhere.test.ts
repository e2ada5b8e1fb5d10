/** What our owner says with another client of the same bouncer comes as our own, and nothing else that has our name on it (CHECKLIST 356-20, 280-02). */
import { describe, expect, test } from 'vitest';
import { mark, type Puppets, usePuppets } from '../../../harness/puppet-room.ts';

const puppets: Puppets = usePuppets();
const echoes = 'echo-message labeled-response batch message-tags server-time';
const ours = ':juliet!u@h PRIVMSG';
const messages = (us: Awaited<ReturnType<Puppets['meet']>>['us']) =>
  us.events.all.flatMap((event) =>
    event.kind === 'message' ? [[event.chat, event.by, event.content.text?.plain, event.direct === true]] : [],
  );

describe.each([
  ['that echoes', echoes],
  ['that has lines of ours for other clients', 'znc.in/self-message'],
])('a bouncer %s', (_, caps) => {
  test('12.3 tells what was said to somebody, and its name', async () => {
    const { us, server } = await puppets.meet({ caps });
    await using _us = us;
    server.say(`${ours} Romeo :Art thou not Romeo?`, `${ours} Romeo :\x01ACTION sighs\x01`);
    const said = await us.event('message');
    expect(said).toMatchObject({
      chat: 'romeo',
      by: 'juliet',
      direct: true,
      content: { text: { plain: 'Art thou not Romeo?' } },
    });
    expect(said.sentBy).toBeUndefined();
    expect(said.by).toBe(us.live.me);
    expect((await us.event('message')).content).toMatchObject({ action: true, text: { plain: 'sighs' } });
  });

  test('12.3 tells what was said in a room that we are in, and of no other', async () => {
    const isupport = 'CHANTYPES=# PREFIX=(ohv)@%+ STATUSMSG=@%+';
    const { us, server } = await puppets.inRoom('juliet @Romeo', { caps, isupport });
    await using _us = us;
    server.say(`${ours} #other :who?`, `${ours} @#room :for some`, `${ours} %#room :me too`, `${ours} #room :Ay me`);
    await us.event('message');
    await mark({ us, server });
    expect(messages(us)).toEqual([['#room', 'juliet', 'Ay me', false]]);
  });

  test('is not believed with passwords for services, questions to clients, and what it repeats', async () => {
    const { us, server } = await puppets.meet({ caps });
    await using _us = us;
    server.say(
      `${ours} NickServ :IDENTIFY secret`,
      `${ours} Q@CServe.test :AUTH me secret`,
      `${ours} *status :LoadMod x`,
      `${ours} Romeo :\x01VERSION\x01`,
      `@time=2020-01-02T00:00:00.000Z ${ours} Romeo :long ago`,
      `${ours} Romeo :now`,
    );
    await us.event('message');
    await mark({ us, server });
    expect(messages(us)).toEqual([['romeo', 'juliet', 'now', true]]);
    expect(server.lines.all.filter((line) => /^NOTICE/.test(line))).toEqual([]);
  });
});

test('what was sent from here comes back once, by its delivery', async () => {
  const { us, server } = await puppets.meet({ caps: echoes });
  await using _ = us;
  const sent = us.say('romeo', 'Good night');
  const [, label = ''] = await server.expect(/^@label=(\S+) PRIVMSG romeo :Good night$/);
  server.say(`@label=${label};msgid=m1 ${ours} romeo :Good night`);
  await sent;
  server.say(`@msgid=m2 ${ours} romeo :Good night`);
  await us.event('message', ({ ref }) => ref.id === 'm2');
  await mark({ us, server });
  expect(us.events.all.flatMap((event) => (event.kind === 'message' ? [[event.ref.id, event.sentBy]] : []))).toEqual([
    ['m1', 'k1'],
    ['m2', undefined],
  ]);
});

test('12.3 what another client says while something is on its way from here is no receipt of that', async () => {
  const { us, server } = await puppets.inRoom('juliet @Romeo', { caps: echoes });
  await using _ = us;
  const refused = us.say('#room', 'from here').catch((error: unknown) => error);
  const [, first = ''] = await server.expect(/^@label=(\S+) PRIVMSG #room :from here$/);
  server.say(`@msgid=m1 ${ours} #room :from there`, `@label=${first} :s.test 404 juliet #room :Cannot send`);
  expect(await refused).toMatchObject({ code: 'not-allowed-there' });
  const sending = us.say('#room', 'again');
  const [, second = ''] = await server.expect(/^@label=(\S+) PRIVMSG #room again$/);
  server.say(`@msgid=m2 ${ours} #room :from there too`, `@label=${second};msgid=m3 ${ours} #room again`);
  expect((await sending).refs).toEqual([{ id: 'm3', part: 0 }]);
  await mark({ us, server });
  const said = us.events.all.flatMap((event) => (event.kind === 'message' ? [event] : []));
  expect(said.map(({ content, sentBy }) => [content.text?.plain, sentBy])).toEqual([
    ['from there', undefined],
    ['from there too', undefined],
    ['again', 'k2'],
  ]);
});

test('ZNC is asked for lines of ours', async () => {
  const connecting = puppets.meet({ caps: 'znc.in/self-message' });
  const { us, server } = await connecting;
  await using _ = us;
  expect(server.lines.all.some((line) => /^CAP REQ .*znc\.in\/self-message/.test(line))).toBe(true);
});

test('356-23 what our owner reacts with in another client of the bouncer is told as theirs; what was sent from here is not', async () => {
  const { us, server } = await puppets.inRoom('juliet @Romeo', { caps: `${echoes} message-tags draft/read-marker` });
  await using _ = us;
  const me = us.live.me;
  const ours = `:${me}!u@h TAGMSG`;
  const reaction = '+draft/react=👍;+draft/reply';
  server.say(
    `@${reaction}=m1 ${ours} #room`,
    `@${reaction}=m2 ${ours} Romeo`,
    `@label=x;${reaction}=m3 ${ours} #room`,
    `@time=2001-01-01T00:00:00.000Z;${reaction}=m4 ${ours} #room`,
    `@+typing=active ${ours} #room`,
  );
  await mark({ us, server });
  expect(us.events.all.filter(({ kind }) => kind === 'reaction' || kind === 'typing')).toMatchObject([
    { chat: '#room', by: me, target: { id: 'm1' }, emoji: '👍', present: true },
    { chat: 'romeo', by: me, target: { id: 'm2' } },
  ]);
});

test('356-23 what they have read there is told as read, up to the last that was said to them', async () => {
  const { us, server } = await puppets.meet({ caps: `${echoes} message-tags draft/read-marker` });
  await using _ = us;
  const now = Date.now();
  const said = (id: string, at: number) =>
    `@msgid=${id};time=${new Date(at).toISOString()} :Romeo!u@h PRIVMSG ${us.live.me} :hi`;
  const read = (at: number) => `:s.test MARKREAD Romeo timestamp=${new Date(at).toISOString()}`;
  server.say(said('m1', now - 3000), said('m2', now - 2000), read(now - 2500), read(now - 2000), read(now - 2000));
  await mark({ us, server });
  expect(us.events.all.filter(({ kind }) => kind === 'read')).toMatchObject([
    { chat: 'romeo', by: us.live.me, upTo: { id: 'm2' } },
  ]);
});
