/**
 * The component stream of one domain (XEP-0114) for as long as the gateway lives: one link after the other in one loop, so that there is no state but "a link is up" and
 * "the next is on its way"; and what rides on it: batched output, barriers, our own requests, and the watch over a peer that has gone silent.
 */
import type { Element } from '../../xml/element.ts';
import { isOurFault, isRefusal, otherHost, waitMs } from './backoff.ts';
import { type Barrier, createBarrier } from './barrier.ts';
import { type Batch, createBatch } from './batch.ts';
import { type Link, type LinkEnd, openLink } from './link.ts';
import { createOutbound } from './outbound.ts';
import { createPending, newId, type Pending } from './pending.ts';
import { type Component, type ComponentOptions, IqError, LinkDown, type Request, StreamRefused } from './types.ts';

/** 114-50: something is written at least this often; after two rounds of silence, and every fourth in any case, the server must answer. */
const ROUND_MS = 55_000;
/** A stream that lasted this long has proved itself: the next failure counts as the first. */
const PROVEN_MS = 30_000;
/** see-other-host is followed at once so often in a row, then it is a failure like others. */
const MOST_HOPS = 5;

/** What a component is between two events. */
interface Life {
  readonly options: ComponentOptions;
  readonly batch: Batch;
  readonly barrier: Barrier;
  readonly pending: Pending;
  /** `start`'s promise. */
  readonly first: PromiseWithResolvers<void>;
  readonly stopped: AbortController;
  started: boolean;
  /** The loop's end. */
  finished: Promise<void>;
  link: Link | undefined;
  up: boolean;
  upAt: number;
  wasUp: boolean;
  silentRounds: number;
}

/** A component that does nothing until `start`. */
export function createComponent(options: ComponentOptions): Component {
  const { domain, clock } = options;
  const kill = (reason: string) => (): void => life.link?.kill(reason);
  const batch = createBatch(kill('the caller writes without heeding that there is no room'));
  const write = (text: string): void => void batch.write(text);
  const life: Life = {
    options,
    batch,
    barrier: createBarrier({ domain, clock, write, dead: kill('the server does not answer') }),
    pending: createPending(clock),
    first: Promise.withResolvers<void>(),
    stopped: new AbortController(),
    started: false,
    finished: Promise.resolve(),
    link: undefined,
    up: false,
    upAt: 0,
    wasUp: false,
    silentRounds: 0,
  };
  return {
    get up() {
      return life.up;
    },
    start: (signal) => start(life, signal),
    write: batch.write,
    drained: batch.drained,
    barrier: () => (life.up ? life.barrier.wait() : Promise.reject(new LinkDown('not connected'))),
    request: (iq, timeoutMs) => request(life, iq, timeoutMs),
    stop: async () => {
      batch.flush();
      life.stopped.abort(new Error(`the component stream of ${domain} was stopped`));
      life.link?.close();
      await life.finished;
    },
  };
}

async function start(life: Life, signal: AbortSignal): Promise<void> {
  if (life.started) throw new Error('a component is started once');
  life.started = true;
  warnOfPlain(life.options);
  const { domain, log } = life.options;
  const over = AbortSignal.any([signal, life.stopped.signal]);
  const abort = (): void => {
    life.first.reject(over.reason);
    // `stop` has asked politely; the signal means now.
    if (!life.stopped.signal.aborted) life.link?.kill('aborted');
  };
  if (over.aborted) abort();
  else over.addEventListener('abort', abort, { once: true });
  life.finished = run(life, over)
    .catch((error: unknown) => {
      log.error({ domain, error }, 'the component stream ended by a bug');
      life.first.reject(error);
    })
    .finally(() => life.batch.close());
  return life.first.promise;
}

/** One link after the other, until the signal. */
async function run(life: Life, signal: AbortSignal): Promise<void> {
  const { clock, log, domain, host, port } = life.options;
  const home = { host, port };
  let where = home;
  let failures = 0;
  let hops = 0;
  while (!signal.aborted) {
    const end = await live(life, where);
    const lasted = life.up && clock.now() - life.upAt >= PROVEN_MS;
    const ghost = isGhost(life, end);
    fall(life, end.reason);
    if (signal.aborted) return;
    if (isRefusal(end) && !ghost && !life.wasUp) {
      life.first.reject(new StreamRefused(domain, end.condition ?? '', end.text ?? ''));
    }
    const other = end.condition === 'see-other-host' ? otherHost(end.host ?? '', port) : undefined;
    if (lasted) hops = 0;
    where = home;
    if (other !== undefined && ++hops <= MOST_HOPS) {
      log.info({ domain, ...other }, 'the XMPP server sends us to another host');
      where = other;
      continue;
    }
    hops = 0;
    failures = lasted ? 1 : failures + 1;
    const ms = waitMs(end, failures, { isGhost: ghost });
    report(life, end, ms, ghost);
    guarded(life.options, 'onWaiting', () => life.options.onWaiting?.(end.reason));
    await clock.sleep(ms, signal).catch(() => undefined);
  }
}

/** 114-12: refused, not replaced, because of a stream of ours that the server still takes for alive: it was half-open, or its process stands still. */
function isGhost({ options, up, wasUp }: Life, { condition }: LinkEnd): boolean {
  return condition === 'conflict' && !up && (wasUp || options.isHeir?.() === true);
}

/** One link from its beginning to its end. */
async function live(life: Life, where: { readonly host: string; readonly port: number }): Promise<LinkEnd> {
  const link = openLink(life.options, where, {
    up: () => rise(life, link),
    stanza: (element) => receive(life, element),
    oversized: (root) => passedOver(life, root),
    heard: () => {
      life.silentRounds = 0;
    },
    drain: life.batch.drain,
  });
  life.link = link;
  const stopWatch = watch(life);
  const end = await link.ended;
  stopWatch();
  life.link = undefined;
  return end;
}

function rise(life: Life, link: Link): void {
  const { options, batch } = life;
  life.up = true;
  life.wasUp = true;
  life.upAt = options.clock.now();
  life.silentRounds = 0;
  batch.attach(link.socket);
  options.log.info({ domain: options.domain }, 'component stream is up');
  life.first.resolve();
  guarded(options, 'onUp', () => options.onUp());
}

function fall(life: Life, reason: string): void {
  const wasUp = life.up;
  life.up = false;
  life.batch.attach(undefined);
  life.barrier.fail(reason);
  life.pending.fail();
  if (wasUp) guarded(life.options, 'onDown', () => life.options.onDown(reason));
}

function receive({ options, barrier, pending }: Life, stanza: Element): void {
  if (stanza.name === 'iq' && (barrier.settle(stanza) || pending.settle(stanza))) return;
  try {
    options.onStanza(stanza);
  } catch (error) {
    contained(options, 'onStanza', error);
  }
}

function passedOver({ options }: Life, root: Element): void {
  const { domain, log } = options;
  log.warn({ domain, from: root.attrs.from ?? '', stanza: root.name }, 'stanza over the limits was passed over');
  guarded(options, 'onOversized', () => options.onOversized?.(root));
}

/** 114-50: keeps middleboxes from forgetting the connection, and finds out when nobody is at its other end. */
function watch(life: Life): () => void {
  const { clock } = life.options;
  let rounds = 0;
  let cancel = (): void => undefined;
  const round = (): void => {
    cancel = clock.after(ROUND_MS, round);
    if (!life.up) return;
    if (!life.batch.takeBusy()) life.batch.write(' ');
    life.silentRounds++;
    rounds++;
    if (life.silentRounds >= 2 || rounds % 4 === 0) life.barrier.wait().catch(() => undefined);
  };
  cancel = clock.after(ROUND_MS, round);
  return () => cancel();
}

async function request(life: Life, { to, from, type, body }: Request, timeoutMs: number): Promise<Element> {
  if (!life.up) throw new IqError('remote-server-timeout', 'wait');
  const id = newId();
  const rendered: string[] = [];
  createOutbound(life.options.domain).render({ kind: 'iq', to: [to], from, type, id, body }, rendered);
  const answer = life.pending.expect({ id, to, from }, timeoutMs);
  life.batch.write(rendered.join(''));
  return answer;
}

function guarded(options: ComponentOptions, what: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    contained(options, what, error);
  }
}

function contained({ domain, log }: ComponentOptions, what: string, error: unknown): void {
  log.error({ domain, error }, `${what} threw: a bug, contained`);
}

function report({ options }: Life, end: LinkEnd, retryMs: number, isGhost: boolean): void {
  const { domain, log } = options;
  const fields = { domain, reason: end.reason, text: end.text ?? '', retryMs };
  if (isGhost) log.warn(fields, 'the XMPP server takes an earlier stream of ours for alive; it is tried again');
  else if (isRefusal(end))
    log.error(fields, 'the XMPP server refused the component; its configuration or ours must change');
  else if (isOurFault(end)) log.error(fields, 'the XMPP server ended the stream for what we sent: a bug of ours');
  else log.warn(fields, 'component stream is down');
}

/** 114-22: XEP-0114 itself has no encryption, and its secret and everybody's messages would be on the wire. */
function warnOfPlain({ domain, host, tls, log }: ComponentOptions): void {
  if (tls || /^(localhost|127\.\d+\.\d+\.\d+|::1|.*\.localhost)$/.test(host)) return;
  log.warn(
    { domain, host },
    'the component stream is not encrypted and leaves this machine; use a private network or tls',
  );
}
