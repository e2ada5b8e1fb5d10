/** Which of the gateway's domains an import goes into. */
import type { BridgeConfig, Config } from '../ops/config/config.ts';
import { UsageFault } from './arguments.ts';

/** The only domain of that bridge, or the one that is named. @param network what the bridge is called by people */
export function domainFor(config: Config, use: string, network: string, named: string | undefined): BridgeConfig {
  const all = config.bridges.filter((entry) => entry.use === use && (named === undefined || entry.domain === named));
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const names = config.bridges.filter((entry) => entry.use === use).map(({ domain }) => domain);
  throw new UsageFault(
    named === undefined ? 'Into which domain?' : `There is no ${network} domain ${named} in ${config.file}`,
    names.length === 0
      ? `Add a bridge with "use: ${use}" to ${config.file}`
      : `Add --domain, one of: ${names.join(', ')}`,
  );
}
