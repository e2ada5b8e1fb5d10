/** CHECKLIST 6.1 and 6.2: commands as forms. */
import { beforeEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { child, childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import {
  admin,
  type CommandWorld,
  channel,
  contact,
  createCommandWorld,
  detailOf,
  domain,
  inRoom,
  me,
  ns,
  onServer,
  read,
  server,
  submit,
} from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const owner = 'romeo@example.org';
const items = (node = ns) => `<query xmlns='http://jabber.org/protocol/disco#items' node='${node}'/>`;
const info = (node: string) => `<query xmlns='http://jabber.org/protocol/disco#info' node='${node}'/>`;
const listed = (answer: Element) => childrenOf(child(answer, 'query'), 'item').map(({ attrs }) => attrs.node);
const disco = async (to: string, from = me) => listed(await world.iq(to, items(), from, 'get'));
const features = (answer: Element) => childrenOf(child(answer, 'query'), 'feature').map(({ attrs }) => attrs.var);
const about = (to: string) => world.iq(to, "<query xmlns='http://jabber.org/protocol/disco#info'/>", me, 'get');

/** Starts and sends the form back at once. */
async function fill(to: string, node: string, values: Parameters<typeof submit>[0], from = me) {
  const begun = read(await world.run(to, `node='${node}'`, '', from));
  return world.run(to, `node='${node}' sessionid='${begun.id}' action='complete'`, submit(values), from);
}

describe('discovery', () => {
  test('050-01 050-11 133-01 the list at each address has what there is, and for operators theirs', async () => {
    expect(await disco(domain)).toEqual([
      'configure',
      'join',
      'rooms',
      'disconnect-from-irc-server',
      'order',
      'block',
      'unblock',
      'blocked',
      'undelivered',
      'export-my-data',
      'delete-my-data',
    ]);
    expect(await disco(domain, admin)).toEqual([
      ...(await disco(domain)),
      'disconnect-user',
      'http://jabber.org/protocol/admin#get-online-users-num',
      'http://jabber.org/protocol/admin#get-online-users-list',
      'http://jabber.org/protocol/admin#end-user-session',
      'http://jabber.org/protocol/admin#announce',
      'http://jabber.org/protocol/admin#delete-user',
      ...['sessions', 'log-level', 'maintenance', 'undelivered-of-user', 'unplumb', 'plumbings'],
      ...['privileges', 'ban-user', 'unban-user', 'reload'],
    ]);
    expect(await disco(server)).toEqual([
      ...['configure', 'join', 'rooms'],
      'get-irc-connection-info',
      'whois',
      'contacts',
      'order',
      'block',
      'unblock',
      'blocked',
    ]);
    expect(await disco(channel)).toEqual(['configure']);
    expect(await disco(contact)).toEqual(['whois', 'block', 'unblock']);
    for (const to of [domain, server, contact]) expect(features(await about(to))).toContain(ns);
  });

  test('050-01 GEN-10 every item names the address that was asked and has a name for people, in their language', async () => {
    const ask = (lang: string) =>
      world.send(`<iq type='get' id='q' from='${me}' to='${server}' xml:lang='${lang}'>${items()}</iq>`);
    const names = async (lang: string) =>
      childrenOf(child((await ask(lang))[0], 'query'), 'item').map(({ attrs }) => [attrs.jid, attrs.name]);
    expect(await names('fr')).toContainEqual([server, 'Settings for this server']);
    expect(await names('de-AT')).toContainEqual([server, 'Einstellungen für diesen Server']);
    expect((await ask('de-AT'))[0]?.attrs['xml:lang']).toBe('de');
  });

  test('050-02 a command tells what it is; one of the operators’ is forbidden, an unknown one not found', async () => {
    const answer = await world.iq(domain, info('configure'), me, 'get');
    expect(child(child(answer, 'query'), 'identity')?.attrs).toMatchObject({
      category: 'automation',
      type: 'command-node',
      name: 'Settings for all servers',
    });
    expect(features(answer)).toEqual(expect.arrayContaining([ns, 'jabber:x:data']));
    expect(conditionOf(await world.iq(domain, info('reload'), me, 'get'))).toBe('forbidden');
    expect(features(await world.iq(domain, info('reload'), admin, 'get'))).toContain(ns);
    for (const to of [domain, server, contact])
      expect(conditionOf(await world.iq(to, info('no-such'), me, 'get'))).toBe('item-not-found');
  });

  test('050-01 050-02 who may not use the gateway, or not any more, is offered nothing there, and is forbidden the rest', async () => {
    const stranger = 'tybalt@elsewhere.test/x';
    expect(conditionOf(await world.run(domain, "node='configure'", '', stranger))).toBe('forbidden');
    expect(await disco(domain, stranger)).toEqual([]);
    const answer = await world.iq(domain, info('configure'), stranger, 'get');
    expect(answer.attrs.type).toBe('error');
    expect(conditionOf(answer)).toBe('forbidden');
  });

  test('a domain of one server has the commands of that server at its own address, under biboumi’s names', async () => {
    world = createCommandWorld({}, 'net.test');
    expect(await disco(domain)).toEqual([
      'global-configure',
      'server-configure',
      'join',
      'rooms',
      'disconnect-from-irc-server',
      'get-irc-connection-info',
      'whois',
      'contacts',
      'order',
      'block',
      'unblock',
      'blocked',
      'undelivered',
      'export-my-data',
      'delete-my-data',
    ]);
    const begun = read(await world.run(domain, "node='server-configure'"));
    await world.run(domain, `node='server-configure' sessionid='${begun.id}'`, submit({ nick: 'montague' }));
    expect((await world.settings.of(owner)).at({ level: 'server' })).toEqual({ nick: 'montague' });
    expect((await world.settings.of(owner)).at({ level: 'all' })).toEqual({});
  });

  test('a network with nothing to set and no commands announces what is left', async () => {
    world = createCommandWorld({ settings: undefined, commands: undefined, knowsPeople: undefined });
    expect(await disco(domain)).toEqual([
      'join',
      'rooms',
      'disconnect-from-irc-server',
      'block',
      'unblock',
      'blocked',
      'undelivered',
      'export-my-data',
      'delete-my-data',
    ]);
    expect(await disco(contact)).toEqual(['block', 'unblock']);
    expect(conditionOf(await world.run(contact, "node='whois'"))).toBe('item-not-found');
  });
});

describe('stages', () => {
  test('050-03 050-04 050-10 the first: the same node, a session, actions that may be taken, the form', async () => {
    const first = read(await world.run(server, "node='configure'"));
    expect(first).toMatchObject({ status: 'executing', order: ['actions', 'x'] });
    expect(first.id).not.toBe('');
    expect(first.actions?.attrs.execute).toBe('complete');
    expect(first.actions?.children.map((one) => (typeof one === 'string' ? one : one.name))).toEqual(['complete']);
    const second = read(await world.run(server, "node='configure' action='execute'"));
    expect(second.id).not.toBe(first.id);
  });

  test.each(["action='complete'", "action='next'", "action='execute'", ''])(
    '050-04 the form may be sent with %s',
    async (action) => {
      const { id } = read(await world.run(server, "node='configure'"));
      const done = read(
        await world.run(server, `node='configure' sessionid='${id}' ${action}`, submit({ nick: 'montague' })),
      );
      expect(done).toMatchObject({ status: 'completed', id });
      expect((await world.settings.of(owner)).at(onServer)).toEqual({ nick: 'montague' });
      expect(world.given).toEqual([`changed ${owner} server`]);
    },
  );

  test('050-09 a form of type cancel is a submission', async () => {
    const { id } = read(await world.run(server, "node='configure'"));
    await world.run(server, `node='configure' sessionid='${id}' action='complete'`, submit({ nick: 'x' }, 'cancel'));
    expect((await world.settings.of(owner)).at(onServer)).toEqual({ nick: 'x' });
  });

  test('050-05 cancel leaves everything as it was, and the session is over', async () => {
    const { id } = read(await world.run(server, "node='configure'"));
    const step = `node='configure' sessionid='${id}'`;
    expect(read(await world.run(server, `${step} action='cancel'`, submit({ nick: 'x' })))).toMatchObject({
      status: 'canceled',
      id,
    });
    expect(detailOf(await world.run(server, `${step} action='complete'`, submit({ nick: 'x' })))).toBe(
      'session-expired',
    );
    expect(world.given).toEqual([]);
  });

  test('050-04 050-05 several forms: next to the second, prev back to the first with other answers', async () => {
    const first = read(await world.run(server, "node='order'"));
    expect(first.actions?.attrs.execute).toBe('next');
    const step = `node='order' sessionid='${first.id}'`;
    const second = read(await world.run(server, `${step} action='next'`, submit({ drink: 'poison' })));
    expect(textOf(child(second.form, 'title'))).toBe('How much poison?');
    expect(child(second.actions, 'prev')).toBeDefined();
    const again = read(await world.run(server, `${step} action='prev'`));
    expect(again.fields).toHaveProperty('drink');
    expect(child(again.actions, 'prev')).toBeUndefined();
    const tea = read(await world.run(server, `${step} action='next'`, submit({ drink: 'tea' })));
    expect(textOf(child(tea.form, 'title'))).toBe('How much tea?');
    const done = read(await world.run(server, `${step} action='complete'`, submit({ cups: '2' })));
    expect(done).toMatchObject({ status: 'completed', notes: ['info: 2 of tea'] });
    expect((await world.settings.of(owner)).at(onServer)).toEqual({ last_drink: 'tea' });
  });

  test('what makes no sense in itself is asked again with the reason', async () => {
    const { id } = read(await world.run(server, "node='order'"));
    await world.run(server, `node='order' sessionid='${id}'`, submit({ drink: 'tea' }));
    const again = read(await world.run(server, `node='order' sessionid='${id}'`, submit({ cups: '11' })));
    expect(again).toMatchObject({ status: 'executing', notes: ['error: So much is not there.'] });
    expect(again.order?.slice(-2)).toEqual(['x', 'note']);
  });

  test('050-08 what the network or a store refuses is a command that has ended, with an error note', async () => {
    world.state.refuses = new GatewayError('storage-away', { text: 'The database is away' });
    const done = read(await fill(server, 'configure', { nick: 'x' }));
    expect(done).toMatchObject({ status: 'completed', notes: ['error: The database is away'] });
  });

  test('a bug is no note: whoever asked hears of it as of every bug', async () => {
    world.state.refuses = new TypeError('a secret');
    await expect(fill(server, 'configure', { nick: 'x' })).rejects.toThrow('a secret');
  });
});

describe('errors', () => {
  test('050-07 an unknown node, no permission', async () => {
    expect(conditionOf(await world.run(domain, "node='no-such'"))).toBe('item-not-found');
    expect(conditionOf(await world.run(domain, "node='reload'"))).toBe('forbidden');
  });

  test('050-07 actions that nobody knows, or that make no sense now', async () => {
    const malformed = await world.run(server, "node='configure' action='dance'");
    expect([conditionOf(malformed), detailOf(malformed)]).toEqual(['bad-request', 'malformed-action']);
    const { id } = read(await world.run(server, "node='configure'"));
    for (const attrs of [`sessionid='${id}' action='prev'`, "action='complete'", "action='next'", "action='cancel'"])
      expect(detailOf(await world.run(server, `node='configure' ${attrs}`)), attrs).toBe('bad-action');
  });

  test('050-07 a required field that is missing; the form stays open', async () => {
    const { id } = read(await world.run(server, "node='order'"));
    const step = `node='order' sessionid='${id}'`;
    const missing = await world.run(server, step, submit({}));
    expect([conditionOf(missing), detailOf(missing)]).toEqual(['bad-request', 'bad-payload']);
    expect(textOf(child(child(missing, 'error'), 'text'))).toContain('Which drink');
    expect(read(await world.run(server, step, submit({ drink: 'tea' }))).status).toBe('executing');
  });

  test('050-06 050-07 a session belongs to one full JID, one address and one command', async () => {
    const { id } = read(await world.run(server, "node='configure'"));
    const step = `sessionid='${id}'`;
    const others = [
      await world.run(server, `node='configure' ${step}`, '', 'romeo@example.org/desk'),
      await world.run(server, `node='configure' ${step}`, '', admin),
      await world.run(server, `node='order' ${step}`),
      await world.run(channel, `node='configure' ${step}`),
      await world.run(server, "node='configure' sessionid='made-up'"),
    ];
    expect(others.map(detailOf)).toEqual(Array(5).fill('bad-sessionid'));
    expect(read(await world.run(server, `node='configure' ${step}`, submit({}))).status).toBe('completed');
  });

  test('050-06 050-07 one that waited for an hour, was finished, or is of another life of the gateway has expired; the remedy is told', async () => {
    const waits = read(await world.run(server, "node='configure'"));
    const over = read(await fill(server, 'configure', {}));
    world.state.now += 3_600_001;
    for (const id of [waits.id, over.id, 'another-life-of-that-process-0.life-of-that-process-0000009']) {
      const expired = await world.run(server, `node='configure' sessionid='${id}'`, submit({}));
      expect([conditionOf(expired), detailOf(expired)]).toEqual(['not-allowed', 'session-expired']);
      expect(textOf(child(child(expired, 'error'), 'text'))).toContain('Start the command again');
    }
  });

  test('050-06 a client has five sessions; the one that waited longest gives way', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push(read(await world.run(server, "node='configure'")).id);
    const results = [];
    for (const id of ids)
      results.push(detailOf(await world.run(server, `node='configure' sessionid='${id}' action='prev'`)));
    expect(results).toEqual(['session-expired', ...Array(5).fill('bad-action')]);
    expect(read(await world.run(server, "node='configure'", '', 'romeo@example.org/desk')).status).toBe('executing');
  });

  test('a step whose asker has given up is not carried on', async () => {
    const late = new AbortController();
    world.state.signal = late.signal;
    let release = (): void => {};
    world.state.session = {
      me: 'romeo' as never,
      limits: () => ({ textBytes: 1, maxBytes: 1, concurrency: 1, window: 1, dedupes: false }),
      send: () => Promise.reject(new Error('not here')),
      rooms: { join: () => Promise.reject(new Error('not here')), leave: async () => {} },
      people: { about: () => new Promise((resolve) => (release = () => resolve({ nick: 'juliet', facts: [] }))) },
      end: async () => {},
    };
    const { id } = read(await world.run(server, "node='whois'"));
    const step = `node='whois' sessionid='${id}'`;
    const asking = world.run(server, step, submit({ nick: 'juliet' }));
    await Promise.resolve();
    expect(detailOf(await world.run(server, step, submit({ nick: 'nurse' })))).toBe('bad-action');
    late.abort();
    world.state.signal = new AbortController().signal;
    expect(detailOf(await world.run(server, step, submit({ nick: 'nurse' })))).toBe('session-expired');
    release();
    await asking;
  });
});

describe('settings', () => {
  test('004-01 004-03 what is set is shown, what is left out stays, unknown fields are not looked at', async () => {
    await world.settings.change(owner, onServer, { nick: 'romeo', ports: ['6697', '6670'] });
    const { fields, types } = read(await world.run(server, "node='configure'"));
    expect(fields).toMatchObject({ nick: ['romeo'], ports: ['6697', '6670'], max_history_length: ['20'] });
    expect(types).toMatchObject({ nick: 'text-single', pass: 'text-private', ports: 'text-multi' });
    await fill(server, 'configure', { max_history_length: '7', FORM_TYPE: 'x', no_such: 'y' });
    expect((await world.settings.of(owner)).at(onServer)).toEqual({
      nick: 'romeo',
      ports: ['6697', '6670'],
      max_history_length: 7,
    });
  });

  test('sending the form back as it came changes nothing and makes nothing one’s own', async () => {
    const { fields } = read(await world.run(domain, "node='configure'"));
    const done = read(await fill(domain, 'configure', fields));
    expect(done.notes).toEqual(['info: Nothing was changed.']);
    expect((await world.settings.of(owner)).at({ level: 'all' })).toEqual({});
  });

  test('what is emptied is as usual again', async () => {
    await world.settings.change(owner, onServer, { nick: 'romeo', ports: ['6697'], max_history_length: 3 });
    await fill(server, 'configure', { nick: '', ports: [], max_history_length: '' });
    expect((await world.settings.of(owner)).at(onServer)).toEqual({});
  });

  test('what is set above is shown as usual below, and can be set back', async () => {
    await world.settings.change(owner, { level: 'all' }, { persistent: true, record_history: false });
    const { fields, types } = read(await world.run(channel, "node='configure'"));
    expect(fields).toEqual({ record_history: ['unset'], persistent: ['true'] });
    expect(types.record_history).toBe('list-single');
    await fill(channel, 'configure', { persistent: '0', record_history: 'true' });
    expect((await world.settings.of(owner)).at(inRoom)).toEqual({ persistent: false, record_history: 'true' });
  });

  test.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ])('004-03 a box may say %s', async (text, value) => {
    await world.settings.change(owner, { level: 'all' }, { persistent: !value });
    await fill(domain, 'configure', { persistent: text });
    expect((await world.settings.of(owner)).at({ level: 'all' }).persistent).toBe(value);
  });

  test('004-04 what is wrong is said by its label, the form is there again and nothing is changed', async () => {
    for (const [values, note] of [
      [{ nick: 'a b', max_history_length: '5' }, 'error: "Nick": No spaces.'],
      [{ max_history_length: 'many' }, 'error: "History": A whole number.'],
      [{ nick: 'x'.repeat(2_001) }, 'error: "Nick": At most 2000 characters.'],
      [{ ports: Array(101).fill('1') }, 'error: "Ports": At most 100 lines.'],
    ] as const) {
      const again = read(await fill(server, 'configure', values));
      expect(again).toMatchObject({ status: 'executing', notes: [note] });
      expect(again.fields).toHaveProperty('nick');
    }
    expect(read(await fill(channel, 'configure', { record_history: 'maybe' })).notes).toEqual([
      'error: "Keep": One of: unset, true, false.',
    ]);
    expect(world.given).toEqual([]);
  });

  test('004-06 a secret is never shown; empty keeps it, a box forgets it', async () => {
    await fill(server, 'configure', { pass: ' hunter2 ' });
    expect((await world.settings.of(owner)).at(onServer)).toEqual({ pass: ' hunter2 ' });
    const answer = await world.run(server, "node='configure'");
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    const { fields, types } = read(answer);
    expect([fields.pass, types.forget_pass]).toEqual([[], 'boolean']);
    await fill(server, 'configure', { pass: '' });
    await fill(server, 'configure', { nick: 'x', forget_pass: '0' });
    expect((await world.settings.of(owner)).at(onServer).pass).toBe(' hunter2 ');
    await fill(server, 'configure', { forget_pass: '1' });
    expect((await world.settings.of(owner)).at(onServer)).toEqual({ nick: 'x' });
    expect(read(await world.run(server, "node='configure'")).types).not.toHaveProperty('forget_pass');
  });
});
