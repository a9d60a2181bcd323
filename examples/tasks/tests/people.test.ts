import { person } from '../app/models/person.ts';
import { conformance } from './support/conformance/index.ts';

/**
 * What the HTTP contract promises for /people, checked against the model: one case per promise.
 * A rule of your own that the sample documents break: pass `{ sample: (n) => ({ field: value }) }`
 * as second argument. Tests of your own rules go below.
 */
conformance(person);
