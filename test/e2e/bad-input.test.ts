/** Rubbish from both sides, through real servers: the process lives, the stream lives, whoever asks is answered, the others notice nothing. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../harness/ports.ts';
import { showOnFailure } from '../harness/process.ts';
import { type ScriptedIrcd, scriptedIrcd } from '../harness/scripted-ircd.ts';
import { type IrcPerson, type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain, type RealWorld, startWorld } from '../harness/world.ts';

const evilName = 'evil.test';
let world: RealWorld;
let evil: ScriptedIrcd;

beforeAll(async () => {
  evil = await scriptedIrcd(await freePort());
  const servers = { [evilName]: { address: [`127.0.0.1:${evil.port}`], tls: 'off' } };
  world = await startWorld({ ircd: 'ngircd', servers });
});
beforeEach(({ onTestFailed }) => showOnFailure(onTestFailed, () => world.gateway.member('all').running));
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await evil?.[Symbol.asyncDispose]();
});

/** The bystanders still talk, through the same process and the same stream. */
async function unharmed(romeo: JabberPerson, juliet: IrcPerson, pid: number): Promise<void> {
  const word = `unharmed ${world.next()}`;
  romeo.says(word);
  await juliet.hears(romeo, word);
  juliet.says(word);
  await romeo.hears(juliet, word);
  expect(world.gateway.member('all').running.pid).toBe(pid);
  expect(world.gateway.member('all').running.output()).not.toContain('component stream is down');
  expect((await world.gateway.member('all').get('/readyz')).status).toBe(200);
}

const pidNow = (): number => world.gateway.member('all').running.pid;

describe('from Jabber', () => {
  const fatal: readonly (readonly [string, string])[] = [
    ['a C0 control', `<message to='${gatewayDomain}'><body>\u0001</body></message>`],
    ['a C0 control by reference', `<message to='${gatewayDomain}'><body>&#1;&#x1f;</body></message>`],
    ['a lone surrogate by reference', `<message to='${gatewayDomain}'><body>&#xD800;</body></message>`],
    [
      'an entity bomb',
      `<!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c "&b;&b;">]><message to='${gatewayDomain}'><body>&c;</body></message>`,
    ],
    ['what is not closed', `<message to='${gatewayDomain}'><body>a</message>`],
    ['half a stanza and silence', `<message to='${gatewayDomain}'><body>`],
  ];

  test.each(fatal)('%s', async (_, markup) => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const tybalt = await stage.jabber('tybalt');
    await tybalt.enters();
    tybalt.client.send(markup.replaceAll(`to='${gatewayDomain}'`, `to='${stage.room}' type='groupchat'`));
    await unharmed(romeo, juliet, pid);
    tybalt.client.cut();
  });

  test('GEN-01 deep nesting, many children, long names, a quarter of a megabyte: each iq is answered', async () => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const tybalt = await stage.jabber('tybalt');
    const inside = [
      '<a>'.repeat(300) + '</a>'.repeat(300),
      '<a/>'.repeat(5_000),
      `<${'n'.repeat(5_000)}/>`,
      `<a b='${'v'.repeat(100_000)}'/>`,
      `<a>${'text '.repeat(40_000)}</a>`,
    ];
    for (const markup of inside) {
      const answer = await tybalt.client.ask(
        `<iq type='get' to='${gatewayDomain}'><query xmlns='urn:example:big'>${markup}</query></iq>`,
      );
      expect(answer.attrs.type).toBe('error');
    }
    await unharmed(romeo, juliet, pid);
  });

  test('45-40 45-30 an id of ten kilobytes comes back whole; nicks of every kind are let in or refused', async () => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const id = 'i'.repeat(10_000);
    romeo.client.send(`<message type='groupchat' id='${id}' to='${stage.room}'><body>long id</body></message>`);
    await romeo.client.receive(`<message type='groupchat' id='${id}'><body>long id</body></message>`);
    const tybalt = await stage.jabber('tybalt');
    const { room } = stage.otherChannel();
    for (const nick of [
      'a b',
      '#x',
      '@op',
      ':x',
      'a!b@c',
      '🧙',
      '\\20',
      '&lt;b&gt;',
      '&amp;&quot;',
      '0',
      'x'.repeat(1000),
    ]) {
      const join = world.next();
      tybalt.client.send(
        `<presence id='j${join}' to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      );
      const answer = await tybalt.client.receive(`<presence id='j${join}'/>`);
      if (answer.attrs.type === 'error') continue;
      tybalt.client.send(`<presence type='unavailable' to='${answer.attrs.from}'/>`);
      await tybalt.client.receive(`<presence type='unavailable' from='${answer.attrs.from}'/>`);
    }
    await unharmed(romeo, juliet, pid);
  });

  test('a message longer than the network takes is refused or cut, never fatal', async () => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const id = romeo.says('x'.repeat(150_000));
    await romeo.client.receive((stanza) => stanza.name === 'message' && stanza.attrs.id === id, 60_000);
    await unharmed(romeo, juliet, pid);
  });

  test('JID-15 localparts of every kind are answered', async () => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const locals = [
      '#',
      '%',
      '#%',
      '%%',
      '#x%',
      '%x',
      '#x%y%z',
      '\\20x',
      '#\\2f%irc.test',
      '=zz',
      '#x%..',
      '#x%-',
      'a'.repeat(1023),
      '٣',
      '#x%[::1]',
    ];
    for (const local of locals) {
      const answer = await romeo.client.ask(
        `<iq type='get' to='${local}@${gatewayDomain}'><ping xmlns='urn:xmpp:ping'/></iq>`,
      );
      expect(answer.attrs.type, local).toMatch(/^(result|error)$/);
      romeo.client.send(
        `<presence id='p' to='${local}@${gatewayDomain}/x'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      );
    }
    await unharmed(romeo, juliet, pid);
  });

  test('GEN-01 GEN-02 random but well-formed iqs: one answer each', async () => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const known = [
      'http://jabber.org/protocol/muc#admin',
      'http://jabber.org/protocol/disco#items',
      'jabber:iq:register',
      'vcard-temp',
      'urn:xmpp:mam:2',
    ];
    const ns = fc.oneof(
      fc.constantFrom(...known),
      name.map((word) => `urn:example:${word}`),
    );
    const to = fc.constantFrom(gatewayDomain, stage.room, `${stage.room}/${romeo.nick}`, `x%irc.test@${gatewayDomain}`);
    const attrs = fc.dictionary(fc.constantFrom('nick', 'role', 'affiliation', 'node', 'jid', 'action'), name);
    const iq = fc.record({ type: fc.constantFrom('get', 'set'), to, ns, child: name, inner: name, attrs });
    await fc.assert(
      fc.asyncProperty(iq, async (one) => {
        const written = Object.entries(one.attrs)
          .map(([key, value]) => ` ${key}='${value}'`)
          .join('');
        const answer = await romeo.client.ask(
          `<iq type='${one.type}' to='${one.to}'><${one.child} xmlns='${one.ns}'${written}><${one.inner}${written}/></${one.child}></iq>`,
        );
        expect(answer.attrs.type).toMatch(/^(result|error)$/);
      }),
      { numRuns: 300 },
    );
    await unharmed(romeo, juliet, pid);
  });
});

describe('from IRC', () => {
  const numerics = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));
  const commands =
    'JOIN PART QUIT NICK KICK MODE TOPIC INVITE PRIVMSG NOTICE TAGMSG CAP AUTHENTICATE ACCOUNT AWAY CHGHOST SETNAME BATCH ERROR KILL WALLOPS PING PONG FAIL WARN NOTE RENAME REDACT MARKREAD'.split(
      ' ',
    );
  const harmless = [...numerics, ...commands.filter((verb) => verb !== 'ERROR' && verb !== 'KILL')];

  const rubbish: readonly (readonly [string, () => Buffer])[] = [
    [
      'every command without parameters',
      () => Buffer.from(harmless.map((verb) => `:evil.test ${verb}\r\n${verb}\r\n`).join('')),
    ],
    [
      'every command with empty parameters',
      () => Buffer.from(harmless.map((verb) => `:a!b@c ${verb} :\r\n:a!b@c ${verb} * * * * :\r\n`).join('')),
    ],
    ['random bytes', () => Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 7919 + ((n * n) >> 3)) & 255))],
    [
      'NUL and every C0 in a message',
      () =>
        Buffer.from(
          `:t!u@h PRIVMSG #x :${Array.from({ length: 32 }, (_, n) => (n === 10 || n === 13 ? '' : String.fromCharCode(n))).join('')}\r\n`,
        ),
    ],
    ['truncated UTF-8', () => Buffer.from([...Buffer.from(':t!u@h PRIVMSG #x :'), 0xf0, 0x9f, 0x98, 13, 10])],
    ['a line of ten megabytes', () => Buffer.concat([Buffer.alloc(10_000_000, 120), Buffer.from('\r\n')])],
    [
      'tags without end, prefixes without command',
      () => Buffer.from('@a=b;c\r\n@\r\n:\r\n: \r\n:a\r\n@x :y\r\n \r\n@a :b!c@d PRIVMSG\r\n'),
    ],
    [
      'nicks and channels that no XML or JID may hold',
      () =>
        Buffer.from(
          ':<a>&\u0001!u@h JOIN #x\r\n:evil.test 353 u = #x :\ufffe\uffff < > & " \u0000\r\n:x!u@h NICK :\r\n:x!u@h NICK : a b\r\n',
        ),
    ],
  ];

  test.each(rubbish)('%s', async (_, bytes) => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const tybalt = await stage.jabber('tybalt');
    const joining = tybalt.client.join(`#x%${evilName}@${gatewayDomain}`, tybalt.nick);
    const guest = await evil.guest();
    await joining;
    guest.raw(bytes());
    const survived = await Promise.race([
      guest.roundtrip().then(
        () => 'talks on',
        () => 'hung up',
      ),
      guest.closed.then(() => 'hung up'),
    ]);
    expect(survived).toMatch(/talks on|hung up/);
    await unharmed(romeo, juliet, pid);
    guest.cut();
    tybalt.client.send(`<presence type='unavailable' to='#x%${evilName}@${gatewayDomain}/${tybalt.nick}'/>`);
    await tybalt.client.roundtrip(gatewayDomain);
  });

  test('ERROR and KILL end that connection only, and its user is told', async () => {
    await using stage = new Stage(world);
    const { romeo, juliet } = await stage.pair();
    const pid = pidNow();
    const tybalt = await stage.jabber('tybalt');
    const joining = tybalt.client.join(`#x%${evilName}@${gatewayDomain}`, tybalt.nick);
    const guest = await evil.guest();
    await joining;
    guest.raw('ERROR :Closing Link: you are banned\r\n');
    guest.cut();
    await unharmed(romeo, juliet, pid);
    tybalt.client.send(`<presence type='unavailable' to='#x%${evilName}@${gatewayDomain}/${tybalt.nick}'/>`);
    await tybalt.client.roundtrip(gatewayDomain);
  });
});
