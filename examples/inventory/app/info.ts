/** What the OpenAPI document and the pages say about this project. The version is the API's. */
export const info = {
  title: 'inventory',
  version: '1.0.0',
  description:
    'An inventory: parts, suppliers, places and movements; deliveries come in as webhooks, reports run by themselves.',
};
