/** People who come from biboumi: a real one is used, its database is taken over, and Isthmus stands in its place. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/storage/sql/database.ts';
import type { Element } from '../../src/xml/element.ts';
import { startBiboumi } from '../harness/biboumi.ts';
import { overTcp } from '../harness/client-socket.ts';
import { cli, startGateway } from '../harness/gateway.ts';
import { connectIrc, type IrcClient } from '../harness/irc-client.ts';
import { bodyOf, child, childrenOf, textOf } from '../harness/markup.ts';
import { startNgircd } from '../harness/ngircd.ts';
import { startPostgres } from '../harness/postgres.ts';
import { startProsody } from '../harness/prosody.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';

const domain = 'irc.localhost';
const secret = 'shared';
const server = `irc.test@${domain}`;
const otherServer = `other.example@${domain}`;
const room = `#verona%irc.test@${domain}`;
const ns = 'http://jabber.org/protocol/commands';

type Values = Readonly<Record<string, readonly string[]>>;

/** Fills in a command's form; what is not named goes back as it came, for biboumi clears what is left out. */
async function fill(romeo: XmppClient, to: string, changes: Values): Promise<void> {
  const begun = child(
    await romeo.ask(`<iq type='set' to='${to}'><command xmlns='${ns}' node='configure'/></iq>`),
    'command',
  );
  const shown = valuesOf(begun);
  const fields = Object.entries({ ...shown, ...changes }).map(
    ([name, values]) => `<field var='${name}'>${values.map((one) => `<value>${one}</value>`).join('')}</field>`,
  );
  const form = `<x xmlns='jabber:x:data' type='submit'>${fields.join('')}</x>`;
  const attrs = `node='configure' sessionid='${begun?.attrs.sessionid}' action='complete'`;
  const done = child(
    await romeo.ask(`<iq type='set' to='${to}'><command xmlns='${ns}' ${attrs}>${form}</command></iq>`),
    'command',
  );
  expect(done?.attrs.status).toBe('completed');
}

const valuesOf = (command: Element | undefined): Values =>
  Object.fromEntries(
    childrenOf(child(command, 'x', 'jabber:x:data'), 'field').map((field) => [
      field.attrs.var ?? '',
      childrenOf(field, 'value').map(textOf),
    ]),
  );

async function shownBy(romeo: XmppClient, to: string): Promise<Values> {
  const answer = await romeo.ask(`<iq type='set' to='${to}'><command xmlns='${ns}' node='configure'/></iq>`);
  return valuesOf(child(answer, 'command'));
}

/** As people use biboumi: some settings, a channel, a conversation. */
async function useBiboumi(romeo: XmppClient, juliet: IrcClient, port: number): Promise<void> {
  romeo.send(`<presence type='subscribe' to='${server}'/>`);
  await romeo.receive(`<presence type='subscribe' from='${server}'/>`);
  romeo.send(`<presence type='subscribed' to='${server}'/>`);
  await fill(romeo, domain, { max_history_length: ['7'] });
  await fill(romeo, server, {
    address: ['127.0.0.1'],
    ports: [`${port}`],
    tls_ports: [],
    nick: ['montague'],
    after_connect_commands: ['MODE montague +i', 'AWAY :with friar'],
    realname: ['Romeo Montague'],
    encoding_in: ['no-such-encoding'],
  });
  await fill(romeo, otherServer, { sasl_password: ['hunter2'], verify_cert: ['false'], throttle_limit: ['3'] });
  await fill(romeo, room, { persistent: ['true'], record_history: ['true'] });
  await romeo.join(room, 'romeo', { within: 20_000 });
  await juliet.expect(/montague!\S+ JOIN/);
  romeo.say(room, 'but soft & <light>');
  await juliet.hears('montague', '#verona', 'but soft & <light>');
  romeo.say(room, '/me sighs');
  await juliet.expect(/PRIVMSG #verona :\x01ACTION sighs/);
  juliet.say('#verona', 'wherefore art thou');
  await romeo.receive(`<message type='groupchat' from='${room}/juliet'><body>wherefore art thou</body></message>`);
}

/** Everything that the import may have written. */
async function everythingIn(data: string): Promise<string> {
  const database = await openDatabase(join(data, 'isthmus.sqlite'));
  try {
    const settings = await database.db.selectFrom('settings').selectAll().orderBy('name').execute();
    const contacts = await database.db.selectFrom('contacts').selectAll().execute();
    const archive = await database.db.selectFrom('archive').selectAll().orderBy('id').execute();
    return JSON.stringify([settings, contacts, archive]);
  } finally {
    await database.close();
  }
}

describe.each(['SQLite', 'PostgreSQL'])('from biboumi on %s', (kind) => {
  test('nick, passwords, rooms and the past are there, once, however often it is run', async () => {
    await using stack = new AsyncDisposableStack();
    const users = { romeo: 'pw' };
    const prosody = stack.use(await startProsody({ components: { [domain]: secret }, users }));
    const ircd = stack.use(await startNgircd());
    const db =
      kind === 'SQLite'
        ? undefined
        : stack
            .use(await startPostgres())
            .database('biboumi')
            .replace(/^postgres:/, 'postgresql:');
    const { componentPort, port } = prosody;
    const biboumi = stack.use(await startBiboumi({ domain, secret, componentPort, ...(db !== undefined && { db }) }));
    const login = { user: 'romeo', domain: prosody.domain, resource: 'phone' };
    const way = overTcp({ port, password: users.romeo });
    const juliet = await connectIrc({ port: ircd.port, nick: 'juliet', caps: [] });
    await juliet.join('#verona');
    const before = await connectXmpp(login, way);
    await useBiboumi(before, juliet, ircd.port);
    await before.close();
    await biboumi.stop();

    const gateway = stack.use(
      await startGateway({
        componentPort,
        components: { [domain]: secret },
        roles: ['all'],
        redis: 'private',
        irc: { tls: 'off', throttle: 'off', pace: 'off', privateAddresses: true },
        allow: [prosody.domain],
      }),
    );
    const isthmus = gateway.member('all');
    await isthmus.stop();
    const takeOver = () => cli(['import', 'biboumi', '--db', biboumi.db, '--config', gateway.config]);
    const once = await takeOver();
    expect(once.said).toMatch(
      /settings: \d+ taken over, of 1 users\ncontacts: 1 servers in contact lists\narchive: 3 messages of 3 lines are there now/,
    );
    expect(once.code).toBe(0);
    const first = await everythingIn(gateway.data);
    expect(once.said + first).not.toContain('hunter2');
    expect((await takeOver()).said).toContain('settings: 0 taken over');
    expect(await everythingIn(gateway.data)).toBe(first);

    await isthmus.start();
    const romeo = await connectXmpp(login, way);
    expect(await shownBy(romeo, domain)).toMatchObject({ max_history_length: ['7'] });
    expect(await shownBy(romeo, room)).toMatchObject({ persistent: ['true'], record_history: ['true'] });
    const shown = await shownBy(romeo, server);
    expect(shown).toMatchObject({
      address: ['127.0.0.1'],
      nick: ['montague'],
      after_connect_commands: ['MODE montague +i', 'AWAY :with friar'],
      realname: ['Romeo Montague'],
    });
    const other = await shownBy(romeo, otherServer);
    expect(other).toMatchObject({
      sasl_password: [],
      forget_sasl_password: ['false'],
      verify_cert: ['false'],
      throttle_limit: ['3'],
    });
    const joined = await romeo.join(room, 'anything');
    expect(joined.history.map((one) => [one.attrs.from, bodyOf(one)])).toEqual([
      [`${room}/montague`, 'but soft & <light>'],
      [`${room}/montague`, '/me sighs'],
      [`${room}/juliet`, 'wherefore art thou'],
    ]);
    await juliet.expect(/montague!\S+ JOIN/);
    await romeo.close();
    juliet.close();
  });
});
