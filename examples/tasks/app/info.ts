/** What the OpenAPI document and the pages say about this project. The version is the API's. */
export const info = {
  title: 'tasks',
  version: '1.0.0',
  description:
    'A task tracker: projects, people and tasks, with pages to work on them and a dashboard.',
};
