/** Scenarios of logins in a browser: a gateway whose logins have pages, at a real port, and how one comes to them. */
import { expect } from 'vitest';
import { type Http, openHttp } from '../../src/ops/http.ts';
import { logTo } from '../../src/ops/log.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { createReadiness } from '../../src/ops/readiness.ts';
import { createLoginFront, createOwnPages, loginsMount, loginsPath } from '../../src/process/login-pages.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import { PageBrowser } from '../harness/page-browser.ts';
import { Filling } from './filling.ts';
import type { Client } from './server.ts';
import { type Stage, scenario } from './stage.ts';

type Front = ReturnType<typeof createLoginFront>;

/** Registers one. A log in which a link stands, or the password, fails it. */
export function withPages(name: string, play: (stage: Stage, browser: () => PageBrowser) => Promise<void>): void {
  let front: Front | undefined;
  /** What nobody may find in a log: the links, and what was typed. */
  const secrets = ['sesame'];
  const lines: string[] = [];
  const log = logTo({ write: (line) => void lines.push(line) }, 'debug');
  const base = new URL('https://gateway.test/login/');
  const shown = async (stage: Stage): Promise<void> => {
    const mounts = { [loginsPath]: loginsMount(() => front) };
    const port = { host: '127.0.0.1', port: 0, log, readiness: createReadiness(), metrics: createMetrics() };
    const http: Http = await openHttp({ ...port, mounts });
    try {
      await play(
        stage,
        () => new PageBrowser((url) => new URL(url.pathname + url.search, `http://127.0.0.1:${http.port}`)),
      );
      const logged = [...lines, ...stage.gateway.logged].join('');
      expect(secrets.filter((secret) => logged.includes(secret))).toEqual([]);
    } finally {
      await http.close();
    }
  };
  scenario(name, shown, {
    options: { logins: 'required' },
    admins: ['admin@test'],
    pages(clock, log) {
      const own = createOwnPages({ base, clock, log });
      front = createLoginFront({ own, clock });
      const open: typeof own.open = (plan) => {
        const url = own.open(plan);
        secrets.push(url.slice(-32));
        return url;
      };
      return { ...own, open };
    },
  });
}

/** By command, as a form shows it. */
export async function asksFor(client: Client, node = 'register'): Promise<string> {
  const filling = new Filling(client, node);
  await filling.begin();
  const { command } = await filling.submit({ where: 'browser' });
  const field = childrenOf(child(command, 'x', 'jabber:x:data'), 'field').find(({ attrs }) => attrs.var === 'url');
  return textOf(child(field, 'value'));
}

/** As far as the first form. */
export async function begun(stage: Stage, browser: PageBrowser, client = stage.client()): Promise<string> {
  const url = await asksFor(client);
  await browser.open(url);
  await browser.press('begin');
  return url;
}

/** What romeo fills in. */
export const asIs = { username: 'romeo', password: 'sesame', how: 'password' };
