import type { Requirement, ServerFacts } from './format.ts';

function compareVersions(a: number[], b: number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const parse = (version: string): number[] => version.split('.').map(Number);

function meets(requirement: Requirement, server: ServerFacts): boolean {
  const {
    minServerVersion: min,
    maxServerVersion: max,
    topologies,
    auth,
    serverless,
  } = requirement;
  if (min !== undefined && compareVersions(server.version, parse(min)) < 0) return false;
  if (max !== undefined && compareVersions(server.version, parse(max)) > 0) return false;
  if (topologies !== undefined && !topologies.includes(server.topology)) return false;
  return auth !== true && serverless !== 'require';
}

/** True when there is no requirement or at least one of them is met. */
export function applies(requirements: Requirement[] | undefined, server: ServerFacts): boolean {
  return requirements === undefined || requirements.some((one) => meets(one, server));
}
