/** Commands as a client of a scenario runs them: by form and by lines of chat. */
import type { Element } from '../../src/xml/element.ts';
import { bodyOf, child, childrenOf, textOf } from '../harness/markup.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';

const ns = 'http://jabber.org/protocol/commands';

/** A stage of a command, as the client sees it. */
export interface Shown {
  readonly status: string | undefined;
  readonly notes: readonly string[];
  /** Name and value of each field; '' where it has none. */
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
  /** Of a list, which has a field for each row: what it is called and what is told of it. */
  readonly rows: readonly string[];
  readonly command: Element | undefined;
}

function shown(command: Element | undefined): Shown {
  const form = child(command, 'x', 'jabber:x:data');
  const firstOf = (field: Element): string => {
    const value = child(field, 'value');
    return value === undefined ? '' : textOf(value);
  };
  const named = (parent: Element | undefined) =>
    childrenOf(parent, 'field').map((field) => [field.attrs.var ?? '', firstOf(field)] as const);
  const title = child(form, 'title');
  return {
    status: command?.attrs.status,
    notes: childrenOf(command, 'note').map((note) => `${note.attrs.type}: ${textOf(note)}`),
    fields: Object.fromEntries(named(form)),
    text: [...(title === undefined ? [] : [textOf(title)]), ...childrenOf(form, 'instructions').map(textOf)].join('\n'),
    rows: childrenOf(form, 'field').map((row) =>
      [row.attrs.label, ...childrenOf(row, 'value').map((value) => textOf(value).replace(/^[^:]*: /, ''))].join(' | '),
    ),
    command,
  };
}

/** One command from its beginning, as one client runs it. */
export class Filling {
  #session = '';
  readonly #client: Client;
  readonly #node: string;
  readonly #to: string;

  constructor(client: Client, node: string, to = domainName) {
    this.#client = client;
    this.#node = node;
    this.#to = to;
  }

  begin(): Promise<Shown> {
    return this.#step('', '');
  }

  submit(values: Readonly<Record<string, string>> = {}, action = 'complete'): Promise<Shown> {
    const fields = Object.entries(values).map(
      ([name, value]) => `<field var='${name}'><value>${value}</value></field>`,
    );
    const form = `<x xmlns='jabber:x:data' type='submit'>${fields.join('')}</x>`;
    return this.#step(` action='${action}' sessionid='${this.#session}'`, form);
  }

  /** Sent and not waited for. */
  send(values: Readonly<Record<string, string>>): Promise<Shown> {
    return this.submit(values);
  }

  cancel(): Promise<Shown> {
    return this.#step(` action='cancel' sessionid='${this.#session}'`, '');
  }

  async #step(attrs: string, inside: string): Promise<Shown> {
    this.#client.ignores();
    const command = `<command xmlns='${ns}' node='${this.#node}'${attrs}>${inside}</command>`;
    await this.#client.sends(`<iq type='set' id='c' to='${this.#to}'>${command}</iq>`);
    return this.answer();
  }

  /** The last one that came. */
  answer(): Shown {
    const stanza = this.#client.queue.findLast(({ name }) => name === 'iq');
    const answer = child(stanza, 'command', ns);
    this.#session = answer?.attrs.sessionid ?? this.#session;
    return shown(answer);
  }
}

/** Says it and takes the answer. */
export async function chats(client: Client, text: string, to = domainName): Promise<string> {
  client.ignores();
  await client.sends(`<message type='chat' id='m' to='${to}'><body>${text}</body></message>`);
  const answer = client.queue.findLast(({ name, attrs }) => name === 'message' && attrs.from === to);
  return answer === undefined ? '' : (bodyOf(answer) ?? '');
}

/** "presence subscribe", in the order in which it came. */
export const came = (client: Client): readonly string[] =>
  client.queue.map(({ name, attrs }) => `${name} ${attrs.type ?? 'available'}`);
