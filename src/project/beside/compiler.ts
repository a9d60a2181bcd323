import { compilerOptions, type Foreign } from './detect.ts';

const oldTarget = /^es(?:3|5|6|2015|2016|2017|2018|2019|2020|2021)$/i;

/** Settings in tsconfig.json under which the layout does not compile: it is written in strict TypeScript for ES2022. */
export function compilerNotes({ beside, config }: Foreign): readonly string[] {
  if (beside.ending !== 'ts' || config === undefined) return [];
  const { target, strict, lib, noPropertyAccessFromIndexSignature } = compilerOptions(config);
  const settings = [
    ...(typeof target === 'string' && lib === undefined && oldTarget.test(target)
      ? [`"target": "${target}": raise it to ES2022`]
      : []),
    ...(strict === false ? ['"strict": false: set it to true'] : []),
    ...(noPropertyAccessFromIndexSignature === true
      ? ['"noPropertyAccessFromIndexSignature": true: leave it out']
      : []),
  ];
  return settings.map(
    (setting) => `${beside.folder}/core does not compile with what tsconfig.json says, ${setting}`,
  );
}
