/** Settings, by ad-hoc form and by chat, at each level, under biboumi's names; and what comes of them. */
import { expect } from 'vitest';
import { bodyOf, child, childrenOf, codesOf, conditionOf, show, textOf } from '../../harness/markup.ts';
import { executes, features, fieldsOf, fills, items, submit } from '../../harness/requests.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';
import { gatewayDomain, ircName } from '../../harness/world.ts';

const nodes = 'http://jabber.org/protocol/commands';

/** A line to the gateway or to a server, and the answer. */
async function asks(person: JabberPerson, text: string, to = gatewayDomain): Promise<string> {
  const since = person.client.inbox.all.length;
  person.client.send(`<message type='chat' id='${person.client.newId()}' to='${to}'><body>${text}</body></message>`);
  await person.client.receive(
    (one) => one.name === 'message' && one.attrs.from === to && bodyOf(one) !== undefined,
    15_000,
  );
  return person.client
    .seen((one) => one.name === 'message' && one.attrs.from === to, since)
    .map((one) => bodyOf(one) ?? '')
    .join('\n');
}

export const settings = theme('settings', [
  scenario('050-01 each kind of address lists its commands', async (stage) => {
    const { romeo } = await stage.pair();
    for (const [to, node] of [
      [gatewayDomain, stage.gatewayForm],
      [stage.server, stage.serverForm],
      [stage.room, 'configure'],
      [gatewayDomain, 'disconnect-from-irc-server'],
    ] as const) {
      const { items: all } = await items(romeo, to, '', nodes);
      expect(
        all.map(({ attrs }) => attrs.node),
        to,
      ).toContain(node);
      expect(await features(romeo, to), to).toContain(nodes);
    }
  }),

  scenario('050-03 the server’s form has biboumi’s fields, in a session of its own', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const command = child(
      await executes(romeo, stage.server, `node='${stage.serverForm}' action='execute'`),
      'command',
      nodes,
    );
    expect(command?.attrs).toMatchObject({ node: stage.serverForm, status: 'executing' });
    expect(command?.attrs.sessionid).toMatch(/./);
    expect(Object.keys(fieldsOf(command))).toEqual(
      expect.arrayContaining([
        'nick',
        'after_connect_commands',
        'username',
        'realname',
        'encoding_in',
        'sasl_password',
      ]),
    );
  }),

  scenario('45-23 a nick that is set by form is had at the next join, with 210', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const wanted = `montague${stage.world.next()}`;
    const done = await fills(romeo, stage.server, stage.serverForm, { nick: wanted });
    expect(done?.attrs.status).toBe('completed');
    const { self } = await romeo.enters();
    expect(self.attrs.from).toBe(`${stage.room}/${wanted}`);
    expect(codesOf(self)).toContain(210);
  }),

  scenario('a real name and a user name are what IRC is told', async (stage) => {
    const romeo = await stage.jabber('romeo');
    await fills(romeo, stage.server, stage.serverForm, { realname: 'Romeo of Montague', username: 'romeo' });
    await romeo.enters();
    const juliet = await stage.irc('juliet');
    juliet.client.send(`WHOIS ${romeo.nick}`);
    const [line] = await juliet.client.expect(/ 311 .*$/);
    expect(line).toContain('Romeo of Montague');
    expect(line).toMatch(/ ~?romeo /);
  }),

  scenario('004-03 a field that is left out keeps its value', async (stage) => {
    const romeo = await stage.jabber('romeo');
    await fills(romeo, stage.server, stage.serverForm, { realname: 'Romeo', username: 'romeo' });
    await fills(romeo, stage.server, stage.serverForm, { realname: 'Somebody else' });
    const shown = fieldsOf(
      child(await executes(romeo, stage.server, `node='${stage.serverForm}' action='execute'`), 'command', nodes),
    );
    expect([shown.username, shown.realname]).toEqual([['romeo'], ['Somebody else']]);
  }),

  scenario('004-04 what is no number is refused in words, and nothing is kept of it', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const begun = child(
      await executes(romeo, stage.server, `node='${stage.serverForm}' action='execute'`),
      'command',
      nodes,
    );
    const answer = await executes(
      romeo,
      stage.server,
      `node='${stage.serverForm}' sessionid='${begun?.attrs.sessionid}' action='complete'`,
      submit({ throttle_limit: 'often', nick: 'keepsake' }),
    );
    const note = child(child(answer, 'command', nodes), 'note');
    expect([note?.attrs.type, child(answer, 'command', nodes)?.attrs.status]).toEqual(['error', 'executing']);
    expect(textOf(note)).toMatch(/number/);
    const shown = fieldsOf(
      child(await executes(romeo, stage.server, `node='${stage.serverForm}' action='execute'`), 'command', nodes),
    );
    expect(shown.nick ?? []).not.toContain('keepsake');
  }),

  scenario('050-07 an unknown command, a session that never was', async (stage) => {
    const romeo = await stage.jabber('romeo');
    expect(conditionOf(await executes(romeo, gatewayDomain, `node='no-such-command'`))).toBe('item-not-found');
    const stray = await executes(
      romeo,
      gatewayDomain,
      `node='${stage.gatewayForm}' sessionid='stray' action='complete'`,
      submit({}),
    );
    expect(conditionOf(stray)).toBe('bad-request');
    expect(child(child(stray, 'error'), 'bad-sessionid', nodes)).toBeDefined();
  }),

  scenario('050-11 help by chat names what one can say', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const help = await asks(romeo, 'help');
    expect(help).toMatch(/configure/);
    expect(help).toMatch(/disconnect/);
  }),

  scenario('050-11 a setting by chat, and that it is shown', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const wanted = `paris${stage.world.next()}`;
    expect(await asks(romeo, `configure nick ${wanted}`, stage.server)).toMatch(/saved/i);
    const { self } = await romeo.enters();
    expect(self.attrs.from).toBe(`${stage.room}/${wanted}`);
  }),

  scenario('a persistent room keeps one there, and what was said is told later', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const done = await fills(romeo, stage.room, 'configure', { persistent: '1' });
    expect(done?.attrs.status).toBe('completed');
    const since = juliet.client.inbox.all.length;
    await romeo.leaves();
    juliet.says('art thou gone?');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(new RegExp(`:${romeo.nick}!\\S+ (PART|QUIT)`), since)).toEqual([]);
    await romeo.enters();
    await romeo.client.receive(`<message type='groupchat'><body>art thou gone?</body></message>`);
    await fills(romeo, stage.room, 'configure', { persistent: '0' });
    await romeo.leaves();
    await juliet.sees(romeo, '(PART|QUIT)');
  }),

  scenario('commands after connecting are sent, each on a line', async (stage) => {
    const juliet = await stage.irc('juliet');
    const romeo = await stage.jabber('romeo');
    await fills(romeo, stage.server, stage.serverForm, {
      after_connect_commands: [`PRIVMSG ${juliet.nick} :here I come`, `PRIVMSG ${juliet.nick} :here I am`],
    });
    await romeo.enters();
    await juliet.hears(romeo, 'here I come', juliet.nick);
    await juliet.hears(romeo, 'here I am', juliet.nick);
  }),

  scenario(
    'an account is registered by form, and is who one is from the next connection on',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const done = await fills(romeo, stage.server, 'register-account', { password: 'hunter2', keep: '1' });
      expect(done?.attrs.status).toBe('completed');
      romeo.client.send(`<message type='chat' id='quit' to='${stage.server}'><body>QUIT</body></message>`);
      await juliet.sees(romeo, 'QUIT');
      await romeo.sees(romeo, 'unavailable');
      await romeo.enters();
      juliet.client.send(`WHOIS ${romeo.nick}`);
      await juliet.client.expect(new RegExp(` 330 ${juliet.nick} ${romeo.nick} ${romeo.nick} `));
    },
    only(['modern'], 'nobody registers there'),
  ),

  scenario('disconnect-from-irc-server: out of all rooms with the words', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const begun = child(
      await executes(romeo, gatewayDomain, `node='disconnect-from-irc-server' action='execute'`),
      'command',
      nodes,
    );
    const offered = childrenOf(child(begun, 'x', 'jabber:x:data'), 'field').flatMap((field) =>
      childrenOf(field, 'option').map((option) => textOf(child(option, 'value'))),
    );
    expect(offered.join(' ')).toContain(ircName);
    await executes(
      romeo,
      gatewayDomain,
      `node='disconnect-from-irc-server' sessionid='${begun?.attrs.sessionid}' action='complete'`,
      submit({ 'irc-servers': offered[0] ?? ircName, 'quit-message': 'banished' }),
    );
    await juliet.sees(romeo, '(QUIT|PART)');
    const gone = await romeo.sees(romeo, 'unavailable');
    expect(codesOf(gone)).toContain(110);
    await romeo.enters();
    await juliet.sees(romeo, 'JOIN');
  }),

  scenario('get-irc-connection-info tells how one is connected', async (stage) => {
    const { romeo } = await stage.pair();
    const answer = await executes(romeo, stage.server, `node='get-irc-connection-info' action='execute'`);
    const command = child(answer, 'command', nodes);
    expect(command?.attrs.status).toBe('completed');
    const told = command === undefined ? '' : show(command);
    expect(told).toContain(stage.channel);
    expect(told).toContain(`127.0.0.1:${stage.world.ircd.port}`);
    expect(told).toContain(`>${romeo.nick}<`);
    expect(told).toMatch(/>\d+ ms</);
  }),
]);
