/** What users set and ask for by commands: as forms (XEP-0050), and as lines of chat. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodyOf, child, childrenOf, textOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';
import { gatewayDomain, ircName } from '../../harness/world.ts';

const ns = 'http://jabber.org/protocol/commands';

type Values = Readonly<Record<string, string>>;

/** One step; its `<command/>`. */
async function step(person: JabberPerson, to: string, attrs: string, values?: Values): Promise<Element> {
  const fields = Object.entries(values ?? {}).map(
    ([name, value]) => `<field var='${name}'><value>${value}</value></field>`,
  );
  const form = values === undefined ? '' : `<x xmlns='jabber:x:data' type='submit'>${fields.join('')}</x>`;
  const answer = await person.client.ask(
    `<iq type='set' to='${to}'><command xmlns='${ns}' ${attrs}>${form}</command></iq>`,
  );
  const command = child(answer, 'command', ns);
  if (command === undefined) throw new Error(`no command: ${JSON.stringify(answer)}`);
  return command;
}

async function fills(person: JabberPerson, to: string, node: string, values: Values): Promise<Element> {
  const { sessionid } = (await step(person, to, `node='${node}'`)).attrs;
  return step(person, to, `node='${node}' sessionid='${sessionid}' action='complete'`, values);
}

const form = (command: Element) => child(command, 'x', 'jabber:x:data');
const fieldsOf = (command: Element): Values =>
  Object.fromEntries(
    childrenOf(form(command), 'field').map((field) => [field.attrs.var ?? '', textOf(child(field, 'value'))]),
  );

/** Says it and waits for what the gateway or the server's address answers. */
async function asks(person: JabberPerson, to: string, text: string): Promise<string> {
  const since = person.client.inbox.all.length;
  person.client.send(`<message type='chat' id='m${since}' to='${to}'><body>${text}</body></message>`);
  const answer = await person.client.inbox.take(
    ({ name, attrs, children }) =>
      name === 'message' && attrs.from === to && attrs.to === person.client.jid && children.length > 0,
    `an answer to ${text}`,
  );
  return bodyOf(answer) ?? `an error: ${JSON.stringify(answer)}`;
}

export const commands = theme('commands', [
  scenario('050-01 every kind of address lists its commands under biboumi’s names', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const list = async (to: string) => {
      const items = `<query xmlns='http://jabber.org/protocol/disco#items' node='${ns}'/>`;
      const answer = await romeo.client.ask(`<iq type='get' to='${to}'>${items}</iq>`);
      return childrenOf(child(answer, 'query'), 'item').map(({ attrs }) => attrs.node);
    };
    expect(await list(gatewayDomain)).toEqual(
      expect.arrayContaining([stage.gatewayForm, 'disconnect-from-irc-server']),
    );
    expect(await list(gatewayDomain)).not.toContain('disconnect-user');
    expect(await list(stage.server)).toEqual(
      expect.arrayContaining([stage.serverForm, 'get-irc-connection-info', 'certificate']),
    );
    expect(await list(stage.room)).toEqual(['configure', 'knock', 'masks']);
  }),

  scenario('45-58 a room that is kept by form is not left by its last client', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const done = await fills(romeo, stage.room, 'configure', { persistent: 'true' });
    expect(done.attrs.status).toBe('completed');
    await romeo.leaves();
    juliet.says('wherefore art thou');
    await juliet.client.roundtrip();
    await romeo.enters();
    // In the history, or behind the join where it was still on its way to the gateway.
    await romeo.client.receive(`<message type='groupchat'><body>wherefore art thou</body></message>`);
    await fills(romeo, stage.room, 'configure', { persistent: 'false' });
    await romeo.leaves();
    await juliet.sees(romeo, 'PART|QUIT');
  }),

  scenario(
    '45-82 the room’s own configuration has these settings too, for whoever is in it and who is nowhere',
    async (stage) => {
      const romeo = await stage.jabber('romeo');
      const owner = 'http://jabber.org/protocol/muc#owner';
      const ask = () => romeo.client.ask(`<iq type='get' to='${stage.room}'><query xmlns='${owner}'/></iq>`);
      const shown = async () => fieldsOf(child(await ask(), 'query', owner) ?? (await ask()));
      expect(await shown()).toMatchObject({ persistent: 'false' });
      const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
      const form = `<x xmlns='jabber:x:data' type='submit'>${field('FORM_TYPE', 'http://jabber.org/protocol/muc#roomconfig')}${field('persistent', '1')}</x>`;
      const done = await romeo.client.ask(
        `<iq type='set' to='${stage.room}'><query xmlns='${owner}'>${form}</query></iq>`,
      );
      expect(done.attrs.type).toBe('result');
      expect(await shown()).toMatchObject({ persistent: 'true' });
      expect(await shown()).not.toHaveProperty('muc#roomconfig_moderatedroom');
      await romeo.enters();
      expect(await shown()).toMatchObject({ persistent: 'true', 'muc#roomconfig_moderatedroom': expect.anything() });
      await fills(romeo, stage.room, 'configure', { persistent: '0' });
      expect(await shown()).toMatchObject({ persistent: 'false' });
    },
  ),

  scenario('050-11 by chat: a nick for a server, before one has ever been there', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const nick = `montague${romeo.user}`.slice(0, 15);
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    expect(await asks(romeo, gatewayDomain, `configure${stage.world.named}`)).toMatch(/Settings for irc\.test\n/);
    // Where lines to the gateway are the server's, too, a field's name begins none.
    const set = stage.server === gatewayDomain ? 'set ' : '';
    expect(await asks(romeo, gatewayDomain, `${set}nick ${nick}`)).toContain('Write done');
    expect(await asks(romeo, gatewayDomain, 'done')).toMatch(/^Saved/);
    romeo.nick = nick;
    await romeo.client.join(stage.room, 'anything');
    await juliet.sees(nick, 'JOIN');
    const shown = fieldsOf(await step(romeo, stage.server, `node='${stage.serverForm}'`));
    expect(shown.nick).toBe(nick);
  }),

  scenario('004-04 004-06 what is wrong is asked again; a secret is never shown', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const again = await fills(romeo, stage.server, stage.serverForm, { nick: 'a b', sasl_password: 'hunter2' });
    expect(again.attrs.status).toBe('executing');
    expect(textOf(child(again, 'note'))).toContain('Nick');
    const done = await fills(romeo, stage.server, stage.serverForm, { pass: 'hunter2' });
    expect(done.attrs.status).toBe('completed');
    const shown = await step(romeo, stage.server, `node='${stage.serverForm}'`);
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    await fills(romeo, stage.server, stage.serverForm, { forget_pass: '1' });
  }),

  scenario(
    'disconnect-from-irc-server: out of every room, with the message for the others',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const done = await fills(romeo, gatewayDomain, 'disconnect-from-irc-server', {
        'irc-servers': ircName,
        'quit-message': 'Good night',
      });
      expect(textOf(child(done, 'note'))).toContain('disconnected from 1 server');
      await romeo.sees(romeo, 'unavailable');
      await juliet.sees(romeo, 'QUIT', 'Good night');
      await romeo.enters();
      await juliet.sees(romeo, 'JOIN');
    },
    { hybrid: 'it swallows the farewell of whoever came within the last second' },
  ),

  scenario('info says how the connection is', async (stage) => {
    const romeo = await stage.jabber('romeo');
    expect(await asks(romeo, stage.server, 'info')).toContain('not connected');
    await romeo.enters();
    const info = await step(romeo, stage.server, "node='get-irc-connection-info'");
    expect(JSON.stringify(info)).toContain(romeo.nick);
  }),

  scenario('a certificate is made and shown by its fingerprints, by form and by chat', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const made = await fills(romeo, stage.server, 'certificate', { action: 'make' });
    const [digits] = /[0-9a-f]{64}/.exec(JSON.stringify(fieldsOf(made))) ?? [];
    expect(digits).toBeDefined();
    expect(await asks(romeo, gatewayDomain, `certificate${stage.world.named} show`)).toContain(digits);
    expect(await asks(romeo, stage.server, 'certificate remove')).toContain('was removed');
  }),

  scenario('help and what nobody knows are answered, to whoever may ask', async (stage) => {
    const romeo = await stage.jabber('romeo');
    expect(await asks(romeo, gatewayDomain, 'Help')).toContain('configure');
    expect(await asks(romeo, stage.server, 'help')).toContain('CAPITALS');
    if (stage.server === gatewayDomain) return;
    expect(await asks(romeo, gatewayDomain, 'what is the time?')).toContain('Write help');
  }),
]);
