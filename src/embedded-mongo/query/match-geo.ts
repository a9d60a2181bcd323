import type { Test } from './match-operators.ts';
import { badValue, unsupported } from '../errors.ts';
import { isDoc, isNumber } from '../values/values.ts';

type Point = readonly [x: number, y: number];

/**
 * Compiles `$geoWithin` on points: `$box`, `$center`, `$centerSphere` (radius in radians).
 * @throws ServerError 238 for polygons and GeoJSON shapes
 */
export function compileGeoWithin(operand: unknown): Test {
  if (!isDoc(operand))
    throw badValue('geo near accepts just one argument when querying for a GeoJSON point');
  const [shape] = Object.keys(operand);
  switch (shape) {
    case '$centerSphere': {
      const [centre, radius] = circle(shape, operand[shape]);
      return onPoint((point) => angle(centre, point) <= radius);
    }
    case '$center': {
      const [centre, radius] = circle(shape, operand[shape]);
      return onPoint(([x, y]) => Math.hypot(x - centre[0], y - centre[1]) <= radius);
    }
    case '$box': {
      const corners = operand[shape];
      const low = Array.isArray(corners) ? pointOf(corners[0]) : undefined;
      const high = Array.isArray(corners) ? pointOf(corners[1]) : undefined;
      if (!low || !high) throw badValue('$box needs two points');
      return onPoint(
        ([x, y]) =>
          x >= Math.min(low[0], high[0]) &&
          x <= Math.max(low[0], high[0]) &&
          y >= Math.min(low[1], high[1]) &&
          y <= Math.max(low[1], high[1]),
      );
    }
    default:
      throw unsupported(`$geoWithin ${shape ?? ''}`.trim());
  }
}

/** The angle in radians between two places of longitude and latitude in degrees (haversine). */
function angle(a: Point, b: Point): number {
  const radians = Math.PI / 180;
  const latitudes = Math.sin(((b[1] - a[1]) * radians) / 2) ** 2;
  const longitudes = Math.sin(((b[0] - a[0]) * radians) / 2) ** 2;
  const chord = latitudes + Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * longitudes;
  return 2 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** A point as GeoJSON, as a legacy pair, or as an embedded document of two numbers. */
function pointOf(value: unknown): Point | undefined {
  const pair: unknown = isDoc(value)
    ? value.type === 'Point'
      ? value.coordinates
      : Object.values(value)
    : value;
  if (!Array.isArray(pair) || !isNumber(pair[0]) || !isNumber(pair[1])) return undefined;
  return [Number(pair[0]), Number(pair[1])];
}

function circle(shape: string, operand: unknown): [centre: Point, radius: number] {
  const centre = Array.isArray(operand) ? pointOf(operand[0]) : undefined;
  const radius: unknown = Array.isArray(operand) ? operand[1] : undefined;
  if (!centre || !isNumber(radius)) throw badValue(`${shape} needs a point and a radius`);
  if (Number(radius) < 0) throw badValue('radius must be a non-negative number');
  return [centre, Number(radius)];
}

function onPoint(inside: (point: Point) => boolean): Test {
  return (value) => {
    const point = pointOf(value);
    return point !== undefined && inside(point);
  };
}
