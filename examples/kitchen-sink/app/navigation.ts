/** Where the navigation leads: what layout.html loops over. */
export const navigation: readonly { readonly path: string; readonly title: string }[] = [
  // one a line
  { path: '/', title: 'Home' },
  { path: '/openapi.json', title: 'OpenAPI' },
];
