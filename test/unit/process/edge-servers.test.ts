/** What an edge hands on of what servers say to the gateway itself. */
import { expect, test } from 'vitest';
import { createEdgeServers, idsOf } from '../../../src/process/edge-servers.ts';
import { settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { stanza } from '../gateway/rooms/world.ts';

const may =
  "<message from='example.org' to='irc.test'><privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='both'/></privilege></message>";

function setUp(allow = ['example.org']) {
  const sent: string[] = [];
  const servers = createEdgeServers({
    domain: 'irc.test',
    post: { send: async (worker, texts) => void sent.push(...texts.map((text) => `${worker} ${text.slice(1, 4)}`)) },
    workers: { alive: async () => ['edge-1', 'worker-1', 'worker-2'] },
    log: silentLog,
    allowsHost: (host) => allow.includes(host),
  });
  return { sent, servers, allow };
}

test('356-01 what a server lets us do is told to all workers, and to a new one ahead of the first answer that it gets', async () => {
  const { sent, servers } = setUp();
  expect(servers.hear(stanza(may))).toBe(true);
  await settle();
  expect(sent).toEqual(['worker-1 mes', 'worker-2 mes']);
  const answer = stanza("<iq type='result' id='worker-2|q7' from='example.org' to='irc.test'/>");
  expect(servers.hear(answer)).toBe(true);
  await settle();
  expect(sent.slice(2)).toEqual(['worker-2 mes', 'worker-2 iq ']);
  servers.lost();
  servers.hear(answer);
  await settle();
  expect(sent.slice(4)).toEqual(['worker-2 iq ']);
});

test('356-01 what was said before, and what strangers say, is posted to nobody; once they may use the domain it counts', async () => {
  const { sent, servers, allow } = setUp([]);
  expect(servers.hear(stanza(may))).toBe(true);
  await settle();
  expect(sent).toEqual([]);
  allow.push('example.org');
  servers.hear(stanza("<iq type='result' id='worker-2|q7' from='example.org' to='irc.test'/>"));
  servers.hear(stanza(may));
  await settle();
  expect(sent).toEqual(['worker-2 mes', 'worker-2 iq ']);
});

test('356-01 what is longer than any server says is handed on to nobody', async () => {
  const { sent, servers } = setUp();
  expect(servers.hear(stanza(may.replace('</message>', `<body>${'x'.repeat(40_000)}</body></message>`)))).toBe(true);
  servers.hear(stanza("<iq type='result' id='worker-2|q7' from='example.org' to='irc.test'/>"));
  await settle();
  expect(sent).toEqual(['worker-2 iq ']);
});

test('114-53 that there is a stream is told to all workers', async () => {
  const { sent, servers } = setUp();
  await servers.begun();
  expect(sent).toEqual(['worker-1 tre', 'worker-2 tre']);
});

test('356-10 an answer goes to the worker that asked and to nobody else; what is none is not for us', async () => {
  const { sent, servers } = setUp();
  expect(servers.hear(stanza("<iq type='result' id='nobody|q7' from='romeo@example.org' to='irc.test'/>"))).toBe(true);
  for (const other of [
    "<iq type='get' id='worker-1|q' from='romeo@example.org' to='irc.test'/>",
    "<iq type='result' id='q' from='romeo@example.org' to='irc.test'/>",
    "<iq type='result' id='worker-1|q' from='romeo@example.org' to='#verona%net@irc.test'/>",
  ])
    expect(servers.hear(stanza(other))).toBe(false);
  await settle();
  expect(sent).toEqual([]);
});

test('356-10 ids name the worker only where there are several', () => {
  expect(idsOf(() => 'q', undefined)()).toBe('q');
  expect(idsOf(() => 'q', 'worker-1')()).toBe('worker-1|q');
});
