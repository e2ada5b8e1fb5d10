/** How anything reaches a client: only tags and words that it has negotiated, and the answers to a labelled command together. */
import { type Tags, writeLine } from './line.ts';
import { type Client, fresh, type Message, maskOf, type Server, stamp } from './state.ts';

/** Tag → the capability that allows it; others go with message-tags. */
const needed: Readonly<Record<string, string>> = {
  time: 'server-time',
  account: 'account-tag',
  batch: 'batch',
  label: 'labeled-response',
  'draft/multiline-concat': 'draft/multiline',
};

/** To somebody; where they wait for the answer to a labelled command, it is part of that. */
export function tell(server: Server, to: Client, message: Message): void {
  if (server.answering?.to === to) server.answering.messages.push(message);
  else put(server, to, message);
}

/** To somebody, and no part of any answer. */
export function put(server: Server, to: Client, message: Message): void {
  if (!message.command.startsWith('BATCH') || to.caps.has('batch'))
    to.link.send(
      writeLine({
        tags: tagsFor(server, to, message),
        command: message.command,
        params: message.params,
        ...(message.source !== undefined && { source: message.source }),
      }),
    );
}

/** From somebody, to all of these. */
export function spread(
  server: Server,
  from: Client,
  recipients: Iterable<Client>,
  command: string,
  params: readonly string[],
  tags?: Tags,
): void {
  const message: Message = { source: maskOf(from), command, params, by: from, ...(tags !== undefined && { tags }) };
  for (const one of recipients) tell(server, one, message);
}

/** What the server itself says. */
export function say(server: Server, to: Client, command: string, ...params: readonly string[]): void {
  tell(server, to, { source: server.settings.name, command, params });
}

/** A numeric; the nick is put in front. */
export function numeric(server: Server, to: Client, code: string, ...params: readonly string[]): void {
  say(server, to, code, to.nick, ...params);
}

/** A standard reply. */
export function fail(server: Server, to: Client, command: string, code: string, ...rest: readonly string[]): void {
  say(server, to, 'FAIL', command, code, ...rest);
}

/** Several messages as one batch, where the client knows batches. */
export function batched(
  server: Server,
  to: Client,
  type: string,
  params: readonly string[],
  messages: readonly Message[],
  opening: Pick<Message, 'source' | 'tags' | 'by' | 'at'> = {},
  deliver: typeof tell = tell,
): void {
  const reference = fresh(server, 'b');
  const source = opening.source ?? server.settings.name;
  if (to.caps.has('batch'))
    deliver(server, to, { ...opening, source, command: 'BATCH', params: [`+${reference}`, type, ...params] });
  for (const message of messages) deliver(server, to, inBatch(message, reference));
  if (!to.caps.has('batch')) return;
  const outer = opening.tags?.get('batch');
  const tags = outer === undefined ? {} : { tags: new Map([['batch', outer]]) };
  deliver(server, to, { source: server.settings.name, command: 'BATCH', params: [`-${reference}`], ...tags });
}

/** One that is in another batch stays there. */
export function inBatch(message: Message, reference: string): Message {
  if (message.tags?.has('batch')) return message;
  return { ...message, tags: new Map([['batch', reference], ...(message.tags ?? [])]) };
}

/** While `run` runs, what is told to this client is collected; then it goes out with the label, as labeled-response says. */
export function labelled(server: Server, to: Client, label: string, run: () => void): void {
  const answering = { to, label, messages: [] as Message[] };
  server.answering = answering;
  try {
    run();
  } finally {
    server.answering = undefined;
  }
  const { messages } = answering;
  const withLabel = (message: Message): Message => ({
    ...message,
    tags: new Map([['label', label], ...(message.tags ?? [])]),
  });
  const [first] = messages;
  if (first === undefined) put(server, to, withLabel({ source: server.settings.name, command: 'ACK', params: [] }));
  else if (messages.length === 1 || isOneBatch(messages)) {
    put(server, to, withLabel(first));
    for (const message of messages.slice(1)) put(server, to, message);
  } else {
    const opening = { tags: new Map([['label', label]]) };
    batched(server, to, 'labeled-response', [], messages, opening, put);
  }
}

/** A batch from the first message to the last is an answer as it stands. */
function isOneBatch(messages: readonly Message[]): boolean {
  const [first] = messages;
  const last = messages.at(-1);
  return (
    first?.command === 'BATCH' &&
    last?.command === 'BATCH' &&
    first.params[0]?.slice(1) === last.params[0]?.slice(1) &&
    last.params[0]?.startsWith('-') === true
  );
}

function tagsFor(server: Server, to: Client, { by, at, tags = new Map() }: Message): Tags {
  const all = new Map<string, string>();
  all.set('time', stamp(at ?? server.settings.now()));
  if (by?.account !== undefined) all.set('account', by.account);
  if (by?.modes.has('B')) all.set('bot', '');
  for (const [key, value] of tags) all.set(key, value);
  return new Map([...all].filter(([key]) => to.caps.has(needed[key] ?? 'message-tags')));
}
