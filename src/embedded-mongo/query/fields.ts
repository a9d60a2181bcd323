import type { Doc } from '../values/bson.ts';

/** The top-level field a dotted path starts with. */
export function head(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
}

/**
 * The top-level fields a filter reads, so that a scan decodes only these; undefined when it may read any
 * (`$expr`, `$where`, `$jsonSchema`, `$text`).
 */
export function topLevelFields(filter: Doc): string[] | undefined {
  const fields: string[] = [];
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) {
      fields.push(head(key));
    } else if (key === '$and' || key === '$or' || key === '$nor') {
      if (!Array.isArray(value)) return undefined;
      for (const branch of value as Doc[]) {
        const inner = topLevelFields(branch);
        if (!inner) return undefined;
        fields.push(...inner);
      }
    } else if (key !== '$comment') {
      return undefined;
    }
  }
  return fields;
}

/** Stages whose output holds nothing of a document but what their expressions read. */
const FRESH = new Set(['$group', '$count', '$sortByCount', '$bucket', '$bucketAuto']);
/** Stages that pass documents on and read only what their operand names. */
const PASSING = new Set([
  '$match',
  '$sort',
  '$skip',
  '$limit',
  '$unwind',
  '$set',
  '$addFields',
  '$sample',
]);
/** Expressions that read more than the field paths in them. */
const OPEN = /\$\$(ROOT|CURRENT)|"\$(getField|setField|unsetField|meta)"/;

function pathsIn(value: unknown, fields: Set<string>): void {
  if (typeof value === 'string') {
    if (/^\$[^$]/.test(value)) fields.add(head(value.slice(1)));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      // `$top` and its like name the fields that they sort by without a dollar.
      if (name === 'sortBy') for (const path of Object.keys(member ?? {})) fields.add(head(path));
      pathsIn(member, fields);
    }
  }
}

/** The top-level fields that a pipeline can read; undefined when it shows whole documents or may read any. */
export function pipelineFields(pipeline: readonly Doc[]): string[] | undefined {
  const fields = new Set<string>();
  for (const stage of pipeline) {
    const [[name, operand] = ['', undefined]] = Object.entries(stage);
    if ((!FRESH.has(name) && !PASSING.has(name)) || OPEN.test(JSON.stringify(operand)))
      return undefined;
    pathsIn(operand, fields);
    if (name === '$match') {
      const read = topLevelFields(operand as Doc);
      if (!read) return undefined;
      for (const field of read) fields.add(field);
    } else if (name === '$sort' || name === '$set' || name === '$addFields') {
      for (const path of Object.keys(operand as Doc)) fields.add(head(path));
    }
    if (FRESH.has(name)) return [...fields];
  }
  return undefined;
}
