import type { View } from '../../render/types.ts';
import { ts } from '../../render/writers/typescript.ts';
import type { Spec } from '../../spec/schema.ts';

/** The pages beside the welcome page. */
export function pageNames({ pages }: Spec): readonly string[] {
  return typeof pages === 'boolean' ? [] : pages;
}

/** `about-us` → `About us`. */
export function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** View of `app/routes/pages.ts`. */
export function pagesView(spec: Spec): View {
  return {
    pages: pageNames(spec).map((name) => ({
      path: ts(`/${name}`),
      template: ts(`${name}.html`),
      title: ts(titleOf(name)),
    })),
  };
}
