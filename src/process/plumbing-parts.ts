/** What the plumbings of a domain's accounts need of the process that runs them. */
import { pictureName } from '../accounts/avatars.ts';
import type { Pictures } from '../accounts/pictures.ts';
import { createPlumbed, type PlumbedParts } from '../accounts/plumbed.ts';
import type { RunnerParts } from '../accounts/runner.ts';
import type { Network } from '../bridge/contract.ts';
import type { FaceContext } from '../gateway/face.ts';
import type { DomainMetrics } from '../ops/metrics.ts';
import { plumbingSecret } from '../storage/plumbing-ports.ts';
import { empty } from '../xml/writer.ts';
import { avatarHash } from '../xmpp/xep/0153-avatar-hash.ts';
import type { Shared } from './domain.ts';
import { createIds } from './ids.ts';

type Appearances = Pick<FaceContext, 'occupantId'> & {
  readonly pictures: Pictures;
  readonly metrics: Pick<DomainMetrics, 'plumbings'>;
};
type Needed = Pick<Shared, 'plumbings' | 'plumbingStore' | 'config' | 'order' | 'stores'>;

/** For the runner of that domain. */
export function createPlumbingOf(
  { addresses }: Pick<Network, 'addresses'>,
  shared: Needed,
  { occupantId, pictures, metrics }: Appearances,
): NonNullable<RunnerParts['plumbed']> {
  const { plumbings, plumbingStore: store, order } = shared;
  const running: PlumbedParts['running'] = new Map();
  for (const state of ['waiting', 'joined', 'troubled'] as const)
    metrics.plumbings(state, () => [...running.values()].filter((one) => one.state === state).length);
  const parts: PlumbedParts = {
    running,
    addresses,
    store,
    of: plumbings.of,
    passwordOf: ({ id, password }) =>
      password === undefined ? undefined : shared.stores.vault.open(password, plumbingSecret(id)),
    async granted({ id }, at) {
      // As it is now: who made it may have had their data deleted since it was opened.
      const row = plumbings.all.find((one) => one.id === id);
      if (row === undefined) return;
      const { token: _, ...agreed } = row;
      await plumbings.put({ ...agreed, at });
    },
    async over(row) {
      await plumbings.remove(row.id);
      await order(row.account, { is: 'replumb' });
    },
    mac: occupantId,
    newId: createIds(),
    isArchived: shared.config.storage.archive,
    photo(on, avatar) {
      const picture = avatar === undefined ? undefined : pictures.known(pictureName(on, avatar));
      return picture ? avatarHash(picture.hash) : empty;
    },
  };
  return (row, face, world) => createPlumbed(row, face, world, parts);
}
