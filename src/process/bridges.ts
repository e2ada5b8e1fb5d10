/** Loads the bridges that a configuration uses. */
import { bridges } from '../../bridges/index.ts';
import type { Bridge } from '../bridge/contract.ts';
import type { BridgeConfig, Config } from '../ops/config/config.ts';

/** One bridge for each configured domain; the configuration was checked, so each exists. */
export async function loadBridges({
  bridges: entries,
}: Config): Promise<readonly { readonly entry: BridgeConfig; readonly bridge: Bridge }[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const found = bridges.find(({ name }) => name === entry.use);
      if (found === undefined) throw new RangeError(`no bridge is called ${entry.use}`);
      return { entry, bridge: await found.load() };
    }),
  );
}
