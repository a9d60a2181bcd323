/** What the OpenAPI document and the pages say about this project. The version is the API's. */
export const info = {
  title: 'bookshop',
  version: '1.0.0',
  description: 'A shop for books: authors, books in categories, customers and their orders.',
};
