/** What a domain's decoder is made from: the configuration, its bridge and its network. The same for all roles, so that an edge and a worker agree. */
import type { Bridge, Clock, Network } from '../bridge/contract.ts';
import type { DecoderOptions } from '../gateway/decode/scope.ts';
import type { BridgeConfig, Config } from '../ops/config/config.ts';

export interface DecodingParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** For `createDecoder` and `createScope`. */
export function decoderOptions(
  { domain, allow }: BridgeConfig,
  { about }: Bridge,
  { addresses, registration, settings, commands, knowsPeople, certificates, browsable = false }: Network,
  { config, clock, version, startedAt }: DecodingParts,
): DecoderOptions {
  const now = (): number => clock.now();
  const offered = { settings, commands, knowsPeople, certificates, browsable };
  return { domain, allow, about, addresses, registration, ...offered, admins: config.admins, version, startedAt, now };
}
