/** A scripted client's way to a real server: plain TCP (RFC 6120 with SASL PLAIN on loopback), from connecting to the bound resource. */
import { createConnection } from 'node:net';
import type { Element } from '../../src/xml/element.ts';
import { Inbox } from './inbox.ts';
import { inTime } from './lag.ts';
import { child, matcher, reader, show } from './markup.ts';
import type { Connect, Login } from './xmpp-client.ts';

export interface TcpServer {
  readonly port: number;
  readonly password: string;
  readonly host?: string;
  /** Prefixes that it declares in its stream's header: `xmlns:p='urn:p'`. */
  readonly declares?: string;
}

/** Connects to that server; every account there has this password. */
export function overTcp({ port, password, host = '127.0.0.1', declares = '' }: TcpServer): Connect {
  return (login, ears) => {
    const jid = `${login.user}@${login.domain}/${login.resource}`;
    const greetings = new Inbox<Element>(jid, show);
    let hear = (stanza: Element): void => greetings.put(stanza);
    const newReader = (): ((text: string) => void) => reader({ element: (stanza) => hear(stanza) });
    let read = newReader();
    const socket = createConnection({ port, host, noDelay: true });
    const end = (why: Error): void => {
      greetings.end(why);
      ears.over(why);
    };
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.setEncoding('utf8').on('data', (text: unknown) => read(String(text)));
    socket.on('error', end);
    socket.on('close', () => end(new Error(`${jid}: the stream ended`)));

    /** Behind a long piece blanks, without which a server's expat may wait for more (see xml/blanks.ts). */
    const write = (markup: string): void => {
      if (socket.writable) socket.write(markup.length > 1_024 ? markup + ' '.repeat(markup.length) : markup);
    };
    const arrive = async (): Promise<void> => {
      const stream = { greetings, send: write, restart: () => (read = newReader()), declares };
      await (await logIn(login, password, stream)).bind();
      hear = ears.stanza;
    };
    return {
      ready: arrive(),
      send: (markup) => inTime('xmpp', () => write(markup)),
      cut: () => socket.resetAndDestroy(),
      async close() {
        inTime('xmpp', () => socket.end(`<presence type='unavailable'/></stream:stream>`));
        const giveUp = setTimeout(() => socket.destroy(), 2_000);
        await closed.finally(() => clearTimeout(giveUp));
      },
      closed,
    };
  };
}

/** What there is of it before anybody is known. */
export interface Stream {
  readonly greetings: Inbox<Element>;
  readonly send: (markup: string) => void;
  /** What comes next is a new document. */
  readonly restart: () => void;
  readonly declares: string;
}

/** A stream whose user is known. */
export interface LoggedIn extends Pick<Stream, 'send'> {
  bind(): Promise<void>;
}

/** From the stream's header to where a resource can be bound. */
export async function logIn(login: Login, password: string, stream: Stream): Promise<LoggedIn> {
  const { user, domain, resource } = login;
  const { greetings, send, restart, declares } = stream;
  const open = (): Promise<Element> => {
    send(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ${declares} version='1.0' to='${domain}'>`,
    );
    return greetings.take(matcher('<features/>'), 'features');
  };
  const ask = async (id: string, payload: string): Promise<void> => {
    send(`<iq type='set' id='${id}'>${payload}</iq>`);
    const answer = await greetings.take(matcher(`<iq id='${id}'/>`), `the answer to ${id}`);
    if (child(answer, 'error') !== undefined) throw new Error(`${user}: ${id} refused: ${show(answer)}`);
  };
  await open();
  const secret = Buffer.from(`\0${user}\0${password}`).toString('base64');
  send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`);
  const answer = await greetings.take(({ name }) => name === 'success' || name === 'failure', 'the end of the login');
  if (answer.name === 'failure') throw new Error(`${user}: login refused: ${show(answer)}`);
  restart();
  await open();
  return {
    send,
    async bind() {
      await ask('bind', `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind>`);
      await ask('session', `<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>`);
    },
  };
}
