import { place } from '../app/models/place.ts';
import { conformance } from './support/conformance/index.ts';

/**
 * What the HTTP contract promises for /places, checked against the model: one case per promise.
 * A rule of your own that the sample documents break: pass `{ sample: (n) => ({ field: value }) }`
 * as second argument. Tests of your own rules go below.
 */
conformance(place);
