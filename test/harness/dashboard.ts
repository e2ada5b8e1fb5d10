/** The Grafana dashboard of deploy/grafana, as far as tests look at it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.ts';

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
}

export const readDashboard = (): Dashboard =>
  JSON.parse(readFileSync(join(root, 'deploy', 'grafana', 'isthmus.json'), 'utf8'));

/** The metrics that its panels ask for. */
export const namedMetrics = ({ panels }: Dashboard): readonly string[] => [
  ...new Set(
    panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:isthmus|nodejs|process)_[a-z0-9_]+/g) ?? []),
    ),
  ),
];
