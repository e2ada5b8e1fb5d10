/** The configuration that holds now. Who may use a domain and who its operators are can be read again while the gateway runs; all else needs a restart, and is told. */
import { GatewayError } from '../core/errors.ts';
import type { Reloaded } from '../gateway/commands/powers.ts';
import type { BridgeConfig, Config } from '../ops/config/config.ts';
import { Secret } from '../ops/secret.ts';

export interface LivingConfig {
  readonly now: Config;
  /** Throws a GatewayError where the file has faults: then all stays as it was. */
  reload(): Promise<Reloaded>;
}

/** Reads and checks the file again. Throws a GatewayError that names its faults. */
export type ReadAgain = () => Promise<Config>;

const isSame = (a: unknown, b: unknown): boolean => whole(a) === whole(b);

/** Secrets too, which print alike. For comparing alone. */
const whole = (value: unknown): string | undefined =>
  JSON.stringify(value, function (this: Record<string, unknown>, key: string, printed: unknown) {
    const own = this[key];
    return own instanceof Secret ? own.reveal() : printed;
  });

/** What of a domain's entry counts only after a restart. */
function fixedPart({
  bridges,
  domain,
}: {
  readonly bridges: readonly BridgeConfig[];
  readonly domain: string;
}): unknown {
  const { allow: _, ...rest } = bridges.find((one) => one.domain === domain) ?? {};
  return rest;
}

function changesLater(before: Config, after: Config): readonly string[] {
  const sections = (['xmpp', 'storage', 'http'] as const).filter((name) => !isSame(before[name], after[name]));
  const domains = new Set([...before.bridges, ...after.bridges].map(({ domain }) => domain));
  const bridges = [...domains].filter(
    (domain) => !isSame(fixedPart({ ...before, domain }), fixedPart({ ...after, domain })),
  );
  return [...sections, ...bridges];
}

/** Nothing is read before `reload`. */
export function createLivingConfig(config: Config, readAgain: ReadAgain | undefined): LivingConfig {
  let now = config;
  return {
    get now() {
      return now;
    },
    async reload() {
      if (readAgain === undefined) throw new GatewayError('not-available');
      const read = await readAgain();
      const bridges = now.bridges.map((entry) => {
        const allow = read.bridges.find(({ domain }) => domain === entry.domain)?.allow;
        return allow === undefined ? entry : { ...entry, allow };
      });
      const allowed = now.bridges.flatMap(({ allow, domain }, i) =>
        isSame(allow, bridges[i]?.allow) ? [] : [`allow of ${domain}`],
      );
      const admins = isSame(now.admins, read.admins) ? [] : ['admins'];
      // Compared with what is running, so that a change is told until it counts.
      const later = changesLater(config, read);
      now = { ...now, bridges, admins: read.admins };
      return { now: [...admins, ...allowed], later };
    },
  };
}
