/** What the OpenAPI document and the pages say about this project. The version is the API's. */
export const info = {
  title: 'kitchen-sink',
  version: '1.0.0',
  description:
    'Every field type, every modifier and every kind of relation; names that are hard on generators.',
};
