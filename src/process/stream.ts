/** One domain's component stream with what every role needs around it: typed stanzas, counters, readiness. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { BridgeConfig, Config } from '../ops/config/config.ts';
import type { DomainMetrics } from '../ops/metrics.ts';
import type { Readiness } from '../ops/readiness.ts';
import type { Element } from '../xml/element.ts';
import { readStanza, type Stanza } from '../xmpp/stanza.ts';
import { isOurFault } from '../xmpp/stream/backoff.ts';
import { createComponent } from '../xmpp/stream/component.ts';
import type { Component } from '../xmpp/stream/types.ts';

export interface StreamParts {
  readonly config: Config;
  readonly readiness: Readiness;
  readonly metrics: Pick<DomainMetrics, 'stanzas' | 'up'>;
  readonly log: Log;
  readonly clock: Clock;
  onStanza(stanza: Stanza): void;
  /** See ComponentOptions. */
  readonly isHeir?: () => boolean;
  /** One that broke a limit of the parser; only its head is known. */
  onOversized(stanza: Stanza): void;
  onUp(): void;
  /** @param isFault the server ended it for what it was sent */
  onDown(isFault: boolean): void;
}

/** Not started yet. */
export function createStream({ domain, secret }: BridgeConfig, parts: StreamParts): Component {
  const { config, clock, log, metrics, onStanza } = parts;
  const ready = parts.readiness.check(`xmpp ${domain}`);
  const received = metrics.stanzas('in');
  const { host, port, tls } = config.xmpp;

  function receive(element: Element): void {
    received.add();
    const stanza = readStanza(element);
    if (stanza !== undefined) onStanza(stanza);
    else log.debug({ domain, kind: element.name }, 'a stanza without a usable address was dropped');
  }

  const component = createComponent({
    domain,
    secret: secret.reveal(),
    host,
    port,
    tls: tls === false ? false : tls.ca === undefined ? true : { ca: tls.ca },
    log,
    clock,
    ...(parts.isHeir !== undefined && { isHeir: parts.isHeir }),
    onStanza: receive,
    onUp() {
      ready.set(true);
      parts.onUp();
    },
    onOversized(root) {
      const stanza = readStanza(root);
      if (stanza !== undefined) parts.onOversized(stanza);
    },
    onDown(reason) {
      ready.set(reason);
      parts.onDown(isOurFault({ reason, condition: reason }));
    },
    onWaiting: (reason) => ready.set(reason),
  });
  metrics.up(() => component.up);
  return component;
}
