/** What the OpenAPI document and the pages say about this project. The version is the API's. */
export const info = {
  title: 'course',
  version: '1.0.0',
  description:
    'The requests of the course "REST APIs using Flask & MongoDB", beside an emitted resource.',
};
