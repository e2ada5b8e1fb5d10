/** XEP-0163 Personal Eventing Protocol, version 1.2.2: §4.3, whoever says in its capabilities that it wants a node's events gets them. */

/** The identity of an address that answers for a person's nodes (§5). */
export const PEP_IDENTITY = { category: 'pubsub', type: 'pep' } as const;

/** The feature by which a client asks for a node's events. */
export const notify = (node: string): string => `${node}+notify`;

/** Of somebody's features, the nodes whose events they want. */
export const nodesWanted = (features: Iterable<string>): ReadonlySet<string> =>
  new Set(
    [...features].flatMap((feature) => (feature.endsWith('+notify') ? [feature.slice(0, -'+notify'.length)] : [])),
  );
