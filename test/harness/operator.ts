/** What operators do in tests between real servers: become one, and run commands to their end. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { GatewayUnderTest } from './gateway.ts';
import { child, show } from './markup.ts';
import { gatewayDomain } from './world.ts';
import type { XmppClient } from './xmpp-client.ts';

const ns = 'http://jabber.org/protocol/commands';
const limitMs = 120_000;

type Values = Readonly<Record<string, readonly string[]>>;

/** A command to its end, a form after the other; resolves with the last stage. */
export async function runs(client: XmppClient, node: string, ...forms: readonly Values[]) {
  return runsAt(client, gatewayDomain, node, ...forms);
}

/** The same at another address of the gateway. */
export async function runsAt(client: XmppClient, to: string, node: string, ...forms: readonly Values[]) {
  const ask = async (attrs: string, inside: string) => {
    const command = `<command xmlns='${ns}' node='${node}'${attrs}>${inside}</command>`;
    const answer = await client.ask(`<iq type='set' to='${to}'>${command}</iq>`, limitMs);
    if (answer.attrs.type !== 'result') throw new Error(`${node} was refused: ${show(answer)}`);
    return child(answer, 'command', ns);
  };
  let stage = await ask('', '');
  for (const values of forms) {
    const fields = Object.entries(values).map(
      ([name, all]) => `<field var='${name}'>${all.map((one) => `<value>${one}</value>`).join('')}</field>`,
    );
    const form = `<x xmlns='jabber:x:data' type='submit'>${fields.join('')}</x>`;
    stage = await ask(` action='complete' sessionid='${stage?.attrs.sessionid}'`, form);
  }
  return stage;
}

/** From now on that JID is an operator: the gateway is started anew. */
export async function hasOperator(gateway: GatewayUnderTest, admin: string): Promise<void> {
  await gateway.stop();
  const config = parse(readFileSync(gateway.config, 'utf8')) as Record<string, unknown>;
  writeFileSync(gateway.config, stringify({ ...config, admins: [admin] }));
  await gateway.start();
}
