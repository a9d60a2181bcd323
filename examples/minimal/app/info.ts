/** What the OpenAPI document and the pages say about this project. The version is the API's. */
export const info = {
  title: 'minimal',
  version: '1.0.0',
  description: 'One resource of one field: the least a project can be.',
};
