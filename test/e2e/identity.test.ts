/** Who one is on IRC, set from a Jabber client: logins with real services, refusals, certificates, and how one comes. */
import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { expectJoinOrder, refusal } from '../harness/expectations.ts';
import { tlsName } from '../harness/inspircd.ts';
import { child } from '../harness/markup.ts';
import { executes, fills, submit } from '../harness/requests.ts';
import { useWorld } from '../harness/scenario.ts';
import { type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain, ircName } from '../harness/world.ts';

const server = `${ircName}@${gatewayDomain}`;

/** Says a line to the server's address; resolves with the answer. */
async function sets(person: JabberPerson, line: string): Promise<void> {
  person.client.send(`<message type='chat' id='set' to='${server}'><body>${line}</body></message>`);
  await person.client.receive(
    (stanza) => stanza.name === 'message' && stanza.attrs.from === server && /Saved/.test(JSON.stringify(stanza)),
  );
}

/** All that a step of a command says. */
const wordsOf = (command: Element | undefined): string => JSON.stringify(command);

describe('with NickServ and SASL', () => {
  const world = useWorld({ ircd: 'services', env: ({ tls }) => ({ NODE_EXTRA_CA_CERTS: tls?.ca ?? '' }) });

  test('a password that is set logs one in; a wrong one answers the join, and what is mended works', async () => {
    await using stage = new Stage(world());
    const romeo = await stage.jabber('romeo');
    const { nick } = romeo;
    const juliet = await stage.irc('juliet');
    const registrar = await stage.irc('registrar');
    registrar.client.send(`NICK ${nick}`);
    await registrar.client.expect(new RegExp(` NICK :?${nick}$`));
    registrar.client.say('NickServ', 'REGISTER sesame romeo@verona.example');
    await registrar.client.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);
    registrar.client.close();
    await registrar.client.inbox.take(() => false, 'the end').catch(() => {});

    await sets(romeo, 'configure sasl_password wrong');
    expect(await refusal(romeo.enters())).toMatchObject({ condition: 'recipient-unavailable', type: 'wait' });
    await sets(romeo, 'configure sasl_password sesame');
    expectJoinOrder(await romeo.enters());
    const since = juliet.client.inbox.all.length;
    juliet.client.send(`WHOIS ${nick}`);
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ 330 /, since).join()).toContain(` ${nick} ${nick} `);
  });

  test('an account is added with a certificate alone, once the services know it; one is logged in with it from then on', async () => {
    await using stage = new Stage(world());
    const romeo = await stage.jabber('romeo');
    const account = `romeo${world().next()}`;
    const services = await world().irc(account);
    services.say('NickServ', `REGISTER sesame ${account}@verona.example`);
    await services.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);

    const begun = child(await executes(romeo, gatewayDomain, `node='register'`), 'command');
    const attrs = `node='register' sessionid='${begun?.attrs.sessionid}' action='complete'`;
    const filled = submit({ server: tlsName, username: account });
    const registers = async () => child(await executes(romeo, gatewayDomain, attrs, filled), 'command');
    expect(wordsOf(await registers())).toContain('no client certificate is set');
    const made = await fills(romeo, `${tlsName}@${gatewayDomain}`, 'certificate', { action: 'make' });
    const [fingerprint = ''] = /\b[0-9a-f]{64}\b/.exec(wordsOf(made)) ?? [];
    // Nobody has told the services yet.
    expect(wordsOf(await registers())).toContain('SASL authentication failed');
    services.say('NickServ', `CERT ADD ${fingerprint}`);
    await services.expect(/NickServ!\S+ NOTICE \S+ :.*Added fingerprint/);
    services.close();
    const done = await registers();
    expect(wordsOf(done)).toContain(`You are logged in as ${account}.`);
    expect(done?.attrs.status).toBe('completed');

    await romeo.client.join(`#verona%${tlsName}@${gatewayDomain}`, account);
    const juliet = await stage.irc('juliet');
    juliet.client.send(`WHOIS ${account}`);
    await juliet.client.expect(new RegExp(` 330 \\S+ ${account} ${account} :`));
  });

  test('names, and the encoding that others read', async () => {
    await using stage = new Stage(world());
    const romeo = await stage.jabber('romeo');
    await sets(romeo, 'configure realname Romeo Montague');
    await sets(romeo, 'configure username montague');
    await sets(romeo, 'configure encoding_out iso-8859-15');
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await romeo.enters();
    const since = juliet.client.inbox.all.length;
    juliet.client.send(`WHOIS ${romeo.nick}`);
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ 311 /, since).join()).toMatch(/ montague \S+ \* :Romeo Montague$/);
    romeo.says('caf\u00e9');
    // The person's client reads UTF-8, and so sees that it is not.
    await juliet.hears(romeo, 'caf\ufffd');
    await romeo.hears(romeo, 'caf\u00e9');
  });

  test('an encoding that is set in the room’s own configuration counts there at once, both ways', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    romeo.says('caf\u00e9');
    await juliet.hears(romeo, 'caf\u00e9');
    await romeo.hears(romeo, 'caf\u00e9');
    const muc = 'http://jabber.org/protocol/muc';
    const form = submit({ FORM_TYPE: `${muc}#roomconfig`, encoding_out: 'iso-8859-15', encoding_in: 'koi8-r' });
    const set = await romeo.client.ask(
      `<iq type='set' to='${stage.room}'><query xmlns='${muc}#owner'>${form}</query></iq>`,
    );
    expect(set.attrs.type).toBe('result');
    romeo.says('caf\u00e9 again');
    await juliet.hears(romeo, 'caf\ufffd again');
    await romeo.hears(romeo, 'caf\u00e9 again');
    juliet.client.raw(Buffer.from(`PRIVMSG ${stage.channel} :\xf0\xd2\xc9\r\n`, 'latin1'));
    await romeo.hears(juliet, 'При');
  });
});
