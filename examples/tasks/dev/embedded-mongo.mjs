// Generated from src/embedded-mongo of create-flask-style-api: do not edit.
// A small server that speaks MongoDB’s wire protocol, for development and tests only. Never use it in production.
// Delete this file and set MONGODB_URI to work with a real MongoDB instead.
// sha256 of what follows: 0ca53ca82697d4364d77a4a3e664ff2c23730e0b0dd33fef2a143e7045679482
// src/embedded-mongo/engine.ts
import { Binary as Binary8, Long as Long17, ObjectId as ObjectId8 } from "mongodb";

// src/embedded-mongo/values/bson.ts
import {
  BSON,
  BSONRegExp,
  BSONSymbol,
  Binary,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp
} from "mongodb";

// src/embedded-mongo/errors.ts
var names = {
  1: "InternalError",
  2: "BadValue",
  4: "NoSuchKey",
  5: "GraphContainsCycle",
  8: "UnknownError",
  9: "FailedToParse",
  10: "CannotMutateObject",
  11: "UserNotFound",
  13: "Unauthorized",
  14: "TypeMismatch",
  15: "Overflow",
  16: "InvalidLength",
  18: "AuthenticationFailed",
  20: "IllegalOperation",
  22: "InvalidBSON",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  31: "RoleNotFound",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  50: "MaxTimeMSExpired",
  51: "ManualInterventionRequired",
  52: "DollarPrefixedFieldName",
  53: "InvalidIdField",
  54: "NotSingleValueField",
  55: "NotExactValueField",
  56: "EmptyFieldName",
  57: "DottedFieldName",
  59: "CommandNotFound",
  61: "ShardKeyNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  68: "IndexAlreadyExists",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  76: "NoReplicationEnabled",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  91: "ShutdownInProgress",
  96: "OperationFailed",
  100: "UnsatisfiableWriteConcern",
  110: "InvalidPipelineOperator",
  112: "WriteConflict",
  115: "CommandNotSupported",
  117: "ConflictingOperationInProgress",
  121: "DocumentValidationFailure",
  125: "CommandFailed",
  136: "CappedPositionLost",
  146: "ExceededMemoryLimit",
  165: "ViewDepthLimitExceeded",
  166: "CommandNotSupportedOnView",
  167: "OptionNotSupportedOnView",
  168: "InvalidPipelineOperator",
  171: "CannotIndexParallelArrays",
  175: "QueryPlanKilled",
  197: "InvalidIndexSpecificationOption",
  206: "NoSuchSession",
  211: "KeyNotFound",
  217: "IncompleteTransactionHistory",
  225: "TransactionTooOld",
  232: "MaxSubPipelineDepthExceeded",
  238: "NotImplemented",
  241: "ConversionFailure",
  246: "SnapshotUnavailable",
  251: "NoSuchTransaction",
  256: "TransactionCommitted",
  258: "UnknownFeatureCompatibilityVersion",
  260: "InvalidResumeToken",
  263: "OperationNotSupportedInTransaction",
  280: "ChangeStreamFatalError",
  286: "ChangeStreamHistoryLost",
  290: "TransactionExceededLifetimeLimitSeconds",
  303: "APIDeprecationError",
  322: "APIVersionError",
  323: "APIStrictError",
  10003: "CannotGrowDocumentInCappedNamespace",
  10107: "NotWritablePrimary",
  10334: "BSONObjectTooLarge",
  11e3: "DuplicateKey",
  14031: "OutOfDiskSpace",
  11600: "InterruptedAtShutdown",
  11601: "Interrupted",
  13113: "MergeStageNoMatchingDocument",
  16837: "Location16837"
};
var ServerError = class extends Error {
  code;
  codeName;
  /** Error labels the driver acts on, such as `TransientTransactionError`. */
  labels;
  /** Further members of the answer: `keyPattern`, `keyValue`, `errInfo`. */
  extra;
  constructor(code, message, more = {}) {
    super(message);
    this.name = "ServerError";
    this.code = code;
    this.codeName = codeName(code);
    this.labels = more.labels;
    this.extra = more.extra;
  }
};
function codeName(code) {
  return names[code] ?? `Location${code}`;
}
function unsupported(what) {
  return new ServerError(238, `${what} is not supported by the embedded development server`);
}
function badValue(message) {
  return new ServerError(2, message);
}
function failedToParse(message) {
  return new ServerError(9, message);
}
function typeMismatch(message) {
  return new ServerError(14, message);
}

// src/embedded-mongo/values/bson.ts
var maxDepth = 200;
var cachedNames = 1024;
var nameCache = Array.from({ length: cachedNames });
var fixedSizes = {
  1: 8,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0
};
function put(doc, key, value) {
  if (key === "__proto__") {
    Object.defineProperty(doc, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true
    });
  } else {
    doc[key] = value;
  }
}
function get(doc, key) {
  const value = doc[key];
  return value === void 0 || typeof value === "function" || key === "__proto__" ? Object.hasOwn(doc, key) ? value : void 0 : value;
}
function drop(doc, key) {
  Reflect.deleteProperty(doc, key);
}
function double(value) {
  return Number.isInteger(value) ? new Double(value) : value;
}
function decode(bytes, only) {
  const reader2 = new Reader(bytes);
  const doc = reading(() => reader2.document(0, only));
  if (reader2.at !== bytes.length) throw malformed("trailing bytes after the document");
  return doc;
}
function reading(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw malformed(error instanceof Error ? error.message : "unreadable value");
  }
}
var maxEncoded = 16793600;
function encode(doc) {
  const bytes = serialized(doc);
  if (bytes.length > maxEncoded) throw tooLarge();
  return bytes;
}
function serialized(doc) {
  try {
    return BSON.serialize(doc, { ignoreUndefined: true });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    if (error instanceof BSON.BSONError) throw unsupported(`Encoding (${error.message})`);
    throw error;
  }
}
function tooLarge() {
  return new ServerError(
    10334,
    "BSONObj size is invalid. Size must be between 0 and 16793600(16MB)"
  );
}
function malformed(what) {
  return new ServerError(22, `Invalid BSON: ${what}`);
}
var Reader = class {
  at = 0;
  bytes;
  constructor(bytes) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  document(depth, only) {
    const doc = {};
    const end2 = this.open(depth);
    for (let type2 = this.byte(end2); type2 !== 0; type2 = this.byte(end2)) {
      const key = this.key(end2);
      if (only && !only.has(key)) this.skip(type2, end2, depth);
      else put(doc, key, this.value(type2, end2, depth));
    }
    this.close(end2);
    return doc;
  }
  array(depth) {
    const items2 = [];
    const end2 = this.open(depth);
    for (let type2 = this.byte(end2); type2 !== 0; type2 = this.byte(end2)) {
      this.skipKey(end2);
      items2.push(this.value(type2, end2, depth));
    }
    this.close(end2);
    return items2;
  }
  /** Reads the length of a document and returns where it ends. */
  open(depth) {
    if (depth > maxDepth) throw new ServerError(15, "BSONObj exceeds maximum nested object depth");
    const start2 = this.at;
    const end2 = start2 + this.int32(this.bytes.length);
    if (end2 < start2 + 5 || end2 > this.bytes.length) throw malformed("length of a document");
    return end2;
  }
  close(end2) {
    if (this.at !== end2) throw malformed("document does not end where its length says");
  }
  value(type2, end2, depth) {
    switch (type2) {
      case 1:
        return double(this.bytes.readDoubleLE(this.take(8, end2)));
      case 2:
        return this.string(end2);
      case 3:
        return this.document(depth + 1);
      case 4:
        return this.array(depth + 1);
      case 5:
        return this.binary(end2);
      case 7:
        return new ObjectId(this.copy(12, end2));
      case 8: {
        const flag3 = this.byte(end2);
        if (flag3 > 1) throw malformed("boolean");
        return flag3 === 1;
      }
      case 9:
        return this.date(end2);
      case 10:
        return null;
      case 11:
        return new BSONRegExp(this.key(end2), this.key(end2));
      case 13:
        return new Code(this.string(end2));
      case 14:
        return new BSONSymbol(this.string(end2));
      case 15: {
        const stop = this.at + this.int32(end2);
        const code = this.string(end2);
        const scope = this.document(depth + 1);
        if (this.at !== stop) throw malformed("code with scope");
        return new Code(code, scope);
      }
      case 16:
        return this.int32(end2);
      case 17: {
        const low = this.int32(end2);
        return new Timestamp(Long.fromBits(low, this.int32(end2), true));
      }
      case 18: {
        const low = this.int32(end2);
        return Long.fromBits(low, this.int32(end2));
      }
      case 19:
        return new Decimal128(this.copy(16, end2));
      case 127:
        return new MaxKey();
      case 255:
        return new MinKey();
      case 6:
      case 12:
        throw unsupported(`The deprecated BSON type ${type2}`);
      default:
        throw malformed(`unknown type ${type2}`);
    }
  }
  skip(type2, end2, depth) {
    const size2 = fixedSizes[type2];
    if (size2 !== void 0) this.take(size2, end2);
    else if (type2 === 2) this.take(this.int32(end2), end2);
    else if (type2 === 3 || type2 === 4) this.take(this.int32(end2) - 4, end2);
    else if (type2 === 5) this.take(this.int32(end2) + 1, end2);
    else this.value(type2, end2, depth);
  }
  date(end2) {
    const millis = Number(this.bytes.readBigInt64LE(this.take(8, end2)));
    const date = new Date(millis);
    if (Number.isNaN(date.getTime())) throw unsupported("A date outside ECMAScript’s range");
    return date;
  }
  binary(end2) {
    const length3 = this.int32(end2);
    const subtype = this.byte(end2);
    if (length3 < 0) throw malformed("length of binary data");
    const bytes = this.copy(length3, end2);
    if (subtype !== 2) return new Binary(bytes, subtype);
    if (length3 < 4 || bytes.readInt32LE(0) !== length3 - 4) throw malformed("old binary data");
    return new Binary(bytes.subarray(4), subtype);
  }
  string(end2) {
    const length3 = this.int32(end2);
    if (length3 < 1) throw malformed("length of a string");
    const start2 = this.take(length3, end2);
    if (this.bytes[start2 + length3 - 1] !== 0) throw malformed("string without its end");
    return this.text(start2, start2 + length3 - 1);
  }
  /** A field's name; documents repeat theirs, so that most are found in a cache without making a string. */
  key(end2) {
    const start2 = this.at;
    let hash = 0;
    let at = start2;
    for (let byte2 = this.bytes[at]; byte2 !== 0; byte2 = this.bytes[++at]) {
      if (byte2 === void 0 || at >= end2) throw malformed("name without its end");
      hash = hash * 31 + byte2 | 0;
    }
    this.at = at + 1;
    const slot = hash & cachedNames - 1;
    const cached = nameCache[slot];
    if (cached !== void 0 && this.holds(cached, start2, at)) return cached;
    const name = this.bytes.toString("utf8", start2, at);
    nameCache[slot] = name;
    return name;
  }
  holds(text2, start2, stop) {
    if (text2.length !== stop - start2) return false;
    for (let at = 0; at < text2.length; at++) {
      if (text2.charCodeAt(at) !== this.bytes[start2 + at]) return false;
    }
    return true;
  }
  skipKey(end2) {
    const stop = this.bytes.indexOf(0, this.at);
    if (stop < 0 || stop >= end2) throw malformed("name without its end");
    this.at = stop + 1;
  }
  /** Short ASCII text is built here, as a call into the native decoder costs more than it saves. */
  text(start2, stop) {
    if (stop - start2 > 24) return this.bytes.toString("utf8", start2, stop);
    let text2 = "";
    for (let at = start2; at < stop; at++) {
      const byte2 = this.bytes[at] ?? 0;
      if (byte2 > 127) return this.bytes.toString("utf8", start2, stop);
      text2 += String.fromCharCode(byte2);
    }
    return text2;
  }
  copy(length3, end2) {
    const start2 = this.take(length3, end2);
    return Buffer.from(this.bytes.subarray(start2, start2 + length3));
  }
  byte(end2) {
    return this.bytes[this.take(1, end2)] ?? 0;
  }
  int32(end2) {
    return this.bytes.readInt32LE(this.take(4, end2));
  }
  take(length3, end2) {
    const start2 = this.at;
    if (length3 < 0 || start2 + length3 > end2) throw malformed("value runs over its document");
    this.at = start2 + length3;
    return start2;
  }
};

// src/embedded-mongo/changes/feed.ts
var KEPT_EVENTS = 5e3;
var KEPT_BYTES = 32 * 1024 * 1024;
function hex(value) {
  return value.toString(16).padStart(8, "0");
}
function positionOf(time, at) {
  return hex(time.t) + hex(time.i) + hex(at);
}
function before(time) {
  return positionOf(time, 0);
}
function tokenOf(position, invalidation = false) {
  return { _data: `82${position}${invalidation ? "01" : "00"}` };
}
function parseToken(token) {
  const found = /^82([0-9a-f]{24})(0[01])$/i.exec(String(token["_data"]));
  if (!found?.[1]) throw new ServerError(260, "invalid resume token");
  return { position: found[1], invalidation: found[2] === "01" };
}
var ChangeFeed = class {
  events = [];
  bytes = 0;
  /** Everything up to here was forgotten. */
  forgotten;
  waiting = /* @__PURE__ */ new Set();
  store;
  constructor(store) {
    this.store = store;
    this.forgotten = before(store.time);
    store.onCommit((commit) => this.append(commit));
  }
  append({ time, changes, session }) {
    const wallTime = /* @__PURE__ */ new Date();
    changes.forEach((change, at) => {
      this.events.push({ position: positionOf(time, at + 1), time, wallTime, change, session });
      this.bytes += (change.before?.length ?? 0) + (change.after?.length ?? 0);
    });
    if (this.events.length > 2 * KEPT_EVENTS || this.bytes > KEPT_BYTES) this.forget();
    for (const wake of [...this.waiting]) wake();
  }
  forget() {
    const kept2 = this.bytes > KEPT_BYTES ? Math.ceil(this.events.length / 2) : KEPT_EVENTS;
    const gone = this.events.slice(0, -kept2);
    this.forgotten = gone.at(-1)?.position ?? this.forgotten;
    this.events = this.events.slice(-kept2);
    this.bytes = 0;
    for (const { change } of this.events) {
      this.bytes += (change.before?.length ?? 0) + (change.after?.length ?? 0);
    }
  }
  /** Forgets all events: streams cannot resume behind this. */
  clear() {
    this.forgotten = this.end;
    this.events = [];
    this.bytes = 0;
  }
  /** The place after the newest event. */
  get end() {
    return positionOf(this.store.time, 4294967295);
  }
  /** The events after a place. @throws ServerError 286 when some of them were forgotten */
  after(position) {
    if (position < this.forgotten) {
      throw new ServerError(
        286,
        "Resume of change stream was not possible, as the resume point may no longer be in the oplog."
      );
    }
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = low + high >> 1;
      if ((this.events[middle]?.position ?? "") <= position) low = middle + 1;
      else high = middle;
    }
    return this.events.slice(low);
  }
  /** Settles at the next commit, after `ms` milliseconds, or when the signal says so. */
  next(ms, signal) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiting.add(done);
      signal.addEventListener("abort", done);
    });
  }
};

// src/embedded-mongo/changes/streams.ts
import { Long as Long11, Timestamp as Timestamp3 } from "mongodb";

// src/embedded-mongo/expressions/arithmetic.ts
import { Decimal128 as Decimal1285, Long as Long4 } from "mongodb";

// src/embedded-mongo/values/values.ts
import { BSONRegExp as BSONRegExp2, Code as Code2, Decimal128 as Decimal1283, Long as Long2 } from "mongodb";

// src/embedded-mongo/values/decimal.ts
import { Decimal128 as Decimal1282 } from "mongodb";
var precision = 34;
var limit = 10n ** 34n;
var exponentBias = 6176;
function fromDecimal128(value) {
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16);
  const high = view.getBigUint64(8, true);
  const low = view.getBigUint64(0, true);
  const negative = high >> 63n === 1n;
  const combination = Number(high >> 58n & 0x1fn);
  if (combination === 31) return { special: "NaN" };
  if (combination === 30) return { special: negative ? "-Infinity" : "Infinity" };
  if (combination >> 3 === 3) {
    return { coefficient: 0n, exponent: Number(high >> 47n & 0x3fffn) - exponentBias };
  }
  const coefficient = (high & 0x1ffffffffffffn) << 64n | low;
  return {
    coefficient: coefficient >= limit ? 0n : negative ? -coefficient : coefficient,
    exponent: Number(high >> 49n & 0x3fffn) - exponentBias
  };
}
function toDecimal128(value) {
  if ("special" in value) return Decimal1282.fromString(value.special);
  const { coefficient, exponent } = roundDigits(value.coefficient, value.exponent);
  const digits = abs(coefficient).toString().length;
  if (coefficient !== 0n && digits + exponent > 6145) {
    return Decimal1282.fromString(coefficient < 0n ? "-Infinity" : "Infinity");
  }
  const low = exponent < -exponentBias ? roundTo(coefficient, -exponentBias - exponent) : coefficient;
  const bounded = Math.min(Math.max(exponent, -exponentBias), coefficient === 0n ? 6111 : exponent);
  return Decimal1282.fromString(`${low}E${Math.max(bounded, -exponentBias)}`);
}
function fromBigInt(value) {
  return { coefficient: value, exponent: 0 };
}
function exactDouble(value) {
  if (Number.isNaN(value)) return { special: "NaN" };
  if (!Number.isFinite(value)) return { special: value > 0 ? "Infinity" : "-Infinity" };
  if (Number.isSafeInteger(value)) return fromBigInt(BigInt(value));
  let fraction = value;
  let twos = 0;
  while (!Number.isInteger(fraction)) {
    fraction *= 2;
    twos++;
  }
  return { coefficient: BigInt(fraction) * 5n ** BigInt(twos), exponent: -twos };
}
function fromDouble(value) {
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return exactDouble(value);
  return parseDecimal(value.toExponential(14)) ?? { special: "NaN" };
}
function parseDecimal(text2) {
  if (/^[+-]?inf(inity)?$/i.test(text2)) {
    return { special: text2.startsWith("-") ? "-Infinity" : "Infinity" };
  }
  if (/^[+-]?nan$/i.test(text2)) return { special: "NaN" };
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text2);
  if (!parts) return void 0;
  const [, sign = "", whole = "", fraction = "", power2 = "0"] = parts;
  if (whole === "" && fraction === "") return void 0;
  const coefficient = BigInt(whole + fraction);
  return {
    coefficient: sign === "-" ? -coefficient : coefficient,
    exponent: Number(power2) - fraction.length
  };
}
function decimalToNumber(value) {
  return "special" in value ? Number(value.special) : Number(`${value.coefficient}e${value.exponent}`);
}
function truncate(value) {
  if ("special" in value) return void 0;
  return value.exponent >= 0 ? value.coefficient * 10n ** BigInt(value.exponent) : value.coefficient / 10n ** BigInt(Math.min(-value.exponent, 6200));
}
function compareDecimals(a, b) {
  if ("special" in a || "special" in b) {
    return Math.sign(rankOf(a) - rankOf(b));
  }
  const signA = signOf(a.coefficient);
  const signB = signOf(b.coefficient);
  if (signA !== signB) return signA < signB ? -1 : 1;
  if (signA === 0) return 0;
  const sizeA = abs(a.coefficient).toString().length + a.exponent;
  const sizeB = abs(b.coefficient).toString().length + b.exponent;
  if (sizeA !== sizeB) return sizeA < sizeB ? -signA : signA;
  const shared = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - shared);
  const right = b.coefficient * 10n ** BigInt(b.exponent - shared);
  return left < right ? -1 : left > right ? 1 : 0;
}
function normalise(value) {
  if ("special" in value) return value;
  if (value.coefficient === 0n) return { coefficient: 0n, exponent: 0 };
  let { coefficient, exponent } = value;
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return { coefficient, exponent };
}
function addDecimals(a, b) {
  if ("special" in a || "special" in b) return fromSpecial(decimalToNumber(a) + decimalToNumber(b));
  const [large, small] = a.exponent >= b.exponent ? [a, b] : [b, a];
  const gap = large.exponent - small.exponent;
  if (large.coefficient === 0n) return small;
  if (gap > 2 * precision + abs(small.coefficient).toString().length) return large;
  return {
    coefficient: large.coefficient * 10n ** BigInt(gap) + small.coefficient,
    exponent: small.exponent
  };
}
function multiplyDecimals(a, b) {
  if ("special" in a || "special" in b) return fromSpecial(decimalToNumber(a) * decimalToNumber(b));
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}
function divideDecimals(a, b) {
  if ("special" in a || "special" in b) return fromSpecial(decimalToNumber(a) / decimalToNumber(b));
  const shift2 = precision + 2 + abs(b.coefficient).toString().length;
  const scaled = a.coefficient * 10n ** BigInt(shift2);
  const quotient = scaled / b.coefficient;
  if (scaled % b.coefficient === 0n) {
    return shorten(quotient, a.exponent - b.exponent - shift2, a.exponent - b.exponent);
  }
  return {
    coefficient: quotient * 10n + signOfBig(quotient),
    exponent: a.exponent - b.exponent - shift2 - 1
  };
}
function remainderDecimals(a, b) {
  if ("special" in a || "special" in b) return fromSpecial(decimalToNumber(a) % decimalToNumber(b));
  const shared = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - shared);
  const right = b.coefficient * 10n ** BigInt(b.exponent - shared);
  return { coefficient: left % right, exponent: shared };
}
function quantise(value, exponent, how) {
  if ("special" in value || value.exponent >= exponent) return value;
  const drop3 = exponent - value.exponent;
  if (how === "even") return { coefficient: roundTo(value.coefficient, drop3), exponent };
  const divisor = 10n ** BigInt(Math.min(drop3, 6200));
  const quotient = value.coefficient / divisor;
  const rest = value.coefficient % divisor;
  const step = how === "floor" && rest < 0n ? -1n : how === "ceil" && rest > 0n ? 1n : 0n;
  return { coefficient: quotient + step, exponent };
}
function rankOf(value) {
  if (!("special" in value)) return 0;
  return value.special === "NaN" ? -2 : value.special === "-Infinity" ? -1 : 1;
}
function fromSpecial(value) {
  return exactDouble(value);
}
function shorten(coefficient, exponent, goal) {
  let digits = coefficient;
  let power2 = exponent;
  while (power2 < goal && digits % 10n === 0n) {
    digits /= 10n;
    power2++;
  }
  return { coefficient: digits, exponent: power2 };
}
function roundDigits(coefficient, exponent) {
  const extra = abs(coefficient).toString().length - precision;
  if (extra <= 0) return { coefficient, exponent };
  const rounded = roundTo(coefficient, extra);
  return abs(rounded) === limit ? { coefficient: rounded / 10n, exponent: exponent + extra + 1 } : { coefficient: rounded, exponent: exponent + extra };
}
function roundTo(coefficient, drop3) {
  const divisor = 10n ** BigInt(Math.min(drop3, 6200));
  const quotient = coefficient / divisor;
  const twice = abs(coefficient % divisor) * 2n;
  const up = twice > divisor || twice === divisor && quotient % 2n !== 0n;
  return up ? quotient + signOfBig(coefficient) : quotient;
}
function abs(value) {
  return value < 0n ? -value : value;
}
function signOfBig(value) {
  return value < 0n ? -1n : value > 0n ? 1n : 0n;
}
function signOf(value) {
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}

// src/embedded-mongo/values/values.ts
var typeNumbers = {
  missing: 0,
  minKey: -1,
  null: 10,
  int: 16,
  long: 18,
  double: 1,
  decimal: 19,
  string: 2,
  symbol: 14,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  timestamp: 17,
  regex: 11,
  javascript: 13,
  javascriptWithScope: 15,
  maxKey: 127
};
var ranks = {
  minKey: -1,
  missing: 0,
  null: 5,
  int: 10,
  long: 10,
  double: 10,
  decimal: 10,
  string: 15,
  symbol: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127
};
var classes = {
  Double: "double",
  Int32: "int",
  Long: "long",
  Decimal128: "decimal",
  ObjectId: "objectId",
  Binary: "binData",
  Timestamp: "timestamp",
  BSONRegExp: "regex",
  BSONSymbol: "symbol",
  MinKey: "minKey",
  MaxKey: "maxKey"
};
function typeOf(value) {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return value === (value | 0) && !Object.is(value, -0) ? "int" : "double";
    case "boolean":
      return "bool";
    case "undefined":
      return "missing";
    case "object":
      return value === null ? "null" : typeOfObject(value);
    default:
      throw new TypeError(`A ${typeof value} is not a BSON value`);
  }
}
function typeOfObject(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return "object";
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  if (value instanceof Code2) return value.scope ? "javascriptWithScope" : "javascript";
  if (value instanceof RegExp) return "regex";
  const name = value._bsontype;
  const type2 = typeof name === "string" ? classes[name] : void 0;
  if (type2 === void 0) throw new TypeError("An object of an unknown class is not a BSON value");
  return type2;
}
function rankOf2(value) {
  return ranks[typeOf(value)];
}
function isDoc(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
function isNumber(value) {
  return typeof value === "number" || typeof value === "object" && rankOf2(value) === 10;
}
function compare(a, b, collation) {
  if (typeof a === "number" && typeof b === "number") return compareDoubles(a, b);
  if (typeof a === "string" && typeof b === "string") {
    return collation ? collation.compare(a, b) : compareStrings(a, b);
  }
  const typeA = typeOf(a);
  const typeB = typeOf(b);
  const rank2 = ranks[typeA];
  if (rank2 !== ranks[typeB]) return rank2 < ranks[typeB] ? -1 : 1;
  switch (rank2) {
    case 10:
      return compareNumbers(a, b);
    case 15:
      return compare(String(a), String(b), collation);
    case 20:
      return compareDocs(a, b, collation);
    case 25:
      return compareArrays(a, b, collation);
    case 30:
      return compareBinary(a, b);
    case 35:
      return Buffer.compare(a.id, b.id);
    case 40:
      return Number(a) - Number(b);
    case 45:
      return Math.sign(a.getTime() - b.getTime());
    case 47:
      return compareTimestamps(a, b);
    case 50:
      return compareRegexes(a, b);
    case 60:
    case 65:
      return compareCode(a, b);
    default:
      return 0;
  }
}
function equal(a, b, collation) {
  return a === b || compare(a, b, collation) === 0;
}
function compareNumbers(a, b) {
  const left = plainNumber(a);
  const right = plainNumber(b);
  return left !== void 0 && right !== void 0 ? compareDoubles(left, right) : compareDecimals(exact(a), exact(b));
}
function exact(value) {
  if (typeof value === "number") return exactDouble(value);
  if (value instanceof Long2) return fromBigInt(value.toBigInt());
  if (value instanceof Decimal1283) return fromDecimal128(value);
  return exactDouble(Number(value));
}
function plainNumber(value) {
  if (typeof value === "number") return value;
  if (value instanceof Long2) {
    const number2 = value.toNumber();
    return Number.isSafeInteger(number2) ? number2 : void 0;
  }
  return value instanceof Decimal1283 ? void 0 : Number(value);
}
function compareDoubles(a, b) {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? Number.isNaN(b) ? 0 : -1 : 1;
}
function compareStrings(a, b) {
  if (a === b) return 0;
  const length3 = Math.min(a.length, b.length);
  for (let at = 0; at < length3; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) {
      const highLeft = left >= 55296 && left <= 57343;
      const highRight = right >= 55296 && right <= 57343;
      if (highLeft !== highRight) return highLeft ? 1 : -1;
      return left < right ? -1 : 1;
    }
  }
  return Math.sign(a.length - b.length);
}
function compareDocs(a, b, collation) {
  const keysA = Object.keys(a);
  const keysB = Object.keys(b);
  const length3 = Math.min(keysA.length, keysB.length);
  for (let at = 0; at < length3; at++) {
    const keyA = keysA[at] ?? "";
    const keyB = keysB[at] ?? "";
    const left = a[keyA];
    const right = b[keyB];
    const order = Math.sign(rankOf2(left) - rankOf2(right)) || compareStrings(keyA, keyB) || compare(left, right, collation);
    if (order !== 0) return order;
  }
  return Math.sign(keysA.length - keysB.length);
}
function compareArrays(a, b, collation) {
  const length3 = Math.min(a.length, b.length);
  for (let at = 0; at < length3; at++) {
    const order = compare(a[at], b[at], collation);
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}
function compareBinary(a, b) {
  return Math.sign(a.position - b.position) || Math.sign(a.sub_type - b.sub_type) || Buffer.compare(bytesOf(a), bytesOf(b));
}
function bytesOf(value) {
  return value.buffer.subarray(0, value.position);
}
function compareTimestamps(a, b) {
  return Math.sign(a.t - b.t) || Math.sign(a.i - b.i);
}
function regexParts(value) {
  if (value instanceof BSONRegExp2) return [value.pattern, value.options];
  const { source, flags } = value;
  return [source, flags.replace(/[^ims]/g, "")];
}
function compareRegexes(a, b) {
  const [patternA, optionsA] = regexParts(a);
  const [patternB, optionsB] = regexParts(b);
  return compareStrings(patternA, patternB) || compareStrings(optionsA, optionsB);
}
function compareCode(a, b) {
  return compareStrings(a.code, b.code) || compare(a.scope ?? {}, b.scope ?? {});
}
function keyOf(value, collation) {
  if (typeof value === "string") {
    const text2 = collation ? collation.key(value) : value;
    return `s${text2.length}:${text2}`;
  }
  if (typeof value === "number") return Number.isNaN(value) ? "nNaN" : `n${value + 0}`;
  switch (typeOf(value)) {
    case "missing":
      return "u";
    case "minKey":
      return "<";
    case "maxKey":
      return ">";
    case "null":
      return "0";
    case "bool":
      return value === true ? "t" : "f";
    case "symbol":
      return keyOf(String(value), collation);
    case "objectId":
      return `o${value.toHexString()}`;
    case "date":
      return `d${value.getTime()}`;
    case "timestamp":
      return `T${value.t},${value.i}`;
    case "binData": {
      const binary3 = value;
      return `b${binary3.sub_type}:${Buffer.from(bytesOf(binary3)).toString("base64")}.`;
    }
    case "regex": {
      const [pattern2, options] = regexParts(value);
      return `r${pattern2.length}:${pattern2}${options}.`;
    }
    case "array":
      return `[${value.map((item) => keyOf(item, collation)).join("")}]`;
    case "object":
      return `{${keyOfFields(value, collation)}}`;
    case "javascript":
    case "javascriptWithScope": {
      const { code, scope } = value;
      return `c${code.length}:${code}${scope ? keyOf(scope) : ""}`;
    }
    default:
      return keyOfNumber(value);
  }
}
function keyOfFields(doc, collation) {
  let text2 = "";
  for (const key of Object.keys(doc)) text2 += `${key.length}:${key}${keyOf(doc[key], collation)}`;
  return text2;
}
function keyOfNumber(value) {
  const plain = plainNumber(value);
  if (plain !== void 0) return keyOf(plain);
  const decimal = normalise(exact(value));
  if ("special" in decimal) return `n${decimal.special}`;
  const near = Number(`${decimal.coefficient}e${decimal.exponent}`);
  return compareDecimals(exactDouble(near), decimal) === 0 ? keyOf(near) : `D${decimal.coefficient}e${decimal.exponent}`;
}

// src/embedded-mongo/values/arithmetic.ts
import { Decimal128 as Decimal1284, Long as Long3 } from "mongodb";
var widths = { int: 0, long: 1, double: 2, decimal: 3 };
function widest(a, b) {
  const left = typeOf(a);
  const right = typeOf(b);
  return widths[left] >= widths[right] ? left : right;
}
function toNumber(value) {
  if (typeof value === "number") return value;
  if (value instanceof Long3) return value.toNumber();
  return value instanceof Decimal1284 ? decimalToNumber(exact(value)) : Number(value);
}
function toDecimal(value) {
  return typeOf(value) === "double" ? fromDouble(toNumber(value)) : exact(value);
}
function integer(value, least = "int") {
  if (least === "int" && BigInt.asIntN(32, value) === value) return Number(value);
  return BigInt.asIntN(64, value) === value ? Long3.fromBigInt(value) : void 0;
}
function wholeNumber(value) {
  if (value === (value | 0)) return value | 0;
  return Number.isSafeInteger(value) ? Long3.fromNumber(value) : double(value);
}
function bigOf(value) {
  return typeof value === "number" ? BigInt(value) : truncate(exact(value)) ?? 0n;
}
function compute(operation, a, b, strict) {
  const type2 = widest(a, b);
  if (type2 === "decimal") return toDecimal128(operation.decimals(toDecimal(a), toDecimal(b)));
  if (type2 === "double") return double(operation.doubles(toNumber(a), toNumber(b)));
  const result = integer(operation.integers(bigOf(a), bigOf(b)), type2);
  if (result !== void 0 || strict) return result;
  return double(operation.doubles(toNumber(a), toNumber(b)));
}
var addition = {
  integers: (a, b) => a + b,
  doubles: (a, b) => a + b,
  decimals: addDecimals
};
var subtraction = {
  integers: (a, b) => a - b,
  doubles: (a, b) => a - b,
  decimals: (a, b) => addDecimals(a, negate(b))
};
var multiplication = {
  integers: (a, b) => a * b,
  doubles: (a, b) => a * b,
  decimals: multiplyDecimals
};
var remainder = {
  integers: (a, b) => a % b,
  doubles: (a, b) => a % b,
  decimals: remainderDecimals
};
function negate(value) {
  if ("special" in value) {
    return value.special === "NaN" ? value : { special: value.special === "Infinity" ? "-Infinity" : "Infinity" };
  }
  return { coefficient: -value.coefficient, exponent: value.exponent };
}
function add(a, b, strict = false) {
  if (isInt(a) && isInt(b)) return wholeNumber(a + b);
  return compute(addition, a, b, strict);
}
function subtract(a, b) {
  if (isInt(a) && isInt(b)) return wholeNumber(a - b);
  return compute(subtraction, a, b, false);
}
function multiply(a, b, strict = false) {
  return compute(multiplication, a, b, strict);
}
function modulo(a, b) {
  return compute(remainder, a, b, false);
}
function divide(a, b) {
  if (widest(a, b) === "decimal") return toDecimal128(divideDecimals(toDecimal(a), toDecimal(b)));
  return double(toNumber(a) / toNumber(b));
}
function isZero(value) {
  if (typeof value === "number") return value === 0;
  const number2 = exact(value);
  return "coefficient" in number2 && number2.coefficient === 0n;
}
function isInt(value) {
  return typeof value === "number" && value === (value | 0) && !Object.is(value, -0);
}
var Sum = class {
  whole = 0n;
  small = 0;
  fraction = 0;
  lost = 0;
  decimal = { coefficient: 0n, exponent: 0 };
  type = "int";
  add(value) {
    if (typeof value === "number" && isInt(value)) {
      this.small += value;
      if (this.small > 2 ** 52 || this.small < -(2 ** 52)) this.carry();
      return;
    }
    const type2 = typeOf(value);
    if (widths[type2] > widths[this.type]) this.type = type2;
    if (type2 === "decimal") this.decimal = this.rounded(addDecimals(this.decimal, exact(value)));
    else if (type2 === "double") this.addDouble(toNumber(value));
    else this.whole += bigOf(value);
  }
  total() {
    this.carry();
    const lost = Number.isFinite(this.fraction) ? this.lost : 0;
    if (this.type === "decimal") {
      const doubles = addDecimals(exactDouble(this.fraction), exactDouble(lost));
      const rest = addDecimals(fromBigInt(this.whole), doubles);
      return toDecimal128(addDecimals(this.decimal, rest));
    }
    if (this.type === "double") return double(this.fraction + lost + Number(this.whole));
    return integer(this.whole, this.type) ?? double(Number(this.whole));
  }
  rounded(value) {
    return "coefficient" in value && value.coefficient > 10n ** 68n ? exact(toDecimal128(value)) : value;
  }
  carry() {
    this.whole += BigInt(this.small);
    this.small = 0;
  }
  addDouble(value) {
    const sum2 = this.fraction + value;
    this.lost += Math.abs(this.fraction) >= Math.abs(value) ? this.fraction - sum2 + value : value - sum2 + this.fraction;
    this.fraction = sum2;
  }
};

// src/embedded-mongo/expressions/operands.ts
function operands(operand, compiler, name, least, most = least) {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length < least || list.length > most) {
    throw least === most ? new ServerError(
      16020,
      `Expression ${name} takes exactly ${least} arguments. ${list.length} were passed in.`
    ) : new ServerError(
      28667,
      `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${list.length} were passed in.`
    );
  }
  return list.map((item) => compiler.compile(item));
}
function unary(apply) {
  return (operand, compiler, name) => {
    const [only] = operands(operand, compiler, name, 1);
    return (root) => apply(only?.(root), name);
  };
}
function binary(apply) {
  return (operand, compiler, name) => {
    const [left, right] = operands(operand, compiler, name, 2);
    return (root) => apply(left?.(root), right?.(root), name);
  };
}
function variadic(apply, least = 0, most = Infinity) {
  return (operand, compiler, name) => {
    const list = operands(operand, compiler, name, least, most);
    return (root) => apply(
      list.map((item) => item(root)),
      name
    );
  };
}
function named(operand, compiler, name, required2, optional = []) {
  const fields = namedFields(operand, name, required2, optional);
  return Object.fromEntries(
    Object.entries(fields).map(([key, member]) => [key, compiler.compile(member)])
  );
}
function namedFields(operand, name, required2, optional = []) {
  if (!isDoc(operand)) {
    throw new ServerError(9, `${name} only supports an object as its argument`);
  }
  for (const key of Object.keys(operand)) {
    if (!required2.includes(key) && !optional.includes(key)) {
      throw new ServerError(9, `${name} found an unknown argument: ${key}`);
    }
  }
  for (const key of required2) {
    if (!(key in operand)) throw new ServerError(9, `Missing '${key}' parameter to ${name}`);
  }
  return operand;
}
function isNullish(value) {
  return value === null || value === void 0;
}
function isTrue(value) {
  if (value === true) return true;
  if (value === false || value === null || value === void 0) return false;
  return !(isNumber(value) && isZero(value));
}

// src/embedded-mongo/expressions/arithmetic.ts
function mustBeNumber(value, name, code = 28765) {
  if (!isNumber(value)) {
    throw new ServerError(code, `${name} only supports numeric types, not ${typeOf(value)}`);
  }
}
function addAll(values) {
  let sum2 = 0;
  let date = false;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (value instanceof Date) {
      if (date) throw new ServerError(16612, "only one date allowed in an $add expression");
      date = true;
      sum2 = add(sum2, Long4.fromNumber(value.getTime()));
    } else if (isNumber(value)) sum2 = add(sum2, value);
    else {
      throw new ServerError(14, `$add only supports numeric or date types, not ${typeOf(value)}`);
    }
  }
  return date ? dateAt(sum2) : sum2;
}
function dateAt(millis) {
  return new Date(Math.round(toNumber(millis)));
}
function subtractValues(a, b) {
  if (isNullish(a) || isNullish(b)) return null;
  if (isNumber(a) && isNumber(b)) return subtract(a, b);
  if (a instanceof Date) {
    if (b instanceof Date) return Long4.fromNumber(a.getTime() - b.getTime());
    if (isNumber(b)) return dateAt(subtract(Long4.fromNumber(a.getTime()), b));
  }
  throw new ServerError(14, `can't $subtract ${typeOf(b)} from ${typeOf(a)}`);
}
function multiplyAll(values) {
  let product = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isNumber(value)) {
      throw new ServerError(14, `$multiply only supports numeric types, not ${typeOf(value)}`);
    }
    product = multiply(product, value);
  }
  return product;
}
function divideValues(a, b) {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new ServerError(
      14,
      `$divide only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`
    );
  }
  if (isZero(b)) throw new ServerError(2, "can't $divide by zero");
  return divide(a, b);
}
function moduloValues(a, b) {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new ServerError(
      16611,
      `$mod only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`
    );
  }
  if (isZero(b)) throw new ServerError(16610, "can't $mod by zero");
  return modulo(a, b);
}
function rounding(how, places) {
  return (operand, compiler, name) => {
    const [input, place] = operands(operand, compiler, name, 1, places ? 2 : 1);
    return (root) => {
      const value = input?.(root);
      const digits = place ? place(root) : 0;
      if (isNullish(value) || isNullish(digits)) return null;
      mustBeNumber(value, name, place || places ? 51081 : 28765);
      return roundAt(value, placeOf(digits, name), how);
    };
  };
}
function placeOf(value, name) {
  const place = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(place)) {
    throw new ServerError(51082, `precision argument to  ${name} must be a integral value`);
  }
  if (place < -20 || place > 100) {
    throw new ServerError(
      51083,
      `cannot apply ${name} with precision value ${place} value must be in [-20, 100]`
    );
  }
  return place;
}
function roundAt(value, place, how) {
  const type2 = typeOf(value);
  if (type2 === "double" && place === 0 && how !== "even")
    return double(rounders[how](toNumber(value)));
  const rounded = quantise(exact(value), -place, how);
  if (type2 === "decimal") return toDecimal128(rounded);
  if (type2 === "double") {
    return double(
      "special" in rounded ? toNumber(value) : Number(`${rounded.coefficient}e${rounded.exponent}`)
    );
  }
  const whole = integer(truncate(rounded) ?? 0n, type2 === "long" ? "long" : "int");
  if (whole === void 0) throw new ServerError(51080, "invalid conversion during rounding");
  return whole;
}
var rounders = { floor: Math.floor, ceil: Math.ceil, trunc: Math.trunc };
function absolute(value, name) {
  if (isNullish(value)) return null;
  mustBeNumber(value, name);
  if (typeOf(value) === "long" && compare(value, Long4.MIN_VALUE) === 0) {
    throw new ServerError(28680, "can't take $abs of long long min");
  }
  return compare(value, 0) < 0 ? multiply(value, -1) : value;
}
function power(base, exponent) {
  if (isNullish(base) || isNullish(exponent)) return null;
  mustBeNumber(base, "$pow's base", 28762);
  mustBeNumber(exponent, "$pow's exponent", 28763);
  if (isZero(base) && compare(exponent, 0) < 0) {
    throw new ServerError(28764, "$pow cannot take a base of 0 and a negative exponent");
  }
  const types = [typeOf(base), typeOf(exponent)];
  const result = toNumber(base) ** toNumber(exponent);
  if (types.includes("decimal")) return toDecimal128(toDecimal(double(result)));
  if (types.includes("double") || compare(exponent, 0) < 0) return double(result);
  const whole = BigInt(String(base)) ** BigInt(Math.min(toNumber(exponent), 1024));
  return integer(whole, types.includes("long") ? "long" : "int") ?? double(result);
}
function real(apply, domain) {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    mustBeNumber(value, name);
    const number2 = toNumber(value);
    if (domain && !Number.isNaN(number2) && !domain.holds(number2)) {
      throw new ServerError(domain.code, `${name}${domain.message}, but is ${number2}`);
    }
    const result = double(apply(number2));
    return value instanceof Decimal1285 ? toDecimal128(toDecimal(result)) : result;
  });
}
function logarithm(value, base) {
  if (isNullish(value) || isNullish(base)) return null;
  mustBeNumber(value, "$log's argument", 28756);
  mustBeNumber(base, "$log's base", 28757);
  if (toNumber(value) <= 0)
    throw new ServerError(
      28758,
      `$log's argument must be a positive number, but is ${toNumber(value)}`
    );
  if (toNumber(base) <= 0 || toNumber(base) === 1) {
    throw new ServerError(
      28759,
      `$log's base must be a positive number not equal to 1, but is ${toNumber(base)}`
    );
  }
  return double(Math.log(toNumber(value)) / Math.log(toNumber(base)));
}
function bitwise(start2, fold2) {
  return variadic((values, name) => {
    let long = false;
    let bits2 = start2;
    for (const value of values) {
      if (isNullish(value)) return null;
      const type2 = typeOf(value);
      if (type2 !== "int" && type2 !== "long") {
        throw new ServerError(14, `${name} only supports int and long operands.`);
      }
      long ||= type2 === "long";
      bits2 = fold2(bits2, BigInt(String(value)));
    }
    return integer(bits2, long ? "long" : "int");
  });
}
var unit = {
  holds: (value) => value >= -1 && value <= 1,
  code: 50989,
  message: " must be in [-1,1]"
};
var finite = { holds: Number.isFinite, code: 50989, message: " must be in (-inf,inf)" };
var arithmeticOperators = {
  $add: variadic(addAll),
  $subtract: binary(subtractValues),
  $multiply: variadic(multiplyAll),
  $divide: binary(divideValues),
  $mod: binary(moduloValues),
  $abs: unary(absolute),
  $round: rounding("even", true),
  $trunc: rounding("trunc", true),
  $floor: rounding("floor", false),
  $ceil: rounding("ceil", false),
  $pow: binary(power),
  $sqrt: real(Math.sqrt, {
    holds: (v) => v >= 0,
    code: 28714,
    message: "'s argument must be greater than or equal to 0"
  }),
  $exp: real(Math.exp),
  $ln: real(Math.log, {
    holds: (v) => v > 0,
    code: 28766,
    message: "'s argument must be a positive number"
  }),
  $log10: real(Math.log10, {
    holds: (v) => v > 0,
    code: 28761,
    message: "'s argument must be a positive number"
  }),
  $log: binary(logarithm),
  $sigmoid: real((value) => 1 / (1 + Math.exp(-value))),
  $sin: real(Math.sin, finite),
  $cos: real(Math.cos, finite),
  $tan: real(Math.tan, finite),
  $asin: real(Math.asin, unit),
  $acos: real(Math.acos, unit),
  $atan: real(Math.atan),
  $atan2: binary((y, x) => {
    if (isNullish(y) || isNullish(x)) return null;
    mustBeNumber(y, "$atan2", 51044);
    mustBeNumber(x, "$atan2", 51045);
    return double(Math.atan2(toNumber(y), toNumber(x)));
  }),
  $sinh: real(Math.sinh),
  $cosh: real(Math.cosh),
  $tanh: real(Math.tanh),
  $asinh: real(Math.asinh),
  $acosh: real(Math.acosh, { holds: (v) => v >= 1, code: 50989, message: " must be in [1,inf]" }),
  $atanh: real(Math.atanh, unit),
  $degreesToRadians: real((value) => value * Math.PI / 180),
  $radiansToDegrees: real((value) => value * 180 / Math.PI),
  $bitAnd: bitwise(-1n, (a, b) => a & b),
  $bitOr: bitwise(0n, (a, b) => a | b),
  $bitXor: bitwise(0n, (a, b) => a ^ b),
  $bitNot: unary((value, name) => {
    if (isNullish(value)) return null;
    const type2 = typeOf(value);
    if (type2 !== "int" && type2 !== "long") {
      throw new ServerError(14, `${name} only supports int and long, not: ${type2}.`);
    }
    return type2 === "int" ? wholeNumber(~toNumber(value)) : value.not();
  })
};

// src/embedded-mongo/values/paths.ts
function splitPath(path) {
  return path.split(".");
}
function isIndex(part2) {
  return /^(0|[1-9]\d{0,8})$/.test(part2);
}
function getPath(doc, path) {
  if (!path.includes(".")) return get(doc, path);
  let value = doc;
  for (const part2 of path.split(".")) {
    if (!isDoc(value)) return void 0;
    value = get(value, part2);
  }
  return value;
}
function walk(doc, parts, leaves, visit) {
  return walkDoc(doc, parts, 0, leaves, void 0, visit);
}
function walkDoc(doc, parts, at, leaves, index2, visit) {
  const value = get(doc, parts[at] ?? "");
  const last2 = at === parts.length - 1;
  if (Array.isArray(value)) {
    if (!last2) return walkArray(value, parts, at + 1, leaves, index2, visit);
    if (leaves) {
      for (let item = 0; item < value.length; item++) {
        if (visit(value[item], index2 ?? item)) return true;
      }
    }
    return visit(value, index2);
  }
  if (last2) return visit(value, index2);
  return isDoc(value) ? walkDoc(value, parts, at + 1, leaves, index2, visit) : visit(void 0, index2);
}
function walkArray(items2, parts, at, leaves, index2, visit) {
  const part2 = parts[at] ?? "";
  const named2 = isIndex(part2) ? Number(part2) : -1;
  for (let item = 0; item < items2.length; item++) {
    const value = items2[item];
    const outer = index2 ?? item;
    if (isDoc(value) && walkDoc(value, parts, at, leaves, outer, visit)) return true;
    if (item !== named2) continue;
    if (at === parts.length - 1) {
      if (visit(value, index2)) return true;
    } else if (isDoc(value)) {
      if (walkDoc(value, parts, at + 1, leaves, index2, visit)) return true;
    } else if (Array.isArray(value)) {
      if (walkArray(value, parts, at + 1, leaves, index2, visit)) return true;
    }
  }
  return false;
}
function indexValues(doc, path) {
  if (!path.includes(".")) return indexLeaf(get(doc, path));
  const keys = [];
  collect(doc, splitPath(path), 0, keys);
  return keys;
}
function indexLeaf(value) {
  if (Array.isArray(value)) return value.length === 0 ? [void 0] : value;
  return [value === void 0 ? null : value];
}
function collect(value, parts, at, keys) {
  if (at === parts.length) {
    for (const key of indexLeaf(value)) keys.push(key);
    return;
  }
  const part2 = parts[at] ?? "";
  if (isDoc(value)) {
    collect(get(value, part2), parts, at + 1, keys);
  } else if (Array.isArray(value)) {
    if (value.length === 0) keys.push(null);
    else if (isIndex(part2)) collectIndexed(value, parts, at, keys);
    else for (const item of value) collect(isDoc(item) ? item : void 0, parts, at, keys);
  } else {
    keys.push(null);
  }
}
function collectIndexed(items2, parts, at, keys) {
  collect(items2[Number(parts[at])], parts, at + 1, keys);
  for (const item of items2) {
    if (isDoc(item) && get(item, parts[at] ?? "") !== void 0) collect(item, parts, at, keys);
  }
}
function clone(value) {
  if (Array.isArray(value)) return value.map(clone);
  if (!isDoc(value)) return value;
  const copy = {};
  for (const key of Object.keys(value)) put(copy, key, clone(value[key]));
  return copy;
}

// src/embedded-mongo/query/text.ts
var LANGUAGES = new Set(
  `none danish da dutch nl english en finnish fi french fr german de hungarian hu italian it norwegian nb
  portuguese pt romanian ro russian ru spanish es swedish sv turkish tr`.split(/\s+/)
);
function isLanguage(value) {
  return typeof value === "string" && LANGUAGES.has(value.toLowerCase());
}
function checkLanguage(value) {
  if (value === void 0 || isLanguage(value)) return;
  throw typeof value === "string" ? new ServerError(17262, `language override unsupported: ${value}`) : new ServerError(17261, "found language override field in document with non-string type");
}
var stopWords = new Set(
  `a about above after again against all am an and any are as at be because been before being below between
  both but by cannot could did do does doing down during each few for from further had has have having he her here
  hers herself him himself his how i if in into is it its itself me more most my myself no nor not of off on once
  only or other ought our ours ourselves out over own same she should so some such than that the their theirs them
  themselves then there these they this those through to too under until up very was we were what when where which
  while who whom why with would you your yours yourself yourselves`.split(/\s+/)
);
var scores = /* @__PURE__ */ new WeakMap();
function textScore(doc) {
  return scores.get(doc);
}
function checkTextScore(filter2, readers) {
  const read = JSON.stringify(readers) ?? "";
  if (!read.includes('{"$meta":"textScore"}') || /"\$text"/.test(JSON.stringify(filter2) + read))
    return;
  throw new ServerError(40218, "query requires text score metadata, but it is not available");
}
function keepTextScore(from, to) {
  const score = scores.get(from);
  if (score !== void 0) scores.set(to, score);
}
function tokens(text2, language = "english", accents = false) {
  const folded2 = accents ? text2 : text2.normalize("NFD").replace(new RegExp("\\p{M}", "gu"), "");
  const words = folded2.toLowerCase().match(/[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}]+)?/gu) ?? [];
  if (language === "none") return words;
  return words.filter((word) => !stopWords.has(word)).map(stem);
}
function compileText(operand, index2) {
  if (typeof operand.$search !== "string") {
    throw operand.$search === void 0 ? badValue("BSON field '$text.$search' is missing but a required field") : new ServerError(14, '"$search" had the wrong type. Expected string');
  }
  for (const key of Object.keys(operand)) {
    if (!["$search", "$language", "$caseSensitive", "$diacriticSensitive"].includes(key)) {
      throw badValue(`extra fields in $text: ${key}`);
    }
  }
  if (!index2) throw new ServerError(27, "text index required for $text query");
  if (operand.$caseSensitive === true) throw unsupported("$text with $caseSensitive");
  const language = languageOf(operand.$language ?? index2.defaultLanguage ?? "english");
  const accents = operand.$diacriticSensitive === true;
  const query = parseSearch(operand.$search, language, accents);
  const paths = Object.entries(index2.weights).map(([path, weight]) => ({ path, weight }));
  const { override = "language" } = index2;
  return (doc) => {
    const own = doc[override] ?? index2.defaultLanguage ?? "english";
    checkInnerLanguages(doc, paths, override);
    const score = scoreOf(doc, paths, query, languageOf(own), accents);
    scores.set(doc, score);
    return score;
  };
}
function checkInnerLanguages(doc, paths, override) {
  for (const { path } of paths) {
    const parts = splitPath(path);
    for (let length3 = 1; length3 < parts.length; length3++) {
      walk(doc, [...parts.slice(0, length3), override], true, (value) => {
        if (value === void 0) return false;
        throw unsupported(`A language of embedded documents (${path}) in a text index`);
      });
    }
  }
}
function languageOf(value) {
  const name = String(value).toLowerCase();
  if (name === "english" || name === "en") return "english";
  if (name === "none") return "none";
  throw unsupported(`The text search language ${String(value)}`);
}
function parseSearch(text2, language, accents) {
  const search2 = {
    words: /* @__PURE__ */ new Set(),
    excluded: /* @__PURE__ */ new Set(),
    phrases: [],
    excludedPhrases: []
  };
  for (const [, minus, phrase, word] of text2.matchAll(/(?<![^\s"])(-?)(?:"([^"]*)"|([^\s"]+))/g)) {
    const words = tokens(phrase ?? word ?? "", language, accents);
    if (phrase !== void 0) {
      (minus ? search2.excludedPhrases : search2.phrases).push(fold(phrase, accents));
    }
    if (minus && phrase === void 0) for (const token of words) search2.excluded.add(token);
    else if (!minus) for (const token of words) search2.words.add(token);
  }
  return search2;
}
function fold(text2, accents) {
  return (accents ? text2 : text2.normalize("NFD").replace(new RegExp("\\p{M}", "gu"), "")).toLowerCase();
}
function scoreOf(doc, paths, query, language, accents) {
  let score = 0;
  const phrases = new Set(query.phrases);
  for (const { path, weight } of paths) {
    for (const text2 of textsAt(doc, path)) {
      const words = tokens(text2, language, accents);
      if (words.some((word) => query.excluded.has(word))) return 0;
      score += weight * frequency(words, query.words);
      const folded2 = fold(text2, accents);
      if (query.excludedPhrases.some((phrase) => folded2.includes(phrase))) return 0;
      for (const phrase of phrases) if (folded2.includes(phrase)) phrases.delete(phrase);
    }
  }
  return phrases.size > 0 ? 0 : score;
}
function frequency(words, wanted) {
  const counts = /* @__PURE__ */ new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  let score = 0;
  for (const word of wanted) {
    const count4 = counts.get(word) ?? 0;
    if (count4 > 0) score += (2 - 2 ** (1 - count4)) * (0.5 * (1 / words.length) + 0.5);
  }
  return score;
}
function textsAt(doc, path) {
  const texts = [];
  if (path === "$**") {
    collectStrings(doc, texts);
  } else {
    walk(doc, splitPath(path), true, (value) => {
      if (typeof value === "string") texts.push(value);
      return false;
    });
  }
  return texts;
}
function collectStrings(value, texts) {
  if (typeof value === "string") texts.push(value);
  else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) collectStrings(member, texts);
  }
}
function stem(word) {
  let text2 = word.replace(/['’]s?$/, "");
  if (text2.length < 3) return text2;
  if (/(ss|i)es$/.test(text2)) text2 = text2.slice(0, -2);
  else if (/[^s]s$/.test(text2) && !/[^aeiouy]?us$/.test(text2)) text2 = text2.slice(0, -1);
  if (/[aeiouy].*eed$/.test(text2)) return text2.slice(0, -1);
  const ended = /^(.*[aeiouy].*)(?:ed|ing)$/.exec(text2)?.[1];
  if (ended !== void 0) {
    if (/(at|bl|iz)$/.test(ended)) text2 = `${ended}e`;
    else if (/([^aeioulsz])\1$/.test(ended)) text2 = ended.slice(0, -1);
    else if (/^[^aeiou]*[aeiouy][^aeiouwxy]$/.test(ended)) text2 = `${ended}e`;
    else text2 = ended;
  }
  return /[aeiou].*y$/.test(text2) || /[^aeiou]y$/.test(text2) ? `${text2.slice(0, -1)}i` : text2;
}

// src/embedded-mongo/query/sort.ts
function compileSort(sort2, collation) {
  const keys = sortKeys(sort2, collation);
  return (a, b) => {
    for (const { direction, read } of keys) {
      const order = compare(read(a), read(b), collation);
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}
function sortDocs(docs, sort2, collation) {
  const keys = sortKeys(sort2, collation);
  const rows = Array.from(docs, (doc) => ({ doc, values: keys.map(({ read }) => read(doc)) }));
  rows.sort((a, b) => compareRows(a.values, b.values, keys, collation));
  return rows.map(({ doc }) => doc);
}
function topDocs(docs, sort2, limit4, collation) {
  const keys = sortKeys(sort2, collation);
  const kept2 = [];
  const [first2] = keys;
  for (const doc of docs) {
    const last2 = kept2.length === limit4 ? kept2[limit4 - 1] : void 0;
    if (last2 && first2) {
      const order = compare(first2.read(doc), last2.values[0], collation) * first2.direction;
      if (order > 0 || order === 0 && keys.length === 1) continue;
    }
    const values = keys.map(({ read }) => read(doc));
    if (last2 && compareRows(values, last2.values, keys, collation) >= 0) continue;
    let low = 0;
    let high = kept2.length;
    while (low < high) {
      const middle = low + high >> 1;
      const row = kept2[middle];
      if (row && compareRows(row.values, values, keys, collation) <= 0) low = middle + 1;
      else high = middle;
    }
    if (kept2.length === limit4) kept2.pop();
    kept2.splice(low, 0, { doc, values });
  }
  return kept2.map(({ doc }) => doc);
}
function compareRows(a, b, keys, collation) {
  for (let at = 0; at < keys.length; at++) {
    const order = compare(a[at], b[at], collation);
    if (order !== 0) return order * (keys[at]?.direction ?? 1);
  }
  return 0;
}
function sortKeys(sort2, collation) {
  const entries = Object.entries(sort2);
  if (entries.length > 32) {
    throw new ServerError(13103, "too many compound keys");
  }
  return entries.map(([path, order]) => sortKey(path, order, collation));
}
function sortKey(path, order, collation) {
  if (path === "")
    throw new ServerError(40352, "FieldPath cannot be constructed with empty string");
  if (isDoc(order)) {
    if (order.$meta !== "textScore") {
      throw badValue(
        `Invalid sort specification { ${path}: ... }: only $meta: "textScore" is supported`
      );
    }
    return { direction: -1, read: (doc) => textScore(doc) ?? null };
  }
  if (path.startsWith("$")) {
    throw new ServerError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`
    );
  }
  if (path.endsWith(".")) throw new ServerError(40353, "FieldPath must not end with a '.'.");
  if (path.includes("..") || path.startsWith(".")) {
    throw new ServerError(15998, "FieldPath field names may not be empty strings.");
  }
  if (!isNumber(order))
    throw typeMismatch(`Illegal key in $sort specification: ${path}: ${String(order)}`);
  const number2 = Number(order);
  if (number2 !== 1 && number2 !== -1) {
    throw new ServerError(
      15975,
      "$sort key ordering must be 1 (for ascending) or -1 (for descending)"
    );
  }
  return { direction: number2, read: reader(path, number2, collation) };
}
function reader(path, direction, collation) {
  const best = (values) => values.reduce(
    (chosen, value) => compare(value, chosen, collation) * direction < 0 ? value : chosen
  );
  if (path.includes(".")) return (doc) => best(indexValues(doc, path));
  return (doc) => {
    const value = get(doc, path);
    if (value === void 0) return null;
    return Array.isArray(value) ? best(indexValues(doc, path)) : value;
  };
}

// src/embedded-mongo/expressions/arrays.ts
function arrayOr(value, code, message) {
  if (!Array.isArray(value)) throw new ServerError(code, `${message}, found: ${typeOf(value)}`);
  return value;
}
function wholeOperand(value, code, message) {
  const number2 = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number2)) throw new ServerError(code, message);
  return number2;
}
function elementAt(items2, place) {
  if (isNullish(items2) || isNullish(place)) return null;
  const list = arrayOr(items2, 28689, "$arrayElemAt's first argument must be an array");
  const index2 = wholeOperand(
    place,
    28691,
    "$arrayElemAt's second argument must be representable as a 32-bit integer"
  );
  return list.at(index2);
}
function concatArrays(values) {
  const joined = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    joined.push(...arrayOr(value, 28664, "$concatArrays only supports arrays"));
  }
  return joined;
}
function perItem(operand, compiler, name, bodyKey, optional) {
  const fields = namedFields(operand, name, ["input", bodyKey], ["as", ...optional]);
  const as = fields.as ?? "this";
  if (typeof as !== "string") throw new ServerError(14, `${name} needs 'as' to be a string`);
  checkVariableName(as);
  const variable2 = { value: void 0 };
  return {
    input: compiler.compile(fields.input),
    variable: variable2,
    body: compiler.with({ [as]: variable2 }).compile(fields[bodyKey]),
    limit: fields.limit === void 0 ? void 0 : compiler.compile(fields.limit)
  };
}
var map = (operand, compiler, name) => {
  const { input, variable: variable2, body } = perItem(operand, compiler, name, "in", []);
  return (root) => {
    const items2 = input(root);
    if (isNullish(items2)) return null;
    return arrayOr(items2, 16883, "input to $map must be an array").map((item) => {
      variable2.value = item;
      return body(root) ?? null;
    });
  };
};
var filter = (operand, compiler, name) => {
  const { input, variable: variable2, body, limit: limit4 } = perItem(operand, compiler, name, "cond", ["limit"]);
  return (root) => {
    const items2 = input(root);
    if (isNullish(items2)) return null;
    const list = arrayOr(items2, 28651, "input to $filter must be an array");
    const most = limit4?.(root) ?? Infinity;
    const count4 = most === Infinity ? Infinity : positive(most, 327392, "$filter: limit");
    const kept2 = [];
    for (const item of list) {
      if (kept2.length >= count4) break;
      variable2.value = item;
      if (isTrue(body(root))) kept2.push(item);
    }
    return kept2;
  };
};
var reduce = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ["input", "initialValue", "in"]);
  const item = { value: void 0 };
  const value = { value: void 0 };
  const input = compiler.compile(fields.input);
  const initial = compiler.compile(fields.initialValue);
  const body = compiler.with({ this: item, value }).compile(fields.in);
  return (root) => {
    const items2 = input(root);
    if (isNullish(items2)) return null;
    let result = initial(root);
    for (const member of arrayOr(items2, 40080, "$reduce requires that 'input' be an array")) {
      item.value = member;
      value.value = result;
      result = body(root);
    }
    return result;
  };
};
function slice(values) {
  const [items2, first2, second] = values;
  if (values.some(isNullish)) return null;
  const list = arrayOr(items2, 28724, "First argument to $slice must be an array");
  const start2 = wholeOperand(
    first2,
    28726,
    "Second argument to $slice must be representable as a 32-bit integer"
  );
  if (values.length < 3) return start2 >= 0 ? list.slice(0, start2) : list.slice(start2);
  const count4 = positive(second, 28729, "Third argument to $slice");
  const from = start2 < 0 ? Math.max(0, list.length + start2) : start2;
  return list.slice(from, from + count4);
}
function positive(value, code, what) {
  const number2 = wholeOperand(value, code, `${what} must be representable as a 32-bit integer`);
  if (number2 <= 0) throw new ServerError(code, `${what} must be greater than 0, found: ${number2}`);
  return number2;
}
function range(values) {
  const [start2, end2, step] = values.map(
    (value, at) => wholeOperand(value, [34443, 34445, 34448][at] ?? 34443, "$range requires 32-bit integers")
  );
  const stride = step ?? 1;
  if (stride === 0) throw new ServerError(34449, "$range requires a non-zero step value");
  const made = [];
  for (let at = start2 ?? 0; stride > 0 ? at < (end2 ?? 0) : at > (end2 ?? 0); at += stride)
    made.push(at);
  return made;
}
function indexOfArray(values, collation) {
  const [items2, wanted, from, to] = values;
  if (isNullish(items2)) return null;
  const list = arrayOr(items2, 40090, "$indexOfArray requires an array as a first argument");
  const start2 = from === void 0 ? 0 : bound(from);
  const end2 = to === void 0 ? list.length : Math.min(bound(to), list.length);
  for (let at = start2; at < end2; at++) if (equal(list[at], wanted, collation)) return at;
  return -1;
}
function bound(value) {
  const number2 = wholeOperand(value, 40096, "$indexOfArray requires an integral starting index");
  if (number2 < 0)
    throw new ServerError(40097, "$indexOfArray requires a nonnegative starting index");
  return number2;
}
var zip = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ["inputs"], ["useLongestLength", "defaults"]);
  if (!Array.isArray(fields.inputs))
    throw new ServerError(34461, "inputs must be an array of expressions");
  if (fields.inputs.length === 0)
    throw new ServerError(34465, "$zip requires at least one input array");
  const inputs = fields.inputs.map((input) => compiler.compile(input));
  const defaults = Array.isArray(fields.defaults) ? fields.defaults.map((value) => compiler.compile(value)) : [];
  const longest = fields.useLongestLength === true;
  if (defaults.length > 0 && !longest) {
    throw new ServerError(34466, "cannot specify defaults unless useLongestLength is true");
  }
  return (root) => {
    const lists = inputs.map((input) => input(root));
    if (lists.some(isNullish)) return null;
    const arrays = lists.map(
      (list) => arrayOr(list, 34468, "$zip found a non-array expression in input")
    );
    const lengths = arrays.map(({ length: length4 }) => length4);
    const length3 = longest ? Math.max(0, ...lengths) : Math.min(...lengths);
    return Array.from(
      { length: length3 },
      (_, at) => arrays.map(
        (array, which) => at < array.length ? array[at] : defaults[which]?.(root) ?? null
      )
    );
  };
};
var sortArray = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ["input", "sortBy"]);
  const input = compiler.compile(fields.input);
  const { sortBy } = fields;
  const { collation } = compiler;
  return (root) => {
    const items2 = input(root);
    if (isNullish(items2)) return null;
    const list = arrayOr(items2, 2942504, "The input argument to $sortArray must be an array");
    if (isDoc(sortBy)) {
      const boxes = list.map((item) => isDoc(item) ? item : { "": item });
      const order = new Map(boxes.map((box, at) => [box, list[at]]));
      return sortDocs(boxes, sortBy, collation).map((box) => order.get(box));
    }
    const direction = toNumber(sortBy);
    if (direction !== 1 && direction !== -1) {
      throw new ServerError(2942507, "Invalid sortBy: must be 1, -1 or an object");
    }
    return list.toSorted((a, b) => direction * compare(a, b, collation));
  };
};
function pick(choose2) {
  return (operand, compiler, name) => {
    const { n, input } = named(operand, compiler, name, ["n", "input"]);
    return (root) => {
      const count4 = positive(n?.(root), 5787902, `${name}: n`);
      return choose2(arrayOr(input?.(root), 5788200, `${name}: input must be an array`), count4);
    };
  };
}
function extremes(items2, n, direction) {
  const values = items2.filter((item) => !isNullish(item));
  return values.sort((a, b) => direction * compare(a, b)).slice(0, n);
}
function distinct(items2, collation) {
  const seen = /* @__PURE__ */ new Map();
  for (const item of items2) {
    const key = keyOf(item, collation);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}
function collated(apply, least = 0, most = Infinity) {
  return (operand, compiler, name) => variadic((values) => apply(values, compiler.collation, name), least, most)(
    operand,
    compiler,
    name
  );
}
function setOperator(combine) {
  return collated((values, collation, name) => {
    if (values.some(isNullish)) return null;
    const lists = values.map(
      (value) => arrayOr(value, 17043, `All operands of ${name} must be arrays`)
    );
    if (lists.length === 0) return [];
    const all2 = lists.reduce((a, b) => combine(a, b, collation));
    return distinct(all2, collation).sort((a, b) => compare(a, b, collation));
  });
}
function keysOf(items2, collation) {
  return new Set(items2.map((item) => keyOf(item, collation)));
}
function setsOf([a, b], name, code) {
  const message = `both operands of ${name} must be arrays`;
  return [arrayOr(a, code, message), arrayOr(b, code, message)];
}
var arrayOperators = {
  $arrayElemAt: binary(elementAt),
  $concatArrays: variadic(concatArrays),
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $slice: variadic(slice, 2, 3),
  $range: variadic(range, 2, 3),
  $indexOfArray: collated(indexOfArray, 2, 4),
  $zip: zip,
  $sortArray: sortArray,
  $first: unary(
    (value) => isNullish(value) ? null : arrayOr(value, 28689, "$first's argument must be an array")[0]
  ),
  $last: unary(
    (value) => isNullish(value) ? null : arrayOr(value, 28689, "$last's argument must be an array").at(-1)
  ),
  $firstN: pick((items2, n) => items2.slice(0, n)),
  $lastN: pick((items2, n) => items2.slice(-n)),
  $minN: pick((items2, n) => extremes(items2, n, 1)),
  $maxN: pick((items2, n) => extremes(items2, n, -1)),
  $size: unary((value) => arrayOr(value, 17124, "The argument to $size must be an array").length),
  $isArray: unary((value) => Array.isArray(value)),
  $in: (operand, compiler, name) => {
    const [wanted, items2] = operands(operand, compiler, name, 2);
    const { collation } = compiler;
    return (root) => {
      const value = wanted?.(root);
      const list = arrayOr(items2?.(root), 40081, "$in requires an array as a second argument");
      return list.some((item) => equal(item, value, collation));
    };
  },
  $reverseArray: unary(
    (value) => isNullish(value) ? null : arrayOr(value, 34435, "The argument to $reverseArray must be an array").toReversed()
  ),
  $arrayToObject: unary((value) => isNullish(value) ? null : arrayToObject(value)),
  $setUnion: setOperator((a, b) => [...a, ...b]),
  $setIntersection: setOperator((a, b, collation) => {
    const keys = keysOf(b, collation);
    return a.filter((item) => keys.has(keyOf(item, collation)));
  }),
  $setDifference: collated(
    (values, collation, name) => {
      if (values.some(isNullish)) return null;
      const [left, right] = setsOf(values, name, 17048);
      const keys = keysOf(right, collation);
      const rest = left.filter((item) => !keys.has(keyOf(item, collation)));
      return distinct(rest, collation);
    },
    2,
    2
  ),
  $setEquals: collated((values, collation, name) => {
    const sets = values.map(
      (value) => keysOf(arrayOr(value, 17044, `All operands of ${name} must be arrays`), collation)
    );
    return sets.every(
      (set2) => set2.size === sets[0]?.size && [...set2].every((key) => sets[0]?.has(key))
    );
  }, 2),
  $setIsSubset: collated(
    (values, collation, name) => {
      const [left, right] = setsOf(values, name, 17046);
      const keys = keysOf(right, collation);
      return left.every((item) => keys.has(keyOf(item, collation)));
    },
    2,
    2
  ),
  $allElementsTrue: unary(
    (value) => arrayOr(value, 17040, "$allElementsTrue's argument must be an array").every(isTrue)
  ),
  $anyElementTrue: unary(
    (value) => arrayOr(value, 17041, "$anyElementTrue's argument must be an array").some(isTrue)
  )
};
function arrayToObject(value) {
  const list = arrayOr(value, 40386, "$arrayToObject requires an array input");
  const made = {};
  for (const item of list) {
    const pair = Array.isArray(item) ? item : pairOf(item);
    if (Array.isArray(item) !== Array.isArray(list[0]) || pair.length !== 2) {
      throw new ServerError(
        40396,
        "$arrayToObject requires a consistent input format: all [key, value] or all {k, v}"
      );
    }
    const [key, member] = pair;
    if (typeof key !== "string" || key.includes("\0")) {
      throw new ServerError(40394, "$arrayToObject requires strings without null bytes as keys");
    }
    put(made, key, member);
  }
  return made;
}
function pairOf(item) {
  return isDoc(item) && "k" in item && "v" in item && Object.keys(item).length === 2 ? [item.k, item.v] : [];
}

// src/embedded-mongo/expressions/dates.ts
import { Long as Long5, ObjectId as ObjectId2, Timestamp as Timestamp2 } from "mongodb";

// src/embedded-mongo/values/time.ts
var dayMillis = 864e5;
var zones = /* @__PURE__ */ new Map();
function zoneNamed(name) {
  const known3 = zones.get(name);
  if (known3) return known3;
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(name);
  const zone = offset ? fixedZone((offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0))) : /^(Z|UTC|GMT)$/.test(name) ? fixedZone(0) : olsonZone(name);
  zones.set(name, zone);
  return zone;
}
function fixedZone(minutes) {
  return () => minutes * 6e4;
}
function olsonZone(name) {
  let format;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric"
    });
  } catch {
    throw new ServerError(40485, `unrecognized time zone identifier: "${name}"`);
  }
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type: type2, value }) => [type2, value]));
    const number2 = (type2) => Number(parts.get(type2));
    const year2 = parts.get("era") === "BC" ? 1 - number2("year") : number2("year");
    const shown2 = utc(
      year2,
      number2("month"),
      number2("day"),
      number2("hour"),
      number2("minute"),
      number2("second")
    );
    return shown2 - Math.floor(instant / 1e3) * 1e3;
  };
}
function toWall(instant, zone) {
  return instant + zone(instant);
}
function fromWall(wall, zone) {
  const guess = wall - zone(wall);
  const offset = zone(guess);
  const before2 = wall - offset;
  return zone(before2) === offset ? before2 : wall - zone(wall - dayMillis);
}
function utc(year2, month2 = 1, day2 = 1, hour = 0, minute = 0, second = 0, millis = 0) {
  const date = /* @__PURE__ */ new Date(0);
  date.setUTCFullYear(year2, month2 - 1, day2);
  date.setUTCHours(hour, minute, second, millis);
  return date.getTime();
}
function addMonths(wall, months2) {
  const date = new Date(wall);
  const day2 = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months2);
  const last2 = new Date(utc(date.getUTCFullYear(), date.getUTCMonth() + 2, 0)).getUTCDate();
  date.setUTCDate(Math.min(day2, last2));
  return date.getTime();
}
function dayNumber(wall) {
  return Math.floor(wall / dayMillis);
}
function isoWeekday(wall) {
  return new Date(wall).getUTCDay() || 7;
}
function dayOfYear(wall) {
  return dayNumber(wall) - dayNumber(utc(new Date(wall).getUTCFullYear())) + 1;
}
function isoWeek(wall) {
  const thursday = wall + (4 - isoWeekday(wall)) * dayMillis;
  return {
    week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1,
    year: new Date(thursday).getUTCFullYear()
  };
}
function sundayWeek(wall) {
  return Math.floor((dayOfYear(wall) + 6 - new Date(wall).getUTCDay()) / 7);
}

// src/embedded-mongo/expressions/date-format.ts
var months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
];
function formatDate(instant, format, zone) {
  const wall = toWall(instant, zone);
  const date = new Date(wall);
  const pad = (value, width) => {
    if (value >= 0 && value <= 9999) return String(value).padStart(width, "0");
    throw new ServerError(
      18537,
      `Could not convert date to string: date component was outside the supported range of 0-9999: ${value}`
    );
  };
  const minutes = Math.round(zone(instant) / 6e4);
  return format.replace(/%(.?)/gs, (_, letter) => {
    switch (letter) {
      case "%":
        return "%";
      case "Y":
        return pad(date.getUTCFullYear(), 4);
      case "G":
        return pad(isoWeek(wall).year, 4);
      case "m":
        return pad(date.getUTCMonth() + 1, 2);
      case "b":
        return months[date.getUTCMonth()]?.slice(0, 3) ?? "";
      case "B":
        return months[date.getUTCMonth()] ?? "";
      case "d":
        return pad(date.getUTCDate(), 2);
      case "H":
        return pad(date.getUTCHours(), 2);
      case "M":
        return pad(date.getUTCMinutes(), 2);
      case "S":
        return pad(date.getUTCSeconds(), 2);
      case "L":
        return pad(date.getUTCMilliseconds(), 3);
      case "j":
        return pad(dayOfYear(wall), 3);
      case "w":
        return String(date.getUTCDay() + 1);
      case "u":
        return String(isoWeekday(wall));
      case "U":
        return pad(sundayWeek(wall), 2);
      case "V":
        return pad(isoWeek(wall).week, 2);
      case "z":
        return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(minutes) / 60), 2)}${pad(Math.abs(minutes) % 60, 2)}`;
      case "Z":
        return String(minutes);
      default:
        throw new ServerError(18536, `Invalid format character '%${letter}' in format string`);
    }
  });
}
function unreadable(text2, why) {
  return new ServerError(241, `Error parsing date string '${text2}'; ${why}`);
}
var iso = /^(\d{4})-?(\d{2})-?(\d{2})(?:[Tt ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/;
function parseIso(text2, zone) {
  const parts = iso.exec(text2);
  if (!parts) {
    if (Number.isNaN(Date.parse(text2)))
      throw unreadable(
        text2,
        "0: passing a time zone identifier as part of the string or an unreadable date"
      );
    throw unsupported(`A date string other than ISO 8601 (${text2})`);
  }
  const [, year2, month2, day2, hour = "0", minute = "0", second = "0", fraction = "0", own] = parts;
  checkDate(text2, Number(year2), Number(month2), Number(day2));
  checkTime(text2, [Number(hour), Number(minute), Number(second)]);
  if (own !== void 0 && zone) {
    throw unreadable(
      text2,
      `you cannot pass in a date/time string with time zone information ('${own}') together with a timezone argument`
    );
  }
  const millis = Math.trunc(Number(`0.${fraction}`) * 1e3 + 1e-6);
  const wall = utc(
    Number(year2),
    Number(month2),
    Number(day2),
    Number(hour),
    Number(minute),
    Number(second),
    millis
  );
  return own === void 0 ? fromWall(wall, zone ?? (() => 0)) : wall - offsetMillis(own);
}
function checkDate(text2, year2, month2, day2) {
  const date = new Date(utc(year2, month2, day2));
  if (date.getUTCMonth() === month2 - 1 && date.getUTCDate() === day2) return;
  throw unreadable(text2, "the parsed date was invalid");
}
function checkTime(text2, [hour, minute, second]) {
  if (Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59) return;
  throw unreadable(text2, "the parsed time was invalid");
}
function offsetMillis(text2) {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(text2);
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === "-" ? -minutes : minutes) * 6e4;
}
var letters = {
  Y: "\\d{4}",
  G: "\\d{4}",
  m: "\\d{1,2}",
  d: "\\d{1,2}",
  H: "\\d{1,2}",
  M: "\\d{1,2}",
  S: "\\d{1,2}",
  L: "\\d{1,3}",
  j: "\\d{1,3}",
  u: "[1-7]",
  V: "\\d{1,2}",
  z: "Z|[+-]\\d{2}:?\\d{2}",
  Z: "[+-]\\d{1,4}",
  b: "[A-Za-z]{3}",
  B: "[A-Za-z]+"
};
function parseFormatted(text2, format, zone) {
  const order = [];
  const pattern2 = format.replace(/%(.?)|[\^$\\.*+?()[\]{}|/]/gs, (found2, letter) => {
    if (letter === void 0) return `\\${found2}`;
    if (letter === "%") return "%";
    const source = letters[letter];
    if (source === void 0) {
      throw new ServerError(18536, `Invalid format character '%${letter}' in format string`);
    }
    order.push(letter);
    return `(${source})`;
  });
  const found = new RegExp(`^${pattern2}$`).exec(text2);
  if (!found) throw unreadable(text2, `does not match the format '${format}'`);
  return assemble(text2, new Map(order.map((letter, at) => [letter, found[at + 1] ?? ""])), zone);
}
function assemble(text2, fields, zone) {
  const number2 = (letter, fallback) => Number(fields.get(letter) ?? fallback);
  const name = (fields.get("B") ?? fields.get("b"))?.toLowerCase();
  const named2 = months.findIndex(
    (month3) => fields.has("B") ? month3.toLowerCase() === name : month3.slice(0, 3).toLowerCase() === name
  );
  if (name !== void 0 && named2 < 0) throw unreadable(text2, "unknown month");
  const month2 = name === void 0 ? number2("m", 1) : named2 + 1;
  const millis = Number((fields.get("L") ?? "").padEnd(3, "0"));
  const time = [number2("H", 0), number2("M", 0), number2("S", 0), millis];
  checkTime(text2, time);
  const wall = day(text2, fields, number2, month2) + utc(1970, 1, 1, ...time);
  const offset = fields.get("z") ?? fields.get("Z");
  if (offset === void 0) return fromWall(wall, zone ?? (() => 0));
  if (zone) throw unreadable(text2, "time zone given twice");
  return wall - (fields.has("Z") ? Number(offset) * 6e4 : offsetMillis(offset));
}
function day(text2, fields, number2, month2) {
  if (fields.has("G")) {
    const fourth = utc(number2("G", 1970), 1, 4);
    return fourth + ((number2("V", 1) - 1) * 7 + number2("u", 1) - isoWeekday(fourth)) * 864e5;
  }
  if (!fields.has("Y")) throw unreadable(text2, "an incomplete date/time string has been found");
  if (fields.has("j")) return utc(number2("Y", 1970), 1, number2("j", 1));
  checkDate(text2, number2("Y", 1970), month2, number2("d", 1));
  return utc(number2("Y", 1970), month2, number2("d", 1));
}

// src/embedded-mongo/expressions/dates.ts
function parseDate(text2) {
  return new Date(parseIso(text2, void 0));
}
function instantOf(value, name) {
  if (value instanceof Date) return value.getTime();
  if (value instanceof ObjectId2) return value.getTimestamp().getTime();
  if (value instanceof Timestamp2) return value.t * 1e3;
  throw new ServerError(16006, `can't convert from BSON type ${typeOf(value)} to Date (${name})`);
}
function zoneOf(value) {
  if (typeof value !== "string") {
    throw new ServerError(40517, `timezone must evaluate to a string, found ${typeOf(value)}`);
  }
  return zoneNamed(value);
}
var utcZone = () => 0;
function part(read) {
  return (operand, compiler, name) => {
    const only = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand;
    const isNamed = isDoc(only) && !Object.keys(only)[0]?.startsWith("$");
    const { date, timezone } = isNamed ? named(only, compiler, name, ["date"], ["timezone"]) : { date: compiler.compile(only), timezone: void 0 };
    return (root) => {
      const value = date?.(root);
      const zone = timezone ? timezone(root) : "UTC";
      if (isNullish(value) || isNullish(zone)) return null;
      return read(toWall(instantOf(value, name), zoneOf(zone)));
    };
  };
}
var year = (wall) => new Date(wall).getUTCFullYear();
var month = (wall) => new Date(wall).getUTCMonth() + 1;
function withNames(needed, optional, apply) {
  return (operand, compiler, name) => {
    const members2 = evaluator(named(operand, compiler, name, needed, optional));
    return (root) => {
      const values = members2(root);
      const given = [...needed, "timezone"].filter((key) => key in values);
      return given.some((key) => isNullish(values[key])) ? null : apply(values, name);
    };
  };
}
function evaluator(members2) {
  const entries = Object.entries(members2);
  return (root) => Object.fromEntries(entries.map(([key, member]) => [key, member?.(root)]));
}
function zoneIn(values) {
  return values.timezone === void 0 ? utcZone : zoneOf(values.timezone);
}
function toParts(values, name) {
  if ("iso8601" in values && isNullish(values.iso8601)) return null;
  const wall = toWall(instantOf(values.date, name), zoneIn(values));
  const date = new Date(wall);
  const time = {
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds()
  };
  if (values.iso8601 === true) {
    const iso2 = isoWeek(wall);
    return { isoWeekYear: iso2.year, isoWeek: iso2.week, isoDayOfWeek: isoWeekday(wall), ...time };
  }
  return { year: year(wall), month: month(wall), day: date.getUTCDate(), ...time };
}
var fromParts = (operand, compiler, name) => {
  const time = ["hour", "minute", "second", "millisecond", "timezone"];
  const iso2 = isDoc(operand) && "isoWeekYear" in operand;
  const members2 = evaluator(
    iso2 ? named(operand, compiler, name, ["isoWeekYear"], ["isoWeek", "isoDayOfWeek", ...time]) : named(operand, compiler, name, ["year"], ["month", "day", ...time])
  );
  return (root) => {
    const values = members2(root);
    if (Object.values(values).some(isNullish)) return null;
    const number2 = (key, fallback) => partNumber(values[key] ?? fallback, key);
    const day2 = iso2 ? isoDay(number2("isoWeekYear", 1970), number2("isoWeek", 1), number2("isoDayOfWeek", 1)) : utc(number2("year", 1970), number2("month", 1), number2("day", 1));
    const wall = day2 + number2("hour", 0) * 36e5 + number2("minute", 0) * 6e4 + number2("second", 0) * 1e3 + number2("millisecond", 0);
    return new Date(fromWall(wall, zoneIn(values)));
  };
};
function isoDay(isoYear, week, weekday) {
  const fourth = utc(isoYear, 1, 4);
  return fourth + ((week - 1) * 7 + weekday - isoWeekday(fourth)) * dayMillis;
}
function partNumber(value, key) {
  const number2 = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number2)) {
    throw new ServerError(40515, `'${key}' must evaluate to an integer, found ${typeOf(value)}`);
  }
  if ((key === "year" || key === "isoWeekYear") && (number2 < 1 || number2 > 9999)) {
    throw new ServerError(
      40523,
      `'${key}' must evaluate to an integer in the range 1 to 9999, found ${number2}`
    );
  }
  if (number2 < -32768 || number2 > 32767) {
    throw new ServerError(
      31034,
      `'${key}' must evaluate to a value in the range [-32768, 32767]; value ${number2}`
    );
  }
  return number2;
}
var toText = (operand, compiler, name) => {
  const { date, format, timezone, onNull } = named(
    operand,
    compiler,
    name,
    ["date"],
    ["format", "timezone", "onNull"]
  );
  return (root) => {
    const value = date?.(root);
    if (isNullish(value)) return onNull ? onNull(root) : null;
    const zone = timezone ? timezone(root) : "UTC";
    const pattern2 = format ? format(root) : defaultFormat(timezone ? zone : void 0);
    if (isNullish(zone) || isNullish(pattern2)) return null;
    if (typeof pattern2 !== "string") {
      throw new ServerError(
        18533,
        `$dateToString requires that 'format' be a string, found: ${typeOf(pattern2)}`
      );
    }
    return formatDate(instantOf(value, name), pattern2, zoneOf(zone));
  };
};
function defaultFormat(zone) {
  return zone === void 0 || zone === "UTC" ? "%Y-%m-%dT%H:%M:%S.%LZ" : "%Y-%m-%dT%H:%M:%S.%L";
}
var fromText = (operand, compiler, name) => {
  const { dateString, format, timezone, onNull, onError } = named(
    operand,
    compiler,
    name,
    ["dateString"],
    ["format", "timezone", "onNull", "onError"]
  );
  return (root) => {
    const text2 = dateString?.(root);
    if (isNullish(text2)) return onNull ? onNull(root) : null;
    const zone = timezone ? timezone(root) : void 0;
    const pattern2 = format ? format(root) : void 0;
    if (zone === null || pattern2 === null) return null;
    try {
      if (typeof text2 !== "string") {
        throw new ServerError(
          241,
          `$dateFromString requires that 'dateString' be a string, found: ${typeOf(text2)}`
        );
      }
      const chosen = zone === void 0 ? void 0 : zoneOf(zone);
      return new Date(
        typeof pattern2 === "string" ? parseFormatted(text2, pattern2, chosen) : parseIso(text2, chosen)
      );
    } catch (error) {
      if (onError && error instanceof ServerError && error.code === 241) return onError(root);
      throw error;
    }
  };
};
var fixedUnits = {
  hour: 36e5,
  minute: 6e4,
  second: 1e3,
  millisecond: 1
};
var monthUnits = { year: 12, quarter: 3, month: 1 };
var dayUnits = { week: 7, day: 1 };
function unitOf(value, name) {
  if (typeof value !== "string") {
    throw new ServerError(
      5439013,
      `${name} requires 'unit' to be a string, but got ${typeOf(value)}`
    );
  }
  if (!(value in fixedUnits || value in monthUnits || value in dayUnits)) {
    throw failedToParse(
      `${name} parameter 'unit' value cannot be recognized as a time unit: ${value}`
    );
  }
  return value;
}
function addUnits(instant, unit2, amount, zone) {
  const fixed = fixedUnits[unit2];
  if (fixed !== void 0) return instant + amount * fixed;
  const wall = toWall(instant, zone);
  const months2 = monthUnits[unit2];
  const moved3 = months2 === void 0 ? wall + amount * (dayUnits[unit2] ?? 1) * dayMillis : addMonths(wall, amount * months2);
  return moved3 === wall ? instant : fromWall(moved3, zone);
}
function adding(sign) {
  return withNames(["startDate", "unit", "amount"], ["timezone"], (values, name) => {
    const amount = isNumber(values.amount) ? toNumber(values.amount) : Number.NaN;
    if (!Number.isInteger(amount))
      throw new ServerError(5166405, `${name} expects integer amount of time units`);
    const start2 = instantOf(values.startDate, name);
    const date = new Date(
      addUnits(start2, unitOf(values.unit, name), sign * amount, zoneIn(values))
    );
    if (Number.isNaN(date.getTime())) throw new ServerError(5166406, `${name} overflowed`);
    return date;
  });
}
var weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
function startOfWeek(value, name) {
  if (value === void 0) return 0;
  const text2 = typeof value === "string" ? value.toLowerCase() : "";
  const day2 = weekdays.findIndex((weekday) => weekday === text2 || weekday.slice(0, 3) === text2);
  if (day2 < 0) {
    throw failedToParse(
      `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${String(value)}`
    );
  }
  return day2;
}
function weekNumber(wall, first2) {
  return Math.floor((dayNumber(wall) + 4 - first2) / 7);
}
function difference(values, name) {
  const unit2 = unitOf(values.unit, name);
  const zone = zoneIn(values);
  const start2 = instantOf(values.startDate, name);
  const end2 = instantOf(values.endDate, name);
  const fixed = fixedUnits[unit2];
  if (fixed !== void 0) {
    const phase = zone(start2) % fixed;
    return Long5.fromNumber(Math.floor((end2 + phase) / fixed) - Math.floor((start2 + phase) / fixed));
  }
  const [from, to] = [toWall(start2, zone), toWall(end2, zone)];
  const first2 = startOfWeek(values.startOfWeek, name);
  const months2 = monthUnits[unit2];
  const count4 = (wall) => months2 === void 0 ? unit2 === "day" ? dayNumber(wall) : weekNumber(wall, first2) : Math.floor((year(wall) * 12 + month(wall) - 1) / months2);
  return Long5.fromNumber(count4(to) - count4(from));
}
function truncated(values, name) {
  const unit2 = unitOf(values.unit, name);
  const size2 = values.binSize === void 0 ? 1 : toNumber(values.binSize);
  if (!Number.isInteger(size2) || size2 <= 0) {
    throw new ServerError(
      5439018,
      `${name} requires 'binSize' to be greater than 0, but got value ${size2}`
    );
  }
  const zone = zoneIn(values);
  const instant = instantOf(values.date, name);
  const base = utc(2e3);
  const floor = (distance) => Math.floor(distance / size2) * size2;
  const fixed = fixedUnits[unit2];
  if (fixed !== void 0) {
    const origin2 = fromWall(base, zone);
    return new Date(origin2 + floor(Math.floor((instant - origin2) / fixed)) * fixed);
  }
  const wall = toWall(instant, zone);
  const months2 = monthUnits[unit2];
  if (months2 !== void 0) {
    const passed2 = Math.floor(((year(wall) - 2e3) * 12 + month(wall) - 1) / months2);
    return new Date(fromWall(addMonths(base, floor(passed2) * months2), zone));
  }
  const days = dayUnits[unit2] ?? 1;
  const first2 = startOfWeek(values.startOfWeek, name);
  const origin = unit2 === "week" ? base + (first2 + 1) % 7 * dayMillis : base;
  const passed = Math.floor((dayNumber(wall) - dayNumber(origin)) / days);
  return new Date(fromWall(origin + floor(passed) * days * dayMillis, zone));
}
var dateOperators = {
  $year: part(year),
  $month: part(month),
  $dayOfMonth: part((wall) => new Date(wall).getUTCDate()),
  $dayOfWeek: part((wall) => new Date(wall).getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $hour: part((wall) => new Date(wall).getUTCHours()),
  $minute: part((wall) => new Date(wall).getUTCMinutes()),
  $second: part((wall) => new Date(wall).getUTCSeconds()),
  $millisecond: part((wall) => new Date(wall).getUTCMilliseconds()),
  $week: part(sundayWeek),
  $isoWeek: part((wall) => isoWeek(wall).week),
  $isoWeekYear: part((wall) => Long5.fromNumber(isoWeek(wall).year)),
  $isoDayOfWeek: part(isoWeekday),
  $dateToParts: withNames(["date"], ["timezone", "iso8601"], toParts),
  $dateFromParts: fromParts,
  $dateToString: toText,
  $dateFromString: fromText,
  $dateAdd: adding(1),
  $dateSubtract: adding(-1),
  $dateDiff: withNames(["startDate", "endDate", "unit"], ["timezone", "startOfWeek"], difference),
  $dateTrunc: withNames(["date", "unit"], ["binSize", "timezone", "startOfWeek"], truncated),
  $tsSecond: timestampPart((value) => Long5.fromNumber(value.t)),
  $tsIncrement: timestampPart((value) => Long5.fromNumber(value.i))
};
function timestampPart(read) {
  return (operand, compiler, name) => {
    const value = compiler.compile(operand);
    return (root) => {
      const stamp = value(root);
      if (isNullish(stamp)) return null;
      if (!(stamp instanceof Timestamp2)) {
        throw new ServerError(
          5687301,
          `${name} requires a timestamp argument, found: ${typeOf(stamp)}`
        );
      }
      return read(stamp);
    };
  };
}

// src/embedded-mongo/expressions/folds.ts
function sum() {
  const total = new Sum();
  return {
    add(value) {
      if (isNumber(value)) total.add(value);
    },
    result: () => total.total()
  };
}
function average() {
  const total = new Sum();
  let count4 = 0;
  return {
    add(value) {
      if (!isNumber(value)) return;
      total.add(value);
      count4++;
    },
    result: () => count4 === 0 ? null : divide(total.total(), count4)
  };
}
function extreme(direction) {
  return (collation) => {
    let kept2 = null;
    return {
      add(value) {
        if (isNullish(value)) return;
        if (kept2 === null || compare(value, kept2, collation) * direction < 0) kept2 = value;
      },
      result: () => kept2
    };
  };
}
function deviation(sample2) {
  return () => {
    let count4 = 0;
    let mean = 0;
    let squares = 0;
    return {
      add(value) {
        if (!isNumber(value)) return;
        const number2 = toNumber(value);
        count4++;
        const off = number2 - mean;
        mean += off / count4;
        squares += off * (number2 - mean);
      },
      result() {
        const divisor = sample2 ? count4 - 1 : count4;
        return divisor <= 0 ? null : double(Math.sqrt(squares / divisor));
      }
    };
  };
}
var folds = {
  $sum: sum,
  $avg: average,
  $min: extreme(1),
  $max: extreme(-1),
  $stdDevPop: deviation(false),
  $stdDevSamp: deviation(true)
};
function folded(start2) {
  return (operand, compiler) => {
    const list = Array.isArray(operand) ? operand : void 0;
    const [only] = list ?? [];
    if (list && list.length !== 1) {
      const items2 = list.map((item) => compiler.compile(item));
      return (root) => overAll(
        start2(compiler.collation),
        items2.map((item) => item(root))
      );
    }
    const expression = compiler.compile(list ? only : operand);
    return (root) => {
      const value = expression(root);
      return overAll(start2(compiler.collation), Array.isArray(value) ? value : [value]);
    };
  };
}
function overAll(fold2, values) {
  for (const value of values) fold2.add(value);
  return fold2.result();
}
function percentiles(operand, compiler, name) {
  const required2 = name === "$median" ? ["input", "method"] : ["input", "p", "method"];
  const fields = namedFields(operand, name, required2);
  if (fields.method !== "approximate") {
    throw new ServerError(2, "Currently only 'approximate' can be used as percentile 'method'.");
  }
  const wanted = name === "$median" ? [0.5] : compiler.compile(fields.p)({});
  if (!Array.isArray(wanted) || wanted.length === 0 || !wanted.every(isShare)) {
    throw new ServerError(
      7750303,
      "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]"
    );
  }
  return {
    input: compiler.compile(fields.input),
    finish(values) {
      const numbers = values.filter(isNumber).map(toNumber).sort((a, b) => a - b);
      const found = wanted.map((share) => {
        const rank2 = Math.max(0, Math.ceil(numbers.length * toNumber(share)) - 1);
        const value = numbers[rank2];
        return value === void 0 ? null : double(value);
      });
      return name === "$median" ? found[0] : found;
    }
  };
}
function isShare(value) {
  return isNumber(value) && toNumber(value) >= 0 && toNumber(value) <= 1;
}
var percentile = (operand, compiler, name) => {
  const { input, finish } = percentiles(operand, compiler, name);
  return (root) => {
    const value = input(root);
    return finish(Array.isArray(value) ? value : [value]);
  };
};
var foldOperators = {
  ...Object.fromEntries(Object.entries(folds).map(([name, start2]) => [name, folded(start2)])),
  $median: percentile,
  $percentile: percentile
};

// src/embedded-mongo/expressions/logic.ts
function comparison(decide) {
  return (operand, compiler, name) => {
    const [left, right] = operands(operand, compiler, name, 2);
    const { collation } = compiler;
    return (root) => decide(compare(left?.(root), right?.(root), collation));
  };
}
var and = (operand, compiler, name) => {
  const list = operands(operand, compiler, name, 0, Infinity);
  return (root) => list.every((item) => isTrue(item(root)));
};
var or = (operand, compiler, name) => {
  const list = operands(operand, compiler, name, 0, Infinity);
  return (root) => list.some((item) => isTrue(item(root)));
};
var cond = (operand, compiler, name) => {
  const [condition, yes, no] = Array.isArray(operand) ? operands(operand, compiler, name, 3) : (({ if: test, then, else: other }) => [test, then, other])(
    named(operand, compiler, name, ["if", "then", "else"])
  );
  return (root) => isTrue(condition?.(root)) ? yes?.(root) : no?.(root);
};
var ifNull = (operand, compiler, name) => {
  if (!Array.isArray(operand) || operand.length < 2) {
    throw new ServerError(1257300, "$ifNull needs at least two arguments");
  }
  const list = operands(operand, compiler, name, 2, Infinity);
  return (root) => {
    let value;
    for (const item of list) {
      value = item(root);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};
var choose = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ["branches"], ["default"]);
  if (!Array.isArray(fields.branches)) {
    throw new ServerError(40061, "$switch expected an array for 'branches'");
  }
  if (fields.branches.length === 0) {
    throw new ServerError(40068, "$switch requires at least one branch.");
  }
  const branches2 = fields.branches.map((branch2) => {
    const { case: test, then } = named(branch2, compiler, "$switch", ["case", "then"]);
    if (!test || !then)
      throw new ServerError(40067, "$switch requires each branch have case and then");
    return [test, then];
  });
  const fallback = "default" in fields ? compiler.compile(fields.default) : void 0;
  return (root) => {
    for (const [test, then] of branches2) if (isTrue(test(root))) return then(root);
    if (fallback) return fallback(root);
    throw new ServerError(
      40066,
      "$switch could not find a matching branch for an input, and no default was specified."
    );
  };
};
var bind = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ["vars", "in"]);
  if (!isDoc(fields.vars)) throw new ServerError(16874, "$let needs vars to be an object");
  const bindings = Object.entries(fields.vars).map(([key, expression]) => {
    checkVariableName(key);
    const variable2 = { value: void 0 };
    return { key, variable: variable2, expression: compiler.compile(expression) };
  });
  const inner = compiler.with(
    Object.fromEntries(bindings.map(({ key, variable: variable2 }) => [key, variable2]))
  );
  const body = inner.compile(fields.in);
  return (root) => {
    for (const { variable: variable2, expression } of bindings) variable2.value = expression(root);
    return body(root);
  };
};
var literal = (operand) => () => operand;
var refused = (_operand, _compiler, name) => {
  throw unsupported(name);
};
var logicOperators = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: comparison((order) => order),
  $and: and,
  $or: or,
  $not: unary((value) => !isTrue(value)),
  $cond: cond,
  $ifNull: ifNull,
  $switch: choose,
  $let: bind,
  $literal: literal,
  $const: literal,
  $rand: () => () => Math.random(),
  $function: refused,
  $accumulator: refused,
  $sampleRate: refused,
  $toHashedIndexKey: refused
};

// src/embedded-mongo/expressions/objects.ts
function mergeObjects(values) {
  const merged = {};
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDoc(value)) {
      throw new ServerError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeOf(value)}`
      );
    }
    for (const key of Object.keys(value)) put(merged, key, value[key]);
  }
  return merged;
}
function objectToArray(value) {
  if (isNullish(value)) return null;
  if (!isDoc(value)) {
    throw new ServerError(
      40390,
      `$objectToArray requires a document input, found: ${typeOf(value)}`
    );
  }
  return Object.keys(value).map((k) => ({ k, v: value[k] }));
}
var getField = (operand, compiler, name) => {
  const fields = isDoc(operand) && "field" in operand ? namedFields(operand, name, ["field"], ["input"]) : { field: operand };
  const field2 = compiler.compile(fields.field);
  const input = compiler.compile("input" in fields ? fields.input : "$$CURRENT");
  return (root) => {
    const key = field2(root);
    if (typeof key !== "string") {
      throw new ServerError(5654602, "$getField requires 'field' to evaluate to type String");
    }
    const value = input(root);
    if (value === null) return null;
    return isDoc(value) ? get(value, key) : void 0;
  };
};
var setField = (operand, compiler, name) => {
  const { field: field2, input, value } = namedFields(operand, name, ["field", "input", "value"]);
  return changedField(
    compiler.compile(field2),
    compiler.compile(input),
    compiler.compile(value),
    name
  );
};
var unsetField = (operand, compiler, name) => {
  const { field: field2, input } = namedFields(operand, name, ["field", "input"]);
  return changedField(compiler.compile(field2), compiler.compile(input), () => void 0, name);
};
function changedField(field2, input, value, name) {
  return (root) => {
    const key = field2(root);
    if (typeof key !== "string") {
      throw new ServerError(4161107, `${name} requires 'field' to evaluate to type String`);
    }
    const source = input(root);
    if (isNullish(source)) return null;
    if (!isDoc(source)) {
      throw new ServerError(4161105, `${name} requires 'input' to evaluate to type Object`);
    }
    const made = { ...source };
    const member = value(root);
    if (member === void 0) drop(made, key);
    else put(made, key, member);
    return made;
  };
}
function bsonSize(value, name) {
  if (isNullish(value)) return null;
  if (isDoc(value)) return encode(value).length;
  throw new ServerError(31393, `${name} requires a document input, found: ${typeOf(value)}`);
}
var meta = (operand) => {
  if (operand === "textScore") return (root) => textScore(root);
  throw unsupported(`$meta ${JSON.stringify(operand)}`);
};
var objectOperators = {
  $mergeObjects: variadic(mergeObjects),
  $objectToArray: unary(objectToArray),
  $bsonSize: unary(bsonSize),
  $getField: getField,
  $setField: setField,
  $unsetField: unsetField,
  $meta: meta
};

// src/embedded-mongo/expressions/strings.ts
import { Binary as Binary4 } from "mongodb";

// src/embedded-mongo/expressions/types.ts
import { Binary as Binary3, Decimal128 as Decimal1286, Long as Long7, ObjectId as ObjectId3 } from "mongodb";

// src/embedded-mongo/query/match-operators.ts
import { Binary as Binary2, Long as Long6 } from "mongodb";

// src/embedded-mongo/query/match-regex.ts
var spaces = " \\t\\n\\v\\f\\r";
var posixClasses = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: spaces,
  blank: " \\t",
  punct: "!-\\/:-@\\[-`\\{-~",
  xdigit: "0-9A-Fa-f",
  word: "\\w"
};
var cache = /* @__PURE__ */ new Map();
function compileRegex(pattern2, options) {
  const id = `${options}/${pattern2}`;
  const cached = cache.get(id);
  if (cached) return cached;
  const unknown = /[^imsxu]/.exec(options);
  if (unknown) throw new ServerError(51108, `invalid flag in regex options: ${unknown[0]}`);
  const inline = /^(?:\(\?([imsx]+)\))+/.exec(pattern2);
  const flags = new Set(options + (inline?.[0].replace(/[()?]/g, "") ?? ""));
  const source = new Translator(pattern2.slice(inline?.[0].length ?? 0), flags).run();
  const made = construct(source, pattern2, flags);
  if (cache.size > 1e3) cache.clear();
  cache.set(id, made);
  return made;
}
function construct(source, pattern2, flags) {
  try {
    return new RegExp(source, `u${flags.has("i") ? "i" : ""}${flags.has("m") ? "m" : ""}`);
  } catch (error) {
    throw new ServerError(
      51091,
      `Regular expression is invalid: ${pattern2}: ${error instanceof Error ? error.message : ""}`
    );
  }
}
var Translator = class {
  at = 0;
  text;
  extended;
  dot;
  dollar;
  constructor(text2, flags) {
    this.text = text2;
    this.extended = flags.has("x");
    this.dot = flags.has("s") ? "[\\s\\S]" : "[^\\n]";
    this.dollar = flags.has("m") ? "(?=\\n|(?![\\s\\S]))" : "(?=\\n?(?![\\s\\S]))";
  }
  run() {
    let out = "";
    while (this.at < this.text.length) out += this.next();
    return out;
  }
  next() {
    const char = this.read();
    switch (char) {
      case "\\":
        return this.escape(false);
      case "[":
        return this.set();
      case "(":
        return this.group();
      case ".":
        return this.dot;
      case "$":
        return this.dollar;
      case "^":
        return this.dollar.includes("|") ? "(?<=\\n|(?<![\\s\\S]))" : "^";
      case "*":
      case "+":
      case "?":
        return this.quantifier(char);
      case "{": {
        const range2 = /^\d+(,\d*)?\}/.exec(this.text.slice(this.at));
        if (!range2) return "\\{";
        this.at += range2[0].length;
        return this.quantifier(`{${range2[0]}`);
      }
      case "}":
      case "]":
        return `\\${char}`;
      case "#":
        if (this.extended) return this.skipTo("\n");
        return char;
      default:
        return this.extended && /\s/.test(char) ? "" : char;
    }
  }
  quantifier(text2) {
    if (this.text[this.at] === "+")
      throw unsupported("The possessive quantifier of regular expressions");
    return text2;
  }
  group() {
    const rest = this.text.slice(this.at);
    if (rest.startsWith("*")) throw unsupported("The verb (*...) of regular expressions");
    if (!rest.startsWith("?")) return "(";
    if (rest.startsWith("?#")) return this.skipTo(")");
    const opening = /^\?(?::|=|!|<=|<!|P?<([A-Za-z_]\w*)>)/.exec(rest);
    if (!opening) throw unsupported(`The construct (${rest.slice(0, 3)} of regular expressions`);
    this.at += opening[0].length;
    return opening[1] === void 0 ? `(${opening[0]}` : `(?<${opening[1]}>`;
  }
  escape(inSet) {
    if (this.at >= this.text.length) return "\\";
    const char = this.read();
    if (/[dDwWfnrtv]/.test(char)) return `\\${char}`;
    switch (char) {
      case "s":
        return inSet ? spaces : `[${spaces}]`;
      case "S":
        return inSet ? "\\S" : `[^${spaces}]`;
      case "h":
        return inSet ? " \\t" : "[ \\t]";
      case "b":
        return "\\b";
      case "B":
        return "\\B";
      case "A":
        return "(?<![\\s\\S])";
      case "z":
        return "(?![\\s\\S])";
      case "Z":
        return "(?=\\n?(?![\\s\\S]))";
      case "a":
        return "\\x07";
      case "e":
        return "\\x1b";
      case "x":
        return this.hex();
      case "p":
      case "P":
        return this.property(char);
      case "Q":
        return this.quoted();
      case "E":
        return "";
      case "k":
        return "\\k";
      default:
        return this.literal(char, inSet);
    }
  }
  literal(char, inSet) {
    if (/[1-9]/.test(char) && !inSet) return `\\${char}`;
    if (char === "0") return "\\0";
    if (/[A-Za-z0-9]/.test(char)) throw unsupported(`The escape \\${char} of regular expressions`);
    return /[\^$\\.*+?()[\]{}|/]/.test(char) || inSet && char === "-" ? `\\${char}` : char;
  }
  hex() {
    const digits = /^\{([0-9a-fA-F]+)\}|^([0-9a-fA-F]{1,2})/.exec(this.text.slice(this.at));
    this.at += digits?.[0].length ?? 0;
    return `\\u{${digits?.[1] ?? digits?.[2] ?? "0"}}`;
  }
  property(letter) {
    const name = /^\{\^?(\w+)\}|^(\w)/.exec(this.text.slice(this.at));
    if (!name || name[0].includes("^"))
      throw unsupported(`The escape \\${letter} of regular expressions`);
    this.at += name[0].length;
    const property = name[1] ?? name[2] ?? "";
    const script = property.length > 2 && property !== "Any" ? `Script=${property}` : property;
    return `\\${letter}{${script}}`;
  }
  quoted() {
    const stop = this.text.indexOf("\\E", this.at);
    const quoted = this.text.slice(this.at, stop < 0 ? void 0 : stop);
    this.at = stop < 0 ? this.text.length : stop + 2;
    return quoted.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
  }
  set() {
    let out = "[";
    if (this.text[this.at] === "^") out += this.read();
    if (this.text[this.at] === "]") out += `\\${this.read()}`;
    while (this.at < this.text.length) {
      const char = this.read();
      if (char === "]") return `${out}]`;
      if (char === "\\") out += this.escape(true);
      else if (char === "[") out += this.posix();
      else out += /[(){}|/]/.test(char) ? `\\${char}` : char;
    }
    return out;
  }
  posix() {
    const name = /^:(\^?)(\w+):\]/.exec(this.text.slice(this.at));
    if (!name) return "\\[";
    const members2 = posixClasses[name[2] ?? ""];
    if (members2 === void 0 || name[1] === "^") {
      throw unsupported(`The class [${name[0]} of regular expressions`);
    }
    this.at += name[0].length;
    return members2;
  }
  skipTo(end2) {
    const stop = this.text.indexOf(end2, this.at);
    this.at = stop < 0 ? this.text.length : stop + 1;
    return "";
  }
  /** Reads a code point. */
  read() {
    const point2 = this.text.codePointAt(this.at) ?? 0;
    const char = String.fromCodePoint(point2);
    this.at += char.length;
    return char;
  }
};

// src/embedded-mongo/query/match-operators.ts
function equals(operand, collation) {
  if (operand === null || operand === void 0)
    return (value) => value === null || value === void 0;
  if (typeof operand === "string" && !collation) {
    return (value) => value === operand || typeof value === "object" && equal(value, operand);
  }
  if (typeof operand === "number" || typeof operand === "boolean") {
    return (value) => value === operand || typeof value !== "string" && equal(value, operand);
  }
  return (value) => equal(value, operand, collation);
}
function ordered(operator2, operand, collation) {
  const below = operator2 === "$lt" || operator2 === "$lte";
  const same = operator2 === "$lte" || operator2 === "$gte";
  const rank2 = rankOf2(operand);
  if (rank2 === 5) return (value) => same && (value === null || value === void 0);
  if (rank2 === 127 || rank2 === -1) {
    return (value) => rankOf2(value) === rank2 ? same : below === (rank2 === 127);
  }
  if (isNaNNumber(operand)) return (value) => same && isNaNNumber(value);
  const decide = (order) => order === 0 ? same : order < 0 === below;
  if (typeof operand === "number") {
    return (value) => {
      if (typeof value === "number") {
        return below ? value < operand || same && value === operand : value > operand || same && value === operand;
      }
      return isNumber(value) && !isNaNNumber(value) && decide(compare(value, operand));
    };
  }
  return (value) => value !== void 0 && rankOf2(value) === rank2 && !(rank2 === 10 && isNaNNumber(value)) && decide(compare(value, operand, collation));
}
function isNaNNumber(value) {
  if (typeof value === "number") return Number.isNaN(value);
  if (typeof value !== "object" || value === null || rankOf2(value) !== 10) return false;
  const number2 = exact(value);
  return "special" in number2 && number2.special === "NaN";
}
var fewOperands = 8;
function oneOf(operands2, collation) {
  const regexes = operands2.filter((operand) => typeOf(operand) === "regex").map((r) => regex(r));
  const values = operands2.filter((operand) => typeOf(operand) !== "regex");
  if (operands2.length <= fewOperands) {
    const tests = [...values.map((value) => equals(value, collation)), ...regexes];
    return (value) => tests.some((test) => test(value));
  }
  const keys = new Set(values.map((value) => keyOf(value ?? null, collation)));
  return (value) => keys.has(keyOf(value ?? null, collation)) || regexes.some((matches2) => matches2(value));
}
function regex(value, options) {
  const [pattern2, flags] = typeof value === "string" ? [value, ""] : regexParts(value);
  const chosen = options ?? flags;
  const compiled = compileRegex(pattern2, chosen);
  return (candidate2) => {
    if (typeof candidate2 === "string") return compiled.test(candidate2);
    if (typeof candidate2 !== "object" || candidate2 === null) return false;
    const type2 = typeOf(candidate2);
    if (type2 === "symbol") return compiled.test(String(candidate2));
    if (type2 !== "regex") return false;
    const [storedPattern, storedFlags] = regexParts(candidate2);
    return storedPattern === pattern2 && storedFlags === chosen;
  };
}
function typeSet(operand, operator2 = "$type") {
  const names3 = Array.isArray(operand) ? operand : [operand];
  if (names3.length === 0) throw failedToParse(`${operator2} must match at least one type`);
  const found = /* @__PURE__ */ new Set();
  for (const name of names3) {
    if (name === "number") for (const type2 of numeric) found.add(type2);
    else found.add(typeNamed(name));
  }
  return found;
}
var numeric = ["int", "long", "double", "decimal"];
var byNumber = new Map(
  Object.entries(typeNumbers).map(([name, number2]) => [number2, name])
);
function typeNamed(name) {
  if (typeof name === "string") {
    if (name in typeNumbers && name !== "missing") return name;
    if (name === "undefined" || name === "dbPointer") return "missing";
    throw badValue(`Unknown type name alias: ${name}`);
  }
  if (!isNumber(name))
    throw new ServerError(14, "type must be represented as a number or a string");
  const number2 = Number(name);
  if (number2 === 6 || number2 === 12) return "missing";
  const type2 = byNumber.get(number2);
  if (type2 === void 0 || number2 === 0) throw badValue(`Invalid numerical type code: ${number2}`);
  return type2;
}
function hasType(operand) {
  const types = typeSet(operand);
  return (value) => value !== void 0 && types.has(typeOf(value));
}
function modulo2(operand) {
  if (!Array.isArray(operand)) throw badValue("malformed mod, needs to be an array");
  if (operand.length < 2) throw badValue("malformed mod, not enough elements");
  if (operand.length > 2) throw badValue("malformed mod, too many elements");
  const divisor = integerOf(operand[0]);
  const remainder2 = integerOf(operand[1]);
  if (divisor === void 0) throw badValue("malformed mod, divisor value is invalid");
  if (remainder2 === void 0) throw badValue("malformed mod, remainder value is invalid");
  if (divisor === 0n) throw badValue("divisor cannot be 0");
  const plain = Number(divisor);
  const rest = Number(remainder2);
  return (value) => {
    if (typeof value === "number" && Number.isFinite(value))
      return Math.trunc(value) % plain === rest;
    const whole = integerOf(value);
    return whole !== void 0 && BigInt.asIntN(64, whole) === whole && whole % divisor === remainder2;
  };
}
function integerOf(value) {
  return isNumber(value) ? truncate(exact(value)) : void 0;
}
function bits(operator2, operand) {
  const mask = maskOf(operator2, operand);
  const all2 = operator2.includes("All");
  const clear = operator2.endsWith("Clear");
  return (value) => {
    const held2 = bitsOf(value);
    if (held2 === void 0) return false;
    const hit = (clear ? ~held2 : held2) & mask;
    return all2 ? hit === mask : hit !== 0n;
  };
}
function maskOf(operator2, operand) {
  if (Array.isArray(operand)) {
    return operand.reduce((mask2, position) => {
      const place = isNumber(position) ? Number(position) : Number.NaN;
      if (!Number.isInteger(place)) {
        throw badValue(`Failed to parse bit position. Expected a number in: ${operator2}`);
      }
      if (place < 0) {
        throw badValue(
          `Failed to parse bit position. Expected a non-negative number in: ${operator2}`
        );
      }
      return mask2 | 1n << BigInt(place);
    }, 0n);
  }
  if (operand instanceof Binary2) return bitsOf(operand) ?? 0n;
  if (!isNumber(operand)) {
    throw badValue(
      `${operator2} takes an Array, a number, or a BinData but received: ${typeOf(operand)}`
    );
  }
  const mask = bitsOf(operand);
  if (mask === void 0)
    throw failedToParse(`Expected an integer: ${operator2}: ${String(operand)}`);
  if (mask < 0n) {
    throw failedToParse(`Expected a non-negative number in: ${operator2}: ${String(operand)}`);
  }
  return mask;
}
function bitsOf(value) {
  if (value instanceof Binary2) {
    const hex2 = Buffer.from(bytesOf(value)).reverse().toString("hex");
    return hex2 === "" ? 0n : BigInt(`0x${hex2}`);
  }
  const whole = integerOf(value);
  if (whole === void 0 || compare(value, Long6.fromBigInt(BigInt.asIntN(64, whole))) !== 0) {
    return void 0;
  }
  return whole;
}
function hasSize(operand) {
  if (!isNumber(operand))
    throw badValue(`Failed to parse $size. Expected a number in: $size: ${shown(operand)}`);
  const size2 = Number(operand);
  if (!Number.isInteger(size2)) {
    throw badValue(`Failed to parse $size. Expected an integer: $size: ${shown(operand)}`);
  }
  if (size2 < 0) {
    throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${size2}`);
  }
  return (value) => Array.isArray(value) && value.length === size2;
}
function shown(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === void 0) return "MISSING";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.map(shown).join(", ")} ]`;
  switch (typeOf(value)) {
    case "object": {
      const fields = Object.entries(value).map(([key, member]) => `${key}: ${shown(member)}`);
      return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
    }
    case "double":
      return Number.isInteger(Number(value)) ? `${Number(value)}.0` : `${Number(value)}`;
    case "objectId":
      return `ObjectId('${String(value)}')`;
    case "date":
      return `new Date(${value.getTime()})`;
    case "regex": {
      const [pattern2, options] = regexParts(value);
      return `/${pattern2}/${options}`;
    }
    case "minKey":
      return "MinKey";
    case "maxKey":
      return "MaxKey";
    default:
      return String(value);
  }
}

// src/embedded-mongo/expressions/types.ts
function failure(value, to, why = "") {
  return new ServerError(
    241,
    why === "" ? `Unsupported conversion from ${typeOf(value)} to ${to} in $convert with no onError value` : `Failed to parse ${typeOf(value)} '${String(value)}' in $convert with no onError value: ${why}`
  );
}
function toText2(value) {
  switch (typeOf(value)) {
    case "string":
    case "symbol":
    case "bool":
    case "int":
    case "long":
      return String(value);
    case "decimal":
      return value.toString();
    case "double":
      return numberText(toNumber(value));
    case "objectId":
      return value.toHexString();
    case "date":
      return value.toISOString();
    case "binData":
      return binaryText(value);
    default:
      return void 0;
  }
}
function numberText(value) {
  if (Object.is(value, -0)) return "-0";
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const power2 = Number(value.toExponential(20).split("e")[1]) - 5;
  const kept2 = decimalToNumber(quantise(exactDouble(value), power2, "even"));
  const size2 = Math.abs(kept2);
  if (size2 >= 1e-4 && size2 < 1e6) return String(kept2);
  return kept2.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
function binaryText(value) {
  if (value.sub_type !== 4) return Buffer.from(bytesOf(value)).toString("base64");
  const hex2 = Buffer.from(bytesOf(value)).toString("hex");
  return hex2.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
function toWhole(value, to) {
  if (typeof value === "boolean") return integer(value ? 1n : 0n, to);
  if (value instanceof Date && to === "long") return Long7.fromNumber(value.getTime());
  let whole;
  if (isNumber(value)) whole = truncate(exact(value));
  else if (typeof value === "string") {
    if (!/^[+-]?\d+$/.test(value)) throw failure(value, to, "Did not consume whole string.");
    whole = BigInt(value);
  } else throw failure(value, to);
  const result = whole === void 0 ? void 0 : integer(whole, to);
  if (result === void 0 || to === "int" && typeof result !== "number") {
    throw new ServerError(
      241,
      `Conversion would overflow target type in $convert with no onError value: ${String(value)}`
    );
  }
  return result;
}
function toDouble(value) {
  if (typeof value === "boolean") return double(Number(value));
  if (value instanceof Date) return double(value.getTime());
  if (isNumber(value)) return double(toNumber(value));
  if (typeof value !== "string") throw failure(value, "double");
  const number2 = /^\s|\s$|^$/.test(value) ? Number.NaN : Number(value);
  if (Number.isNaN(number2) && !/^[+-]?nan$/i.test(value)) {
    const named2 = parseDecimal(value);
    if (named2 && "special" in named2) return Number(named2.special);
    throw failure(value, "double", "Did not consume whole string.");
  }
  return double(number2);
}
function toDecimalValue(value) {
  if (typeof value === "boolean") return toDecimal128(exact(Number(value)));
  if (value instanceof Date) return toDecimal128(exact(value.getTime()));
  if (value instanceof Decimal1286) return value;
  if (isNumber(value)) return toDecimal128(toDecimal(value));
  if (typeof value !== "string") throw failure(value, "decimal");
  const parsed = parseDecimal(value);
  if (!parsed) throw failure(value, "decimal", "Failed to parse string to decimal");
  return toDecimal128(parsed);
}
function toDate(value) {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId3) return value.getTimestamp();
  const type2 = typeOf(value);
  if (type2 === "timestamp") return new Date(value.t * 1e3);
  if (type2 === "long" || type2 === "double" || type2 === "decimal") {
    const date = new Date(Math.trunc(toNumber(value)));
    if (Number.isNaN(date.getTime())) throw unsupported("A date outside ECMAScript’s range");
    return date;
  }
  if (typeof value === "string") return parseDate(value);
  throw failure(value, "date");
}
function toObjectId(value) {
  if (value instanceof ObjectId3) return value;
  if (typeof value !== "string") throw failure(value, "objectId");
  if (!/^[0-9a-fA-F]{24}$/.test(value)) {
    throw failure(
      value,
      "objectId",
      value.length === 24 ? "Invalid character found in hex string" : `Invalid string length for parsing to OID, expected 24 but found ${value.length}`
    );
  }
  return ObjectId3.createFromHexString(value);
}
function toBool(value) {
  return isNumber(value) ? !isZero(value) : value !== false;
}
function toStringValue(value) {
  const text2 = toText2(value);
  if (text2 === void 0) throw failure(value, "string");
  return text2;
}
var conversions = {
  int: (value) => toWhole(value, "int"),
  long: (value) => toWhole(value, "long"),
  double: toDouble,
  decimal: toDecimalValue,
  date: toDate,
  objectId: toObjectId,
  bool: toBool,
  string: toStringValue
};
function conversion(to) {
  return unary((value) => isNullish(value) ? null : conversions[to]?.(value));
}
var convert = (operand, compiler, name) => {
  const { input, to, onError, onNull } = named(
    operand,
    compiler,
    name,
    ["input", "to"],
    ["onError", "onNull", "format"]
  );
  return (root) => {
    const value = input?.(root);
    if (isNullish(value)) return onNull ? onNull(root) : null;
    const type2 = to?.(root);
    if (isNullish(type2)) return null;
    const [target2] = typeSet(type2, "$convert's 'to' argument");
    const apply = target2 === void 0 ? void 0 : conversions[target2];
    if (!apply) throw unsupported(`$convert to ${String(type2)}`);
    try {
      return apply(value);
    } catch (error) {
      if (onError && error instanceof ServerError && error.code === 241) return onError(root);
      throw error;
    }
  };
};
var typeOperators = {
  $type: unary((value) => typeOf(value)),
  $isNumber: unary((value) => isNumber(value)),
  $convert: convert,
  $toInt: conversion("int"),
  $toLong: conversion("long"),
  $toDouble: conversion("double"),
  $toDecimal: conversion("decimal"),
  $toDate: conversion("date"),
  $toObjectId: conversion("objectId"),
  $toBool: conversion("bool"),
  $toString: conversion("string"),
  $toUUID: unary((value) => {
    if (isNullish(value)) return null;
    if (value instanceof Binary3 && value.sub_type === 4) return value;
    const hex2 = String(value).replaceAll("-", "");
    if (typeof value !== "string" || !/^[0-9a-fA-F]{32}$/.test(hex2))
      throw failure(value, "binData");
    return new Binary3(Buffer.from(hex2, "hex"), 4);
  })
};

// src/embedded-mongo/expressions/strings.ts
function concat(values) {
  let text2 = "";
  for (const value of values) {
    if (isNullish(value)) return null;
    if (typeof value !== "string") {
      throw new ServerError(16702, `$concat only supports strings, not ${typeOf(value)}`);
    }
    text2 += value;
  }
  return text2;
}
function coerced(value, name) {
  if (isNullish(value)) return "";
  const text2 = ["bool", "objectId", "binData"].includes(typeOf(value)) ? void 0 : toText2(value);
  if (text2 === void 0) {
    throw new ServerError(
      16007,
      `can't convert from BSON type ${typeOf(value)} to String (${name})`
    );
  }
  return text2;
}
function stringOr(value, code, message) {
  if (typeof value !== "string") throw new ServerError(code, `${message}, found: ${typeOf(value)}`);
  return value;
}
var lower = (text2) => text2.replace(/[A-Z]+/g, (part2) => part2.toLowerCase());
var upper = (text2) => text2.replace(/[a-z]+/g, (part2) => part2.toUpperCase());
function substringBytes(values, name) {
  const bytes = Buffer.from(coerced(values[0], name));
  const start2 = Math.trunc(Number(values[1]));
  const length3 = Math.trunc(Number(values[2]));
  if (Number.isNaN(start2)) {
    throw new ServerError(
      16034,
      `${name}: starting index must be a numeric type (is BSON type ${typeOf(values[1])})`
    );
  }
  if (Number.isNaN(length3)) {
    throw new ServerError(
      16035,
      `${name}: length must be a numeric type (is BSON type ${typeOf(values[2])})`
    );
  }
  if (start2 < 0)
    throw new ServerError(50752, `${name}: starting index must be non-negative (got: ${start2})`);
  const end2 = length3 < 0 ? bytes.length : start2 + length3;
  if (isContinuation(bytes[start2])) {
    throw new ServerError(
      28656,
      `${name}: Invalid range, starting index is a UTF-8 continuation byte.`
    );
  }
  if (isContinuation(bytes[end2])) {
    throw new ServerError(
      28657,
      `${name}: Invalid range, ending index is in the middle of a UTF-8 character.`
    );
  }
  return bytes.toString("utf8", Math.min(start2, bytes.length), Math.min(end2, bytes.length));
}
function isContinuation(byte2) {
  return byte2 !== void 0 && (byte2 & 192) === 128;
}
function substringPoints(values, name) {
  const points = Array.from(coerced(values[0], name));
  const start2 = wholeOperand(values[1], 34450, `${name}: starting index must be a numeric type`);
  const length3 = wholeOperand(values[2], 34452, `${name}: length must be a numeric type`);
  if (start2 < 0)
    throw new ServerError(34455, `${name}: the starting index must be a non-negative integer`);
  if (length3 < 0) throw new ServerError(34454, `${name}: length must be a non-negative integer`);
  return points.slice(start2, start2 + length3).join("");
}
function indexOf(units) {
  return variadic(
    (values, name) => {
      const [text2, wanted, from, to] = values;
      if (isNullish(text2)) return null;
      const hay = stringOr(
        text2,
        units === "bytes" ? 40091 : 40093,
        `${name} requires a string as the first argument`
      );
      const needle = stringOr(
        wanted,
        units === "bytes" ? 40092 : 40094,
        `${name} requires a string as the second argument`
      );
      const split2 = (value) => units === "bytes" ? [...Buffer.from(value)] : Array.from(value);
      const items2 = split2(hay);
      const parts = split2(needle);
      const start2 = from === void 0 ? 0 : index(from, name);
      const end2 = to === void 0 ? items2.length : Math.min(index(to, name), items2.length);
      for (let at = start2; at + parts.length <= end2; at++) {
        if (parts.every((part2, offset) => items2[at + offset] === part2)) return at;
      }
      return -1;
    },
    2,
    4
  );
}
function index(value, name) {
  const place = wholeOperand(value, 40096, `${name} requires an integral index`);
  if (place < 0) throw new ServerError(40097, `${name} requires a nonnegative index`);
  return place;
}
function split(value, separator) {
  if (isNullish(value) || isNullish(separator)) return null;
  const text2 = stringOr(
    value,
    40085,
    "$split requires an expression that evaluates to a string as a first argument"
  );
  const by = stringOr(
    separator,
    40086,
    "$split requires an expression that evaluates to a string as a second argument"
  );
  if (by === "") throw new ServerError(40087, "$split requires a non-empty separator");
  return text2.split(by);
}
var whitespace = "\0 	\n\v\f\r             ";
function trim(left, right) {
  return (operand, compiler, name) => {
    const { input, chars } = named(operand, compiler, name, ["input"], ["chars"]);
    return (root) => {
      const text2 = input?.(root);
      const set2 = chars ? chars(root) : whitespace;
      if (isNullish(text2) || isNullish(set2)) return null;
      const points = Array.from(stringOr(text2, 50699, `${name} requires its input to be a string`));
      const unwanted = new Set(
        Array.from(stringOr(set2, 50700, `${name} requires 'chars' to be a string`))
      );
      let start2 = 0;
      let end2 = points.length;
      while (left && start2 < end2 && unwanted.has(points[start2] ?? "")) start2++;
      while (right && end2 > start2 && unwanted.has(points[end2 - 1] ?? "")) end2--;
      return points.slice(start2, end2).join("");
    };
  };
}
function replacing(everywhere) {
  return (operand, compiler, name) => {
    const { input, find: find2, replacement: replacement2 } = named(operand, compiler, name, [
      "input",
      "find",
      "replacement"
    ]);
    return (root) => {
      const values = [input?.(root), find2?.(root), replacement2?.(root)];
      const [text2, wanted, other] = values.map(
        (value, at) => isNullish(value) ? null : stringOr(
          value,
          51746 - at,
          `${name} requires that '${["input", "find", "replacement"][at]}' be a string`
        )
      );
      if (isNullish(text2) || isNullish(wanted) || isNullish(other)) return null;
      return everywhere ? text2.replaceAll(wanted, () => other) : text2.replace(wanted, () => other);
    };
  };
}
function regexOperator(answer2, none) {
  return (operand, compiler, name) => {
    const { input, regex: regex2, options } = named(
      operand,
      compiler,
      name,
      ["input", "regex"],
      ["options"]
    );
    return (root) => {
      const text2 = input?.(root);
      const compiled = regexFrom(regex2?.(root), options, root, name);
      if (isNullish(text2) || !compiled) return none;
      return answer2(
        matches(stringOr(text2, 51104, `${name} needs 'input' to be of type string`), compiled)
      );
    };
  };
}
function regexFrom(value, options, root, name) {
  if (isNullish(value)) return void 0;
  const flags = options?.(root);
  if (!isNullish(flags) && typeof flags !== "string") {
    throw new ServerError(51106, `${name} needs 'options' to be of type string`);
  }
  if (typeof value === "string") return compileRegex(value, flags ?? "");
  if (typeOf(value) !== "regex") {
    throw new ServerError(51105, `${name} needs 'regex' to be of type string or regex`);
  }
  const [pattern2, own] = regexParts(value);
  if (own !== "" && flags) {
    throw new ServerError(
      51107,
      `${name}: found regex option(s) specified in both 'regex' and 'option' fields`
    );
  }
  return compileRegex(pattern2, own || (flags ?? ""));
}
function* matches(text2, regex2) {
  for (const found of text2.matchAll(new RegExp(regex2.source, `${regex2.flags}g`))) {
    const [match2, ...captures] = found;
    const idx = Array.from(text2.slice(0, found.index)).length;
    yield { match: match2, idx, captures: captures.map((capture) => capture ?? null) };
    if (found.index + Math.max(match2.length, 1) >= text2.length) return;
  }
}
function length(count4, code) {
  return unary((value, name) => count4(stringOr(value, code, `${name} requires a string argument`)));
}
var stringOperators = {
  $concat: variadic(concat),
  $toLower: unary((value, name) => lower(coerced(value, name))),
  $toUpper: unary((value, name) => upper(coerced(value, name))),
  $strcasecmp: binary(
    (a, b, name) => compareStrings(upper(coerced(a, name)), upper(coerced(b, name)))
  ),
  $substr: variadic(substringBytes, 3, 3),
  $substrBytes: variadic(substringBytes, 3, 3),
  $substrCP: variadic(substringPoints, 3, 3),
  $indexOfBytes: indexOf("bytes"),
  $indexOfCP: indexOf("points"),
  $binarySize: unary((value, name) => {
    if (isNullish(value)) return null;
    if (typeof value === "string") return Buffer.byteLength(value);
    if (value instanceof Binary4) return value.length();
    throw new ServerError(
      51276,
      `${name} requires a string or BinData argument, found: ${typeOf(value)}`
    );
  }),
  $strLenBytes: length((text2) => Buffer.byteLength(text2), 34473),
  $strLenCP: length((text2) => Array.from(text2).length, 34471),
  $split: binary(split),
  $trim: trim(true, true),
  $ltrim: trim(true, false),
  $rtrim: trim(false, true),
  $replaceOne: replacing(false),
  $replaceAll: replacing(true),
  $regexMatch: regexOperator((found) => found.next().done !== true, false),
  $regexFind: regexOperator((found) => {
    const first2 = found.next();
    return first2.done === true ? null : first2.value;
  }, null),
  $regexFindAll: regexOperator((found) => [...found], [])
};

// src/embedded-mongo/expressions/expressions.ts
var redactMarks = { DESCEND: "descend", PRUNE: "prune", KEEP: "keep" };
var operators;
function operatorNamed(name) {
  operators ??= new Map(
    Object.entries({
      ...arithmeticOperators,
      ...arrayOperators,
      ...dateOperators,
      ...foldOperators,
      ...logicOperators,
      ...objectOperators,
      ...stringOperators,
      ...typeOperators
    })
  );
  return operators.get(name);
}
function scopeOf(env) {
  const scope = /* @__PURE__ */ new Map([
    ["NOW", { value: env.now ?? /* @__PURE__ */ new Date() }],
    ["USER_ROLES", { value: [] }]
  ]);
  for (const [name, expression] of Object.entries(env.let ?? {})) {
    checkVariableName(name);
    scope.set(name, { value: compileExpression(expression, new Map(scope))({}) });
  }
  return scope;
}
function checkVariableName(name) {
  if (!/^[a-z\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$/.test(name) && name !== "CURRENT") {
    throw new ServerError(
      16867,
      `'${name}' starts with an invalid character for a user variable name`
    );
  }
}
function compileExpression(expression, scope, collation) {
  return expressionCompiler(scope, collation).compile(expression);
}
function isExpressionOperator(name) {
  return operatorNamed(name) !== void 0;
}
function expressionCompiler(scope, collation) {
  const compiler = {
    scope,
    collation,
    compile: (expression) => compileWith(expression, compiler),
    with: (variables) => expressionCompiler(new Map([...scope, ...Object.entries(variables)]), collation)
  };
  return compiler;
}
function compileWith(expression, compiler) {
  if (typeof expression === "string" && expression.startsWith("$")) {
    return expression.startsWith("$$") ? variable(expression.slice(2), compiler.scope) : fieldPath(expression.slice(1), compiler.scope);
  }
  if (Array.isArray(expression)) {
    const items2 = expression.map((item) => compiler.compile(item));
    return (root) => items2.map((item) => item(root) ?? null);
  }
  if (!isDoc(expression)) return () => expression;
  const keys = Object.keys(expression);
  const [first2] = keys;
  if (first2?.startsWith("$")) {
    if (keys.length > 1) {
      throw new ServerError(
        15983,
        `An object representing an expression must have exactly one field: { ${keys.join(", ")} }`
      );
    }
    return operator(first2, expression[first2], compiler);
  }
  return objectLiteral(expression, compiler);
}
function operator(name, operand, compiler) {
  const build = operatorNamed(name);
  if (!build) throw new ServerError(168, `Unrecognized expression '${name}'`);
  return build(operand, compiler, name);
}
function objectLiteral(expression, compiler) {
  const fields = Object.entries(expression).map(([key, member]) => {
    checkFieldName(key);
    return [key, compiler.compile(member)];
  });
  return (root) => {
    const made = {};
    for (const [key, member] of fields) {
      const value = member(root);
      if (value !== void 0) put(made, key, value);
    }
    return made;
  };
}
function checkFieldName(name) {
  if (name.includes(".")) {
    throw new ServerError(
      16412,
      "FieldPath field names may not contain '.'. Consider using $getField or $setField."
    );
  }
  if (name.startsWith("$")) {
    throw new ServerError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField."
    );
  }
}
function parseFieldPath(path) {
  const parts = path.split(".");
  if (path === "")
    throw new ServerError(40352, "FieldPath cannot be constructed with empty string");
  if (path.endsWith(".")) throw new ServerError(40353, "FieldPath must not end with a '.'.");
  for (const part2 of parts) {
    if (part2 === "")
      throw new ServerError(15998, "FieldPath field names may not be empty strings.");
    checkFieldName(part2);
  }
  return parts;
}
function fieldPath(path, scope) {
  if (path === "") throw new ServerError(16872, "'$' by itself is not a valid FieldPath");
  const parts = parseFieldPath(path);
  const current = scope.get("CURRENT");
  const [first2] = parts;
  if (current) return () => readPath(current.value, parts, 0);
  if (parts.length === 1 && first2 !== void 0) return (root) => get(root, first2);
  return (root) => readPath(root, parts, 0);
}
function readPath(value, parts, at) {
  if (at === parts.length) return value;
  if (isDoc(value)) return readPath(get(value, parts[at] ?? ""), parts, at + 1);
  if (!Array.isArray(value) || at === 0) return void 0;
  const found = [];
  for (const item of value) {
    const member = isDoc(item) ? readPath(item, parts, at) : void 0;
    if (member !== void 0) found.push(member);
  }
  return found;
}
function variable(text2, scope) {
  const [name = "", ...parts] = text2.split(".");
  const bound3 = scope.get(name);
  if (name === "") throw new ServerError(16869, "empty variable names are not allowed");
  if (parts.length > 0) parseFieldPath(parts.join("."));
  if (bound3) {
    return parts.length === 0 ? () => bound3.value : () => readVariable(bound3.value, parts);
  }
  switch (name) {
    case "ROOT":
    case "CURRENT":
      return parts.length === 0 ? (root) => root : (root) => readPath(root, parts, 0);
    case "REMOVE":
      return () => void 0;
    case "DESCEND":
    case "PRUNE":
    case "KEEP": {
      const mark = redactMarks[name];
      return () => mark;
    }
    default:
      throw new ServerError(17276, `Use of undefined variable: ${name}`);
  }
}
function readVariable(value, parts) {
  if (!Array.isArray(value)) return readPath(value, parts, 0);
  const found = [];
  for (const item of value) {
    const member = isDoc(item) ? readPath(item, parts, 0) : void 0;
    if (member !== void 0) found.push(member);
  }
  return found;
}

// src/embedded-mongo/aggregate/accumulators.ts
function ofValues(start2) {
  return (operand, compiler) => {
    const expression = compiler.compile(operand);
    return () => {
      const { add: add2, result } = start2(compiler);
      return { add: (root) => add2(expression(root)), result };
    };
  };
}
function ofList(finish) {
  return ofValues((compiler) => {
    const values = [];
    return { add: (value) => values.push(value), result: () => finish(values, compiler) };
  });
}
var first = ofValues(() => {
  let found = false;
  let kept2;
  return {
    add(value) {
      if (!found) kept2 = value;
      found = true;
    },
    result: () => kept2
  };
});
var last = ofValues(() => {
  let kept2;
  return {
    add(value) {
      kept2 = value;
    },
    result: () => kept2
  };
});
var addToSet = ofValues(({ collation }) => {
  const seen = /* @__PURE__ */ new Map();
  return {
    add(value) {
      if (value === void 0) return;
      const key = keyOf(value, collation);
      if (!seen.has(key)) seen.set(key, value);
    },
    result: () => [...seen.values()]
  };
});
var count = (operand) => {
  if (!isDoc(operand) || Object.keys(operand).length > 0) {
    throw new ServerError(9, "$count takes no arguments, i.e. $count:{}");
  }
  return () => {
    let number2 = 0;
    return { add: () => number2++, result: () => number2 };
  };
};
function someOf(choose2) {
  return (operand, compiler, name) => {
    const { input, n } = named(operand, compiler, name, ["input", "n"]);
    return () => {
      const values = [];
      let size2;
      return {
        add(root) {
          size2 ??= positive(n?.(root), 5787902, `${name}: n`);
          values.push(input?.(root) ?? null);
        },
        result: () => choose2(values, size2 ?? 1)
      };
    };
  };
}
function ranked(end2, many) {
  return (operand, compiler, name) => {
    const fields = namedFields(
      operand,
      name,
      many ? ["sortBy", "output", "n"] : ["sortBy", "output"]
    );
    const { sortBy } = fields;
    if (!isDoc(sortBy)) throw new ServerError(10065, `${name} needs 'sortBy' to be an object`);
    const output = compiler.compile(fields.output);
    const n = many ? compiler.compile(fields.n) : () => 1;
    return () => {
      const docs = [];
      let size2;
      return {
        add(root) {
          size2 ??= positive(n(root), 5787902, `${name}: n`);
          docs.push(root);
        },
        result() {
          const sorted2 = sortDocs(docs, sortBy, compiler.collation);
          const chosen = end2 === "top" ? sorted2.slice(0, size2) : sorted2.slice(-(size2 ?? 1));
          const values = chosen.map((doc) => output(doc) ?? null);
          return many ? values : values[0];
        }
      };
    };
  };
}
var builders = new Map(
  Object.entries({
    $sum: ofValues(() => folds.$sum()),
    $avg: ofValues(() => folds.$avg()),
    $min: ofValues(({ collation }) => folds.$min(collation)),
    $max: ofValues(({ collation }) => folds.$max(collation)),
    $stdDevPop: ofValues(() => folds.$stdDevPop()),
    $stdDevSamp: ofValues(() => folds.$stdDevSamp()),
    $first: first,
    $last: last,
    $push: ofList((values) => values.filter((value) => value !== void 0)),
    $addToSet: addToSet,
    $mergeObjects: ofList(mergeObjects),
    $count: count,
    $firstN: someOf((values, n) => values.slice(0, n)),
    $lastN: someOf((values, n) => values.slice(-n)),
    $minN: someOf((values, n) => extremes(values, n, 1)),
    $maxN: someOf((values, n) => extremes(values, n, -1)),
    $top: ranked("top", false),
    $topN: ranked("top", true),
    $bottom: ranked("bottom", false),
    $bottomN: ranked("bottom", true),
    $median: percentileBuilder,
    $percentile: percentileBuilder,
    $accumulator: () => {
      throw unsupported("$accumulator");
    }
  })
);
function percentileBuilder(operand, compiler, name) {
  const { input, finish } = percentiles(operand, compiler, name);
  return () => {
    const values = [];
    return {
      add: (root) => values.push(input(root)),
      result: () => finish(values)
    };
  };
}
function isAccumulator(name) {
  return builders.has(name);
}
function compileAccumulator(field2, accumulator, compiler) {
  if (!isDoc(accumulator)) {
    throw new ServerError(40234, `The field '${field2}' must be an accumulator object`);
  }
  const names3 = Object.keys(accumulator);
  const [name = ""] = names3;
  if (names3.length !== 1) {
    throw new ServerError(40238, `The field '${field2}' must specify one accumulator`);
  }
  const build = builders.get(name);
  if (!build) throw new ServerError(15952, `unknown group operator '${name}'`);
  return build(accumulator[name], compiler, name);
}

// src/embedded-mongo/aggregate/group.ts
function outputsOf(fields, context) {
  const compiler = expressionCompiler(context.scope, context.collation);
  return Object.entries(fields).map(([field2, accumulator]) => {
    if (field2.includes(".")) {
      throw new ServerError(40235, `The field name '${field2}' cannot contain '.'`);
    }
    if (field2.startsWith("$")) {
      throw new ServerError(40236, `The field name '${field2}' cannot be an operator name`);
    }
    return { field: field2, start: compileAccumulator(field2, accumulator, compiler) };
  });
}
function grouped(idOf, outputs, context) {
  return (docs) => {
    const groups = /* @__PURE__ */ new Map();
    for (const doc of docs) {
      const id = idOf(doc);
      const key = keyOf(id, context.collation);
      let group2 = groups.get(key);
      if (!group2) {
        group2 = { id, parts: outputs.map(({ start: start2 }) => start2()) };
        groups.set(key, group2);
      }
      for (const part2 of group2.parts) part2.add(doc);
    }
    return Array.from(groups.values(), ({ id, parts }) => groupDoc(id, outputs, parts));
  };
}
function groupDoc(id, outputs, parts) {
  const made = { _id: id };
  for (const [at, { field: field2 }] of outputs.entries()) made[field2] = parts[at]?.result() ?? null;
  return made;
}
var group = (operand, context) => {
  const { _id: idExpression, ...fields } = stageDoc(operand, "$group", 15947);
  if (idExpression === void 0) {
    throw new ServerError(15955, "a group specification must include an _id");
  }
  const id = compileExpression(idExpression, context.scope, context.collation);
  return grouped((doc) => id(doc) ?? null, outputsOf(fields, context), context);
};
var sortByCount = (operand, context) => {
  if (typeof operand === "string" ? !operand.startsWith("$") : !isDoc(operand)) {
    throw new ServerError(
      40148,
      "the sortByCount field must be defined as a $-prefixed path or an expression inside an object"
    );
  }
  return context.compile([
    { $group: { _id: operand, count: { $sum: 1 } } },
    { $sort: { count: -1 } }
  ]);
};
var countOutput = { count: { $sum: 1 } };
var bucket = (operand, context) => {
  const options = stageDoc(operand, "$bucket", 40201);
  for (const key of Object.keys(options)) {
    if (!["groupBy", "boundaries", "default", "output"].includes(key)) {
      throw new ServerError(40197, `Unrecognized option to $bucket: ${key}.`);
    }
  }
  const { groupBy, boundaries } = options;
  if (groupBy === void 0 || boundaries === void 0) {
    throw new ServerError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  if (typeof groupBy === "string" ? !groupBy.startsWith("$") : !isDoc(groupBy)) {
    throw new ServerError(
      40202,
      "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression"
    );
  }
  const bounds = boundsOf(boundaries, context);
  const expression = compileExpression(groupBy, context.scope, context.collation);
  const fallback = bucketDefault(options, bounds, context);
  const outputs = outputsOf(isDoc(options.output) ? options.output : countOutput, context);
  const run = grouped((doc) => bucketFor(expression(doc), bounds, fallback), outputs, context);
  return (docs) => [...run(docs)].sort((a, b) => compare(a._id, b._id));
};
function boundsOf(boundaries, context) {
  if (!Array.isArray(boundaries))
    throw new ServerError(40200, "The $bucket 'boundaries' field must be an array");
  if (boundaries.length < 2)
    throw new ServerError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const bounds = boundaries.map((bound3) => compileExpression(bound3, context.scope)({}));
  for (let at = 1; at < bounds.length; at++) {
    if (rankOf2(bounds[at - 1]) !== rankOf2(bounds[at])) {
      throw new ServerError(
        40193,
        "All values in the 'boundaries' option to $bucket must have the same type."
      );
    }
    if (compare(bounds[at - 1], bounds[at]) >= 0) {
      throw new ServerError(40194, "The 'boundaries' option to $bucket must be sorted");
    }
  }
  return bounds;
}
function bucketDefault(options, bounds, context) {
  if (!("default" in options)) return void 0;
  const value = compileExpression(options.default, context.scope)({});
  if (compare(value, bounds[0]) >= 0 && compare(value, bounds.at(-1)) < 0) {
    throw new ServerError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary."
    );
  }
  return { value };
}
function bucketFor(value, bounds, fallback) {
  const above = bounds.findIndex((bound3) => compare(value, bound3) < 0);
  if (above > 0) return bounds[above - 1];
  if (fallback) return fallback.value;
  throw new ServerError(
    40066,
    "$switch could not find a matching branch for an input, and no default was specified."
  );
}
var bucketAuto = (operand, context) => {
  const options = stageDoc(operand, "$bucketAuto", 40240);
  for (const key of Object.keys(options)) {
    if (!["groupBy", "buckets", "output", "granularity"].includes(key)) {
      throw new ServerError(40245, `Unrecognized option to $bucketAuto: ${key}.`);
    }
  }
  if (options.groupBy === void 0 || options.buckets === void 0) {
    throw new ServerError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  }
  if (options.granularity !== void 0) throw unsupported("$bucketAuto granularity");
  const buckets = positive(options.buckets, 40243, "The $bucketAuto 'buckets' field");
  const expression = compileExpression(options.groupBy, context.scope, context.collation);
  const outputs = outputsOf(isDoc(options.output) ? options.output : countOutput, context);
  return (docs) => autoBuckets(docs, { expression, buckets, outputs }, context);
};
function autoBuckets(docs, options, { collation }) {
  const { expression, buckets, outputs } = options;
  const rows = Array.from(docs, (doc) => ({ doc, value: expression(doc) ?? null }));
  rows.sort((a, b) => compare(a.value, b.value, collation));
  const size2 = Math.max(1, Math.round(rows.length / buckets));
  const parts = [];
  for (let at = 0; at < rows.length; ) {
    let end2 = parts.length === buckets - 1 ? rows.length : Math.min(rows.length, at + size2);
    while (end2 < rows.length && compare(rows[end2]?.value, rows[end2 - 1]?.value, collation) === 0)
      end2++;
    parts.push(rows.slice(at, end2));
    at = end2;
  }
  return parts.map((part2, at) => {
    const max = parts[at + 1]?.[0]?.value ?? part2.at(-1)?.value;
    const made = outputs.map(({ start: start2 }) => start2());
    for (const { doc } of part2) for (const accumulation of made) accumulation.add(doc);
    return groupDoc({ min: part2[0]?.value, max }, outputs, made);
  });
}
var groupStages = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto
};

// src/embedded-mongo/aggregate/joins.ts
import { Long as Long9 } from "mongodb";

// src/embedded-mongo/aggregate/stages.ts
import { Long as Long8 } from "mongodb";

// src/embedded-mongo/query/match-geo.ts
function compileGeoWithin(operand) {
  if (!isDoc(operand))
    throw badValue("geo near accepts just one argument when querying for a GeoJSON point");
  const [shape] = Object.keys(operand);
  switch (shape) {
    case "$centerSphere": {
      const [centre, radius] = circle(shape, operand[shape]);
      return onPoint((point2) => angle(centre, point2) <= radius);
    }
    case "$center": {
      const [centre, radius] = circle(shape, operand[shape]);
      return onPoint(([x, y]) => Math.hypot(x - centre[0], y - centre[1]) <= radius);
    }
    case "$box": {
      const corners = operand[shape];
      const low = Array.isArray(corners) ? pointOf(corners[0]) : void 0;
      const high = Array.isArray(corners) ? pointOf(corners[1]) : void 0;
      if (!low || !high) throw badValue("$box needs two points");
      return onPoint(
        ([x, y]) => x >= Math.min(low[0], high[0]) && x <= Math.max(low[0], high[0]) && y >= Math.min(low[1], high[1]) && y <= Math.max(low[1], high[1])
      );
    }
    default:
      throw unsupported(`$geoWithin ${shape ?? ""}`.trim());
  }
}
function angle(a, b) {
  const radians = Math.PI / 180;
  const latitudes = Math.sin((b[1] - a[1]) * radians / 2) ** 2;
  const longitudes = Math.sin((b[0] - a[0]) * radians / 2) ** 2;
  const chord = latitudes + Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * longitudes;
  return 2 * Math.asin(Math.min(1, Math.sqrt(chord)));
}
function pointOf(value) {
  const pair = isDoc(value) ? value.type === "Point" ? value.coordinates : Object.values(value) : value;
  if (!Array.isArray(pair) || !isNumber(pair[0]) || !isNumber(pair[1])) return void 0;
  return [Number(pair[0]), Number(pair[1])];
}
function circle(shape, operand) {
  const centre = Array.isArray(operand) ? pointOf(operand[0]) : void 0;
  const radius = Array.isArray(operand) ? operand[1] : void 0;
  if (!centre || !isNumber(radius)) throw badValue(`${shape} needs a point and a radius`);
  if (Number(radius) < 0) throw badValue("radius must be a non-negative number");
  return [centre, Number(radius)];
}
function onPoint(inside) {
  return (value) => {
    const point2 = pointOf(value);
    return point2 !== void 0 && inside(point2);
  };
}

// src/embedded-mongo/schema/objects.ts
function objectOperand(keyword, operand) {
  if (!isDoc(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an object, but found ${typeOf(operand)}`
    );
  }
  return operand;
}
function required(operand) {
  const names3 = namesOperand("required", operand);
  return (value) => {
    if (!isDoc(value)) return void 0;
    const missingProperties = names3.filter((name) => get(value, name) === void 0);
    return missingProperties.length === 0 ? void 0 : { operatorName: "required", specifiedAs: { required: operand }, missingProperties };
  };
}
function properties(operand) {
  const checks = Object.entries(objectOperand("properties", operand)).map(([name, schema]) => ({
    name,
    check: compileCheck(schema),
    notes: annotations(schema)
  }));
  return (value) => {
    if (!isDoc(value)) return void 0;
    const unsatisfied = [];
    for (const { name, check, notes } of checks) {
      const member = get(value, name);
      const details = member === void 0 ? [] : check(member);
      if (details.length > 0) unsatisfied.push({ propertyName: name, ...notes, details });
    }
    return unsatisfied.length === 0 ? void 0 : { operatorName: "properties", propertiesNotSatisfied: unsatisfied };
  };
}
function patterns(operand) {
  if (operand === void 0) return [];
  return Object.entries(objectOperand("patternProperties", operand)).map(([source, schema]) => ({
    regex: compileRegex(source, ""),
    source,
    check: compileCheck(schema)
  }));
}
function patternProperties(operand) {
  const rules = patterns(operand);
  return (value) => {
    if (!isDoc(value)) return void 0;
    const details = rules.flatMap(
      ({ regex: regex2, source, check }) => Object.keys(value).flatMap((name) => {
        const found = regex2.test(name) ? check(value[name]) : [];
        return found.length > 0 ? [{ propertyName: name, regexMatched: source, details: found }] : [];
      })
    );
    return details.length === 0 ? void 0 : { operatorName: "patternProperties", details };
  };
}
function additionalProperties(operand, schema) {
  if (operand === true) return void 0;
  if (operand !== false && !isDoc(operand)) {
    throw typeMismatch(
      "$jsonSchema keyword 'additionalProperties' must be either an object or a boolean"
    );
  }
  const named2 = new Set(isDoc(schema.properties) ? Object.keys(schema.properties) : []);
  const regexes = patterns(schema.patternProperties).map(({ regex: regex2 }) => regex2);
  const check = operand === false ? void 0 : compileCheck(operand);
  const surplus = (value) => Object.keys(value).filter(
    (name) => !named2.has(name) && !regexes.some((regex2) => regex2.test(name))
  );
  return (value) => {
    if (!isDoc(value)) return void 0;
    const names3 = surplus(value);
    if (!check) {
      return names3.length === 0 ? void 0 : {
        operatorName: "additionalProperties",
        specifiedAs: { additionalProperties: false },
        additionalProperties: names3
      };
    }
    for (const name of names3) {
      const details = check(value[name]);
      if (details.length > 0) {
        return {
          operatorName: "additionalProperties",
          reason: "at least one additional property did not match the subschema",
          failingProperty: name,
          details
        };
      }
    }
    return void 0;
  };
}
function size(keyword) {
  return (operand) => {
    const bound3 = countOperand(keyword, operand);
    return (value) => {
      if (!isDoc(value)) return void 0;
      const numberOfProperties = Object.keys(value).length;
      return (keyword === "minProperties" ? numberOfProperties >= bound3 : numberOfProperties <= bound3) ? void 0 : {
        operatorName: keyword,
        specifiedAs: { [keyword]: operand },
        reason: "specified number of properties was not satisfied",
        numberOfProperties
      };
    };
  };
}
function dependencies(operand) {
  const rules = Object.entries(objectOperand("dependencies", operand)).map(
    ([name, dependency]) => ({
      name,
      find: Array.isArray(dependency) ? missingNames(dependency) : failingDetails(dependency)
    })
  );
  return (value) => {
    if (!isDoc(value)) return void 0;
    const failing2 = rules.flatMap(({ name, find: find2 }) => {
      const found = get(value, name) === void 0 ? void 0 : find2(value);
      return found ? [{ conditionalProperty: name, ...found }] : [];
    });
    return failing2.length === 0 ? void 0 : { operatorName: "dependencies", failingDependencies: failing2 };
  };
}
function missingNames(dependency) {
  const names3 = namesOperand("dependencies", dependency);
  return (doc) => {
    const missingProperties = names3.filter((name) => get(doc, name) === void 0);
    return missingProperties.length > 0 ? { missingProperties } : void 0;
  };
}
function failingDetails(dependency) {
  const check = compileCheck(dependency);
  return (doc) => {
    const details = check(doc);
    return details.length > 0 ? { details } : void 0;
  };
}
var objectRules = {
  required,
  properties,
  patternProperties,
  additionalProperties,
  minProperties: size("minProperties"),
  maxProperties: size("maxProperties"),
  dependencies
};

// src/embedded-mongo/schema/values.ts
function limit2(keyword) {
  return (operand, schema) => {
    if (!isNumber(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
    const exclusive = keyword === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
    const strict = schema[exclusive] === true;
    const sign = keyword === "minimum" ? 1 : -1;
    const specified = exclusive in schema ? { [exclusive]: schema[exclusive] } : {};
    return (value) => {
      if (!isNumber(value)) return void 0;
      const order = compare(value, operand) * sign;
      if (order > 0 || order === 0 && !strict) return void 0;
      return {
        operatorName: keyword,
        specifiedAs: { [keyword]: operand, ...specified },
        reason: "comparison failed",
        consideredValue: value
      };
    };
  };
}
function textLength(keyword) {
  return (operand) => {
    const bound3 = countOperand(keyword, operand);
    return (value) => {
      if (typeof value !== "string") return void 0;
      const points = Array.from(value).length;
      return (keyword === "minLength" ? points >= bound3 : points <= bound3) ? void 0 : failure2(keyword, operand, "specified string length was not satisfied", value);
    };
  };
}
function pattern(operand) {
  if (typeof operand !== "string")
    throw typeMismatch("$jsonSchema keyword 'pattern' must be a string");
  const regex2 = compileRegex(operand, "");
  return (value) => typeof value !== "string" || regex2.test(value) ? void 0 : failure2("pattern", operand, "regular expression did not match", value);
}
function multipleOf(operand) {
  if (!isNumber(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword 'multipleOf' must be a number, but found ${typeOf(operand)}`
    );
  }
  if (compare(operand, 0) <= 0) {
    throw failedToParse("$jsonSchema keyword 'multipleOf' must have a positive value");
  }
  return (value) => !isNumber(value) || isZero(modulo(value, operand)) ? void 0 : failure2(
    "multipleOf",
    operand,
    "considered value is not a multiple of the specified value",
    value
  );
}
var scalarRules = {
  minimum: limit2("minimum"),
  maximum: limit2("maximum"),
  minLength: textLength("minLength"),
  maxLength: textLength("maxLength"),
  pattern,
  multipleOf
};
function arrayLength(keyword) {
  return (operand) => {
    const bound3 = countOperand(keyword, operand);
    return (value) => {
      if (!Array.isArray(value)) return void 0;
      return (keyword === "minItems" ? value.length >= bound3 : value.length <= bound3) ? void 0 : failure2(keyword, operand, "array did not match specified length", value);
    };
  };
}
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isDoc(value)) return value;
  return Object.fromEntries(
    Object.keys(value).sort().map((key) => [key, sorted(value[key])])
  );
}
function uniqueItems(operand) {
  if (typeof operand !== "boolean") {
    throw typeMismatch(
      `$jsonSchema keyword 'uniqueItems' must be a boolean, but found ${typeOf(operand)}`
    );
  }
  if (!operand) return void 0;
  return (value) => {
    if (!Array.isArray(value)) return void 0;
    const seen = /* @__PURE__ */ new Set();
    for (const item of value) {
      const key = keyOf(sorted(item));
      if (seen.has(key)) {
        return failure2("uniqueItems", true, "found a duplicate item", value, {
          duplicatedValue: item
        });
      }
      seen.add(key);
    }
    return void 0;
  };
}
function itemFailure(check, item, itemIndex) {
  const details = check(item);
  if (details.length === 0) return void 0;
  return {
    operatorName: "items",
    reason: "At least one item did not match the sub-schema",
    itemIndex,
    details
  };
}
function items(operand, schema) {
  if (!Array.isArray(operand)) {
    const check = compileCheck(operand);
    return (value) => {
      if (!Array.isArray(value)) return void 0;
      for (let at = 0; at < value.length; at++) {
        const found = itemFailure(check, value[at], at);
        if (found) return found;
      }
      return void 0;
    };
  }
  const checks = operand.map(compileCheck);
  const rest = additional(schema.additionalItems, checks.length);
  return (value) => {
    if (!Array.isArray(value)) return void 0;
    for (const [at, check] of checks.entries()) {
      const found = at < value.length ? itemFailure(check, value[at], at) : void 0;
      if (found) return found;
    }
    return rest(value);
  };
}
function additional(operand, first2) {
  if (operand === void 0 || operand === true) return () => void 0;
  if (operand === false) {
    return (list) => list.length <= first2 ? void 0 : {
      operatorName: "additionalItems",
      specifiedAs: { additionalItems: false },
      reason: "found additional items",
      additionalItems: list.slice(first2)
    };
  }
  if (!isDoc(operand))
    throw typeMismatch(
      "$jsonSchema keyword 'additionalItems' must be either an object or a boolean"
    );
  const check = compileCheck(operand);
  return (list) => {
    for (let at = first2; at < list.length; at++) {
      const found = itemFailure(check, list[at], at);
      if (found) return { ...found, operatorName: "additionalItems" };
    }
    return void 0;
  };
}
var arrayRules = {
  minItems: arrayLength("minItems"),
  maxItems: arrayLength("maxItems"),
  uniqueItems,
  items,
  // Checked for its form alone: it says something only beside a list of `items`.
  additionalItems: (operand) => {
    additional(operand, 0);
    return void 0;
  }
};

// src/embedded-mongo/schema/schema.ts
var jsonTypes = {
  object: ["object"],
  array: ["array"],
  number: ["int", "long", "double", "decimal"],
  boolean: ["bool"],
  string: ["string"],
  null: ["null"]
};
var refused2 = [
  "$ref",
  "$schema",
  "default",
  "definitions",
  "format",
  "id",
  "const",
  "contains",
  "if"
];
var silent = [
  "title",
  "description",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "encrypt",
  "encryptMetadata"
];
var keywords;
function allKeywords() {
  const own = {
    ...scalarRules,
    ...arrayRules,
    ...objectRules,
    bsonType: (operand) => typeRule("bsonType", operand, typeSet(operand, "$jsonSchema bsonType")),
    type: (operand) => typeRule("type", operand, new Set(listOf(operand).flatMap(jsonType))),
    enum: enumRule,
    allOf: (operand) => {
      const checks = subschemas("allOf", operand);
      return (value) => {
        const failures = failuresOf(checks, value);
        return failures.length > 0 ? { operatorName: "allOf", schemasNotSatisfied: failures } : void 0;
      };
    },
    anyOf: (operand) => {
      const checks = subschemas("anyOf", operand);
      return (value) => {
        const failures = failuresOf(checks, value);
        return failures.length === checks.length ? { operatorName: "anyOf", schemasNotSatisfied: failures } : void 0;
      };
    },
    oneOf: oneOfRule,
    not: (operand) => {
      const check = compileCheck(operand);
      return (value) => check(value).length === 0 ? { operatorName: "not", reason: "child expression matched" } : void 0;
    }
  };
  return new Map(Object.entries(own));
}
function compileSchema(schema) {
  const check = compileCheck(schema);
  return (doc) => {
    const unsatisfied = check(doc);
    if (unsatisfied.length === 0) return void 0;
    return {
      operatorName: "$jsonSchema",
      ...annotations(schema),
      schemaRulesNotSatisfied: unsatisfied
    };
  };
}
function compileSchemaTest(schema) {
  const check = compileCheck(schema);
  return (doc) => check(doc).length === 0;
}
function annotations(schema) {
  const { title, description: description2 } = schema;
  return {
    ...title === void 0 ? {} : { title },
    ...description2 === void 0 ? {} : { description: description2 }
  };
}
function compileCheck(schema) {
  if (!isDoc(schema))
    throw typeMismatch(`$jsonSchema must be an object, but found ${typeOf(schema)}`);
  if ("type" in schema && "bsonType" in schema) {
    throw failedToParse("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  }
  const rules = [];
  for (const [name, operand] of Object.entries(schema)) {
    if (silent.includes(name)) checkSilent(name, operand, schema);
    else {
      const rule = keywordNamed(name)(operand, schema);
      if (rule) rules.push(rule);
    }
  }
  return (value) => {
    const found = [];
    for (const rule of rules) {
      const failure3 = rule(value);
      if (failure3) found.push(failure3);
    }
    return found;
  };
}
function keywordNamed(name) {
  keywords ??= allKeywords();
  const keyword = keywords.get(name);
  if (keyword) return keyword;
  throw failedToParse(
    refused2.includes(name) ? `$jsonSchema keyword '${name}' is not currently supported` : `Unknown $jsonSchema keyword: ${name}`
  );
}
function checkSilent(name, operand, schema) {
  if (name.startsWith("encrypt"))
    throw new ServerError(
      238,
      `$jsonSchema keyword '${name}' is not supported by the embedded development server`
    );
  if ((name === "title" || name === "description") && typeof operand !== "string") {
    throw typeMismatch(`$jsonSchema keyword '${name}' must be of type string`);
  }
  if (name.startsWith("exclusive")) {
    const other = name === "exclusiveMinimum" ? "minimum" : "maximum";
    if (typeof operand !== "boolean")
      throw typeMismatch(`$jsonSchema keyword '${name}' must be a boolean`);
    if (!(other in schema)) {
      throw failedToParse(`$jsonSchema keyword '${other}' must be a present if ${name} is present`);
    }
  }
}
function failure2(keyword, operand, reason, value, more = {}) {
  return {
    operatorName: keyword,
    specifiedAs: { [keyword]: operand },
    reason,
    consideredValue: value,
    ...more
  };
}
function countOperand(keyword, operand) {
  if (!isNumber(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
  const count4 = Number(operand.toString());
  if (!Number.isInteger(count4)) {
    throw failedToParse(`Expected an integer: ${keyword}: ${String(operand)}`);
  }
  if (count4 < 0) throw failedToParse(`Expected a non-negative number in: ${keyword}: ${count4}`);
  return count4;
}
function namesOperand(keyword, operand) {
  if (!Array.isArray(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an array, but found ${typeOf(operand)}`
    );
  }
  if (operand.length === 0)
    throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty array`);
  const names3 = operand.map((name) => {
    if (typeof name !== "string") {
      throw typeMismatch(
        `$jsonSchema keyword '${keyword}' must be an array of strings, but found an element of type: ${typeOf(name)}`
      );
    }
    return name;
  });
  if (new Set(names3).size < names3.length) {
    throw failedToParse(`$jsonSchema keyword '${keyword}' array cannot contain duplicate values`);
  }
  return names3;
}
function listOf(operand) {
  return Array.isArray(operand) ? operand : [operand];
}
function jsonType(name) {
  if (typeof name !== "string")
    throw typeMismatch("$jsonSchema keyword 'type' must be either a string or an array of strings");
  if (name === "integer")
    throw failedToParse("$jsonSchema type 'integer' is not currently supported.");
  const types = Object.hasOwn(jsonTypes, name) ? jsonTypes[name] : void 0;
  if (!types) throw new ServerError(2, `Unknown type name alias: ${name}`);
  return types;
}
function typeRule(keyword, operand, types) {
  return (value) => {
    const type2 = typeOf(value);
    return types.has(type2) ? void 0 : failure2(keyword, operand, "type did not match", value, { consideredType: type2 });
  };
}
function enumRule(operand) {
  if (!Array.isArray(operand))
    throw typeMismatch(`$jsonSchema keyword 'enum' must be an array, but found ${typeOf(operand)}`);
  if (operand.length === 0)
    throw failedToParse("$jsonSchema keyword 'enum' cannot be an empty array");
  return (value) => operand.some((allowed) => equal(allowed, value)) ? void 0 : failure2("enum", operand, "value was not found in enum", value);
}
function subschemas(keyword, operand) {
  if (!Array.isArray(operand))
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`);
  if (operand.length === 0)
    throw new ServerError(2, `$jsonSchema keyword '${keyword}' must be a non-empty array`);
  return operand.map(compileCheck);
}
function failuresOf(checks, value) {
  return checks.flatMap((check, index2) => {
    const details = check(value);
    return details.length > 0 ? [{ index: index2, details }] : [];
  });
}
function oneOfRule(operand) {
  const checks = subschemas("oneOf", operand);
  return (value) => {
    const failures = failuresOf(checks, value);
    const matching2 = checks.length - failures.length;
    if (matching2 === 1) return void 0;
    if (matching2 === 0) return { operatorName: "oneOf", schemasNotSatisfied: failures };
    const failed2 = new Set(failures.map(({ index: index2 }) => index2));
    return {
      operatorName: "oneOf",
      reason: "more than one subschema matched",
      matchingSchemaIndexes: [...checks.keys()].filter((index2) => !failed2.has(index2))
    };
  };
}

// src/embedded-mongo/query/match.ts
function compileFilter(filter2, env = {}) {
  const node = compileNode(filter2, env);
  return {
    test: (doc) => node(doc, void 0),
    position(doc) {
      const hit = { index: void 0 };
      return node(doc, hit) ? hit.index : void 0;
    }
  };
}
function isOperatorDoc(value) {
  if (!isDoc(value)) return false;
  const first2 = Object.keys(value)[0];
  return first2?.startsWith("$") === true && !["$ref", "$id", "$db"].includes(first2);
}
function compileNode(filter2, env) {
  const nodes = Object.keys(filter2).map(
    (key) => key.startsWith("$") ? topLevel(key, filter2[key], env) : field(key, filter2[key], env)
  );
  return all(nodes);
}
function all(nodes) {
  const [first2, second] = nodes;
  if (!first2) return () => true;
  if (!second) return first2;
  return (doc, hit) => {
    for (const node of nodes) if (!node(doc, hit)) return false;
    return true;
  };
}
function topLevel(operator2, operand, env) {
  switch (operator2) {
    case "$and":
      return all(clauses(operator2, operand, env));
    case "$or": {
      const nodes = clauses(operator2, operand, env);
      return (doc, hit) => nodes.some((node) => node(doc, hit));
    }
    case "$nor": {
      const nodes = clauses(operator2, operand, env);
      return (doc) => !nodes.some((node) => node(doc, void 0));
    }
    case "$expr": {
      checkTopLevel(operator2, env);
      const expression = compileExpression(operand, env.scope ?? scopeOf(env), env.collation);
      return (doc) => {
        const value = expression(doc);
        return !(value === void 0 || value === null || value === false || isZero2(value));
      };
    }
    case "$comment":
      return () => true;
    case "$jsonSchema": {
      if (!isDoc(operand)) throw new ServerError(14, "$jsonSchema must be an object");
      return compileSchemaTest(operand);
    }
    case "$text": {
      checkTopLevel(operator2, env);
      if (!isDoc(operand)) throw badValue("$text expects an object");
      const score = compileText(operand, env.text);
      return (doc) => score(doc) > 0;
    }
    case "$alwaysTrue":
    case "$alwaysFalse":
      if (!isNumber(operand) || Number(operand.toString()) !== 1) {
        throw failedToParse(`${operator2} must be an integer value of 1`);
      }
      return () => operator2 === "$alwaysTrue";
    case "$where":
    case "$sampleRate":
      throw unsupported(operator2);
    default:
      throw badValue(
        `unknown top level operator: ${operator2}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`
      );
  }
}
function checkTopLevel(operator2, env) {
  if (env.nested) throw badValue(`${operator2} can only be applied to the top-level document`);
}
function isZero2(value) {
  return isNumber(value) && Number(value.toString()) === 0;
}
function clauses(operator2, operand, env) {
  if (!Array.isArray(operand)) throw badValue(`${operator2} must be an array`);
  if (operand.length === 0) throw badValue("$and/$or/$nor must be a nonempty array");
  return operand.map((clause2) => {
    if (!isDoc(clause2)) throw badValue("$or/$and/$nor entries need to be full objects");
    return compileNode(clause2, env);
  });
}
function field(path, operand, env) {
  const parts = splitPath(path);
  if (isOperatorDoc(operand)) return all(operators2(parts, operand, env).map(({ node }) => node));
  const test = typeOf(operand) === "regex" ? regex(operand) : equals(operand, env.collation);
  return onPath(parts, test);
}
function onPath(parts, test) {
  const [only] = parts;
  if (parts.length === 1 && only !== void 0) {
    return (doc, hit) => {
      const value = get(doc, only);
      if (!Array.isArray(value)) return test(value);
      for (let at = 0; at < value.length; at++) {
        if (test(value[at])) {
          if (hit) hit.index = at;
          return true;
        }
      }
      return test(value);
    };
  }
  return walked(parts, true, test);
}
function walked(parts, leaves, test) {
  return (doc, hit) => walk(doc, parts, leaves, (value, index2) => {
    if (!test(value)) return false;
    if (hit && index2 !== void 0) hit.index = index2;
    return true;
  });
}
function operators2(parts, operand, env) {
  const tests = [];
  for (const operator2 of Object.keys(operand)) {
    if (operator2 === "$options") {
      if (operand.$regex === void 0) throw badValue("$options needs a $regex");
    } else {
      tests.push(fieldOperator(parts, operator2, operand[operator2], operand, env));
    }
  }
  return tests;
}
function fieldOperator(parts, operator2, operand, siblings, env) {
  const leaf = (test) => ({ node: onPath(parts, test), single: test });
  switch (operator2) {
    case "$eq":
      return leaf(equals(operand, env.collation));
    case "$ne":
      if (typeOf(operand) === "regex") throw badValue("Can't have regex as arg to $ne.");
      return not([leaf(equals(operand, env.collation))]);
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      if (typeOf(operand) === "regex") {
        throw badValue(`Can't have RegEx as arg to predicate over field '${parts.join(".")}'.`);
      }
      return leaf(ordered(operator2, operand, env.collation));
    case "$in":
      return leaf(oneOf(operandsOf(operator2, operand), env.collation));
    case "$nin":
      return not([leaf(oneOf(operandsOf(operator2, operand), env.collation))]);
    case "$not":
      return negation(parts, operand, env);
    case "$exists": {
      const exists = leaf((value) => value !== void 0);
      return isTruthy(operand) ? exists : not([exists]);
    }
    case "$type":
      return leaf(hasType(operand));
    case "$mod":
      return leaf(modulo2(operand));
    case "$regex":
      return leaf(regexOperator2(operand, siblings.$options));
    case "$bitsAllSet":
    case "$bitsAllClear":
    case "$bitsAnySet":
    case "$bitsAnyClear":
      return leaf(bits(operator2, operand));
    case "$size": {
      const test = hasSize(operand);
      return { node: walked(parts, false, test), single: test };
    }
    case "$all":
      return allOf(parts, operand, env);
    case "$elemMatch":
      return elemMatch(parts, operand, env);
    case "$comment":
      return { node: () => true, single: () => true };
    case "$geoWithin":
    case "$within":
      return leaf(compileGeoWithin(operand));
    case "$geoIntersects":
    case "$near":
    case "$nearSphere":
    case "$geoNear":
    case "$maxDistance":
    case "$minDistance":
      throw unsupported(operator2);
    default:
      throw badValue(`unknown operator: ${operator2}`);
  }
}
function not(tests) {
  return {
    node: (doc) => !tests.every(({ node }) => node(doc, void 0)),
    single: (value) => !tests.every(({ single }) => single(value))
  };
}
function negation(parts, operand, env) {
  if (typeOf(operand) === "regex") {
    const test = regex(operand);
    return not([{ node: onPath(parts, test), single: test }]);
  }
  if (!isDoc(operand)) throw badValue("$not needs a regex or a document");
  if (Object.keys(operand).length === 0) throw badValue("$not cannot be empty");
  if (!isOperatorDoc(operand)) throw badValue(`unknown operator: ${Object.keys(operand)[0]}`);
  return not(operators2(parts, operand, env));
}
function operandsOf(operator2, operand) {
  if (!Array.isArray(operand)) throw badValue(`${operator2} needs an array`);
  for (const item of operand) {
    if (isOperatorDoc(item)) throw badValue(`cannot nest $ under ${operator2}`);
  }
  return operand;
}
function isTruthy(operand) {
  return !(operand === false || operand === null || operand === void 0 || isZero2(operand));
}
function regexOperator2(operand, options) {
  if (options !== void 0 && typeof options !== "string") {
    throw badValue("$options has to be a string");
  }
  if (typeof operand === "string") return regex(operand, options ?? "");
  if (typeOf(operand) !== "regex") throw badValue("$regex has to be a string");
  if (options !== void 0 && regexParts(operand)[1] !== "") {
    throw new ServerError(51075, "options set in both $regex and $options");
  }
  return regex(operand, options);
}
function allOf(parts, operand, env) {
  if (!Array.isArray(operand)) throw badValue("$all needs an array");
  const elemMatches = operand.filter((item) => isDoc(item) && "$elemMatch" in item);
  if (elemMatches.length > 0 && elemMatches.length < operand.length) {
    throw badValue("$all/$elemMatch has to be consistent");
  }
  if (operand.length === 0) return { node: () => false, single: () => false };
  const tests = operand.map((item) => {
    if (isDoc(item) && "$elemMatch" in item) return elemMatch(parts, item.$elemMatch, env);
    if (isOperatorDoc(item)) throw badValue("no $ expressions in $all");
    const test = typeOf(item) === "regex" ? regex(item) : equals(item, env.collation);
    return { node: onPath(parts, test), single: test };
  });
  return {
    node: all(tests.map(({ node }) => node)),
    single: (value) => tests.every(({ single }) => single(value))
  };
}
function isValueForm(operand) {
  const first2 = Object.keys(operand)[0];
  return isOperatorDoc(operand) && !["$and", "$or", "$nor", "$expr", "$where", "$comment"].includes(first2 ?? "");
}
function elemMatch(parts, operand, env) {
  const find2 = compileElemMatch(operand, env);
  return {
    single: (value) => Array.isArray(value) && find2(value) >= 0,
    node: (doc, hit) => walk(doc, parts, false, (value, index2) => {
      const at = Array.isArray(value) ? find2(value) : -1;
      if (at >= 0 && hit) hit.index = index2 ?? at;
      return at >= 0;
    })
  };
}
function compileElemMatch(operand, env) {
  if (!isDoc(operand)) throw badValue("$elemMatch needs an Object");
  if (isValueForm(operand)) {
    const tests = operators2([""], operand, env);
    return (items2) => items2.findIndex((item) => tests.every(({ single }) => single(item)));
  }
  if ("$where" in operand) throw unsupported("$where");
  const node = compileNode(operand, { ...env, nested: true });
  return (items2) => items2.findIndex((item) => {
    if (isDoc(item)) return node(item, void 0);
    return Array.isArray(item) && node(Object.fromEntries(item.entries()), void 0);
  });
}

// src/embedded-mongo/query/project-tree.ts
function branch() {
  return { kind: "branch", fields: /* @__PURE__ */ new Map(), computed: false };
}
function addLeaf(tree, parts, leaf) {
  let level = tree;
  for (let at = 0; at < parts.length - 1; at++) {
    if (leaf.kind === "compute") level.computed = true;
    const part2 = parts[at] ?? "";
    const next = level.fields.get(part2) ?? branch();
    if (next.kind !== "branch") {
      throw new ServerError(
        31249,
        `Path collision at ${parts.join(".")} remaining portion ${parts.slice(at + 1).join(".")}`
      );
    }
    level.fields.set(part2, next);
    level = next;
  }
  const last2 = parts.at(-1) ?? "";
  if (level.fields.has(last2)) {
    throw new ServerError(31250, `Path collision at ${parts.join(".")}`);
  }
  if (leaf.kind === "compute") level.computed = true;
  level.fields.set(last2, leaf);
}
function keepFields(doc, tree, inclusion, position) {
  const made = {};
  for (const key of Object.keys(doc)) {
    const rule = tree.fields.get(key);
    const value = doc[key];
    if (rule === void 0 || rule.kind === "compute" && !inclusion) {
      if (!inclusion) put(made, key, value);
    } else if (rule.kind === "include") {
      const kept2 = rule.then ? rule.then(value, position) : value;
      if (kept2 !== void 0) put(made, key, kept2);
    } else if (rule.kind === "branch") {
      const kept2 = keepBelow(value, rule, inclusion, position);
      if (kept2 !== void 0) put(made, key, kept2);
    }
  }
  return made;
}
function keepBelow(value, tree, inclusion, position) {
  if (isDoc(value)) return keepFields(value, tree, inclusion, position);
  if (!Array.isArray(value)) return inclusion ? void 0 : value;
  return value.map((item) => {
    const kept2 = keepBelow(item, tree, inclusion, position);
    return kept2 === void 0 && tree.computed ? {} : kept2;
  }).filter((item) => item !== void 0);
}
function computeFields(target2, tree, root) {
  for (const [key, rule] of tree.fields) {
    if (rule.kind === "compute") {
      const value = rule.compute(root);
      if (value === void 0) drop(target2, key);
      else put(target2, key, value);
    } else if (rule.kind === "branch" && rule.computed) {
      put(target2, key, computedBelow(get(target2, key), rule, root));
    }
  }
}
function computedBelow(value, tree, root) {
  if (Array.isArray(value)) return value.map((item) => computedBelow(item, tree, root));
  const made = isDoc(value) ? { ...value } : {};
  computeFields(made, tree, root);
  return made;
}

// src/embedded-mongo/query/project.ts
function compileProjection(projection, filter2 = {}, env = {}) {
  if (!projection || Object.keys(projection).length === 0) return (doc) => doc;
  return compile(projection, env, true, filter2);
}
function compileProjectStage(projection, env) {
  if (Object.keys(projection).length === 0) {
    throw new ServerError(
      51272,
      "Invalid $project :: caused by :: projection specification must have at least one field"
    );
  }
  return compile(projection, env, false, {});
}
function compileAddFields(fields, env) {
  const tree = branch();
  const scope = env.scope ?? scopeOf(env);
  addComputed(
    tree,
    [],
    fields,
    (expression) => compileExpression(expression, scope, env.collation)
  );
  return (doc) => {
    const made = { ...doc };
    computeFields(made, tree, doc);
    keepTextScore(doc, made);
    return made;
  };
}
function refuseOverlap(path, paths) {
  const below = paths.find((other) => other.startsWith(`${path}.`));
  if (below === void 0) return;
  throw new ServerError(
    40176,
    `specification contains two conflicting paths. Cannot specify both '${below}' and '${path}'`
  );
}
function addComputed(tree, above, fields, compileOne) {
  for (const [key, value] of Object.entries(fields)) {
    const parts = [...above, ...parseFieldPath(key)];
    if (above.length === 0) refuseOverlap(key, Object.keys(fields));
    const first2 = isDoc(value) ? Object.keys(value)[0] : "$";
    if (isDoc(value) && first2 !== void 0 && !first2.startsWith("$")) {
      addComputed(tree, parts, value, compileOne);
    } else {
      addLeaf(tree, parts, { kind: "compute", compute: compileOne(value) });
    }
  }
}
function compile(projection, env, find2, filter2) {
  const parsing = {
    tree: branch(),
    env,
    scope: env.scope ?? scopeOf(env),
    find: find2,
    inclusion: void 0,
    id: void 0,
    positional: void 0
  };
  parseFields(projection, [], parsing);
  checkPositional(parsing, filter2);
  const inclusion = parsing.inclusion ?? parsing.id === true;
  const { tree } = parsing;
  const idComputed = tree.fields.get("_id")?.kind === "compute";
  if (!tree.fields.has("_id")) {
    if (inclusion && parsing.id !== false) tree.fields.set("_id", { kind: "include" });
    if (!inclusion && parsing.id === false) tree.fields.set("_id", { kind: "exclude" });
  }
  return (doc, position) => {
    const made = keepFields(doc, tree, inclusion, position);
    if (tree.computed) computeFields(made, tree, doc);
    keepTextScore(doc, made);
    return idComputed && "_id" in made ? { ...{ _id: made._id }, ...made } : made;
  };
}
function checkPositional({ positional: positional2 }, filter2) {
  if (positional2 === void 0) return;
  const [top] = positional2.split(".");
  if (!filterPaths(filter2).some((path) => path.split(".")[0] === top)) throw noMember();
}
function filterPaths(filter2) {
  return Object.entries(filter2).flatMap(([key, value]) => {
    if (!key.startsWith("$")) return [key];
    return Array.isArray(value) ? value.filter(isDoc).flatMap(filterPaths) : [];
  });
}
function noMember() {
  return new ServerError(
    51246,
    "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array"
  );
}
function parseFields(fields, above, parsing) {
  for (const [key, value] of Object.entries(fields)) parseField(key, value, above, parsing);
}
function parseField(key, value, above, parsing) {
  if (parsing.find && key.endsWith(".$")) {
    positional(key.slice(0, -2), value, above, parsing);
    return;
  }
  const parts = [...above, ...parseFieldPath(key)];
  if (typeof value === "boolean" || isNumber(value)) {
    flag(parts, value === true || value !== false && !isZero(value), parsing);
  } else if (isDoc(value)) {
    document(parts, value, parsing);
  } else {
    compute2(parts, value, parsing);
  }
}
function flag(parts, included, parsing) {
  if (parts.length === 1 && parts[0] === "_id") parsing.id = included;
  else setMode(parts, included, parsing);
  addLeaf(parsing.tree, parts, { kind: included ? "include" : "exclude" });
}
function setMode(parts, inclusion, parsing) {
  if (parsing.inclusion === void 0) parsing.inclusion = inclusion;
  else if (parsing.inclusion !== inclusion) {
    const path = parts.join(".");
    throw inclusion ? new ServerError(31253, `Cannot do inclusion on field ${path} in exclusion projection`) : new ServerError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
  }
}
function compute2(parts, expression, parsing) {
  setMode(parts, true, parsing);
  const compiled = compileExpression(expression, parsing.scope, parsing.env.collation);
  addLeaf(parsing.tree, parts, { kind: "compute", compute: compiled });
}
function document(parts, value, parsing) {
  const [first2] = Object.keys(value);
  if (first2 === void 0) {
    throw new ServerError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path ${parts.join(".")}`
    );
  }
  if (!first2.startsWith("$")) {
    parseFields(value, parts, parsing);
    return;
  }
  const { find: find2, tree } = parsing;
  if (find2 && first2 === "$slice") slice2(parts, value.$slice, parsing);
  else if (find2 && first2 === "$elemMatch") elemMatch2(parts, value.$elemMatch, parsing);
  else if (find2 && first2 === "$meta") {
    const compiled = compileExpression(value, parsing.scope);
    addLeaf(tree, parts, { kind: "compute", compute: compiled });
  } else {
    if (!isExpressionOperator(first2)) {
      throw new ServerError(31325, `Unknown expression ${first2}`);
    }
    compute2(parts, value, parsing);
  }
}
function slice2(parts, operand, parsing) {
  const numbers = Array.isArray(operand) ? operand : [operand];
  if (!numbers.every(isNumber)) {
    if (Array.isArray(operand)) {
      compute2(parts, { $slice: operand }, parsing);
      return;
    }
    throw new ServerError(
      28667,
      `Invalid $slice syntax. The given syntax ${shown({ $slice: operand })} did not match the find() syntax`
    );
  }
  const [first2 = 0, count4] = numbers.map((number2) => Math.trunc(toNumber(number2)));
  if (Array.isArray(operand) && numbers.length !== 2) {
    throw new ServerError(
      28667,
      `Invalid $slice syntax. The given syntax ${shown({ $slice: operand })} did not match the find() syntax because :: Location28667: First argument to $slice must be an array`
    );
  }
  if (count4 !== void 0 && count4 <= 0) {
    throw new ServerError(28724, "$slice limit must be positive");
  }
  const cut = (items2) => {
    if (count4 === void 0) return first2 >= 0 ? items2.slice(0, first2) : items2.slice(first2);
    const from = first2 < 0 ? Math.max(0, items2.length + first2) : first2;
    return items2.slice(from, from + count4);
  };
  addLeaf(parsing.tree, parts, {
    kind: "include",
    then: (value) => Array.isArray(value) ? cut(value) : value
  });
}
function elemMatch2(parts, operand, parsing) {
  if (parts.length > 1) {
    throw new ServerError(31275, "Cannot use $elemMatch projection on a nested field.");
  }
  if (!isDoc(operand)) throw new ServerError(31274, "elemMatch: Invalid argument, object required");
  const find2 = compileElemMatch(operand, parsing.env);
  const [field2 = ""] = parts;
  parsing.inclusion ??= true;
  const compute3 = (root) => {
    const items2 = root[field2];
    const at = Array.isArray(items2) ? find2(items2) : -1;
    return Array.isArray(items2) && at >= 0 ? [items2[at]] : void 0;
  };
  addLeaf(parsing.tree, parts, { kind: "compute", compute: compute3 });
}
function positional(path, value, above, parsing) {
  const parts = [...above, ...parseFieldPath(path)];
  if (parsing.positional !== void 0) {
    throw new ServerError(31276, "Cannot specify more than one positional projection per query.");
  }
  if (value === false || isNumber(value) && isZero(value)) {
    throw new ServerError(31395, "positional projection cannot be used with exclusion");
  }
  if (value !== true && !isNumber(value))
    throw badValue("positional projection cannot be used with a literal");
  setMode(parts, true, parsing);
  parsing.positional = parts.join(".");
  const leaf = {
    kind: "include",
    then(items2, position) {
      if (!Array.isArray(items2)) return items2;
      if (position === void 0 || position >= items2.length) {
        throw noMember();
      }
      return [items2[position]];
    }
  };
  addLeaf(parsing.tree, parts, leaf);
}

// src/embedded-mongo/aggregate/stages.ts
var match = (operand, { scope, collation }) => {
  if (!isDoc(operand))
    throw new ServerError(15959, "the match filter must be an expression in an object");
  const matcher2 = compileFilter(operand, { scope, collation });
  return function* (docs) {
    for (const doc of docs) if (matcher2.test(doc)) yield doc;
  };
};
var project = (operand, { scope, collation }) => {
  if (!isDoc(operand)) throw new ServerError(15969, "$project specification must be an object");
  const apply = compileProjectStage(operand, { scope, collation });
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};
var addFields = (operand, { scope, collation }, name) => {
  if (!isDoc(operand))
    throw new ServerError(
      40272,
      `${name} specification stage must be an object, got ${typeOf(operand)}`
    );
  if (Object.keys(operand).length === 0) {
    throw new ServerError(
      40177,
      `Invalid ${name} :: caused by :: specification must have at least one field`
    );
  }
  const apply = compileAddFields(operand, { scope, collation });
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};
var unset = (operand, { scope }) => {
  const paths = Array.isArray(operand) ? operand : [operand];
  if (paths.length === 0)
    throw new ServerError(
      31119,
      "$unset specification must be a string or an array with at least one field"
    );
  if (!paths.every((path) => typeof path === "string")) {
    throw new ServerError(31002, "$unset specification must be a string or an array");
  }
  const apply = compileProjectStage(Object.fromEntries(paths.map((path) => [path, 0])), { scope });
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};
var sort = (operand, { collation }) => {
  if (!isDoc(operand))
    throw new ServerError(15973, "the $sort key specification must be an object");
  if (Object.keys(operand).length === 0) {
    throw new ServerError(15976, "$sort stage must have at least one sort key");
  }
  compileSort(operand, collation);
  return (docs) => sortDocs(docs, operand, collation);
};
var limit3 = (operand) => {
  const most = limitOf(operand);
  return function* (docs) {
    let count4 = 0;
    for (const doc of docs) {
      yield doc;
      if (++count4 >= most) return;
    }
  };
};
var skip = (operand) => {
  const number2 = isNumber(operand) ? toNumber(operand) : Number.NaN;
  if (!Number.isInteger(number2) || number2 < 0) {
    throw new ServerError(
      5107200,
      `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${shown(operand)}`
    );
  }
  return function* (docs) {
    let count4 = 0;
    for (const doc of docs) if (++count4 > number2) yield doc;
  };
};
var count2 = (operand) => {
  if (typeof operand !== "string" || operand === "") {
    throw new ServerError(40156, "the count field must be a non-empty string");
  }
  if (operand.startsWith("$"))
    throw new ServerError(40158, "the count field cannot be a $-prefixed path");
  if (operand.includes(".")) throw new ServerError(40160, "the count field cannot contain '.'");
  return function* (docs) {
    let number2 = 0;
    for (const _ of docs) number2++;
    if (number2 > 0) yield { [operand]: number2 };
  };
};
var unwind = (operand) => {
  const options = typeof operand === "string" ? { path: operand } : stageDoc(operand, "$unwind", 15981);
  for (const key of Object.keys(options)) {
    if (!["path", "includeArrayIndex", "preserveNullAndEmptyArrays"].includes(key)) {
      throw new ServerError(28811, `unrecognized option to $unwind stage: ${key}`);
    }
  }
  const { path, includeArrayIndex: index2, preserveNullAndEmptyArrays: preserve } = options;
  if (typeof path !== "string") {
    throw path === void 0 ? new ServerError(28812, "no path specified to $unwind stage") : new ServerError(
      28808,
      `expected a string as the path for $unwind stage, got ${typeOf(path)}`
    );
  }
  if (!path.startsWith("$")) {
    throw new ServerError(
      28818,
      `path option to $unwind stage should be prefixed with a '$': ${path}`
    );
  }
  if (preserve !== void 0 && typeof preserve !== "boolean") {
    throw new ServerError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeOf(preserve)}`
    );
  }
  if (index2 !== void 0 && (typeof index2 !== "string" || index2 === "")) {
    throw new ServerError(
      28810,
      `expected a non-empty string for the includeArrayIndex  option to $unwind stage`
    );
  }
  if (index2?.startsWith("$")) {
    throw new ServerError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index2}`
    );
  }
  const parts = parseFieldPath(path.slice(1));
  const place = typeof index2 === "string" ? parseFieldPath(index2) : void 0;
  const numbered = (doc, at) => place ? withPath(doc, place, at === null ? null : Long8.fromNumber(at)) : doc;
  return function* (docs) {
    for (const doc of docs) {
      const value = strictPath(doc, parts);
      if (Array.isArray(value) && value.length > 0) {
        for (let at = 0; at < value.length; at++)
          yield numbered(withPath(doc, parts, value[at]), at);
      } else if (value !== void 0 && value !== null && !Array.isArray(value)) {
        yield numbered(doc, null);
      } else if (preserve === true) {
        yield numbered(Array.isArray(value) ? withPath(doc, parts, void 0) : doc, null);
      }
    }
  };
};
function strictPath(doc, parts) {
  let value = doc;
  for (const part2 of parts) value = isDoc(value) ? get(value, part2) : void 0;
  return value;
}
function withPath(doc, parts, value) {
  const [first2 = "", ...rest] = parts;
  const made = { ...doc };
  if (rest.length > 0) {
    const inner = get(doc, first2);
    put(made, first2, withPath(isDoc(inner) ? inner : {}, rest, value));
  } else if (value === void 0) drop(made, first2);
  else put(made, first2, value);
  keepTextScore(doc, made);
  return made;
}
function newRoot(operand, scope, name) {
  const expression = compileExpression(operand, scope);
  return (doc) => {
    const root = expression(doc);
    if (!isDoc(root)) {
      throw new ServerError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was: ${shown(root)}. Type of resulting value: '${typeOf(root)}'. (${name})`
      );
    }
    return root;
  };
}
var replaceWith = (operand, { scope }, name) => {
  const apply = newRoot(operand, scope, name);
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};
var replaceRoot = (operand, context, name) => {
  const options = stageDoc(operand, name, 40229);
  checkOptions(options, name, ["newRoot"]);
  if (!("newRoot" in options))
    throw new ServerError(40231, "no newRoot specified for the $replaceRoot stage");
  return replaceWith(options.newRoot, context, name);
};
var redact = (operand, { scope, collation }) => {
  const current = { value: void 0 };
  const decide = compileExpression(operand, new Map([...scope, ["CURRENT", current]]), collation);
  const reduceDoc = (doc, root) => {
    current.value = doc;
    const decision = decide(root);
    if (decision === redactMarks.KEEP) return doc;
    if (decision === redactMarks.PRUNE) return void 0;
    if (decision !== redactMarks.DESCEND) {
      throw new ServerError(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${shown(decision)}`
      );
    }
    const made = {};
    for (const key of Object.keys(doc)) {
      const value = reduceValue(doc[key], root);
      if (value !== void 0) put(made, key, value);
    }
    return made;
  };
  const reduceValue = (value, root) => {
    if (isDoc(value)) return reduceDoc(value, root);
    if (!Array.isArray(value)) return value;
    return value.map((item) => reduceValue(item, root)).filter((item) => item !== void 0);
  };
  return function* (docs) {
    for (const doc of docs) {
      const kept2 = reduceDoc(doc, doc);
      if (kept2) yield kept2;
    }
  };
};
var sample = (operand) => {
  const { size: size2 } = stageDoc(operand, "$sample", 28745);
  const number2 = isNumber(size2) ? toNumber(size2) : Number.NaN;
  if (Number.isNaN(number2))
    throw new ServerError(28746, "size argument to $sample must be a number");
  if (number2 <= 0)
    throw new ServerError(28747, "size argument to $sample must be a positive integer");
  return (docs) => {
    const drawn = [...docs];
    for (let at = 0; at < Math.min(number2, drawn.length); at++) {
      const other = at + Math.floor(Math.random() * (drawn.length - at));
      [drawn[at], drawn[other]] = [drawn[other], drawn[at]];
    }
    return drawn.slice(0, number2);
  };
};
var documents = (operand, { scope }) => {
  const expression = compileExpression(operand, scope);
  return () => {
    const list = expression({});
    if (!Array.isArray(list) || !list.every(isDoc)) {
      throw new ServerError(5858203, "an array of documents is expected in $documents");
    }
    return list;
  };
};
var simpleStages = {
  $match: match,
  $project: project,
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $sort: sort,
  $limit: limit3,
  $skip: skip,
  $count: count2,
  $unwind: unwind,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
  $redact: redact,
  $sample: sample,
  $documents: documents
};

// src/embedded-mongo/aggregate/joins.ts
var fewDocuments = 16;
function sourceOf(from, name) {
  if (isDoc(from)) {
    return {
      db: stageText(from.db, `${name} 'from.db'`),
      coll: stageText(from.coll, `${name} 'from.coll'`)
    };
  }
  return stageText(from, `${name} argument 'from'`);
}
function readAll(context, source) {
  const { collection } = context.env;
  if (!collection) throw badValue("This pipeline has no other collections to read");
  return [...collection(source, context.depth)];
}
var Joined = class {
  docs;
  places = /* @__PURE__ */ new Map();
  context;
  source;
  field;
  constructor(context, source, field2) {
    this.context = context;
    this.source = source;
    this.field = field2;
  }
  /** The documents whose field equals one of the values, in the collection's order. */
  matching(values, few) {
    const { find: find2 } = this.context.env;
    if (find2 && few && !this.docs && !this.context.collation && values.every(isPlainOperand)) {
      return [
        ...find2(
          this.source,
          { [this.field]: { $in: values.map((value) => value ?? null) } },
          this.context.depth
        )
      ];
    }
    const docs = this.hashed();
    const found = /* @__PURE__ */ new Set();
    for (const value of values) {
      for (const at of this.places.get(keyOf(value ?? null, this.context.collation)) ?? [])
        found.add(at);
    }
    return [...found].sort((a, b) => a - b).map((at) => docs[at]);
  }
  hashed() {
    if (this.docs) return this.docs;
    const parts = splitPath(this.field);
    this.docs = readAll(this.context, this.source);
    for (const [at, doc] of this.docs.entries()) {
      walk(doc, parts, true, (value) => {
        const key = keyOf(value ?? null, this.context.collation);
        const places = this.places.get(key);
        if (!places) this.places.set(key, [at]);
        else if (places.at(-1) !== at) places.push(at);
        return false;
      });
    }
    return this.docs;
  }
};
function isPlainOperand(value) {
  return !isDoc(value) && typeOf(value) !== "regex";
}
function localValues(doc, parts) {
  const values = [];
  walk(doc, parts, false, (value) => {
    if (Array.isArray(value)) values.push(...value);
    else values.push(value ?? null);
    return false;
  });
  return values;
}
var lookup = (operand, context, name) => {
  checkDepth(context, name);
  const options = stageDoc(operand, name, 9);
  for (const key of Object.keys(options)) {
    if (!["from", "as", "localField", "foreignField", "let", "pipeline"].includes(key)) {
      throw failedToParse(`unknown argument to $lookup: ${key}`);
    }
  }
  const { as, localField, foreignField, pipeline } = options;
  const target2 = parseFieldPath(stageText(as, "$lookup argument 'as'"));
  if (localField === void 0 !== (foreignField === void 0)) {
    throw failedToParse(
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified"
    );
  }
  if (localField === void 0 && pipeline === void 0) {
    throw failedToParse(
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified"
    );
  }
  if (options.let !== void 0 && pipeline === void 0) {
    throw failedToParse("$lookup with a 'let' argument must also specify 'pipeline'");
  }
  const foreign = foreignDocs(options, context);
  const inner = pipeline === void 0 ? void 0 : innerPipeline(options, context);
  return function* (docs) {
    const outer = [...docs];
    for (const doc of outer) {
      const matched = foreign(doc, outer.length <= fewDocuments);
      yield withPath(doc, target2, inner ? inner(doc, matched) : matched);
    }
  };
};
function foreignDocs(options, context) {
  if (options.from === void 0) {
    const [first2] = Array.isArray(options.pipeline) ? options.pipeline : [];
    if (!isDoc(first2) || !("$documents" in first2)) {
      throw failedToParse("must specify 'pipeline' when 'from' is empty");
    }
    return () => [];
  }
  const source = sourceOf(options.from, "$lookup");
  if (options.localField === void 0) {
    let all2;
    return () => all2 ??= readAll(context, source);
  }
  const parts = splitPath(stageText(options.localField, "$lookup argument 'localField'"));
  const joined = new Joined(
    context,
    source,
    stageText(options.foreignField, "$lookup argument 'foreignField'")
  );
  return (doc, few) => joined.matching(localValues(doc, parts), few);
}
function innerPipeline(options, context) {
  const bindings = Object.entries(
    options.let === void 0 ? {} : stageDoc(options.let, "$lookup let", 9)
  ).map(([name, expression]) => {
    checkVariableName(name);
    const variable2 = { value: void 0 };
    return { name, variable: variable2, expression: compileExpression(expression, context.scope) };
  });
  const scope = new Map([
    ...context.scope,
    ...bindings.map(({ name, variable: variable2 }) => [name, variable2])
  ]);
  const run = context.compile(options.pipeline, scope);
  return (doc, matched) => {
    for (const { variable: variable2, expression } of bindings) variable2.value = expression(doc);
    return [...run(matched)];
  };
}
var unionWith = (operand, context, name) => {
  checkDepth(context, name);
  const options = typeof operand === "string" ? { coll: operand } : stageDoc(operand, name, 9);
  checkOptions(options, name, ["coll", "pipeline", "db"]);
  const run = options.pipeline === void 0 ? (docs) => docs : context.compile(options.pipeline);
  const { coll } = options;
  if (coll === void 0 && options.pipeline === void 0) {
    throw failedToParse(
      "$unionWith stage without explicit collection must have a pipeline with $documents as first stage"
    );
  }
  return function* (docs) {
    yield* docs;
    yield* run(coll === void 0 ? [] : readAll(context, sourceOf(coll, name)));
  };
};
var notInFacet = [
  "$facet",
  "$out",
  "$merge",
  "$collStats",
  "$indexStats",
  "$geoNear",
  "$planCacheStats",
  "$documents",
  "$search"
];
var facet = (operand, context) => {
  if (!isDoc(operand) || Object.keys(operand).length === 0) {
    throw new ServerError(40169, "the $facet specification must be a non-empty object");
  }
  const facets = Object.entries(operand).map(([field2, pipeline]) => {
    if (!Array.isArray(pipeline)) {
      throw new ServerError(40170, `arguments to $facet must be arrays, ${field2} is not`);
    }
    if (field2.startsWith("$") || field2.includes(".")) {
      throw new ServerError(40169, `$facet field name '${field2}' is not valid`);
    }
    for (const stage of pipeline) {
      const [name = ""] = isDoc(stage) ? Object.keys(stage) : [];
      if (notInFacet.includes(name)) {
        throw new ServerError(40600, `${name} is not allowed to be used within a $facet stage`);
      }
    }
    return [field2, context.compile(pipeline, context.scope, context.env.depth)];
  });
  return function* (docs) {
    const all2 = [...docs];
    const made = {};
    for (const [field2, run] of facets) put(made, field2, [...run(all2)]);
    yield made;
  };
};
var graphOptions = [
  "from",
  "startWith",
  "connectFromField",
  "connectToField",
  "as",
  "maxDepth",
  "depthField",
  "restrictSearchWithMatch"
];
var graphLookup = (operand, context, name) => {
  const options = stageDoc(operand, name, 40327);
  for (const key of Object.keys(options)) {
    if (!graphOptions.includes(key))
      throw new ServerError(40104, `Unknown argument to $graphLookup: ${key}`);
  }
  for (const key of ["from", "startWith", "connectFromField", "connectToField", "as"]) {
    if (options[key] === void 0) {
      throw new ServerError(
        40105,
        "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified."
      );
    }
  }
  const target2 = parseFieldPath(stageText(options.as, "$graphLookup argument 'as'", 40103));
  const start2 = compileExpression(options.startWith, context.scope, context.collation);
  const from = splitPath(
    stageText(options.connectFromField, "$graphLookup argument 'connectFromField'", 40103)
  );
  const to = stageText(options.connectToField, "$graphLookup argument 'connectToField'", 40103);
  const joined = new Joined(context, sourceOf(options.from, name), to);
  const deepest = options.maxDepth === void 0 ? Infinity : depthOf(options.maxDepth);
  const depthField = options.depthField === void 0 ? void 0 : parseFieldPath(stageText(options.depthField, "$graphLookup argument 'depthField'", 40103));
  const { scope, collation } = context;
  const restriction = options.restrictSearchWithMatch;
  const matcher2 = restriction === void 0 ? void 0 : compileFilter(stageDoc(restriction, name, 40185), { scope, collation });
  return function* (docs) {
    for (const doc of docs) {
      const seeds = start2(doc);
      const found = /* @__PURE__ */ new Map();
      let frontier = Array.isArray(seeds) ? seeds : seeds === void 0 ? [null] : [seeds];
      for (let depth = 0; depth <= deepest && frontier.length > 0; depth++) {
        const next = [];
        for (const hit of joined.matching(frontier, false)) {
          const key = keyOf(hit._id);
          if (found.has(key) || matcher2?.test(hit) === false) continue;
          found.set(key, depthField ? withPath(hit, depthField, Long9.fromNumber(depth)) : hit);
          next.push(...localValues(hit, from).filter((value) => value !== null));
        }
        frontier = next;
      }
      yield withPath(doc, target2, [...found.values()]);
    }
  };
};
function depthOf(value) {
  if (!isNumber(value)) throw new ServerError(40100, "maxDepth must be numeric");
  const depth = toNumber(value);
  if (depth < 0) throw new ServerError(40101, "maxDepth requires a nonnegative argument");
  if (!Number.isInteger(depth))
    throw new ServerError(40102, "maxDepth could not be represented as a long long");
  return depth;
}
var joinStages = {
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: unionWith,
  $facet: facet
};

// src/embedded-mongo/aggregate/window-bounds.ts
function boundsOf2(window, sortBy, context) {
  if (window === void 0) return void 0;
  if (!isDoc(window)) throw failedToParse("'window' field must be an object");
  const { documents: documents2, range: range2, unit: unit2 } = window;
  if (documents2 !== void 0 && range2 !== void 0) {
    throw failedToParse("Window bounds can specify either 'documents' or 'range', not both");
  }
  if (unit2 !== void 0 && range2 === void 0)
    throw failedToParse("Window bounds can only specify 'unit' with range-based bounds.");
  const given = documents2 ?? range2;
  if (given === void 0) return void 0;
  if (!Array.isArray(given) || given.length !== 2) {
    throw failedToParse("Window bounds must be a 2-element array");
  }
  const [low, high] = given.map((bound3) => boundOf(bound3, context));
  if (low === "unbounded" && high === "unbounded") return void 0;
  if (!sortBy) {
    throw new ServerError(5339901, "Document-based bounds require a sortBy");
  }
  if (documents2 !== void 0) return documentBounds(low, high);
  const [field2, direction] = Object.entries(sortBy)[0] ?? [];
  if (Object.keys(sortBy).length !== 1 || field2 === void 0) {
    throw new ServerError(5339902, "Range-based bounds require sortBy a single field");
  }
  if (toNumber(direction) !== 1) {
    throw new ServerError(8947400, "Range-based bounds require a non-descending sortBy");
  }
  return rangeBounds(low, high, field2.split("."), unit2);
}
function boundOf(bound3, context) {
  if (bound3 === "unbounded" || bound3 === "current") return bound3;
  const offset = compileExpression(bound3, context.scope)({});
  if (!isNumber(offset)) {
    throw failedToParse("Window bounds must be 'unbounded', 'current', or a number");
  }
  return { offset };
}
function documentBounds(low, high) {
  const place = (bound3, at, open) => {
    if (bound3 === "unbounded") return open;
    if (bound3 === "current") return at;
    const offset = toNumber(bound3.offset);
    if (!Number.isInteger(offset))
      throw failedToParse("Numeric document-based bounds must be an integer");
    return at + offset;
  };
  if (place(low, 0, -Infinity) > place(high, 0, Infinity)) {
    throw new ServerError(5339900, "Lower bound must not exceed upper bound");
  }
  return (docs) => (at) => [
    Math.max(0, place(low, at, 0)),
    Math.max(0, Math.min(docs.length, place(high, at, docs.length - 1) + 1))
  ];
}
function rangeBounds(low, high, path, unit2) {
  return (docs) => {
    const values = docs.map((doc) => strictPath(doc, path) ?? null);
    return (at) => {
      const value = values[at];
      const least = moved(value, low, unit2);
      const most = moved(value, high, unit2);
      const inside = (other) => (low === "unbounded" || compare(other, least) >= 0 && rankOf2(other) === rankOf2(least)) && (high === "unbounded" || compare(other, most) <= 0 && rankOf2(other) === rankOf2(most));
      const from = values.findIndex(inside);
      if (from < 0) return [0, 0];
      return [from, values.findLastIndex(inside) + 1];
    };
  };
}
function moved(value, bound3, unit2) {
  if (typeof bound3 === "string" || value === null) return value;
  if (value instanceof Date) {
    if (typeof unit2 !== "string") {
      throw new ServerError(
        5429513,
        "Invalid range: Expected the sortBy field to be a number, but it was date"
      );
    }
    return new Date(addUnits(value.getTime(), unit2, toNumber(bound3.offset), () => 0));
  }
  if (!isNumber(value) || unit2 !== void 0) {
    throw new ServerError(
      5429414,
      "Invalid range: Expected the sortBy field to be a number or, with a unit, a date"
    );
  }
  return add(value, bound3.offset);
}

// src/embedded-mongo/aggregate/window.ts
function sortPath({ sortBy, name }) {
  const [field2] = Object.keys(sortBy ?? {});
  if (field2 === void 0)
    throw new ServerError(5371602, `${name} must be specified with a top level sortBy expression`);
  return field2.split(".");
}
function noWindow({ window, name }) {
  if (window !== void 0) {
    throw new ServerError(
      5371601,
      `Rank style window functions take no other arguments: ${name} with 'window'`
    );
  }
}
function rank(kind) {
  return (operand, call) => {
    if (!isDoc(operand) || Object.keys(operand).length > 0) {
      throw new ServerError(5371603, `${call.name} must be specified with '{}' as the value`);
    }
    noWindow(call);
    const path = sortPath(call);
    if (kind !== "number" && Object.keys(call.sortBy ?? {}).length > 1) {
      throw new ServerError(
        5371602,
        `${call.name} must be specified with a top level sortBy expression with exactly one element`
      );
    }
    return ({ docs }) => {
      let current = 0;
      const ranks2 = docs.map((doc, at) => {
        const tied = at > 0 && equal(strictPath(doc, path) ?? null, strictPath(docs[at - 1] ?? {}, path) ?? null);
        if (kind === "number" || !tied) current = kind === "dense" ? current + 1 : at + 1;
        return current;
      });
      return (at) => ranks2[at];
    };
  };
}
var shift = (operand, call) => {
  const fields = namedFields(operand, call.name, ["output", "by"], ["default"]);
  noWindow(call);
  sortPath(call);
  const by = isNumber(fields.by) ? toNumber(fields.by) : Number.NaN;
  if (!Number.isInteger(by)) throw failedToParse("'$shift:by' field must be an integer");
  const output = call.compiler.compile(fields.output);
  const fallback = call.compiler.compile(fields.default ?? null)({});
  return ({ docs }) => (at) => {
    const doc = docs[at + by];
    return doc ? output(doc) ?? null : fallback;
  };
};
var windowFunctions = {
  $rank: rank("rank"),
  $denseRank: rank("dense"),
  $documentNumber: rank("number"),
  $shift: shift
};
var refused3 = [
  "$covariancePop",
  "$covarianceSamp",
  "$derivative",
  "$expMovingAvg",
  "$integral",
  "$linearFill",
  "$locf",
  "$minMaxScaler"
];
var setWindowFields = (operand, context, name) => {
  const options = stageDoc(operand, name, 9);
  checkOptions(options, name, ["partitionBy", "sortBy", "output"]);
  if (!isDoc(options.output)) {
    throw new ServerError(40414, `BSON field '${name}.output' is missing but a required field`);
  }
  if (options.sortBy !== void 0 && !isDoc(options.sortBy)) {
    throw new ServerError(
      14,
      `BSON field '${name}.sortBy' is the wrong type, expected type 'object'`
    );
  }
  const sortBy = isDoc(options.sortBy) ? options.sortBy : void 0;
  const outputs = Object.entries(options.output).map(([field2, specification]) => ({
    path: parseFieldPath(field2),
    compute: outputOf(specification, sortBy, context)
  }));
  const partitionBy = compileExpression(
    options.partitionBy ?? null,
    context.scope,
    context.collation
  );
  return (docs) => partitions(docs, partitionBy, context).flatMap((members2) => {
    const sorted2 = sortBy ? sortDocs(members2, sortBy, context.collation) : members2;
    const partition = { docs: sorted2, sortBy };
    const columns = outputs.map(({ path, compute: compute3 }) => ({ path, read: compute3(partition) }));
    return sorted2.map(
      (doc, at) => columns.reduce((made, { path, read }) => withPath(made, path, read(at) ?? null), doc)
    );
  });
};
function partitions(docs, partitionBy, { collation }) {
  const found = /* @__PURE__ */ new Map();
  for (const doc of docs) {
    const value = partitionBy(doc) ?? null;
    if (Array.isArray(value))
      throw new ServerError(
        14,
        "An expression used to partition cannot evaluate to value of type array"
      );
    const key = keyOf(value, collation);
    const partition = found.get(key);
    if (partition) partition.docs.push(doc);
    else found.set(key, { key: value, docs: [doc] });
  }
  return [...found.values()].sort((a, b) => compare(a.key, b.key, collation)).map((partition) => partition.docs);
}
function outputOf(specification, sortBy, context) {
  const { window, ...functions } = stageDoc(specification, "$setWindowFields output", 9);
  const names3 = Object.keys(functions);
  const [name = ""] = names3;
  if (names3.length !== 1) {
    throw failedToParse("Expected a $-prefixed window function, and only one of it");
  }
  const compiler = expressionCompiler(context.scope, context.collation);
  const build = windowFunctions[name];
  if (build) return build(functions[name], { compiler, sortBy, window, name });
  if (refused3.includes(name)) throw unsupported(`The window function ${name}`);
  if (!isAccumulator(name)) throw failedToParse(`Unrecognized window function, ${name}`);
  const start2 = compileAccumulator(name, functions, compiler);
  const bounds = boundsOf2(window, sortBy, context);
  return (partition) => overWindow(partition, bounds, () => start2());
}
function overWindow({ docs }, bounds, start2) {
  if (!bounds) {
    const accumulation = start2();
    for (const doc of docs) accumulation.add(doc);
    const result = accumulation.result();
    return () => result;
  }
  const range2 = bounds(docs);
  return (at) => {
    const accumulation = start2();
    const [from, to] = range2(at);
    for (const doc of docs.slice(from, to)) accumulation.add(doc);
    return accumulation.result();
  };
}
var windowStages = {
  $setWindowFields: setWindowFields
};

// src/embedded-mongo/aggregate/aggregate.ts
var stages;
function stageNamed(name) {
  stages ??= new Map(
    Object.entries({
      ...simpleStages,
      ...groupStages,
      ...joinStages,
      ...windowStages
    })
  );
  return stages.get(name);
}
var known = new Set(
  `$out $merge $collStats $indexStats $changeStream $changeStreamSplitLargeEvent $currentOp $listSessions
  $listLocalSessions $listSampledQueries $planCacheStats $geoNear $search $searchMeta $vectorSearch $rankFusion
  $shardedDataDistribution $densify $fill $querySettings $queryStats $listClusterCatalog $score $scoreFusion`.split(
    /\s+/
  )
);
var MAX_DEPTH = 20;
function runPipeline(source, pipeline, env = {}) {
  return [...compilePipeline(pipeline, env)(source)];
}
function checkDepth({ depth }, name) {
  if (depth <= MAX_DEPTH) return;
  throw new ServerError(
    232,
    `Maximum number of nested ${name} sub-pipelines exceeded. Limit is ${MAX_DEPTH}`
  );
}
function compilePipeline(pipeline, env = {}) {
  return compile2(pipeline, env, env.scope ?? scopeOf(env));
}
function compile2(pipeline, env, scope) {
  const depth = (env.depth ?? 0) + 1;
  const context = {
    env,
    scope,
    collation: env.collation,
    depth,
    compile(inner, innerScope = scope, innerDepth = depth) {
      if (!Array.isArray(inner))
        throw new ServerError(14, "'pipeline' option must be specified as an array");
      return compile2(inner, { ...env, depth: innerDepth }, innerScope);
    }
  };
  const compiled = [];
  for (let at = 0; at < pipeline.length; at++) {
    const top = topSort(pipeline[at], pipeline[at + 1], context);
    if (top) at++;
    compiled.push(top ?? compileStage(pipeline[at], context, at));
  }
  return (docs) => compiled.reduce((flow, stage) => stage(flow), docs);
}
function compileStage(stage, context, at) {
  if (!isDoc(stage))
    throw new ServerError(14, "Each element of the 'pipeline' array must be an object");
  const names3 = Object.keys(stage);
  const [name] = names3;
  if (name === void 0 || names3.length !== 1) {
    throw new ServerError(
      40323,
      "A pipeline stage specification object must contain exactly one field."
    );
  }
  const build = stageNamed(name);
  if (build) {
    if (name === "$documents" && at > 0) {
      throw new ServerError(40602, "$documents is only valid as the first stage in a pipeline");
    }
    return build(stage[name], context, name);
  }
  if (known.has(name)) throw unsupported(`The stage ${name} (at this place of a pipeline)`);
  throw new ServerError(40324, `Unrecognized pipeline stage name: '${name}'`);
}
function topSort(stage, next, context) {
  if (!isDoc(stage) || !isDoc(next) || !isDoc(stage.$sort) || !("$limit" in next)) return void 0;
  const sort2 = stage.$sort;
  if (Object.keys(sort2).length === 0 || Object.keys(next).length > 1) return void 0;
  const limit4 = limitOf(next.$limit);
  topDocs([], sort2, 1, context.collation);
  return (docs) => topDocs(docs, sort2, limit4, context.collation);
}
function limitOf(operand) {
  const limit4 = isNumber(operand) ? toNumber(operand) : Number.NaN;
  if (!Number.isInteger(limit4)) {
    throw new ServerError(
      2107201,
      `invalid argument to $limit stage: Expected an integer: $limit: ${String(operand)}`
    );
  }
  if (limit4 < 0) {
    throw new ServerError(
      2107201,
      `invalid argument to $limit stage: Expected a non-negative number in: $limit: ${limit4}`
    );
  }
  if (limit4 === 0) throw new ServerError(15958, "the limit must be positive");
  return limit4;
}
function stageDoc(operand, name, code = 14) {
  if (!isDoc(operand))
    throw new ServerError(code, `the ${name} stage specification must be an object`);
  return operand;
}
function stageText(value, what, code = 9) {
  if (typeof value !== "string") throw new ServerError(code, `${what} must be a string`);
  return value;
}
function checkOptions(options, name, allowed) {
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) {
      throw new ServerError(40415, `BSON field '${name}.${key}' is an unknown field.`);
    }
  }
}

// src/embedded-mongo/changes/events.ts
import { Long as Long10 } from "mongodb";
var EXPANDED_ONLY = /* @__PURE__ */ new Set(["create", "createIndexes", "dropIndexes", "modify"]);
function eventOf(from, options) {
  const { change, session } = from;
  if (EXPANDED_ONLY.has(change.kind) && !options.expanded) return void 0;
  const event = { _id: tokenOf(from.position), operationType: change.kind };
  event["clusterTime"] = from.time;
  if (options.expanded && change.collection) event["collectionUUID"] = change.collection.uuid;
  event["wallTime"] = from.wallTime;
  event["ns"] = change.kind === "dropDatabase" ? { db: change.db } : { db: change.db, coll: change.coll };
  if (session) {
    event["lsid"] = session.lsid;
    event["txnNumber"] = Long10.fromBigInt(session.txnNumber);
  }
  if (["insert", "update", "replace", "delete"].includes(change.kind)) {
    writeEvent(event, from, options);
  } else if (change.kind === "rename") {
    const { to, dropTarget } = change.detail;
    event["to"] = to;
    if (options.expanded)
      event["operationDescription"] = { to, ...dropTarget ? { dropTarget } : {} };
  } else if (EXPANDED_ONLY.has(change.kind)) {
    const { uuid: _, options: changed, ...detail } = change.detail ?? {};
    event["operationDescription"] = change.kind === "create" ? { ...detail, idIndex: { v: 2, key: { _id: 1 }, name: "_id_" } } : { ...detail, ...changed };
  }
  return event;
}
function writeEvent(event, { change }, options) {
  const after = change.after && decode(change.after);
  const before2 = change.before && decode(change.before);
  event["documentKey"] = { _id: (after ?? before2)?.["_id"] };
  if (change.kind === "insert" || change.kind === "replace") event["fullDocument"] = after;
  const kept2 = change.collection?.options.changeStreamPreAndPostImages?.enabled === true;
  if (change.kind === "update" && before2 && after) {
    event["updateDescription"] = description(before2, after, options.expanded, change.whole ?? []);
    if (options.fullDocument === "updateLookup") {
      const current = change.collection?.get(after["_id"])?.bytes;
      event["fullDocument"] = current ? decode(current) : null;
    } else if (options.fullDocument !== "default") {
      event["fullDocument"] = image(after, kept2, options.fullDocument, "post");
    }
  }
  if (options.fullDocumentBeforeChange !== "off" && change.kind !== "insert") {
    event["fullDocumentBeforeChange"] = image(
      before2,
      kept2,
      options.fullDocumentBeforeChange,
      "pre"
    );
  }
}
function image(doc, kept2, wanted, which) {
  if (kept2 && doc) return doc;
  if (wanted !== "required") return null;
  throw new ServerError(
    47,
    `Change stream was configured to require a ${which}-image for all update, delete and replace events, but the ${which}-image was not found`
  );
}
function description(before2, after, expanded, whole) {
  const found = { updatedFields: {}, removedFields: [], truncatedArrays: [] };
  const ambiguous = {};
  const note = (path, parts) => {
    if (parts.some((part2) => typeof part2 === "string" && /^\d+$|\./.test(part2)))
      ambiguous[path] = parts;
  };
  const set2 = (path, parts, value) => {
    note(path, parts);
    found.updatedFields[path] = value;
  };
  const walk3 = (old, value, parts) => {
    if (equal(old, value)) return;
    const path = parts.join(".");
    if (isDoc(old) && isDoc(value) && !whole.includes(path)) {
      for (const key of Object.keys(old)) {
        if (key in value) continue;
        note([...parts, key].join("."), [...parts, key]);
        found.removedFields.push([...parts, key].join("."));
      }
      for (const [key, inner] of Object.entries(value)) {
        if (key in old) walk3(old[key], inner, [...parts, key]);
        else set2([...parts, key].join("."), [...parts, key], inner);
      }
    } else if (Array.isArray(old) && Array.isArray(value) && !whole.includes(path)) {
      if (value.length < old.length)
        found.truncatedArrays.push({ field: path, newSize: value.length });
      value.forEach((inner, at) => {
        if (at < old.length) walk3(old[at], inner, [...parts, at]);
        else set2([...parts, at].join("."), [...parts, at], inner);
      });
    } else set2(path, parts, value);
  };
  walk3(before2, after, []);
  if (expanded) found.disambiguatedPaths = ambiguous;
  return found;
}

// src/embedded-mongo/values/raw.ts
var MAX_DEPTH2 = 100;
function invalid(reason) {
  return new ServerError(22, `Invalid BSON: ${reason}`);
}
function int32(bytes, at, limit4) {
  if (at + 4 > limit4) throw invalid("truncated length");
  return bytes.readInt32LE(at);
}
function stringEnd(bytes, at, limit4) {
  const length3 = int32(bytes, at, limit4);
  const end2 = at + 4 + length3;
  if (length3 < 1 || end2 > limit4 || bytes[end2 - 1] !== 0) throw invalid("bad string");
  return end2;
}
function cstringEnd(bytes, at, limit4) {
  const end2 = bytes.indexOf(0, at) + 1;
  if (end2 === 0 || end2 > limit4) throw invalid("unterminated name");
  return end2;
}
var fixedSizes2 = new Int8Array(256).fill(-1);
for (const [type2, size2] of [
  [1, 8],
  [7, 12],
  [8, 1],
  [9, 8],
  [10, 0],
  [16, 4],
  [17, 8],
  [18, 8],
  [19, 16],
  [127, 0],
  [255, 0]
]) {
  fixedSizes2[type2] = size2;
}
function valueEnd(bytes, type2, at, limit4) {
  const fixed = fixedSizes2[type2] ?? -1;
  if (fixed >= 0) return at + fixed;
  switch (type2) {
    case 2:
    case 13:
    case 14:
      return stringEnd(bytes, at, limit4);
    case 3:
    case 4:
    case 15: {
      const length3 = int32(bytes, at, limit4);
      if (length3 < 5) throw invalid("bad document length");
      return at + length3;
    }
    case 5: {
      const length3 = int32(bytes, at, limit4);
      if (length3 < 0) throw invalid("bad binary length");
      return at + 5 + length3;
    }
    case 11:
      return cstringEnd(bytes, cstringEnd(bytes, at, limit4), limit4);
    case 6:
    case 12:
      throw unsupported(`The deprecated BSON type ${type2}`);
    default:
      throw invalid(`unknown type 0x${type2.toString(16)}`);
  }
}
function lastByte(bytes, from) {
  const length3 = int32(bytes, from, bytes.length);
  const last2 = from + length3 - 1;
  if (length3 < 5 || last2 >= bytes.length || bytes[last2] !== 0) {
    throw invalid("bad document length");
  }
  return last2;
}
function* elements(bytes, from = 0) {
  const limit4 = lastByte(bytes, from);
  let at = from + 4;
  while (at < limit4) {
    const type2 = bytes[at] ?? 0;
    const start2 = cstringEnd(bytes, at + 1, limit4);
    const end2 = valueEnd(bytes, type2, start2, limit4);
    if (end2 > limit4) throw invalid("value past the end of its document");
    yield { type: type2, name: bytes.toString("utf8", at + 1, start2 - 1), at, start: start2, end: end2 };
    at = end2;
  }
}
function checkDocument(bytes, from = 0, depth = 1) {
  if (depth > MAX_DEPTH2) throw new ServerError(15, `Exceeded depth limit of ${MAX_DEPTH2}`);
  const limit4 = lastByte(bytes, from);
  let at = from + 4;
  while (at < limit4) {
    const type2 = bytes[at] ?? 0;
    const start2 = cstringEnd(bytes, at + 1, limit4);
    at = valueEnd(bytes, type2, start2, limit4);
    if (at > limit4) throw invalid("value past the end of its document");
    if (type2 === 3 || type2 === 4) checkDocument(bytes, start2, depth + 1);
  }
}
function findElement(bytes, name) {
  for (const element2 of elements(bytes)) if (element2.name === name) return element2;
  return void 0;
}
function element(type2, name, value) {
  return Buffer.concat([Buffer.from([type2]), Buffer.from(`${name}\0`, "utf8"), value]);
}
function assemble2(parts) {
  const length3 = parts.reduce((sum2, part2) => sum2 + part2.length, 5);
  const out = Buffer.allocUnsafe(length3);
  out.writeInt32LE(length3, 0);
  let at = 4;
  for (const part2 of parts) at += part2.copy(out, at);
  out[at] = 0;
  return out;
}
function encoded(doc) {
  const bytes = encode(doc);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
function contents(bytes) {
  return bytes.subarray(4, bytes.length - 1);
}
function arrayOf(documents2) {
  let length3 = 5;
  for (let index2 = 0; index2 < documents2.length; index2++) {
    length3 += String(index2).length + 2 + (documents2[index2]?.length ?? 0);
  }
  const out = Buffer.allocUnsafe(length3);
  out.writeInt32LE(length3, 0);
  let at = 4;
  documents2.forEach((document2, index2) => {
    out[at++] = 3;
    at += out.write(String(index2), at, "latin1");
    out[at++] = 0;
    at += document2.copy(out, at);
  });
  out[at] = 0;
  return out;
}
function documentsIn(bytes, array) {
  const found = [];
  for (const member of elements(bytes, array.start)) {
    if (member.type !== 3) throw new ServerError(14, `'${array.name}' must hold objects`);
    found.push(bytes.subarray(member.start, member.end));
  }
  return found;
}
function documentIn(bytes, name) {
  const found = findElement(bytes, name);
  if (found?.type !== 3) throw new ServerError(14, `'${name}' must be an object`);
  return bytes.subarray(found.start, found.end);
}
function ownedWithIdFirst(bytes, id) {
  const out = Buffer.allocUnsafe(bytes.length);
  bytes.copy(out, 0, 0, 4);
  const size2 = bytes.copy(out, 4, id.at, id.end);
  bytes.copy(out, 4 + size2, 4, id.at);
  bytes.copy(out, id.end, id.end);
  return out;
}

// src/embedded-mongo/server/wire.ts
var MAX_MESSAGE = 48e6;
var OP_REPLY = 1;
var OP_QUERY = 2004;
var OP_MSG = 2013;
var CHECKSUM = 1;
var MORE_TO_COME = 2;
var KNOWN_BITS = CHECKSUM | MORE_TO_COME;
var ProtocolError = class extends Error {
};
var Framing = class {
  chunks = [];
  size = 0;
  /** Takes what arrived and gives the messages that are complete. @throws ProtocolError on a length no message has */
  *push(chunk) {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.size >= 16) {
      const length3 = this.peek();
      if (length3 < 16 || length3 > MAX_MESSAGE)
        throw new ProtocolError(`message of ${length3} bytes`);
      if (this.size < length3) return;
      const all2 = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
      const rest = all2.subarray(length3);
      this.chunks = rest.length > 0 ? [rest] : [];
      this.size = rest.length;
      yield all2.subarray(0, length3);
    }
  }
  peek() {
    const [first2] = this.chunks;
    if (first2 && first2.length < 4) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]?.readInt32LE(0) ?? 0;
  }
};
function readMessage(bytes) {
  const requestId = bytes.readInt32LE(4);
  const code = bytes.readInt32LE(12);
  if (code === OP_MSG) return readMsg(requestId, bytes);
  if (code === OP_QUERY) return readQuery(requestId, bytes);
  throw new ProtocolError(`unknown operation ${code}`);
}
function documentAt(bytes, at, end2) {
  const length3 = at + 4 <= end2 ? bytes.readInt32LE(at) : 0;
  if (length3 < 5 || at + length3 > end2)
    throw new ProtocolError("document past the end of its message");
  return bytes.subarray(at, at + length3);
}
function readMsg(requestId, bytes) {
  if (bytes.length < 26) throw new ProtocolError("message too short");
  const flags = bytes.readUInt32LE(16);
  if (flags & 65535 & ~KNOWN_BITS) throw new ProtocolError("unknown flag");
  const end2 = flags & CHECKSUM ? bytes.length - 4 : bytes.length;
  let body;
  const sequences = /* @__PURE__ */ new Map();
  let at = 20;
  while (at < end2) {
    const kind = bytes[at++];
    if (kind === 0) {
      if (body) throw new ProtocolError("two bodies");
      body = documentAt(bytes, at, end2);
      at += body.length;
    } else if (kind === 1) {
      at = readSequence(bytes, at, end2, sequences);
    } else {
      throw new ProtocolError(`unknown section ${kind}`);
    }
  }
  if (!body || at !== end2) throw new ProtocolError("no body");
  const silent2 = (flags & MORE_TO_COME) !== 0;
  return { requestId, legacy: false, silent: silent2, body, sequences, db: void 0 };
}
function readSequence(bytes, start2, limit4, sequences) {
  const length3 = start2 + 4 <= limit4 ? bytes.readInt32LE(start2) : 0;
  const end2 = start2 + length3;
  if (length3 < 5 || end2 > limit4) throw new ProtocolError("bad sequence length");
  const nameEnd = bytes.indexOf(0, start2 + 4);
  if (nameEnd < 0 || nameEnd >= end2) throw new ProtocolError("bad sequence name");
  const name = bytes.toString("utf8", start2 + 4, nameEnd);
  if (sequences.has(name)) throw new ProtocolError("sequence sent twice");
  const documents2 = [];
  let at = nameEnd + 1;
  while (at < end2) {
    const document2 = documentAt(bytes, at, end2);
    documents2.push(document2);
    at += document2.length;
  }
  sequences.set(name, documents2);
  return end2;
}
function readQuery(requestId, bytes) {
  const nameEnd = bytes.indexOf(0, 20);
  if (nameEnd < 0 || nameEnd + 9 > bytes.length) throw new ProtocolError("bad query");
  const namespace = bytes.toString("utf8", 20, nameEnd);
  if (!namespace.endsWith(".$cmd")) throw new ProtocolError("only commands are accepted");
  const body = documentAt(bytes, nameEnd + 9, bytes.length);
  const db = namespace.slice(0, -".$cmd".length);
  return { requestId, legacy: true, silent: false, body, sequences: /* @__PURE__ */ new Map(), db };
}
var RawBatch = class {
  documents;
  constructor(documents2) {
    this.documents = documents2;
  }
};
var RawDocument = class {
  bytes;
  constructor(bytes) {
    this.bytes = bytes;
  }
};
function holdsRaw(value) {
  return typeof value === "object" && value !== null && Object.values(value).some((member) => member instanceof RawBatch);
}
function encodeReply(reply) {
  const parts = [];
  let plain = {};
  const flush = () => {
    if (Object.keys(plain).length > 0) parts.push(contents(encoded(plain)));
    plain = {};
  };
  for (const [name, value] of Object.entries(reply)) {
    if (value instanceof RawDocument) {
      flush();
      parts.push(element(3, name, value.bytes));
    } else if (value instanceof RawBatch) {
      flush();
      parts.push(element(4, name, arrayOf(value.documents)));
    } else if (holdsRaw(value)) {
      flush();
      parts.push(element(3, name, encodeReply(value)));
    } else {
      plain[name] = value;
    }
  }
  flush();
  return assemble2(parts);
}
var lastRequest = 0;
function frameReply(message, reply) {
  const header = Buffer.alloc(message.legacy ? 36 : 21);
  header.writeInt32LE(header.length + reply.length, 0);
  header.writeInt32LE(lastRequest = lastRequest + 1 & 2147483647, 4);
  header.writeInt32LE(message.requestId, 8);
  header.writeInt32LE(message.legacy ? OP_REPLY : OP_MSG, 12);
  if (message.legacy) header.writeInt32LE(1, 32);
  return [header, reply];
}

// src/embedded-mongo/changes/streams.ts
var STAGES = /* @__PURE__ */ new Set([
  ...[
    "$match",
    "$project",
    "$addFields",
    "$set",
    "$unset",
    "$replaceRoot",
    "$replaceWith",
    "$redact"
  ]
]);
var OPTIONS = /* @__PURE__ */ new Set([
  ...[
    "fullDocument",
    "fullDocumentBeforeChange",
    "resumeAfter",
    "startAfter",
    "startAtOperationTime"
  ],
  ...["showExpandedEvents", "allChangesForCluster"]
]);
var FULL_DOCUMENT = ["default", "updateLookup", "whenAvailable", "required"];
var BEFORE_CHANGE = ["off", "whenAvailable", "required"];
function optionsOf(operand) {
  if (!isDoc(operand)) throw new ServerError(14, "$changeStream must take an object");
  for (const option of Object.keys(operand)) {
    if (!OPTIONS.has(option))
      throw new ServerError(40415, `BSON field '$changeStream.${option}' is an unknown field.`);
  }
  for (const [name, known3] of [
    ["fullDocument", FULL_DOCUMENT],
    ["fullDocumentBeforeChange", BEFORE_CHANGE]
  ]) {
    const value = operand[name];
    if (value !== void 0 && !known3.includes(String(value))) {
      throw new ServerError(
        2,
        `Enumeration value '${String(value)}' for field '$changeStream.${name}' is not a valid value.`
      );
    }
  }
  return operand;
}
function startOf(options, feed) {
  const { resumeAfter, startAfter, startAtOperationTime: time } = options;
  const token = startAfter ?? resumeAfter;
  if (token) {
    const { position, invalidation } = parseToken(token);
    if (invalidation && resumeAfter) {
      throw new ServerError(
        260,
        "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification."
      );
    }
    return position;
  }
  return time instanceof Timestamp3 ? before(time) : feed.end;
}
var ChangeStream = class {
  id;
  namespace;
  session;
  lastUse = Date.now();
  position;
  invalidated;
  closed = new AbortController();
  feed;
  scope;
  options;
  pipeline;
  constructor(context, scope, options, pipeline, namespace) {
    this.id = context.engine.cursors.newId();
    this.namespace = namespace;
    this.session = context.session;
    this.feed = context.engine.feed;
    this.scope = scope;
    this.pipeline = pipeline;
    this.options = {
      fullDocument: String(options["fullDocument"] ?? "default"),
      fullDocumentBeforeChange: String(options["fullDocumentBeforeChange"] ?? "off"),
      expanded: options["showExpandedEvents"] === true
    };
    this.position = startOf(options, this.feed);
    this.feed.after(this.position);
  }
  async next(size2 = Infinity, waitMs) {
    const deadline = Date.now() + waitMs;
    let batch = this.collect(size2);
    while (batch.length === 0 && !this.invalidated && !this.closed.signal.aborted) {
      const left = deadline - Date.now();
      if (left <= 0) break;
      await this.feed.next(left, this.closed.signal);
      batch = this.collect(size2);
    }
    this.lastUse = Date.now();
    const closed = this.closed.signal.aborted || this.invalidated !== void 0 && batch.length < size2;
    return { batch, fields: this.fields(), closed };
  }
  /** What the answer says beside the events. */
  fields() {
    return { postBatchResumeToken: tokenOf(this.position) };
  }
  close() {
    this.closed.abort();
  }
  /** The events that are there. */
  collect(size2) {
    const batch = [];
    if (this.invalidated) return batch;
    const events = this.feed.after(this.position);
    for (const event of events) {
      if (batch.length >= size2) return batch;
      this.position = event.position;
      if (!this.watches(event)) continue;
      batch.push(...this.shown(eventOf(event, this.options)));
      if (!this.isEnd(event)) continue;
      this.invalidated = {
        _id: tokenOf(event.position, true),
        operationType: "invalidate",
        clusterTime: event.time,
        wallTime: event.wallTime
      };
      batch.push(...this.shown(this.invalidated));
      return batch;
    }
    if (events.length === 0 && this.position < this.feed.end) this.position = this.feed.end;
    return batch;
  }
  watches({ change }) {
    const { db, coll } = this.scope;
    if (change.coll.startsWith("tmp.agg_out.") && change.kind !== "rename") return false;
    if (db !== void 0 && change.db !== db) return false;
    return coll === void 0 || change.coll === coll || this.renamedOver(change.detail);
  }
  renamedOver(detail) {
    const to = detail?.["to"];
    return to?.["db"] === this.scope.db && to?.["coll"] === this.scope.coll;
  }
  isEnd({ change }) {
    if (this.scope.coll !== void 0)
      return ["drop", "rename", "dropDatabase"].includes(change.kind);
    return this.scope.db !== void 0 && change.kind === "dropDatabase";
  }
  shown(event) {
    if (!event) return [];
    if (this.pipeline.length === 0) return [encoded(event)];
    return runPipeline([event], this.pipeline).map((row) => {
      if (equal(row["_id"], event["_id"])) return encoded(row);
      throw new ServerError(
        280,
        `Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.`
      );
    });
  }
};
function openChangeStream(context, name, pipeline, batchSize) {
  if (context.txn) throw new ServerError(263, "$changeStream cannot be used in a transaction");
  const [head2 = {}, ...stages3] = pipeline;
  const options = optionsOf(head2["$changeStream"]);
  for (const stage of stages3) {
    const [operator2 = ""] = Object.keys(stage);
    if (operator2 === "$changeStreamSplitLargeEvent") throw unsupported(`Stage ${operator2}`);
    runPipeline([], [stage]);
    if (!STAGES.has(operator2))
      throw new ServerError(20, `${operator2} is not permitted in a $changeStream pipeline`);
  }
  const whole = options["allChangesForCluster"] === true;
  if (whole && context.db !== "admin") {
    throw new ServerError(
      72,
      "A $changeStream with allChangesForCluster:true may only be opened on the admin database"
    );
  }
  const scope = {
    db: whole ? void 0 : context.db,
    coll: name === "$cmd.aggregate" ? void 0 : name
  };
  const namespace = `${context.db}.${name}`;
  const stream = new ChangeStream(context, scope, options, stages3, namespace);
  context.engine.cursors.all.set(stream.id, stream);
  const batch = stream.collect(batchSize ?? 101);
  const id = Long11.fromBigInt(stream.id);
  return { cursor: { firstBatch: new RawBatch(batch), ...stream.fields(), id, ns: namespace } };
}

// src/embedded-mongo/values/collation.ts
var sensitivities = ["base", "accent", "variant"];
var known2 = /* @__PURE__ */ new Set([
  "locale",
  "caseLevel",
  "caseFirst",
  "strength",
  "numericOrdering",
  "alternate",
  "maxVariable",
  "normalization",
  "backwards",
  "version"
]);
var collations = /* @__PURE__ */ new Map();
function compileCollation(spec) {
  if (spec === void 0 || spec === null || Object.keys(spec).length === 0) return void 0;
  for (const name of Object.keys(spec)) {
    if (!known2.has(name)) {
      throw badValue(`BSON field 'collation.${name}' is an unknown field.`);
    }
  }
  const { locale } = spec;
  if (typeof locale !== "string")
    throw badValue("BSON field 'collation.locale' is missing but a required field");
  if (locale === "simple") return void 0;
  const cached = JSON.stringify(spec);
  const existing2 = collations.get(cached);
  if (existing2) return existing2;
  const made = makeCollation(locale, spec);
  collations.set(cached, made);
  return made;
}
function sameCollation(a, b) {
  return JSON.stringify(a?.spec) === JSON.stringify(b?.spec);
}
function makeCollation(locale, spec) {
  const strength = Number(spec.strength ?? 3);
  if (!Number.isInteger(strength) || strength < 1 || strength > 5) {
    throw badValue(
      `Enumeration value '${strength}' for field 'collation.strength' is not a valid value.`
    );
  }
  if (strength > 3) throw unsupported(`collation strength ${strength}`);
  if (spec.backwards === true) throw unsupported("collation backwards");
  if (spec.caseLevel === true && strength > 1)
    throw unsupported("collation caseLevel with strength 2 or 3");
  if (spec.alternate !== void 0 && spec.alternate !== "non-ignorable") {
    throw unsupported("collation alternate: shifted");
  }
  const caseFirst = spec.caseFirst ?? "off";
  const name = locale.replaceAll("_", "-");
  if (localesOf(name).length === 0) {
    throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`);
  }
  const sensitivity = spec.caseLevel === true ? "case" : sensitivities[strength - 1] ?? "variant";
  const collator = new Intl.Collator(name, {
    sensitivity,
    numeric: spec.numericOrdering === true,
    ignorePunctuation: false,
    caseFirst: caseFirst === "upper" ? "upper" : caseFirst === "lower" ? "lower" : "false"
  });
  return {
    spec: {
      locale,
      caseLevel: spec.caseLevel === true,
      caseFirst,
      strength,
      numericOrdering: spec.numericOrdering === true,
      alternate: "non-ignorable",
      maxVariable: "punct",
      normalization: spec.normalization === true,
      backwards: false,
      version: "57.1"
    },
    compare: (a, b) => collator.compare(a, b),
    key: representatives(collator)
  };
}
function localesOf(name) {
  try {
    return Intl.Collator.supportedLocalesOf(name);
  } catch {
    return [];
  }
}
function representatives(collator) {
  const seen = /* @__PURE__ */ new Map();
  const sorted2 = [];
  return (text2) => {
    const found = seen.get(text2);
    if (found !== void 0) return found;
    let low = 0;
    let high = sorted2.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (collator.compare(sorted2[middle] ?? "", text2) < 0) low = middle + 1;
      else high = middle;
    }
    const candidate2 = sorted2[low];
    const same = candidate2 !== void 0 && collator.compare(candidate2, text2) === 0;
    if (!same) sorted2.splice(low, 0, text2);
    const representative = same ? candidate2 : text2;
    seen.set(text2, representative);
    return representative;
  };
}

// src/embedded-mongo/values/pick-fields.ts
import { ObjectId as ObjectId4 } from "mongodb";
function endOf(bytes, type2, at) {
  const size2 = fixedSizes2[type2] ?? -1;
  if (size2 >= 0) return at + size2;
  if (type2 === 2) return at + 4 + bytes.readInt32LE(at);
  if (type2 === 3 || type2 === 4) return at + bytes.readInt32LE(at);
  return type2 === 5 ? at + 5 + bytes.readInt32LE(at) : 0;
}
function sameName(bytes, at, end2, name) {
  if (end2 - at !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return true;
}
function scalar(bytes, type2, at, end2) {
  switch (type2) {
    case 1:
      return double(bytes.readDoubleLE(at));
    case 2:
      return bytes.toString("utf8", at + 4, end2 - 1);
    case 7:
      return new ObjectId4(bytes.subarray(at, end2));
    case 8:
      return bytes[at] === 1;
    case 9:
      return new Date(bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at));
    case 10:
      return null;
    case 16:
      return bytes.readInt32LE(at);
    default:
      return void 0;
  }
}
function fieldPicker(names3) {
  if (!names3 || names3.has("__proto__")) return (bytes) => decode(bytes, names3);
  const wanted = [...names3].map((name) => ({ name, bytes: Buffer.from(name) }));
  return (bytes) => {
    const doc = {};
    let missing2 = wanted.length;
    let at = 4;
    for (let type2 = bytes[at]; type2 && missing2 > 0; type2 = bytes[at]) {
      const from = at + 1;
      let nameEnd = from;
      while (bytes[nameEnd] !== 0) nameEnd++;
      const end2 = endOf(bytes, type2, nameEnd + 1);
      if (end2 === 0) return decode(bytes, names3);
      for (const field2 of wanted) {
        if (!sameName(bytes, from, nameEnd, field2.bytes)) continue;
        const value = scalar(bytes, type2, nameEnd + 1, end2);
        if (value === void 0) return decode(bytes, names3);
        doc[field2.name] = value;
        missing2--;
        break;
      }
      at = end2;
    }
    return doc;
  };
}
var ORDERS = {
  1: "number",
  2: "string",
  9: "date",
  16: "number",
  18: "number"
};
var EMPTY = Buffer.alloc(0);
function numberAt(bytes, type2, at) {
  if (type2 === 1) return bytes.readDoubleLE(at);
  if (type2 === 16) return bytes.readInt32LE(at);
  return bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);
}
var FieldOrder = class {
  #name;
  constructor(name) {
    this.#name = Buffer.from(name);
  }
  /** The field of a document to compare others with; undefined when it is missing, NaN or of another kind. */
  read(bytes) {
    const at = this.#locate(bytes);
    const type2 = bytes[at] ?? 0;
    const kind = ORDERS[type2];
    if (at === 0 || kind === void 0) return void 0;
    const start2 = this.#start(at);
    if (kind === "string") {
      return { kind, number: 0, text: bytes.subarray(start2 + 4, this.#textEnd(bytes, start2)) };
    }
    const number2 = numberAt(bytes, type2, start2);
    return Number.isNaN(number2) ? void 0 : { kind, number: number2, text: EMPTY };
  }
  /** Less than 0, 0 or more than 0 as the field stands before, beside or behind the value; 0 where its kind is another. */
  compare(bytes, { kind, number: number2, text: text2 }) {
    const at = this.#locate(bytes);
    const type2 = bytes[at] ?? 0;
    if (at === 0 || ORDERS[type2] !== kind) return 0;
    const start2 = this.#start(at);
    if (kind !== "string") return numberAt(bytes, type2, start2) - number2;
    return bytes.compare(text2, 0, text2.length, start2 + 4, this.#textEnd(bytes, start2));
  }
  #start(at) {
    return at + this.#name.length + 2;
  }
  #textEnd(bytes, start2) {
    return start2 + 3 + bytes.readInt32LE(start2);
  }
  /** Where the field's type byte is; 0 when it is missing or stands behind a type too rare to bother. */
  #locate(bytes) {
    let at = 4;
    for (let type2 = bytes[at]; type2; type2 = bytes[at]) {
      let nameEnd = at + 1;
      while (bytes[nameEnd] !== 0) nameEnd++;
      if (sameName(bytes, at + 1, nameEnd, this.#name)) return at;
      at = endOf(bytes, type2, nameEnd + 1);
      if (at === 0) return 0;
    }
    return 0;
  }
};

// src/embedded-mongo/query/fields.ts
function head(path) {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
}
function topLevelFields(filter2) {
  const fields = [];
  for (const [key, value] of Object.entries(filter2)) {
    if (!key.startsWith("$")) {
      fields.push(head(key));
    } else if (key === "$and" || key === "$or" || key === "$nor") {
      if (!Array.isArray(value)) return void 0;
      for (const branch2 of value) {
        const inner = topLevelFields(branch2);
        if (!inner) return void 0;
        fields.push(...inner);
      }
    } else if (key !== "$comment") {
      return void 0;
    }
  }
  return fields;
}
var FRESH = /* @__PURE__ */ new Set(["$group", "$count", "$sortByCount", "$bucket", "$bucketAuto"]);
var PASSING = /* @__PURE__ */ new Set([
  "$match",
  "$sort",
  "$skip",
  "$limit",
  "$unwind",
  "$set",
  "$addFields",
  "$sample"
]);
var OPEN = /\$\$(ROOT|CURRENT)|"\$(getField|setField|unsetField|meta)"/;
function pathsIn(value, fields) {
  if (typeof value === "string") {
    if (/^\$[^$]/.test(value)) fields.add(head(value.slice(1)));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (name === "sortBy") for (const path of Object.keys(member ?? {})) fields.add(head(path));
      pathsIn(member, fields);
    }
  }
}
function pipelineFields(pipeline) {
  const fields = /* @__PURE__ */ new Set();
  for (const stage of pipeline) {
    const [[name, operand] = ["", void 0]] = Object.entries(stage);
    if (!FRESH.has(name) && !PASSING.has(name) || OPEN.test(JSON.stringify(operand)))
      return void 0;
    pathsIn(operand, fields);
    if (name === "$match") {
      const read = topLevelFields(operand);
      if (!read) return void 0;
      for (const field2 of read) fields.add(field2);
    } else if (name === "$sort" || name === "$set" || name === "$addFields") {
      for (const path of Object.keys(operand)) fields.add(head(path));
    }
    if (FRESH.has(name)) return [...fields];
  }
  return void 0;
}

// src/embedded-mongo/query/best.ts
var mostKept = 1e4;
var Best = class {
  #end;
  #compare;
  #direction;
  /** Compares the first sort key by its bytes, where that is possible. */
  #order;
  #collated;
  #kept = [];
  #worst;
  /** The first sort key of the worst one kept, where its bytes can be compared. */
  #limit;
  /** @param end how many are asked for; Infinity: all */
  constructor({ sort: sort2 = {}, collation }, end2) {
    const compare2 = compileSort(sort2, collation);
    const [path = "", way] = Object.entries(sort2)[0] ?? [];
    this.#end = end2;
    this.#compare = (a, b) => compare2(a.doc, b.doc);
    this.#direction = Number(way);
    this.#collated = collation !== void 0;
    this.#order = typeof way === "object" || path.includes(".") ? void 0 : new FieldOrder(path);
  }
  /** Whether a document comes behind all that are asked for, as its first sort key alone says: it need not be read. */
  beyond(bytes) {
    if (this.#limit === void 0) return false;
    return (this.#order?.compare(bytes, this.#limit) ?? 0) * this.#direction > 0;
  }
  /** All matches in order, or as many as are asked for. */
  of(matches2) {
    if (this.#end > mostKept) return [...matches2].sort(this.#compare);
    for (const found of matches2) this.#add(found);
    return this.#cut();
  }
  #add(found) {
    if (this.#worst && this.#compare(found, this.#worst) >= 0) return;
    this.#kept.push(found);
    if (this.#kept.length < Math.max(2 * this.#end, 64)) return;
    this.#kept = this.#cut();
    this.#worst = this.#kept[this.#end - 1];
    const limit4 = this.#worst?.version.bytes && this.#order?.read(this.#worst.version.bytes);
    this.#limit = limit4?.kind === "string" && this.#collated ? void 0 : limit4;
  }
  #cut() {
    return this.#kept.sort(this.#compare).slice(0, this.#end);
  }
};

// src/embedded-mongo/query/bounds.ts
import { BSONRegExp as BSONRegExp4 } from "mongodb";

// src/embedded-mongo/values/key-string.ts
import {
  Binary as Binary5,
  BSONRegExp as BSONRegExp3,
  Code as Code3,
  DBRef,
  Decimal128 as Decimal1287,
  Double as Double2,
  Int32,
  Long as Long12,
  MaxKey as MaxKey2,
  MinKey as MinKey2,
  ObjectId as ObjectId5,
  BSONSymbol as BSONSymbol2,
  Timestamp as Timestamp4
} from "mongodb";
var RANK = {
  minKey: 1,
  undefined: 2,
  null: 3,
  number: 4,
  string: 5,
  object: 6,
  array: 7,
  binary: 8,
  objectId: 9,
  boolean: 10,
  date: 11,
  timestamp: 12,
  regex: 13,
  dbRef: 14,
  code: 15,
  codeWithScope: 16,
  maxKey: 250
};
var LOWEST = new Uint8Array(8);
var EMPTY_ARRAY = /* @__PURE__ */ Symbol("empty array");
var scratch = Buffer.allocUnsafe(4096);
var length2 = 0;
function room(bytes) {
  if (length2 + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, length2 + bytes));
  scratch.copy(larger, 0, 0, length2);
  scratch = larger;
}
function byte(value) {
  room(1);
  scratch[length2++] = value;
}
function double2(value) {
  room(8);
  scratch.writeDoubleBE(value === 0 ? 0 : value, length2);
  const negative = (scratch[length2] ?? 0) & 128;
  if (negative)
    for (let i = 0; i < 8; i++) scratch[length2 + i] = ~(scratch[length2 + i] ?? 0) & 255;
  else scratch[length2] = (scratch[length2] ?? 0) | 128;
  length2 += 8;
}
function text(value) {
  const safe = value.includes("\0") ? value.replaceAll("\0", "\0ÿ") : value;
  room(safe.length * 3 + 2);
  if (safe === value) length2 += scratch.write(value, length2, "utf8");
  else {
    for (const part2 of value.split(/(\0)/)) {
      if (part2 === "\0") scratch.set([0, 255], length2);
      length2 += part2 === "\0" ? 2 : scratch.write(part2, length2, "utf8");
    }
  }
  scratch[length2++] = 0;
  scratch[length2++] = 1;
}
function raw(bytes) {
  room(bytes.length);
  scratch.set(bytes, length2);
  length2 += bytes.length;
}
function exactDecimal(value) {
  if (typeof value === "string") {
    const [mantissa2 = "0", exponent = "0"] = value.toLowerCase().split("e");
    const [whole = "0", fraction = ""] = mantissa2.split(".");
    return [BigInt(whole + fraction), Number(exponent) - fraction.length];
  }
  let mantissa = value;
  let twos = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    twos++;
  }
  return [BigInt(mantissa) * 5n ** BigInt(twos), -twos];
}
function expansion(value) {
  let [digits, exponent] = exactDecimal(value);
  for (let term = 0; term < 3; term++) {
    const nearest = Number(`${digits}e${exponent}`);
    double2(nearest);
    if (!Number.isFinite(nearest)) return;
    const [held2, heldExponent] = exactDecimal(nearest);
    const common = Math.min(exponent, heldExponent);
    digits = digits * 10n ** BigInt(exponent - common) - held2 * 10n ** BigInt(heldExponent - common);
    exponent = common;
    const sign = digits === 0n ? 128 : digits < 0n ? 127 : 129;
    byte(sign);
    if (sign === 128) return;
  }
}
function number(value) {
  byte(RANK.number);
  if (Number.isNaN(value)) raw(LOWEST);
  else double2(value);
  byte(128);
}
function exactNumber(value) {
  const digits = value.toString();
  const near = Number(digits);
  if (Number.isSafeInteger(near) || !Number.isFinite(near)) return number(near);
  byte(RANK.number);
  expansion(digits);
}
function members(entries, named2) {
  for (const [name, value] of entries) {
    if (value === void 0) continue;
    const from = length2;
    write(value);
    if (!named2) continue;
    const encoded2 = Buffer.from(scratch.subarray(from + 1, length2));
    length2 = from + 1;
    text(name);
    raw(encoded2);
  }
  byte(0);
}
function binary2(bytes, subtype) {
  byte(RANK.binary);
  room(5);
  length2 = scratch.writeUInt32BE(bytes.length, length2);
  byte(subtype);
  raw(bytes);
}
function write(value) {
  switch (typeof value) {
    case "number":
      return number(value);
    case "string":
      byte(RANK.string);
      return text(value);
    case "boolean":
      byte(RANK.boolean);
      return byte(value ? 1 : 0);
    case "bigint":
      return exactNumber(Long12.fromBigInt(value));
    case "undefined":
      return byte(RANK.null);
    case "symbol":
      return byte(RANK.undefined);
  }
  if (value === null) return byte(RANK.null);
  if (value instanceof ObjectId5) {
    byte(RANK.objectId);
    return raw(value.id);
  }
  if (value instanceof Date) {
    byte(RANK.date);
    return double2(value.getTime());
  }
  if (Array.isArray(value)) {
    byte(RANK.array);
    return members(Object.entries(value), false);
  }
  writeSpecial(value);
}
function writeSpecial(value) {
  if (value instanceof Double2 || value instanceof Int32) return number(value.valueOf());
  if (value instanceof Timestamp4) {
    byte(RANK.timestamp);
    room(8);
    length2 = scratch.writeUInt32BE(value.getHighBitsUnsigned(), length2);
    length2 = scratch.writeUInt32BE(value.getLowBitsUnsigned(), length2);
    return;
  }
  if (value instanceof Long12 || value instanceof Decimal1287) return exactNumber(value);
  if (value instanceof Binary5) return binary2(value.value(), value.sub_type);
  if (value instanceof Uint8Array) return binary2(value, 0);
  if (value instanceof MinKey2) return byte(RANK.minKey);
  if (value instanceof MaxKey2) return byte(RANK.maxKey);
  if (value instanceof RegExp || value instanceof BSONRegExp3) {
    byte(RANK.regex);
    text(value instanceof RegExp ? value.source : value.pattern);
    return text(value instanceof RegExp ? value.flags : value.options);
  }
  if (value instanceof BSONSymbol2) {
    byte(RANK.string);
    return text(value.value);
  }
  if (value instanceof Code3) {
    byte(value.scope ? RANK.codeWithScope : RANK.code);
    text(value.code);
    if (value.scope) members(Object.entries(value.scope), true);
    return;
  }
  byte(RANK.object);
  const fields = value instanceof DBRef ? value.toJSON() : value;
  members(Object.entries(fields), true);
}
function keyString(value) {
  length2 = 0;
  write(value);
  return scratch.toString("latin1", 0, length2);
}
function inverted(key) {
  const bytes = Buffer.from(key, "latin1");
  for (let i = 0; i < bytes.length; i++) bytes[i] = ~(bytes[i] ?? 0) & 255;
  return bytes.toString("latin1");
}
function typeRange(key) {
  const rank2 = key.charCodeAt(0);
  return [String.fromCharCode(rank2), String.fromCharCode(rank2 + 1)];
}

// src/embedded-mongo/query/bounds.ts
var RANGES = /* @__PURE__ */ new Set(["$gt", "$gte", "$lt", "$lte"]);
function conjunction(filter2) {
  const found = { conditions: [], ors: [], rest: false };
  for (const [path, value] of Object.entries(filter2)) {
    if (path === "$and" && Array.isArray(value)) {
      for (const branch2 of value) {
        const inner = conjunction(branch2);
        found.conditions.push(...inner.conditions);
        found.ors.push(...inner.ors);
        found.rest ||= inner.rest;
      }
    } else if (path === "$or" && Array.isArray(value)) {
      found.ors.push(value);
    } else if (path.startsWith("$")) {
      found.rest ||= path !== "$comment";
    } else if (isDoc(value) && Object.keys(value)[0]?.startsWith("$")) {
      for (const [op, operand] of Object.entries(value)) {
        found.conditions.push({ path, op, value: operand });
      }
    } else {
      found.conditions.push({ path, op: "$eq", value });
    }
  }
  return found;
}
function isPlain(value) {
  const type2 = typeOf(value);
  return type2 !== "regex" && type2 !== "array" && type2 !== "missing";
}
function point(index2, position, value) {
  const key = index2.part(value, position);
  return { low: key, lowOpen: false, high: key, highOpen: false };
}
function comparison2(op, value) {
  const type2 = typeOf(value);
  if (["missing", "null", "array", "object", "regex", "minKey", "maxKey"].includes(type2))
    return void 0;
  if (Number.isNaN(Number(value)) && String(value) === "NaN") return void 0;
  const key = keyString(value);
  const [from, to] = typeRange(key);
  const numeric2 = from === typeRange(keyString(0))[0];
  const range2 = { low: from, lowOpen: false, high: to, highOpen: true };
  if (numeric2) Object.assign(range2, { low: keyString(NaN), lowOpen: true });
  if (op === "$gt" || op === "$gte") return { ...range2, low: key, lowOpen: op === "$gt" };
  return { ...range2, high: key, highOpen: op === "$lt" };
}
function prefix(pattern2) {
  const {
    source = "",
    flags = "",
    pattern: text2 = source,
    options = flags
  } = pattern2;
  const found = /^\^([\w @:-]+)(\.\*)?$/.exec(text2);
  if (!found || options !== "") return void 0;
  const low = keyString(found[1]).slice(0, -2);
  return { low, lowOpen: false, high: `${low}ÿ`, highOpen: true };
}
function turned(range2, descending) {
  if (!descending) return range2;
  const flip = (key) => Array.from(key, (char) => String.fromCharCode(255 - char.charCodeAt(0))).join("");
  return {
    low: flip(range2.high),
    lowOpen: range2.highOpen,
    high: flip(range2.low),
    highOpen: range2.lowOpen
  };
}
function spanOf(before2, range2) {
  return [
    before2 + range2.low + (range2.lowOpen ? "￿" : ""),
    before2 + range2.high + (range2.highOpen ? "" : "￿")
  ];
}
function intersect(a, b) {
  const [lowA] = spanOf("", a);
  const [lowB] = spanOf("", b);
  const [, highA] = spanOf("", a);
  const [, highB] = spanOf("", b);
  const low = lowA >= lowB ? a : b;
  const high = highA <= highB ? a : b;
  return { low: low.low, lowOpen: low.lowOpen, high: high.high, highOpen: high.highOpen };
}
function pointsOf(condition) {
  const { op, value } = condition;
  if (op === "$eq" && isPlain(value)) return [value];
  if (op === "$in" && Array.isArray(value) && value.every(isPlain)) return value;
  return void 0;
}
function holdsText(value) {
  return typeof value === "string" || typeof value === "object" && value !== null && (Array.isArray(value) || isDoc(value));
}
function boundsFor(index2, position, conditions, collated2) {
  const own = conditions.filter((condition) => condition.path === index2.paths[position]);
  for (const condition of own) {
    const values = pointsOf(condition);
    if (!values || !collated2 && values.some(holdsText)) continue;
    const ranges = values.map((value) => point(index2, position, value));
    const exact2 = !values.includes(null);
    return { ranges: distinct2(ranges), points: true, used: exact2 ? [condition] : [] };
  }
  if (index2.collation) return void 0;
  let range2;
  const stored2 = [];
  const used2 = [];
  for (const condition of own) {
    const { op, value } = condition;
    const isPattern = op === "$regex" || op === "$eq" && typeOf(value) === "regex";
    if (isPattern && own.some((other) => other.op === "$options")) continue;
    if (!collated2 && holdsText(value)) continue;
    const next = RANGES.has(op) ? comparison2(op, value) : isPattern ? prefixOf(value) : void 0;
    if (!next) continue;
    range2 = range2 ? intersect(range2, next) : next;
    if (isPattern) {
      const pattern2 = typeof value === "string" ? new BSONRegExp4(value, "") : value;
      stored2.push(point(index2, position, pattern2));
    }
    if (RANGES.has(op)) used2.push(condition);
    if (index2.multikey[position]) break;
  }
  return range2 && {
    ranges: [turned(range2, index2.descending[position] ?? false), ...stored2],
    points: false,
    used: used2
  };
}
function prefixOf(value) {
  return prefix(typeof value === "string" ? { source: value } : value);
}
function distinct2(ranges) {
  return [...new Map(ranges.map((range2) => [range2.low, range2])).values()];
}

// src/embedded-mongo/storage/sorted-list.ts
var CHUNK = 256;
var AFTER_ALL = "￿";
var SortedList = class {
  chunks = [];
  size = 0;
  /** Counts changes, so that a walk notices them. */
  changes = 0;
  ageOf;
  /** @param ageOf a number that rises from value to value as they are added: finds one among many equal keys */
  constructor(ageOf) {
    this.ageOf = ageOf;
  }
  /** Replaces the content by entries that are already in order. */
  load(entries) {
    this.changes++;
    this.chunks = [];
    this.size = entries.length;
    for (let from = 0; from < entries.length; from += CHUNK / 2) {
      const part2 = entries.slice(from, from + CHUNK / 2);
      this.chunks.push({ keys: part2.map(([key]) => key), values: part2.map(([, value]) => value) });
    }
  }
  add(key, value) {
    this.size++;
    this.changes++;
    const last2 = this.chunks.at(-1);
    if (!last2) {
      this.chunks.push({ keys: [key], values: [value] });
      return;
    }
    const rising = (last2.keys[last2.keys.length - 1] ?? "") <= key;
    const at = rising ? this.chunks.length - 1 : this.chunkFor(key, true);
    const chunk = this.chunks[at] ?? last2;
    const slot = rising ? chunk.keys.length : search(chunk.keys, key, true);
    if (slot === chunk.keys.length) {
      chunk.keys.push(key);
      chunk.values.push(value);
    } else {
      chunk.keys.splice(slot, 0, key);
      chunk.values.splice(slot, 0, value);
    }
    if (chunk.keys.length > CHUNK) this.split(at, rising);
  }
  /** Removes the pair; false when it was not there. */
  remove(key, value) {
    const first2 = this.chunkFor(key);
    const likely = this.ageOf ? this.chunkByAge(first2, key, this.ageOf(value)) : first2;
    return this.removeFrom(likely, key, value) || likely > first2 && this.removeFrom(first2, key, value);
  }
  removeFrom(first2, key, value) {
    for (let at = first2; at < this.chunks.length; at++) {
      const { keys, values } = this.chunks[at] ?? { keys: [], values: [] };
      const start2 = keys[0] === key ? 0 : search(keys, key);
      if (start2 < keys.length && keys[start2] !== key) return false;
      const slot = values.indexOf(value, start2);
      if (slot < 0 || keys[slot] !== key) continue;
      keys.splice(slot, 1);
      values.splice(slot, 1);
      if (keys.length === 0) this.chunks.splice(at, 1);
      this.size--;
      this.changes++;
      return true;
    }
    return false;
  }
  /** Number of entries with from <= key < to. */
  count(from, to) {
    if (from >= to) return 0;
    const first2 = this.chunkFor(from);
    const last2 = this.chunkFor(to);
    let total = 0;
    for (let at = first2; at <= last2; at++) {
      const keys = this.chunks[at]?.keys ?? [];
      const start2 = at === first2 ? search(keys, from) : 0;
      const end2 = at === last2 ? search(keys, to) : keys.length;
      total += Math.max(0, end2 - start2);
    }
    return total;
  }
  /** The values with from <= key < to, in key order or backwards, as they are now. */
  slice(from, to, backwards = false) {
    const found = [];
    if (from >= to) return found;
    const first2 = this.chunkFor(from);
    const last2 = this.chunkFor(to);
    for (let step = 0; step <= last2 - first2; step++) {
      const at = backwards ? last2 - step : first2 + step;
      const { keys, values } = this.chunks[at] ?? { keys: [], values: [] };
      const start2 = at === first2 ? search(keys, from) : 0;
      const end2 = at === last2 ? search(keys, to) : keys.length;
      if (backwards) for (let i = end2 - 1; i >= start2; i--) found.push(values[i]);
      else for (let i = start2; i < end2; i++) found.push(values[i]);
    }
    return found;
  }
  /**
   * The values of a range one by one, for a reader that may stop early or pause. When the list was changed meanwhile,
   * the walk goes on behind the last entry it gave.
   */
  *walk(from, to, backwards = false) {
    const step = backwards ? -1 : 1;
    let place = this.place(backwards ? to : from, false, step);
    let { changes } = this;
    let last2;
    let given = [];
    for (; ; ) {
      const key = this.chunks[place.at]?.keys[place.slot];
      if (key === void 0 || (backwards ? key < from : key >= to)) return;
      const value = this.chunks[place.at]?.values[place.slot];
      if (key !== last2) given = [];
      last2 = key;
      given.push(value);
      yield value;
      if (changes === this.changes) {
        this.move(place, step);
        continue;
      }
      changes = this.changes;
      const old = new Set(given);
      place = this.place(key, backwards, step);
      while (this.chunks[place.at]?.keys[place.slot] === key) {
        if (!old.has(this.chunks[place.at]?.values[place.slot])) break;
        this.move(place, step);
      }
    }
  }
  /** Where a walk starts: forward at the first entry that is at least `key`, backwards at the last one before that. */
  place(key, past, step) {
    const at = this.chunkFor(key, past);
    const place = { at, slot: search(this.chunks[at]?.keys ?? [], key, past) };
    this.move(place, step > 0 ? 0 : -1);
    return place;
  }
  /** Moves a place by one entry, or with 0 just into the next chunk when it stands behind the end of one. */
  move(place, step) {
    place.slot += step;
    const size2 = this.chunks[place.at]?.keys.length ?? 0;
    if (place.slot < 0) {
      place.at--;
      place.slot = (this.chunks[place.at]?.keys.length ?? 0) - 1;
    } else if (place.slot >= size2) {
      place.at++;
      place.slot = 0;
    }
  }
  /** Among chunks that end with `key`, from `first` on: the first whose last value is as old as `age` or younger. */
  chunkByAge(first2, key, age) {
    let low = first2;
    let high = this.chunkFor(key, true);
    while (low < high) {
      const middle = low + high >> 1;
      const last2 = this.chunks[middle]?.values.at(-1);
      if (last2 !== void 0 && this.ageOf && this.ageOf(last2) < age) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  /** The first chunk that ends at or after `key` (with `past`: after it), else the last one. */
  chunkFor(key, past = false) {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = low + high >> 1;
      const keys = this.chunks[middle]?.keys ?? [];
      const end2 = keys[keys.length - 1] ?? "";
      if (end2 < key || past && end2 === key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  /** Halves a full chunk; one that grows at its end stays full, so that rising keys leave full chunks behind. */
  split(at, rising) {
    const chunk = this.chunks[at];
    if (!chunk) return;
    const middle = rising ? chunk.keys.length - 1 : chunk.keys.length >> 1;
    const right = { keys: chunk.keys.splice(middle), values: chunk.values.splice(middle) };
    this.chunks.splice(at + 1, 0, right);
  }
};
function search(keys, key, past = false) {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = low + high >> 1;
    const found = keys[middle] ?? "";
    if (found < key || past && found === key) low = middle + 1;
    else high = middle;
  }
  return low;
}

// src/embedded-mongo/query/planner.ts
var MAX_SPANS = 2e3;
var WHOLE = ["", AFTER_ALL];
function candidate(index2, query, parts) {
  const collated2 = sameCollation(index2.collation, query.collation);
  let prefixes = [""];
  let spans;
  const used2 = [];
  const fixed = /* @__PURE__ */ new Set();
  let bounded = 0;
  let arrays = 0;
  for (let at = 0; at < index2.paths.length; at++) {
    if (index2.multikey[at] && arrays++ > 0) break;
    const bounds = boundsFor(index2, at, parts.conditions, collated2);
    if (!bounds || bounds.ranges.length * prefixes.length > MAX_SPANS) break;
    bounded++;
    used2.push(...bounds.used);
    if (!bounds.points) {
      spans = prefixes.flatMap((before2) => bounds.ranges.map((range2) => spanOf(before2, range2)));
      break;
    }
    if (bounds.ranges.length === 1) fixed.add(index2.paths[at] ?? "");
    prefixes = prefixes.flatMap((before2) => bounds.ranges.map((range2) => before2 + range2.low));
  }
  spans ??= bounded > 0 ? prefixes.map((key) => [key, key + AFTER_ALL]) : [WHOLE];
  spans.sort(([a], [b]) => a < b ? -1 : 1);
  const direction = sortDirection(index2, query, fixed, spans.length);
  const exact2 = !parts.rest && parts.ors.length === 0 && used2.length === parts.conditions.length;
  const inSpans = () => spans.reduce((sum2, [from, to]) => sum2 + index2.entries.count(from, to), 0);
  return {
    scans: [{ index: index2, spans }],
    backwards: direction === -1,
    sorted: direction !== 0,
    exact: exact2,
    bounded,
    collated: collated2,
    cost: () => inSpans() * (direction === 0 && query.sort ? 1.5 : 1)
  };
}
function sortDirection(index2, query, fixed, spans) {
  const asked = Object.entries(query.sort ?? {});
  if (asked.length === 0 || index2.collation || query.collation) return 0;
  const matches2 = (from, wanted) => {
    let direction = 0;
    const fits = wanted.every(([path, way], at) => {
      const position = from + at;
      if (index2.paths[position] !== path || index2.multikey[position]) return false;
      if (typeof way === "object" && way !== null && "$meta" in way) return false;
      const step = Number(way) < 0 === index2.descending[position] ? 1 : -1;
      direction ||= step;
      return direction === step;
    });
    return fits ? direction : 0;
  };
  const whole = matches2(0, asked);
  if (whole !== 0 || spans > 1) return whole;
  const constant = (path) => fixed.has(path) && !index2.multikey[index2.paths.indexOf(path)];
  const open = asked.filter(([path]) => !constant(path));
  if (open.length === 0) return 1;
  const start2 = index2.paths.findIndex((path) => !fixed.has(path));
  return start2 < 0 ? 0 : matches2(start2, open);
}
function excludesMissing({ op, value }) {
  if (op === "$eq") return value !== null;
  if (op === "$in") return !value.includes(null);
  if (op === "$exists") return value === true;
  if (op === "$regex") return true;
  return RANGES.has(op) && !["null", "minKey", "maxKey"].includes(typeOf(value));
}
function covers({ scans, bounded, collated: collated2 }, parts) {
  const [{ index: index2 }] = scans;
  if (!index2.isIncomplete) return true;
  const { partialFilterExpression: partial, sparse } = index2.spec;
  if (sparse) {
    return bounded > 0 && parts.conditions.some((known3) => index2.paths.includes(known3.path) && excludesMissing(known3));
  }
  const required2 = conjunction(partial ?? {});
  if (required2.rest || required2.ors.length > 0) return false;
  return required2.conditions.every(
    (need) => parts.conditions.some((known3) => {
      if (known3.path !== need.path) return false;
      if (need.op === "$exists") return need.value === true && excludesMissing(known3);
      if (!collated2 && (holdsText(known3.value) || holdsText(need.value))) return false;
      if (known3.op === need.op && equal(known3.value, need.value)) return true;
      if (known3.op !== "$eq" || known3.path.includes(".")) return false;
      return compileFilter({ [need.path]: { [need.op]: need.value } }).test({
        [need.path]: known3.value
      });
    })
  );
}
function usable(collection, txn) {
  return [...collection.indexes.values()].filter((index2) => {
    if (index2.scanned || index2.spec.hidden) return false;
    return index2.txn ? index2.txn === txn : !txn || index2.born <= txn.snapshot;
  });
}
function hinted(collection, hint) {
  if (hint === void 0) return void 0;
  if (typeof hint !== "string" && !isDoc(hint)) {
    throw failedToParse("Hint must be a string or an object");
  }
  const wanted = JSON.stringify(hint);
  for (const index2 of collection.indexes.values()) {
    if (index2.spec.name === hint || JSON.stringify(index2.spec.key) === wanted) return index2;
  }
  throw new ServerError(
    2,
    "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index"
  );
}
function natural(query) {
  const direction = query.hint?.["$natural"] ?? query.sort?.["$natural"];
  if (direction === void 0) return void 0;
  const sorted2 = query.sort?.["$natural"] !== void 0;
  const { hint } = query;
  if (sorted2 && hint !== void 0 && hint["$natural"] === void 0) {
    throw badValue("Sort by $natural is incompatible with a hint other than $natural");
  }
  return { scans: [], backwards: Number(direction) < 0, sorted: sorted2, exact: false };
}
function plan(collection, query, txn) {
  const everything = { scans: [], backwards: false, sorted: false, exact: false };
  const fixed = natural(query);
  if (fixed) return fixed;
  const parts = conjunction(query.filter);
  const hint = hinted(collection, query.hint);
  if (hint) return candidate(hint, query, parts);
  const leading = /* @__PURE__ */ new Set([
    ...parts.conditions.map(({ path }) => path),
    ...Object.keys(query.sort ?? {})
  ]);
  const candidates = usable(collection, txn).filter((index2) => leading.has(index2.paths[0] ?? "")).map((index2) => candidate(index2, query, parts)).filter((found) => covers(found, parts));
  const bounded = candidates.filter((found) => found.bounded > 0);
  const best = bounded.length > 1 ? cheapest(bounded) : bounded[0];
  if (best) return best;
  const either = alternatives(collection, query, parts, txn);
  if (either) return either;
  return candidates.find((found) => found.sorted) ?? everything;
}
function cheapest(candidates) {
  const weighed = candidates.map((found) => ({ found, cost: found.cost() }));
  weighed.sort((a, b) => a.cost - b.cost || b.found.bounded - a.found.bounded);
  return weighed[0]?.found;
}
function alternatives(collection, query, parts, txn) {
  const [branches2] = parts.ors;
  if (!branches2) return void 0;
  const plans = branches2.map(
    (filter2) => plan(collection, { filter: filter2, collation: query.collation }, txn)
  );
  if (plans.some((found) => found.scans.length === 0 || found.scans.some(isWhole)))
    return void 0;
  return {
    scans: plans.flatMap((found) => found.scans),
    backwards: false,
    sorted: false,
    exact: false
  };
}
function isWhole(scan) {
  return scan.spans[0]?.[0] === "" && scan.spans[0][1] === AFTER_ALL;
}

// src/embedded-mongo/query/query.ts
function textIndex(collection) {
  for (const { spec } of collection.indexes.values()) {
    const { weights, default_language, language_override } = spec;
    if (!weights) continue;
    return { weights, defaultLanguage: default_language, override: language_override };
  }
  return void 0;
}
function matcher(collection, query) {
  const text2 = textIndex(collection);
  return compileFilter(query.filter, { collation: query.collation, let: query.let, text: text2 });
}
function* indexed({ scans, backwards }, txn, stats) {
  const repeated = scans.length > 1 || scans.some(({ index: index2 }) => index2.isMultikey);
  const seen = repeated ? /* @__PURE__ */ new Set() : void 0;
  for (const { index: index2, spans } of scans) {
    index2.uses++;
    for (const [from, to] of backwards ? [...spans].reverse() : spans) {
      for (const version of index2.entries.walk(from, to, backwards)) {
        stats.keys++;
        if (version.record.visible(txn) !== version || seen?.has(version)) continue;
        seen?.add(version);
        yield version;
      }
    }
  }
}
function fieldsRead(query) {
  const fields = topLevelFields(query.filter);
  if (!fields) return void 0;
  for (const [path, way] of Object.entries(query.sort ?? {})) {
    if (typeof way === "object") return void 0;
    fields.push(head(path));
  }
  return new Set(fields);
}
function* find(collection, query, txn, stats = { keys: 0, documents: 0 }) {
  if (!collection) return void compileFilter(query.filter, query);
  const { skip: skip2 = 0, limit: limit4 = 0 } = query;
  const { db, name } = collection;
  const chosen = plan(collection, query, txn);
  const end2 = limit4 > 0 ? skip2 + limit4 : Infinity;
  const needsSort = query.sort && Object.keys(query.sort).length > 0 && !chosen.sorted;
  const best = needsSort ? new Best(query, end2) : void 0;
  const matches2 = matching(collection, query, chosen, txn, stats, best);
  const ordered2 = best ? best.of(matches2) : matches2;
  let at = 0;
  for (const found of ordered2) {
    if (at++ >= skip2) {
      yield found;
      checkStands(collection, db, name, chosen);
    }
    if (at >= end2) return;
  }
}
function checkStands(collection, db, name, { scans }) {
  const lost = scans.find(({ index: index2 }) => collection.indexes.get(index2.spec.name) !== index2);
  const renamed2 = collection.name !== name || collection.db !== db;
  if (!collection.dropped && !renamed2 && !lost) return;
  const why = collection.dropped ? `collection dropped: ${db}.${name}` : renamed2 ? `collection renamed from '${db}.${name}' to '${collection.namespace}'` : `index '${lost?.index.spec.name}' dropped`;
  throw new ServerError(175, why);
}
function* matching(collection, query, chosen, txn, stats, best) {
  const test = matcher(collection, query);
  const everything = chosen.exact || Object.keys(query.filter).length === 0;
  const needsDoc = !everything || !chosen.sorted && query.sort !== void 0;
  const fields = fieldsRead(query);
  const pick2 = fieldPicker(fields);
  const early = fields && best;
  const look = (version) => {
    stats.documents++;
    if (version.bytes && early?.beyond(version.bytes)) return void 0;
    const doc = needsDoc && version.bytes ? pick2(version.bytes) : {};
    return everything || test.test(doc) ? { version, doc } : void 0;
  };
  if (chosen.scans.length > 0) {
    for (const version of indexed(chosen, txn, stats)) {
      const found = look(version);
      if (found) yield found;
    }
    return;
  }
  for (const block of collection.blocks(chosen.backwards)) {
    for (const record2 of block) {
      const version = record2.visible(txn);
      const found = version && look(version);
      if (found) yield found;
    }
  }
}
function count3(collection, query, txn) {
  if (!collection) return [...find(collection, query)].length;
  const { skip: skip2 = 0, limit: limit4 = 0 } = query;
  const total = countAll(collection, query, txn, limit4 > 0 ? skip2 + limit4 : Infinity);
  const rest = Math.max(0, total - skip2);
  return limit4 > 0 ? Math.min(rest, limit4) : rest;
}
function countAll(collection, query, txn, end2) {
  const quiet = !txn && collection.store.open.size === 0;
  if (quiet && Object.keys(query.filter).length === 0 && query.hint === void 0) {
    return collection.count;
  }
  const chosen = plan(collection, { ...query, sort: void 0 }, txn);
  const [scan] = chosen.scans;
  if (quiet && chosen.exact && scan && chosen.scans.length === 1 && !scan.index.isMultikey) {
    scan.index.uses++;
    return scan.spans.reduce((sum2, [from, to]) => sum2 + scan.index.entries.count(from, to), 0);
  }
  let total = 0;
  for (const _ of find(collection, { ...query, sort: void 0, skip: 0, limit: 0 }, txn)) {
    if (++total >= end2) break;
  }
  return total;
}

// src/embedded-mongo/commands/aggregate-writes.ts
import { randomUUID } from "node:crypto";
import { ObjectId as ObjectId7 } from "mongodb";

// src/embedded-mongo/update/write-operations.ts
import { ObjectId as ObjectId6 } from "mongodb";

// src/embedded-mongo/storage/transactions.ts
var Blocked = class extends Error {
  txn;
  constructor(txn) {
    super("blocked by an open transaction");
    this.txn = txn;
  }
};
function writeConflict() {
  return new ServerError(
    112,
    "Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.",
    { labels: ["TransientTransactionError"] }
  );
}
var Transaction = class {
  snapshot;
  changes = [];
  created = [];
  /** Settles when it commits or aborts. */
  ended;
  store;
  records = /* @__PURE__ */ new Set();
  finish = () => void 0;
  constructor(store, snapshot) {
    this.store = store;
    this.snapshot = snapshot;
    this.ended = new Promise((resolve) => this.finish = resolve);
  }
  /** Stops a writer that meets a write of this transaction: a conflict in a transaction, else a wait. */
  block(writer) {
    if (writer) throw writeConflict();
    throw new Blocked(this);
  }
  /** Stops this transaction at a document that was changed after its snapshot. */
  conflict() {
    throw writeConflict();
  }
  /** Whether it has uncommitted work in a collection. */
  touches(collection) {
    return this.changes.some((change) => change.collection === collection);
  }
  /** Takes a write into the transaction. */
  hold(record2, version, change) {
    const replaced = record2.pending?.version;
    record2.pending = { txn: this, version };
    this.records.add(record2);
    this.changes.push(change);
    if (replaced) record2.collection.discard(replaced);
  }
  /** Makes all writes visible in one step. */
  commit(session) {
    this.store.sequence++;
    for (const collection of this.created) collection.txn = void 0;
    for (const change of this.changes) {
      for (const index2 of change.collection?.indexes.values() ?? []) {
        if (index2.txn === this) index2.txn = void 0;
      }
    }
    for (const record2 of this.records) {
      const version = record2.pending?.version;
      record2.pending = void 0;
      if (version) this.store.settle(version);
    }
    this.close();
    this.store.publish(this.changes, session);
  }
  /** Drops all writes. */
  abort() {
    for (const record2 of this.records) {
      const version = record2.pending?.version;
      record2.pending = void 0;
      if (version) record2.collection.discard(version);
    }
    for (const { collection } of this.changes) {
      for (const index2 of [...collection?.indexes.values() ?? []]) {
        if (index2.txn === this) collection?.detach(index2);
      }
    }
    for (const collection of this.created) this.store.forget(collection);
    this.close();
  }
  close() {
    this.store.end(this);
    this.finish();
  }
};

// src/embedded-mongo/commands/command.ts
function names2(list) {
  return list.split(" ").filter((name) => name !== "");
}
function wrongType(context, field2, wanted) {
  return new ServerError(
    14,
    `BSON field '${context.name}.${field2}' is the wrong type, expected type '${wanted}'`
  );
}
function numberOf(context, field2) {
  const value = context.command[field2];
  if (value === void 0 || value === null) return void 0;
  if (!isNumber(value)) throw wrongType(context, field2, "number");
  return Number(value);
}
function countOf(context, field2) {
  const value = numberOf(context, field2);
  if (value !== void 0 && value < 0) {
    throw new ServerError(
      51024,
      `BSON field '${field2}' value must be >= 0, actual value '${value}'`
    );
  }
  return value === void 0 ? void 0 : Math.trunc(value);
}
function docOf(context, field2) {
  const value = context.command[field2];
  if (value === void 0 || value === null) return void 0;
  if (!isDoc(value)) throw wrongType(context, field2, "object");
  return value;
}
function flagOf(context, field2) {
  const value = context.command[field2];
  if (value === void 0 || value === null) return void 0;
  if (typeof value === "boolean") return value;
  if (isNumber(value)) return Number(value) !== 0;
  throw wrongType(context, field2, "bool");
}
function arrayFieldOf(context, field2) {
  const value = context.command[field2];
  if (value === void 0 || value === null) return void 0;
  if (!Array.isArray(value)) throw wrongType(context, field2, "array");
  return value;
}
function collectionName(context) {
  const name = context.command[context.name];
  if (typeof name !== "string" || name === "") {
    throw new ServerError(73, `Invalid namespace specified '${context.db}.${String(name)}'`);
  }
  return name;
}
function target(context) {
  return context.engine.store.find(context.db, collectionName(context), context.txn);
}
function collationOf(spec, collection) {
  return spec === void 0 ? collection?.collation : compileCollation(spec);
}
async function unblocked(context, write3) {
  const limit4 = numberOf(context, "maxTimeMS") ?? 0;
  const deadline = limit4 > 0 ? Date.now() + limit4 : Infinity;
  for (; ; ) {
    try {
      return write3();
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      if (!await endsBefore(error.txn, deadline)) {
        throw new ServerError(50, "operation exceeded time limit");
      }
    }
  }
}
async function endsBefore(txn, deadline) {
  if (deadline === Infinity) return txn.ended.then(() => true);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadline - Date.now()));
  });
  const ended = await Promise.race([txn.ended.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}

// src/embedded-mongo/update/arrays.ts
var push = (operand, _path, env) => {
  const clauses2 = isDoc(operand) && "$each" in operand ? operand : { $each: [operand] };
  for (const key of Object.keys(clauses2)) {
    if (!["$each", "$slice", "$sort", "$position"].includes(key)) {
      throw badValue(`Unrecognized clause in $push: ${key}`);
    }
  }
  const { $each: each } = clauses2;
  if (!Array.isArray(each)) {
    throw badValue(
      `The argument to $each in $push must be an array but it was of type: ${typeOf(each)}`
    );
  }
  const position = wholeClause(clauses2, "$position");
  const slice3 = wholeClause(clauses2, "$slice");
  const order = "$sort" in clauses2 ? sortClause(clauses2.$sort, env) : void 0;
  return {
    creates: true,
    apply(value, { root, path }) {
      const items2 = value === void 0 ? [] : arrayAt(value, path, root);
      const at = position === void 0 ? items2.length : position;
      const place = at < 0 ? Math.max(0, items2.length + at) : Math.min(at, items2.length);
      const made = [...items2.slice(0, place), ...clone(each), ...items2.slice(place)];
      if (order) made.sort(order);
      if (slice3 === void 0) return made;
      return slice3 >= 0 ? made.slice(0, slice3) : made.slice(slice3);
    }
  };
};
function arrayAt(value, path, root) {
  if (Array.isArray(value)) return value;
  throw badValue(
    `The field '${path}' must be an array but is of type ${typeOf(value)} in document {_id: ${shown(root._id)}}`
  );
}
function wholeClause(clauses2, name) {
  if (!(name in clauses2)) return void 0;
  const value = clauses2[name];
  const number2 = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number2)) {
    throw badValue(
      `The value for ${name} must be an integer value but was given type: ${typeOf(value)}`
    );
  }
  return number2;
}
function sortClause(sort2, env) {
  if (isNumber(sort2)) {
    const direction = toNumber(sort2);
    if (direction !== 1 && direction !== -1) {
      throw badValue("The $sort element value must be either 1 or -1");
    }
    return (a, b) => direction * compare(a, b, env.collation);
  }
  if (!isDoc(sort2)) {
    throw badValue(
      "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields"
    );
  }
  if (Object.keys(sort2).length === 0) {
    throw badValue("The $sort pattern is empty when it should be a set of fields.");
  }
  for (const direction of Object.values(sort2)) {
    if (!isNumber(direction) || Math.abs(toNumber(direction)) !== 1) {
      throw badValue("The $sort element value must be either 1 or -1");
    }
  }
  const order = compileSort(sort2, env.collation);
  return (a, b) => order(isDoc(a) ? a : {}, isDoc(b) ? b : {});
}
var addToSet2 = (operand, _path, env) => {
  const hasEach = isDoc(operand) && Object.keys(operand)[0] === "$each";
  if (hasEach && Object.keys(operand).length > 1) {
    throw badValue(`Found unexpected fields after $each in $addToSet: ${shown(operand)}`);
  }
  const each = hasEach ? operand.$each : [operand];
  if (!Array.isArray(each)) {
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeOf(each)}`
    );
  }
  return {
    creates: true,
    apply(value, { path }) {
      if (value !== void 0 && !Array.isArray(value)) {
        throw badValue(
          `Cannot apply $addToSet to non-array field. Field named '${path.split(".").at(-1)}' has non-array type ${typeOf(value)}`
        );
      }
      const made = value === void 0 ? [] : [...value];
      for (const item of each) {
        if (!made.some((member) => equal(member, item, env.collation))) made.push(clone(item));
      }
      return made;
    }
  };
};
function removing(test) {
  return {
    creates: false,
    apply(value) {
      if (!Array.isArray(value)) throw badValue("Cannot apply $pull to a non-array value");
      return value.filter((item) => !test(item));
    }
  };
}
var logical = ["$and", "$or", "$nor", "$expr", "$jsonSchema"];
var pull = (operand, _path, env) => {
  const first2 = isDoc(operand) ? Object.keys(operand)[0] ?? "" : "$";
  const ofFields = isDoc(operand) && (!first2.startsWith("$") || logical.includes(first2));
  const ofValue = !ofFields && (isOperatorDoc(operand) || typeOf(operand) === "regex");
  if (!ofFields && !ofValue) return removing((item) => equal(item, operand, env.collation));
  const matcher2 = compileFilter(ofValue ? { "": operand } : operand, {
    collation: env.collation,
    let: env.let
  });
  return removing(
    (item) => ofValue ? matcher2.test({ "": item }) : isDoc(item) && matcher2.test(item)
  );
};
var pullAll = (operand, _path, env) => {
  if (!Array.isArray(operand)) {
    throw badValue(`$pullAll requires an array argument but was given a ${typeOf(operand)}`);
  }
  return removing((item) => operand.some((unwanted) => equal(item, unwanted, env.collation)));
};
var pop = (operand) => {
  const end2 = isNumber(operand) ? toNumber(operand) : Number.NaN;
  if (Number.isNaN(end2)) throw failedToParse(`Expected a number in: ${shown(operand)}`);
  if (end2 !== 1 && end2 !== -1) throw failedToParse(`$pop expects 1 or -1, found: ${end2}`);
  return {
    creates: false,
    apply(value, { path }) {
      if (!Array.isArray(value)) {
        throw typeMismatch(
          `Path '${path}' contains an element of non-array type '${typeOf(value)}'`
        );
      }
      return end2 === 1 ? value.slice(0, -1) : value.slice(1);
    }
  };
};
var arrayModifiers = {
  $push: push,
  $addToSet: addToSet2,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop
};

// src/embedded-mongo/update/fields.ts
import { Long as Long13, Timestamp as Timestamp5 } from "mongodb";

// src/embedded-mongo/update/paths.ts
var maxPadding = 15e5;
var ArrayFilters = class {
  matchers;
  unused;
  constructor(matchers) {
    this.matchers = matchers;
    this.unused = new Set(matchers.keys());
  }
  /** Notes that a path names the identifier. @throws ServerError 2 when there is no filter for it */
  use(identifier, path) {
    if (!this.matchers.has(identifier)) {
      throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
    }
    this.unused.delete(identifier);
  }
  checkUsed(update2) {
    for (const identifier of this.unused) {
      throw failedToParse(
        `The array filter for identifier '${identifier}' was not used in the update ${shown(update2)}`
      );
    }
  }
  matches(identifier, item) {
    return this.matchers.get(identifier)?.test({ [identifier]: item }) === true;
  }
};
function parseArrayFilters(filters, env) {
  const matchers = /* @__PURE__ */ new Map();
  for (const filter2 of filters) {
    const names3 = [...new Set(identifiersIn(filter2))];
    const [name, second] = names3;
    if (name === void 0) {
      throw failedToParse(
        "Cannot use an expression without a top-level field name in arrayFilters"
      );
    }
    if (second !== void 0) {
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${name}' and '${second}'`
      );
    }
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
      throw badValue(
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`
      );
    }
    if (matchers.has(name)) {
      throw failedToParse(
        `Found multiple array filters with the same top-level field name ${name}`
      );
    }
    matchers.set(name, compileFilter(filter2, env));
  }
  return new ArrayFilters(matchers);
}
function identifiersIn(filter2) {
  return Object.entries(filter2).flatMap(([key, value]) => {
    if (!key.startsWith("$")) return [key.split(".")[0] ?? ""];
    return Array.isArray(value) ? value.filter(isDoc).flatMap(identifiersIn) : [];
  });
}
function parseUpdatePath(path, filters) {
  if (path === "") throw new ServerError(56, "An empty update path is not valid.");
  const parts = path.split(".");
  parts.forEach((part2, at) => {
    if (part2 === "") {
      throw new ServerError(
        56,
        `The update path '${path}' contains an empty field name, which is not allowed.`
      );
    }
    const identifier = /^\$\[(.*)\]$/.exec(part2)?.[1];
    if ((part2 === "$" || identifier !== void 0) && at === 0) {
      throw badValue(
        `Cannot have array filter identifier (i.e. '$[<id>]') or positional (i.e. '$') element in the first position in path '${path}'`
      );
    }
    if (identifier) filters.use(identifier, path);
    if (part2 === "$" && parts.indexOf("$", at + 1) >= 0) {
      throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
    }
    if (part2.startsWith("$") && part2 !== "$" && identifier === void 0) {
      throw new ServerError(
        52,
        `The dollar ($) prefixed field '${part2}' in '${path}' is not valid for storage.`
      );
    }
  });
  return parts;
}
function comparePaths(a, b) {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const left = a[at] ?? "";
    const right = b[at] ?? "";
    const order = isIndex(left) && isIndex(right) ? Number(left) - Number(right) : compareStrings(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
function checkConflicts(paths) {
  const seen = /* @__PURE__ */ new Set();
  const above = /* @__PURE__ */ new Set();
  for (const parts of paths) {
    const path = parts.join(".");
    let prefix2 = "";
    for (const part2 of parts) {
      prefix2 = prefix2 === "" ? part2 : `${prefix2}.${part2}`;
      if (seen.has(prefix2)) throw conflict(path, prefix2);
      if (prefix2 !== path) above.add(prefix2);
    }
    if (above.has(path)) throw conflict(path, path);
    seen.add(path);
  }
}
function conflict(path, at) {
  return new ServerError(40, `Updating the path '${path}' would create a conflict at '${at}'`);
}
function concretePaths(doc, parts, position, filters) {
  const at = parts.findIndex((part2) => part2.startsWith("$"));
  if (at < 0) return [parts];
  const head2 = parts.slice(0, at);
  const tail = parts.slice(at + 1);
  const marker = parts[at] ?? "";
  if (marker === "$") {
    if (position === void 0) {
      throw badValue("The positional operator did not find the match needed from the query.");
    }
    return concretePaths(doc, [...head2, String(position), ...tail], position, filters);
  }
  const items2 = valueAt(doc, head2);
  if (items2 === void 0) {
    throw badValue(
      `The path '${head2.join(".")}' must exist in the document in order to apply array updates.`
    );
  }
  if (!Array.isArray(items2)) {
    throw badValue(
      `Cannot apply array updates to non-array element ${head2.at(-1)}: ${shown(items2)}`
    );
  }
  const identifier = marker.slice(2, -1);
  return items2.flatMap(
    (item, place) => identifier === "" || filters.matches(identifier, item) ? concretePaths(doc, [...head2, String(place), ...tail], position, filters) : []
  );
}
function valueAt(doc, parts) {
  let value = doc;
  for (const part2 of parts) {
    if (isDoc(value)) value = get(value, part2);
    else if (Array.isArray(value)) value = isIndex(part2) ? value[Number(part2)] : void 0;
    else return void 0;
  }
  return value;
}
function applyAt(doc, parts, modification, root) {
  const path = parts.join(".");
  const last2 = parts.at(-1) ?? "";
  let holder = doc;
  for (const [at, part2] of parts.entries()) {
    const name = parts[at - 1] ?? "";
    const value = memberOf(holder, part2);
    const next = parts[at + 1];
    const blocked = Array.isArray(holder) && !isIndex(part2);
    if (blocked && modification.passes === true) return;
    if (blocked) throw notViable(modification, part2, name, holder, path);
    if (value === void 0 && !modification.creates) return;
    if (next === void 0) break;
    if (value === void 0) {
      const made = {};
      setMember(holder, part2, made);
      holder = made;
    } else if (isDoc(value) || Array.isArray(value)) {
      holder = value;
    } else {
      if (modification.passes === true) return;
      throw notViable(modification, next, part2, value, path);
    }
  }
  const after = modification.apply(memberOf(holder, last2), { root, path });
  if (after !== void 0) setMember(holder, last2, after);
  else if (Array.isArray(holder)) holder[Number(last2)] = null;
  else drop(holder, last2);
}
function memberOf(holder, part2) {
  if (!Array.isArray(holder)) return get(holder, part2);
  return isIndex(part2) ? holder[Number(part2)] : void 0;
}
function setMember(holder, part2, value) {
  if (!Array.isArray(holder)) {
    put(holder, part2, value);
    return;
  }
  const place = Number(part2);
  if (place - holder.length > maxPadding) {
    throw badValue(`can't backfill more than ${maxPadding} elements`);
  }
  while (holder.length < place) holder.push(null);
  holder[place] = value;
}
function notViable({ creates }, part2, name, holder, path) {
  const element2 = `{${name}: ${shown(holder)}}`;
  return new ServerError(
    28,
    creates ? `Cannot create field '${part2}' in element ${element2}` : `Cannot use the part (${part2}) of (${path}) to traverse the element (${element2})`
  );
}

// src/embedded-mongo/update/fields.ts
var set = (operand) => ({ creates: true, apply: () => clone(operand) });
var setOnInsert = (operand) => ({
  creates: true,
  onInsert: true,
  apply: () => clone(operand)
});
var removal = { creates: false, passes: true, apply: () => void 0 };
var unset2 = () => removal;
function identified(root) {
  return `{_id: ${shown(root._id)}}`;
}
function arithmetic(name, verb, combine, start2) {
  return (operand, path) => {
    if (!isNumber(operand)) {
      throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${shown(operand)}}`);
    }
    return {
      creates: true,
      apply(value, { root, path: concrete }) {
        if (value === void 0) return start2(operand);
        if (!isNumber(value)) {
          throw typeMismatch(
            `Cannot apply ${name} to a value of non-numeric type. ${identified(root)} has the field '${concrete.split(".").at(-1)}' of non-numeric type ${typeOf(value)}`
          );
        }
        const result = combine(value, operand);
        if (result === void 0) {
          throw badValue(
            `Failed to apply ${name} operations to current value ((NumberLong)${String(value)}) for document ${identified(root)}`
          );
        }
        return result;
      }
    };
  };
}
function bound2(direction) {
  return (operand, _path, env) => ({
    creates: true,
    apply: (value) => value === void 0 || compare(operand, value, env.collation) * direction > 0 ? clone(operand) : value
  });
}
var currentDate = (operand) => {
  const type2 = typeof operand === "boolean" ? "date" : isDoc(operand) ? dateType(operand) : void 0;
  if (type2 === void 0) {
    throw badValue(
      `${typeOf(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`
    );
  }
  return { creates: true, apply: () => type2 === "date" ? /* @__PURE__ */ new Date() : timestamp(/* @__PURE__ */ new Date()) };
};
function dateType(operand) {
  for (const key of Object.keys(operand)) {
    if (key !== "$type") throw badValue(`Unrecognized $currentDate option: ${key}`);
  }
  const { $type: type2 } = operand;
  if (type2 !== "date" && type2 !== "timestamp") {
    throw badValue(
      "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}"
    );
  }
  return type2;
}
var lastSecond = 0;
var increment = 0;
function timestamp(date) {
  const second = Math.floor(date.getTime() / 1e3);
  increment = second === lastSecond ? increment + 1 : 1;
  lastSecond = second;
  return new Timestamp5({ t: second, i: increment });
}
var bitOperations = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b
};
var bit = (operand, path) => {
  if (!isDoc(operand)) {
    throw badValue(
      `The $bit modifier is not compatible with a ${typeOf(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`
    );
  }
  const operations = Object.entries(operand).map(([name, value]) => {
    const operation = bitOperations[name];
    if (!operation) {
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${shown(value)}}`
      );
    }
    if (!isInteger(value)) {
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeOf(value)}' is not supported here: {${name}: ${shown(value)}}`
      );
    }
    return { operation, value };
  });
  if (operations.length === 0) {
    throw badValue(
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`
    );
  }
  return {
    creates: true,
    apply(value, { root }) {
      const start2 = value === void 0 ? 0 : value;
      if (!isInteger(start2)) {
        throw badValue(
          `Cannot apply $bit to a value of non-integral type.${identified(root)} has the field ${path} of non-integer type ${typeOf(start2)}`
        );
      }
      return operations.reduce(bitStep, start2);
    }
  };
};
function isInteger(value) {
  const type2 = typeOf(value);
  return type2 === "int" || type2 === "long";
}
function bitStep(value, step) {
  const long = value instanceof Long13 || step.value instanceof Long13;
  const result = step.operation(BigInt(String(value)), BigInt(String(step.value)));
  return integer(result, long ? "long" : "int") ?? value;
}
var fieldModifiers = {
  $set: set,
  $setOnInsert: setOnInsert,
  $unset: unset2,
  $inc: arithmetic(
    "$inc",
    "increment",
    (a, b) => add(a, b, true),
    (operand) => operand
  ),
  $mul: arithmetic(
    "$mul",
    "multiply",
    (a, b) => multiply(a, b, true),
    (operand) => multiply(operand, 0)
  ),
  $min: bound2(-1),
  $max: bound2(1),
  $currentDate: currentDate,
  $bit: bit
};
function renamed(from, parts, to, filters) {
  if (typeof to !== "string") {
    throw badValue(`The 'to' field for $rename must be a string: ${from}: ${shown(to)}`);
  }
  const target2 = parseUpdatePath(to, filters);
  if (from === to) {
    throw badValue(`The source and target field for $rename must differ: ${from}: "${to}"`);
  }
  if (to.startsWith(`${from}.`) || from.startsWith(`${to}.`)) {
    throw badValue(
      `The source and target field for $rename must not be on the same path: ${from}: "${to}"`
    );
  }
  for (const [which, list] of [
    ["source", parts],
    ["destination", target2]
  ]) {
    if (list.some((part2) => part2.startsWith("$"))) {
      throw badValue(`The ${which} field for $rename may not be dynamic: ${list.join(".")}`);
    }
  }
  return [
    { parts, modification: removal },
    { parts: target2, modification: moved2(parts, target2) }
  ];
}
function moved2(from, to) {
  return {
    creates: false,
    apply: (value) => value,
    move(made, root) {
      refuseArrays(root, from, "source");
      const value = valueAt(root, from);
      if (value === void 0) return;
      refuseArrays(root, to, "destination");
      applyAt(made, to, { creates: true, apply: () => clone(value) }, root);
    }
  };
}
function refuseArrays(root, parts, which) {
  for (let length3 = 1; length3 < parts.length; length3++) {
    if (Array.isArray(valueAt(root, parts.slice(0, length3)))) {
      throw badValue(
        `The ${which} field cannot be an array element, '${parts.join(".")}' in doc with ${identified(root).slice(1, -1)} has an array field called '${parts[length3 - 1]}'`
      );
    }
  }
}

// src/embedded-mongo/update/update.ts
var modifiers = new Map(
  Object.entries({ ...fieldModifiers, ...arrayModifiers })
);
function compileUpdate(update2, env = {}) {
  if (Array.isArray(update2)) return pipelineUpdate(update2, env);
  if (!isDoc(update2)) throw failedToParse("Update argument must be either an object or an array");
  const [first2] = Object.keys(update2);
  const apply = first2?.startsWith("$") ? operatorUpdate(update2, env) : replacement(update2);
  return (doc, how) => keepId(doc, apply(doc, how));
}
function keepId(before2, after) {
  const id = get(before2, "_id");
  if (id !== void 0 && !equal(id, get(after, "_id"))) {
    throw new ServerError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'"
    );
  }
  return after;
}
function replacement(update2) {
  for (const key of Object.keys(update2)) {
    if (key.startsWith("$")) {
      throw new ServerError(
        52,
        `The dollar ($) prefixed field '${key}' in '${key}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`
      );
    }
  }
  return (doc) => {
    const id = get(doc, "_id");
    const made = clone(update2);
    if (id === void 0) return made;
    const given = get(update2, "_id");
    if (given !== void 0 && !equal(given, id)) {
      throw new ServerError(
        66,
        `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${shown(given)}`
      );
    }
    return { ...{ _id: id }, ...made, ...{ _id: id } };
  };
}
var pipelineStages = ["$set", "$addFields", "$unset", "$project", "$replaceRoot", "$replaceWith"];
function pipelineUpdate(pipeline, env) {
  if (env.arrayFilters && env.arrayFilters.length > 0) {
    throw failedToParse("arrayFilters may not be specified for pipeline-style updates");
  }
  for (const stage of pipeline) {
    const [name = ""] = Object.keys(stage);
    if (!pipelineStages.includes(name)) {
      throw new ServerError(72, `${name} is not allowed to be used within an update`);
    }
  }
  const scope = new Map(scopeOf({ let: env.let }));
  for (const [name, value] of Object.entries(env.constants ?? {})) scope.set(name, { value });
  return (doc) => {
    const [made = {}] = runPipeline([doc], pipeline, { scope, collation: env.collation });
    const id = get(doc, "_id");
    if (id === void 0 || get(made, "_id") !== void 0) return keepId(doc, made);
    return { ...{ _id: id }, ...made };
  };
}
function operatorUpdate(update2, env) {
  const filters = parseArrayFilters(env.arrayFilters ?? [], env);
  const steps = Object.entries(update2).flatMap(
    ([name, fields]) => stepsOf(name, fields, env, filters)
  );
  checkConflicts(steps.map(({ parts }) => parts));
  filters.checkUsed(update2);
  steps.sort((a, b) => comparePaths(a.parts, b.parts));
  const dynamic = steps.some(({ parts }) => parts.some((part2) => part2.startsWith("$")));
  return (doc, how) => {
    const made = clone(doc);
    const concrete = dynamic ? resolved(steps, made, how, filters) : steps;
    for (const { parts, modification } of concrete) {
      if (modification.onInsert === true && !how.insert) continue;
      if (modification.move) modification.move(made, doc);
      else applyAt(made, parts, modification, doc);
    }
    return made;
  };
}
function resolved(steps, doc, how, filters) {
  const concrete = steps.flatMap(
    ({ parts, modification }) => concretePaths(doc, parts, how.position, filters).map((path) => ({
      parts: path,
      modification
    }))
  );
  checkConflicts(concrete.map(({ parts }) => parts));
  return concrete.sort((a, b) => comparePaths(a.parts, b.parts));
}
function stepsOf(name, fields, env, filters) {
  const modifier = modifiers.get(name);
  if (!modifier && name !== "$rename") {
    throw failedToParse(
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`
    );
  }
  if (!isDoc(fields)) {
    throw failedToParse(
      `Modifiers operate on fields but we found type ${typeOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${shown(fields)}}`
    );
  }
  return Object.entries(fields).flatMap(([path, operand]) => {
    const parts = parseUpdatePath(path, filters);
    if (!modifier) return renamed(path, parts, operand, filters);
    return [{ parts, modification: modifier(operand, path, env) }];
  });
}
function upsertSeed(filter2, onlyId = false) {
  const equalities = /* @__PURE__ */ new Map();
  collectEqualities(filter2, equalities);
  const seed = {};
  const paths = [...equalities.keys()].filter((path) => !onlyId || path === "_id");
  if (onlyId && paths.length === 0 && [...equalities.keys()].some((path) => /^_id\./.test(path))) {
    throw new ServerError(55, "field at '_id' must be exactly specified");
  }
  for (const path of paths) {
    const above = paths.find((other) => path.startsWith(`${other}.`));
    if (above !== void 0) {
      throw new ServerError(
        54,
        `cannot infer query fields to set, both paths '${path}' and '${above}' are matched`
      );
    }
    seedAt(seed, path.split("."), clone(equalities.get(path)));
  }
  return seed;
}
function seedAt(seed, parts, value) {
  let target2 = seed;
  for (const part2 of parts.slice(0, -1)) {
    const inner = get(target2, part2);
    const next = isDoc(inner) ? inner : {};
    if (inner !== next) put(target2, part2, next);
    target2 = next;
  }
  put(target2, parts.at(-1) ?? "", value);
}
function collectEqualities(filter2, found) {
  for (const [path, condition] of Object.entries(filter2)) {
    if (path === "$and" || path === "$or" && Array.isArray(condition) && condition.length === 1) {
      for (const clause2 of condition) collectEqualities(clause2, found);
    } else if (!path.startsWith("$")) {
      for (const value of equalitiesOf(condition)) {
        if (found.has(path)) {
          throw new ServerError(
            54,
            `cannot infer query fields to set, path '${path}' is matched twice`
          );
        }
        found.set(path, value);
      }
    }
  }
}
function equalitiesOf(condition) {
  if (typeOf(condition) === "regex") return [];
  if (!isOperatorDoc(condition)) return [condition];
  return Object.entries(condition).flatMap(([operator2, operand]) => {
    if (operator2 === "$eq") return [operand];
    const list = operator2 === "$in" || operator2 === "$all" ? operand : void 0;
    if (!Array.isArray(list) || operator2 === "$in" && list.length !== 1) return [];
    return list.filter((item) => typeOf(item) !== "regex" && !isOperatorDoc(item));
  });
}

// src/embedded-mongo/update/write-operations.ts
function writable(context, name, create2) {
  const { engine, db, txn } = context;
  const collection = create2 ? engine.store.ensure(db, name, txn) : engine.store.find(db, name, txn);
  if (collection?.options.viewOn !== void 0) {
    throw new ServerError(166, `Namespace ${db}.${name} is a view, not a collection`);
  }
  return collection;
}
function checkId(type2, bytes) {
  if (type2 === 4 || type2 === 11 || type2 === 6) {
    const name = type2 === 4 ? "array" : type2 === 11 ? "regex" : "undefined";
    throw new ServerError(53, `The '_id' value cannot be of type ${name}`);
  }
  if (type2 !== 3) return;
  const names3 = Object.keys(decode(bytes)["_id"]);
  const bad = names3.find((name) => name.startsWith("$"));
  if (bad)
    throw new ServerError(
      52,
      `The dollar ($) prefixed field '${bad}' in '_id.${bad}' is not valid for storage.`
    );
}
var ONLY_ID = /* @__PURE__ */ new Set(["_id"]);
function insertDocument(context, collection, bytes, bypass2) {
  const idElement = findElement(bytes, "_id");
  let owned;
  let id;
  if (idElement) {
    checkId(idElement.type, bytes);
    owned = ownedWithIdFirst(bytes, idElement);
    id = decode(owned, ONLY_ID)["_id"];
  } else {
    const made = new ObjectId6();
    id = made;
    owned = assemble2([element(7, "_id", Buffer.from(made.id)), contents(bytes)]);
  }
  const { validator } = collection;
  if (validator && !bypass2) {
    const doc = decode(owned);
    if (!validator.valid(doc)) throw validator.error(doc);
  }
  return collection.insert(owned, id, context.txn);
}
function queryOf(collection, statement) {
  const { filter: filter2, hint, sort: sort2 } = statement;
  const collation = collationOf(statement.collation, collection);
  return { filter: filter2, hint, sort: sort2, collation, let: statement.let, limit: statement.multi ? 0 : 1 };
}
function isReplacement(update2) {
  return !Array.isArray(update2) && !Object.keys(update2)[0]?.startsWith("$");
}
function usesPosition(update2) {
  if (Array.isArray(update2)) return false;
  return Object.values(update2).some(
    (operator2) => isDoc(operator2) && Object.keys(operator2).some((path) => /\.\$(\.|$)/.test(path))
  );
}
function wholePaths(update2) {
  if (Array.isArray(update2)) return [];
  return Object.entries(update2).flatMap(([operator2, paths]) => {
    if (operator2 === "$push" || operator2 === "$addToSet" || !isDoc(paths)) return [];
    return operator2 === "$rename" ? Object.values(paths).map(String) : Object.keys(paths);
  });
}
function updateDocuments(context, name, statement, bypass2) {
  if (statement.multi && isReplacement(statement.update)) {
    throw failedToParse("multi update is not supported for replacement-style update");
  }
  const existing2 = writable(context, name, false);
  const query = queryOf(existing2, statement);
  const apply = compileUpdate(statement.update, {
    arrayFilters: statement.arrayFilters,
    let: statement.let,
    constants: statement.constants,
    collation: query.collation
  });
  const matches2 = [...find(existing2, query, context.txn)];
  const collection = existing2 ?? (statement.upsert ? writable(context, name, true) : void 0);
  if (!collection || matches2.length === 0 && !statement.upsert)
    return { matched: 0, modified: 0 };
  if (matches2.length === 0) return upsert(context, collection, statement, apply, bypass2);
  for (const { version } of matches2) collection.checkConflict(version.record, context.txn);
  const test = usesPosition(statement.update) ? matcher(collection, query) : void 0;
  const kind = isReplacement(statement.update) ? "replace" : "update";
  const whole = kind === "update" ? wholePaths(statement.update) : [];
  const outcome = { matched: 0, modified: 0 };
  for (const { version } of matches2) {
    const before2 = version.bytes;
    const doc = decode(before2);
    const changed = apply(doc, { position: test?.position(doc), insert: false });
    const after = stored(doc, changed);
    outcome.matched++;
    outcome.before ??= before2;
    outcome.after ??= after;
    const isSame = after.equals(before2);
    if (!isSame || kind === "replace") validate(collection, changed, doc, bypass2);
    if (isSame) continue;
    collection.replace(version, after, kind, context.txn, whole);
    outcome.modified++;
  }
  return outcome;
}
function validate(collection, changed, before2, bypass2) {
  const { validator } = collection;
  if (!validator || bypass2 || validator.valid(changed)) return;
  if (validator.moderate && !validator.valid(before2)) return;
  throw validator.error(changed);
}
function stored(before2, after) {
  if (!("_id" in after)) return encoded({ _id: before2["_id"], ...after });
  if (!equal(before2["_id"], after["_id"])) {
    throw new ServerError(
      66,
      "After applying the update, the (immutable) field '_id' was found to have been altered"
    );
  }
  return idFirst(encoded(after));
}
function idFirst(bytes) {
  checkDocument(bytes);
  const id = findElement(bytes, "_id");
  return !id || id.at === 4 ? bytes : ownedWithIdFirst(bytes, id);
}
function upsert(context, collection, statement, apply, bypass2) {
  const seed = upsertSeed(statement.filter, isReplacement(statement.update));
  const made = apply(seed, { position: void 0, insert: true });
  const doc = "_id" in made ? made : { _id: new ObjectId6(), ...made };
  const { bytes } = insertDocument(context, collection, idFirst(encoded(doc)), bypass2);
  return { matched: 0, modified: 0, upsertedId: doc["_id"], after: bytes };
}
function deleteDocuments(context, name, statement) {
  const collection = writable(context, name, false);
  const collation = collationOf(statement.collation, collection);
  const query = { ...statement, collation, limit: statement.multi ? 0 : 1 };
  const matches2 = [...find(collection, query, context.txn)];
  for (const { version } of matches2) collection?.checkConflict(version.record, context.txn);
  for (const { version } of matches2) collection?.remove(version, context.txn);
  return { deleted: matches2.length, before: matches2.at(-1)?.version.bytes };
}

// src/embedded-mongo/commands/aggregate-writes.ts
function namespaceOf(context, into, stage) {
  if (typeof into === "string") return { db: context.db, coll: into };
  if (isDoc(into) && typeof into["coll"] === "string") {
    return { db: typeof into["db"] === "string" ? into["db"] : context.db, coll: into["coll"] };
  }
  throw failedToParse(`${stage} needs the name of a collection`);
}
async function writeResults(context, stage, operand, rows, collation) {
  if (context.txn) throw new ServerError(263, `${stage} cannot be used in a transaction`);
  const documents2 = [...rows];
  if (stage === "$merge") await merge(context, mergeOf(context, operand, collation), documents2);
  else await unblocked(context, () => replaceCollection(context, operand, documents2));
}
function replaceCollection(context, operand, rows) {
  const { db, coll } = namespaceOf(context, operand, "$out");
  const { store } = context.engine;
  const old = store.find(db, coll);
  if (old?.options.viewOn !== void 0) throw new ServerError(166, `${db}.${coll} is a view`);
  const made = store.create(db, `tmp.agg_out.${randomUUID()}`, old?.options ?? {});
  try {
    for (const index2 of old?.indexes.values() ?? []) {
      if (index2.spec.name !== "_id_") made.createIndex(index2.spec);
    }
    for (const row of rows) insertDocument(context, made, encoded(row), bypass(context));
    store.rename(made, db, coll, true);
  } catch (error) {
    store.drop(db, made.name);
    throw error;
  }
}
function bypass(context) {
  return flagOf(context, "bypassDocumentValidation") ?? false;
}
var MATCHED = ["replace", "keepExisting", "merge", "fail"];
var NOT_MATCHED = ["insert", "discard", "fail"];
function modeOf(field2, mode, known3) {
  if (typeof mode === "string" && known3.includes(mode)) return mode;
  throw badValue(
    `Enumeration value '${String(mode)}' for field '$merge.${field2}' is not a valid value.`
  );
}
function mergeOf(context, operand, collation) {
  const spec = isDoc(operand) ? operand : { into: operand };
  for (const field2 of Object.keys(spec)) {
    if (!["into", "on", "let", "whenMatched", "whenNotMatched"].includes(field2)) {
      throw new ServerError(40415, `BSON field '$merge.${field2}' is an unknown field.`);
    }
  }
  const { db, coll } = namespaceOf(context, spec["into"], "$merge");
  const asked = spec["whenMatched"] ?? "merge";
  const whenMatched = Array.isArray(asked) ? asked : modeOf("whenMatched", asked, MATCHED);
  const whenNotMatched = modeOf("whenNotMatched", spec["whenNotMatched"] ?? "insert", NOT_MATCHED);
  if (spec["let"] !== void 0 && typeof whenMatched === "string") {
    throw new ServerError(
      51199,
      `Cannot use 'let' variables with 'whenMatched: ${whenMatched}' mode`
    );
  }
  if ((whenMatched === "fail" || whenMatched === "keepExisting") && whenNotMatched !== "insert") {
    throw new ServerError(
      51181,
      `Combination of $merge modes 'whenMatched: ${whenMatched}' and 'whenNotMatched: ${whenNotMatched}' is not supported`
    );
  }
  const collection = context.engine.store.ensure(db, coll);
  const on = spec["on"] === void 0 ? ["_id"] : [spec["on"]].flat();
  const unique = [...collection.indexes.values()].some((index2) => {
    const { name, unique: unique2, partialFilterExpression } = index2.spec;
    return (unique2 === true || name === "_id_") && !partialFilterExpression && index2.paths.length === on.length && on.every((path) => index2.paths.includes(path)) && (spec["on"] === void 0 || sameCollation(index2.collation, collation));
  });
  if (!unique)
    throw new ServerError(51183, "Cannot find index to verify that join fields will be unique");
  const variables = spec["let"];
  return { collection, on, whenMatched, whenNotMatched, let: variables, collation };
}
var BATCH_BYTES = 16 * 1024 * 1024;
async function merge(context, spec, rows) {
  let batch = [];
  let size2 = 0;
  for (const row of rows) {
    const doc = spec.on.includes("_id") && !("_id" in row) ? { _id: new ObjectId7(), ...row } : row;
    const keys = spec.on.map((path) => [path, { $eq: onValue(doc, path) }]);
    const bytes = encoded(doc);
    if (size2 + bytes.length > BATCH_BYTES) {
      await mergeBatch(context, spec, batch);
      batch = [];
      size2 = 0;
    }
    batch.push({ doc, bytes, filter: Object.fromEntries(keys) });
    size2 += bytes.length;
  }
  await mergeBatch(context, spec, batch);
}
async function mergeBatch(context, spec, batch) {
  const errors = [];
  for (const pair of batch) {
    try {
      await unblocked(context, () => mergeOne(context, spec, pair));
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      errors.push(error);
    }
  }
  if (errors[0]) throw errors[0];
}
function onValue(doc, path) {
  const value = getPath(doc, path);
  if (value !== void 0 && value !== null && !Array.isArray(value)) return value;
  throw new ServerError(
    51132,
    "$merge write error: 'on' field cannot be missing, null, undefined or an array"
  );
}
function mergeOne(context, spec, { doc, bytes, filter: filter2 }) {
  const { collection, whenMatched, whenNotMatched } = spec;
  if (whenMatched !== "fail") {
    const { matched } = updateDocuments(
      { ...context, db: collection.db },
      collection.name,
      {
        filter: filter2,
        multi: false,
        upsert: false,
        collation: spec.collation?.spec,
        ...updateOf(context, spec, doc)
      },
      bypass(context)
    );
    if (matched > 0 || whenNotMatched === "discard") return;
  }
  if (whenNotMatched === "fail") {
    throw new ServerError(
      13113,
      "$merge could not find a matching document in the target collection for at least one document in the source collection"
    );
  }
  insertDocument(context, collection, bytes, bypass(context));
}
function updateOf(context, spec, doc) {
  const { whenMatched, let: variables = { new: "$$ROOT" } } = spec;
  if (whenMatched === "replace") return { update: doc };
  if (typeof whenMatched === "string") {
    return { update: { [whenMatched === "merge" ? "$set" : "$setOnInsert"]: doc } };
  }
  const env = { let: docOf(context, "let") };
  const [values = {}] = runPipeline([doc], [{ $replaceWith: variables }], env);
  const constants = Object.keys(variables).map((name) => [name, values[name]]);
  return { update: whenMatched, ...env, constants: Object.fromEntries(constants) };
}

// src/embedded-mongo/commands/diagnostics.ts
import { hostname, release, type, totalmem, cpus } from "node:os";
import { Double as Double3, Long as Long14 } from "mongodb";
var VERSION = "8.0.0";
var WIRE_VERSION = 25;
var SET_NAME = "embedded";
function hello(context) {
  const { engine, connection, command } = context;
  if (command["client"]) connection.client = command["client"];
  const legacy = context.name !== "hello";
  return {
    ...legacy ? { ismaster: true, helloOk: true } : { isWritablePrimary: true },
    hosts: [engine.address],
    setName: SET_NAME,
    setVersion: 1,
    secondary: false,
    primary: engine.address,
    me: engine.address,
    electionId: engine.processId,
    lastWrite: {
      opTime: { ts: engine.store.time, t: Long14.ONE },
      lastWriteDate: /* @__PURE__ */ new Date(),
      majorityOpTime: { ts: engine.store.time, t: Long14.ONE },
      majorityWriteDate: /* @__PURE__ */ new Date()
    },
    maxBsonObjectSize: 16777216,
    maxMessageSizeBytes: 48e6,
    maxWriteBatchSize: 1e5,
    localTime: /* @__PURE__ */ new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false
  };
}
var HELLO = {
  fields: names2(
    "helloOk client compression topologyVersion maxAwaitTimeMS loadBalanced saslSupportedMechs speculativeAuthenticate hostInfo internalClient backpressure"
  ),
  run: hello
};
function buildInfo() {
  return {
    version: VERSION,
    gitVersion: "embedded-dev",
    modules: ["embedded-dev"],
    allocator: "system",
    javascriptEngine: "none",
    sysInfo: "embedded development server, not MongoDB",
    versionArray: [8, 0, 0, 0],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16777216,
    storageEngines: ["embedded-dev"]
  };
}
function serverStatus({ engine }) {
  const uptime = (Date.now() - engine.started) / 1e3;
  const { heapUsed, rss } = process.memoryUsage();
  return {
    host: hostname(),
    version: VERSION,
    process: "embedded-dev",
    pid: Long14.fromNumber(process.pid),
    uptime: new Double3(uptime),
    uptimeMillis: Long14.fromNumber(Math.round(uptime * 1e3)),
    localTime: /* @__PURE__ */ new Date(),
    connections: { current: engine.connections, available: 1e3, active: engine.connections },
    opcounters: { ...engine.counters },
    mem: { bits: 64, resident: Math.round(rss / 2 ** 20), virtual: Math.round(heapUsed / 2 ** 20) },
    repl: { setName: SET_NAME, isWritablePrimary: true, secondary: false, me: engine.address },
    storageEngine: { name: "embedded-dev", persistent: engine.journal !== void 0 },
    transactions: { currentOpen: engine.store.open.size },
    metrics: { cursor: { open: { total: engine.cursors.all.size } } }
  };
}
var ENTRY_BYTES = 48;
function indexBytes({ indexes }) {
  return [...indexes.values()].reduce((sum2, { entries }) => sum2 + entries.size * ENTRY_BYTES, 0);
}
function collectionStats(collection, scale = 1) {
  const { count: count4, bytes, indexes, options } = collection;
  const indexSizes = {};
  for (const { spec, entries } of indexes.values()) {
    indexSizes[spec.name] = Math.round(entries.size * ENTRY_BYTES / scale);
  }
  const totalIndexSize = Math.round(indexBytes(collection) / scale);
  return {
    size: Math.round(bytes / scale),
    count: count4,
    ...count4 > 0 ? { avgObjSize: Math.round(bytes / count4) } : {},
    storageSize: Math.round(bytes / scale),
    freeStorageSize: 0,
    capped: options.capped ?? false,
    nindexes: indexes.size,
    indexBuilds: [],
    totalIndexSize,
    totalSize: Math.round(bytes / scale) + totalIndexSize,
    indexSizes,
    scaleFactor: scale
  };
}
function collStats(context) {
  const scale = numberOf(context, "scale") ?? 1;
  const ns = `${context.db}.${String(context.command[context.name])}`;
  const collection = target(context);
  if (!collection)
    return {
      ns,
      size: 0,
      count: 0,
      storageSize: 0,
      nindexes: 0,
      totalIndexSize: 0,
      indexSizes: {},
      scaleFactor: scale
    };
  return { ns, ...collectionStats(collection, scale) };
}
function dbStats(context) {
  const scale = numberOf(context, "scale") ?? 1;
  const all2 = context.engine.store.list(context.db);
  const views = all2.filter(({ options }) => options.viewOn !== void 0).length;
  const objects = all2.reduce((sum2, { count: count4 }) => sum2 + count4, 0);
  const bytes = all2.reduce((sum2, collection) => sum2 + collection.bytes, 0);
  const indexes = all2.reduce((sum2, collection) => sum2 + collection.indexes.size, 0);
  const indexSize = all2.reduce((sum2, collection) => sum2 + indexBytes(collection), 0);
  return {
    db: context.db,
    collections: all2.length - views,
    views,
    objects,
    avgObjSize: new Double3(objects > 0 ? bytes / objects : 0),
    dataSize: new Double3(bytes / scale),
    storageSize: new Double3(bytes / scale),
    indexes,
    indexSize: new Double3(indexSize / scale),
    totalSize: new Double3((bytes + indexSize) / scale),
    scaleFactor: new Double3(scale)
  };
}
function hostInfo() {
  return {
    system: {
      currentTime: /* @__PURE__ */ new Date(),
      hostname: hostname(),
      cpuAddrSize: 64,
      memSizeMB: Math.round(totalmem() / 2 ** 20),
      numCores: cpus().length,
      cpuArch: process.arch
    },
    os: { type: type(), name: process.platform, version: release() },
    extra: {}
  };
}
var PARAMETERS = {
  featureCompatibilityVersion: { version: "8.0" },
  enableTestCommands: 0,
  transactionLifetimeLimitSeconds: 60,
  cursorTimeoutMillis: Long14.fromNumber(6e5),
  localLogicalSessionTimeoutMinutes: 30,
  ttlMonitorSleepSecs: 60,
  authenticationMechanisms: [],
  requireApiVersion: false
};
function getParameter(context) {
  const { command } = context;
  const asked = command["getParameter"];
  const parameters = {
    ...PARAMETERS,
    enableTestCommands: context.engine.options.failPoints,
    ttlMonitorSleepSecs: context.engine.options.ttlSeconds
  };
  if (asked === "*" || asked?.["allParameters"]) return parameters;
  const found = Object.entries(parameters).filter(([name]) => name in command);
  if (found.length === 0) throw new ServerError(72, "no option found to get");
  return Object.fromEntries(found);
}
function currentOperations(context) {
  const { connection, db, name, command, engine } = context;
  const { [name]: first2 } = command;
  return [
    {
      type: "op",
      host: engine.address,
      desc: `conn${connection.id}`,
      connectionId: connection.id,
      client: connection.peer,
      active: true,
      opid: connection.id,
      op: "command",
      ns: `${db}.$cmd`,
      command: { [name]: first2, $db: db }
    }
  ];
}
function simple(run, fields = "") {
  return { fields: names2(fields), run };
}
function configureFailPoint(context) {
  if (!context.engine.options.failPoints) {
    throw new ServerError(59, "no such command: 'configureFailPoint'");
  }
  const { command } = context;
  context.engine.failPoints.configure(
    command["configureFailPoint"],
    command["mode"],
    docOf(context, "data")
  );
  return {};
}
function needsAtlas({ name }) {
  throw new ServerError(
    31082,
    `${name} needs Atlas Search, which is not supported by the embedded development server`
  );
}
var diagnosticCommands = {
  hello: HELLO,
  isMaster: HELLO,
  ismaster: HELLO,
  ping: { ...simple(() => ({})), inTransaction: true },
  buildInfo: simple(buildInfo),
  buildinfo: simple(buildInfo),
  serverStatus: {
    fields: names2(
      "repl metrics locks opcounters connections mem network tcmalloc sharding recordStats wiredTiger transactions asserts globalLock logicalSessionRecordCache none all"
    ),
    run: serverStatus
  },
  collStats: simple(collStats, "scale"),
  collstats: simple(collStats, "scale"),
  dbStats: simple(dbStats, "scale freeStorage"),
  dbstats: simple(dbStats, "scale freeStorage"),
  hostInfo: simple(hostInfo),
  getParameter: simple(getParameter, `allParameters ${Object.keys(PARAMETERS).join(" ")}`),
  whatsmyuri: simple(({ connection }) => ({ you: connection.peer })),
  connectionStatus: simple(
    () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
    "showPrivileges"
  ),
  getCmdLineOpts: simple(() => ({ argv: ["embedded-dev"], parsed: {} })),
  getLog: simple(
    ({ command }) => command["getLog"] === "*" ? { names: ["global", "startupWarnings"] } : { totalLinesWritten: 0, log: [] }
  ),
  getFreeMonitoringStatus: simple(() => ({ state: "disabled" })),
  replSetGetStatus: simple(
    ({ engine }) => ({
      set: SET_NAME,
      date: /* @__PURE__ */ new Date(),
      myState: 1,
      term: Long14.ONE,
      members: [
        { _id: 0, name: engine.address, health: 1, state: 1, stateStr: "PRIMARY", self: true }
      ]
    }),
    "initialSync"
  ),
  listCommands: simple(({ engine }) => ({
    commands: Object.fromEntries(engine.commandNames.map((name) => [name, { help: "" }]))
  })),
  currentOp: simple((context) => ({ inprog: currentOperations(context) }), "$ownOps $all"),
  fsync: simple(() => ({ numFiles: 1 }), "lock async"),
  setParameter: simple(() => {
    throw unsupported("Command 'setParameter'");
  }),
  logRotate: simple(() => ({})),
  createSearchIndexes: simple(needsAtlas, "indexes"),
  updateSearchIndex: simple(needsAtlas, "id name definition"),
  dropSearchIndex: simple(needsAtlas, "id name"),
  configureFailPoint: { fields: names2("mode data"), admin: true, run: configureFailPoint }
};

// src/embedded-mongo/commands/read.ts
import { Long as Long15 } from "mongodb";
function findQuery(context, collection) {
  return {
    filter: docOf(context, "filter") ?? {},
    sort: docOf(context, "sort"),
    skip: countOf(context, "skip") ?? 0,
    limit: countOf(context, "limit") ?? 0,
    hint: context.command["hint"],
    collation: collationOf(context.command["collation"], collection),
    let: docOf(context, "let")
  };
}
function* findRows(context, collection, query) {
  const projection = docOf(context, "projection");
  if (!projection || Object.keys(projection).length === 0) {
    for (const { version } of find(collection, query, context.txn)) yield version.bytes;
    return;
  }
  const env = { collation: query.collation, let: query.let };
  const project2 = compileProjection(projection, query.filter, env);
  const positional2 = Object.keys(projection).some((path) => path.endsWith(".$"));
  const test = collection && matcher(collection, query);
  const scored = JSON.stringify(query.filter).includes('"$text"');
  for (const { version } of find(collection, query, context.txn)) {
    const doc = decode(version.bytes);
    const position = positional2 || scored ? test?.position(doc) : void 0;
    yield encoded(project2(doc, position));
  }
}
function firstBatch(context, namespace, rows, batchSize, single = false) {
  const { id, ns, batch } = context.engine.cursors.open(
    namespace,
    rows,
    batchSize,
    context,
    single
  );
  return { cursor: { firstBatch: new RawBatch(batch), id, ns } };
}
var FIND_FIELDS = names2(
  "filter sort projection hint skip limit batchSize singleBatch collation let allowDiskUse noCursorTimeout allowPartialResults oplogReplay readOnce tailable awaitData max min returnKey showRecordId"
);
var findCommand = {
  fields: FIND_FIELDS,
  inTransaction: true,
  run(context) {
    for (const option of ["tailable", "awaitData", "returnKey", "showRecordId"]) {
      if (flagOf(context, option)) throw refuse(option);
    }
    for (const option of ["min", "max"]) {
      if (Object.keys(docOf(context, option) ?? {}).length > 0) throw refuse(option);
    }
    const name = collectionName(context);
    const collection = target(context);
    const query = findQuery(context, collection);
    const single = flagOf(context, "singleBatch") ?? false;
    const batchSize = countOf(context, "batchSize");
    context.engine.counters.query++;
    const view = collection?.options.viewOn === void 0 ? void 0 : collection;
    if (!view) checkTextScore(query.filter, [query.sort, docOf(context, "projection")]);
    const rows = view ? encodedRows(viewDocuments(context, view, query)) : findRows(context, collection, query);
    return firstBatch(context, `${context.db}.${name}`, rows, batchSize, single);
  }
};
function refuse(option) {
  return new ServerError(
    238,
    `Option '${option}' of 'find' is not supported by the embedded development server`
  );
}
var getMore = {
  fields: names2("collection batchSize term lastKnownCommittedOpTime"),
  inTransaction: true,
  async run(context) {
    const id = BigInt(String(context.command["getMore"]));
    const cursor = context.engine.cursors.get(id);
    const ns = `${context.db}.${String(context.command["collection"])}`;
    if (cursor.namespace !== ns) {
      throw new ServerError(
        13,
        `Requested getMore on namespace '${ns}', but cursor belongs to a different namespace ${cursor.namespace}`
      );
    }
    if (cursor.session && cursor.session !== context.session) {
      throw new ServerError(
        13,
        `Cannot run getMore on cursor ${id}, which was created in another session`
      );
    }
    context.engine.counters.getmore++;
    context.engine.failPoints.getMore();
    const batchSize = countOf(context, "batchSize") || void 0;
    if ("next" in cursor) {
      const { batch: batch2, fields, closed } = await cursor.next(
        batchSize,
        numberOf(context, "maxTimeMS") ?? 1e3
      );
      if (closed) context.engine.cursors.kill(id);
      const open2 = closed ? Long15.ZERO : Long15.fromBigInt(id);
      return { cursor: { nextBatch: new RawBatch(batch2), id: open2, ns, ...fields } };
    }
    const batch = cursor.take(batchSize);
    if (cursor.done) context.engine.cursors.kill(id);
    const open = context.engine.cursors.all.has(id) ? Long15.fromBigInt(id) : Long15.ZERO;
    return { cursor: { nextBatch: new RawBatch(batch), id: open, ns } };
  }
};
var killCursors = {
  fields: names2("cursors"),
  inTransaction: true,
  run(context) {
    const cursorsKilled = [];
    const cursorsNotFound = [];
    for (const id of context.command["cursors"] ?? []) {
      const number2 = BigInt(String(id));
      const list = context.engine.cursors.kill(number2) ? cursorsKilled : cursorsNotFound;
      list.push(Long15.fromBigInt(number2));
    }
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  }
};
var countCommand = {
  fields: names2("query limit skip hint collation fields"),
  run(context) {
    const collection = target(context);
    const query = {
      filter: docOf(context, "query") ?? {},
      skip: countOf(context, "skip") ?? 0,
      limit: Math.abs(numberOf(context, "limit") ?? 0),
      hint: context.command["hint"],
      collation: collationOf(context.command["collation"], collection)
    };
    if (collection?.options.viewOn !== void 0) {
      return { n: [...viewDocuments(context, collection, query)].length };
    }
    return { n: count3(collection, query, context.txn) };
  }
};
var distinct3 = {
  fields: names2("key query hint collation"),
  inTransaction: true,
  run(context) {
    const key = context.command["key"];
    if (typeof key !== "string")
      throw new ServerError(14, "BSON field 'distinct.key' must be a string");
    const collection = target(context);
    const collation = collationOf(context.command["collation"], collection);
    const query = {
      filter: docOf(context, "query") ?? {},
      hint: context.command["hint"],
      collation
    };
    const values = /* @__PURE__ */ new Map();
    const path = splitPath(key);
    for (const doc of sources(context, collection, query)) {
      walk(doc, path, false, (found2) => {
        for (const value of Array.isArray(found2) ? found2 : [found2]) {
          if (value === void 0) continue;
          const id = keyOf(value, collation);
          if (!values.has(id)) values.set(id, value);
        }
        return false;
      });
    }
    const found = [...values.values()].map((value) => [keyString(value), value]);
    found.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
    return { values: found.map(([, value]) => value) };
  }
};
function* sources(context, collection, query) {
  if (collection?.options.viewOn !== void 0) {
    return yield* viewDocuments(context, collection, query);
  }
  for (const { version } of find(collection, query, context.txn))
    yield decode(version.bytes);
}
var readCommands = {
  find: findCommand,
  getMore,
  killCursors,
  count: countCommand,
  distinct: distinct3
};

// src/embedded-mongo/commands/explain.ts
function stages2(chosen, query, projection, top) {
  const direction = chosen.backwards ? "backward" : "forward";
  const scans = chosen.scans.map(({ index: index2, spans }) => ({
    stage: "IXSCAN",
    keyPattern: index2.spec.key,
    indexName: index2.spec.name,
    isMultiKey: index2.isMultikey,
    multiKeyPaths: Object.fromEntries(
      index2.paths.map((path, at) => [path, index2.multikey[at] ? [path] : []])
    ),
    isUnique: index2.spec.unique ?? false,
    isSparse: index2.spec.sparse ?? false,
    isPartial: index2.spec.partialFilterExpression !== void 0,
    indexVersion: 2,
    direction,
    bounded: spans.some(([from, to]) => from !== "" || to !== AFTER_ALL),
    ranges: spans.length
  }));
  const [scan] = scans;
  const hasFilter = Object.keys(query.filter).length > 0;
  let node;
  if (!scan)
    node = { stage: "COLLSCAN", ...hasFilter ? { filter: query.filter } : {}, direction };
  else {
    const inputStage = scans.length === 1 ? scan : { stage: "OR", inputStages: scans };
    if (top === "COUNT" && chosen.exact)
      return { stage: "COUNT", inputStage: { ...scan, stage: "COUNT_SCAN" } };
    node = {
      stage: "FETCH",
      ...chosen.exact || !hasFilter ? {} : { filter: query.filter },
      inputStage
    };
  }
  const wrap = (stage, more = {}) => node = { stage, ...more, inputStage: node };
  if (query.sort && Object.keys(query.sort).length > 0 && !chosen.sorted) {
    wrap("SORT", {
      sortPattern: query.sort,
      memLimit: 104857600,
      type: "simple",
      ...query.limit ? { limitAmount: (query.skip ?? 0) + query.limit } : {}
    });
  }
  if (query.skip) wrap("SKIP", { skipAmount: query.skip });
  if (projection && Object.keys(projection).length > 0)
    wrap("PROJECTION_DEFAULT", { transformBy: projection });
  if (query.limit) wrap("LIMIT", { limitAmount: query.limit });
  if (top) wrap(top);
  return node;
}
function executed(collection, query, context, node) {
  const stats = { keys: 0, documents: 0 };
  const start2 = process.hrtime.bigint();
  let nReturned = 0;
  for (const _ of find(collection, query, context.txn, stats)) nReturned++;
  const executionTimeMillis = Number((process.hrtime.bigint() - start2) / 1000000n);
  return {
    executionSuccess: true,
    nReturned,
    executionTimeMillis,
    totalKeysExamined: stats.keys,
    totalDocsExamined: stats.documents,
    executionStages: {
      ...node,
      nReturned,
      keysExamined: stats.keys,
      docsExamined: stats.documents
    }
  };
}
function explained(context, name, query, projection, top) {
  const { engine, db, txn, command } = context;
  const collection = engine.store.find(db, name, txn);
  const namespace = `${db}.${name}`;
  if (collection?.options.viewOn !== void 0) throw unsupported("Command 'explain' on a view");
  const node = collection ? stages2(plan(collection, query, txn), query, projection, top) : { stage: "EOF" };
  const verbosity = command["verbosity"] ?? "queryPlanner";
  if (collection) matcher(collection, query);
  return {
    explainVersion: "1",
    queryPlanner: {
      namespace,
      parsedQuery: query.filter,
      indexFilterSet: false,
      winningPlan: node,
      rejectedPlans: []
    },
    ...verbosity !== "queryPlanner" && collection ? { executionStats: executed(collection, query, context, node) } : {},
    command: { [context.name]: name },
    serverInfo: { host: engine.address, version: VERSION, gitVersion: "embedded-dev" },
    serverParameters: {}
  };
}
function explainAggregate(context) {
  const name = String(context.command["aggregate"]);
  const collection = context.engine.store.find(context.db, name, context.txn);
  const base = {
    filter: {},
    hint: context.command["hint"],
    collation: collationOf(context.command["collation"], collection),
    let: docOf(context, "let")
  };
  const { query, rest } = plannedPrefix(arrayFieldOf(context, "pipeline") ?? [], base);
  const answer2 = explained(context, name, query, void 0);
  if (rest.length === 0) return answer2;
  const { queryPlanner, executionStats, ...around } = answer2;
  const cursor = { queryPlanner, ...executionStats ? { executionStats } : {} };
  return { ...around, stages: [{ $cursor: cursor }, ...rest] };
}
function queryOfWrite(context, statement, multi) {
  const name = String(context.command[context.name]);
  const collection = context.engine.store.find(context.db, name, context.txn);
  return {
    filter: statement["q"] ?? statement["query"] ?? {},
    sort: statement["sort"],
    hint: statement["hint"],
    collation: collationOf(statement["collation"], collection),
    limit: multi ? 0 : 1
  };
}
var explain = {
  fields: names2("verbosity"),
  run(context) {
    const inner = docOf(context, "explain");
    if (!inner) throw new ServerError(14, "BSON field 'explain.explain' must be an object");
    const name = Object.keys(inner)[0] ?? "";
    const verbosity = context.command["verbosity"] ?? "allPlansExecution";
    const asked = { ...context, name, command: { ...inner, verbosity } };
    const coll = String(inner[name]);
    const collection = context.engine.store.find(context.db, coll, context.txn);
    switch (name) {
      case "find":
        return explained(asked, coll, findQuery(asked, collection), docOf(asked, "projection"));
      case "count":
      case "distinct": {
        const query = queryOfWrite(asked, inner, true);
        return explained(asked, coll, query, void 0, name === "count" ? "COUNT" : void 0);
      }
      case "aggregate":
        return explainAggregate(asked);
      case "update":
      case "delete": {
        const [statement = {}] = inner[`${name}s`] ?? [];
        const multi = name === "update" ? Boolean(statement["multi"]) : Number(statement["limit"]) === 0;
        return explained(
          asked,
          coll,
          queryOfWrite(asked, statement, multi),
          void 0,
          name.toUpperCase()
        );
      }
      case "findAndModify":
        return explained(asked, coll, queryOfWrite(asked, inner, false), void 0, "UPDATE");
      default:
        throw unsupported(`Command 'explain' of '${name}'`);
    }
  }
};
var explainCommands = { explain };

// src/embedded-mongo/commands/aggregate.ts
var MAX_VIEW_DEPTH = 20;
function stageOf(stage) {
  const entries = isDoc(stage) ? Object.entries(stage) : [];
  const [first2] = entries;
  if (!first2 || entries.length !== 1) {
    throw new ServerError(
      40323,
      "A pipeline stage specification object must contain exactly one field."
    );
  }
  return first2;
}
function plannedPrefix(pipeline, base) {
  const query = { ...base };
  const filters = [];
  let at = 0;
  for (; at < pipeline.length; at++) {
    const [name, operand] = stageOf(pipeline[at] ?? {});
    const untouched = query.sort === void 0 && query.skip === void 0 && query.limit === void 0;
    if (name === "$match" && untouched && isDoc(operand)) filters.push(operand);
    else if (name === "$sort" && untouched && isDoc(operand) && isPlainSort(operand))
      query.sort = operand;
    else if (name === "$skip" && query.skip === void 0 && query.limit === void 0 && isCount(operand)) {
      query.skip = Number(operand);
    } else if (name === "$limit" && query.limit === void 0 && isCount(operand) && Number(operand) > 0) {
      query.limit = Number(operand);
    } else break;
  }
  query.filter = filters.length === 1 ? filters[0] ?? {} : filters.length > 1 ? { $and: filters } : {};
  return { query, rest: pipeline.slice(at) };
}
function isPlainSort(sort2) {
  const ways = Object.values(sort2);
  return ways.length > 0 && ways.every((way) => isNumber(way) && Math.abs(Number(way)) === 1);
}
function isCount(value) {
  return isNumber(value) && Number.isInteger(Number(value)) && Number(value) >= 0;
}
var Aggregation = class {
  context;
  collation;
  now = /* @__PURE__ */ new Date();
  constructor(context, collation) {
    this.context = context;
    this.collation = collation;
  }
  /** The documents that a pipeline makes of a collection, view or nothing. */
  run(db, name, pipeline, { hint, depth = 0, views = 0 } = {}) {
    const { engine, txn } = this.context;
    const collection = engine.store.find(db, name, txn);
    const { viewOn } = collection?.options ?? {};
    if (collection && viewOn !== void 0) {
      if (views >= MAX_VIEW_DEPTH) {
        throw new ServerError(165, `View depth limit exceeded; maximum depth is ${MAX_VIEW_DEPTH}`);
      }
      if (!sameCollation(collection.collation, this.collation)) {
        throw new ServerError(
          167,
          `Cannot override a view's default collation: ${collection.namespace}`
        );
      }
      const stages3 = [...collection.options.pipeline ?? [], ...pipeline];
      return this.run(db, viewOn, stages3, { depth, views: views + 1 });
    }
    const base = {
      filter: {},
      hint,
      collation: this.collation,
      let: docOf(this.context, "let")
    };
    const { query, rest } = plannedPrefix(pipeline, base);
    checkTextScore(query.filter, rest);
    const counted = countOnly(rest);
    if (counted) {
      const n = count3(collection, query, txn);
      return n === 0 ? [] : [{ _id: counted.id, [counted.field]: n }];
    }
    const source = this.documents(collection, query, rest);
    return rest.length === 0 ? source : runPipeline(source, rest, this.env(db, depth));
  }
  /** Runs stages over documents that come from elsewhere. */
  over(db, source, pipeline) {
    return runPipeline(source, [...pipeline], this.env(db));
  }
  *documents(collection, query, rest) {
    const scored = query.filter["$text"] !== void 0;
    const read = pipelineFields(rest);
    const pick2 = fieldPicker(read && new Set(read));
    for (const { version, doc } of find(collection, query, this.context.txn)) {
      yield scored ? doc : pick2(version.bytes);
    }
  }
  env(db, depth = 0) {
    const at = (name) => typeof name === "string" ? [db, name] : [name.db, name.coll];
    return {
      collection: (name, inside) => this.run(...at(name), [], { depth: inside }),
      find: (name, filter2, inside) => this.run(...at(name), [{ $match: filter2 }], { depth: inside }),
      let: docOf(this.context, "let"),
      collation: this.collation,
      now: this.now,
      depth
    };
  }
};
function countOnly(rest) {
  const [stage] = rest;
  const group2 = rest.length === 1 ? stage?.["$group"] : void 0;
  if (!isDoc(group2)) return void 0;
  const [field2, extra] = Object.keys(group2).filter((name) => name !== "_id");
  const sum2 = field2 === void 0 ? void 0 : group2[field2];
  const constant = group2["_id"] === null || isNumber(group2["_id"]);
  if (field2 === void 0 || /[.$]/.test(field2) || extra !== void 0 || !constant || !isDoc(sum2))
    return void 0;
  return Object.keys(sum2).length === 1 && sum2["$sum"] === 1 ? { id: group2["_id"], field: field2 } : void 0;
}
function specialSource(context, head2, operand, name) {
  const collection = context.engine.store.find(context.db, name, context.txn);
  switch (head2) {
    case "$currentOp":
      return currentOperations(context);
    case "$listLocalSessions":
    case "$listSessions":
      return [...context.engine.sessions.all.values()].map(({ lsid, lastUse }) => ({
        _id: lsid,
        lastUse: new Date(lastUse)
      }));
    case "$listSearchIndexes":
      throw new ServerError(
        31082,
        `${head2} needs Atlas Search, which is not supported by the embedded development server`
      );
    case "$indexStats":
      return [...collection?.indexes.values() ?? []].map((index2) => ({
        name: index2.spec.name,
        key: index2.spec.key,
        host: context.engine.address,
        accesses: { ops: index2.uses, since: index2.since },
        spec: index2.spec
      }));
    case "$collStats": {
      if (!collection) throw new ServerError(26, `Collection [${context.db}.${name}] not found.`);
      const asked = operand;
      for (const option of Object.keys(asked)) {
        if (!["storageStats", "count"].includes(option)) throw unsupported(`$collStats ${option}`);
      }
      const stats = {
        ns: collection.namespace,
        host: context.engine.address,
        localTime: /* @__PURE__ */ new Date()
      };
      if ("storageStats" in asked) stats["storageStats"] = collectionStats(collection);
      if ("count" in asked) stats["count"] = collection.count;
      return [stats];
    }
    default:
      return void 0;
  }
}
function namespaceOf2(context) {
  const name = context.command["aggregate"];
  if (typeof name === "string") return name;
  if (Number(name) !== 1)
    throw failedToParse(
      "Invalid command format: the 'aggregate' field must specify a collection name or 1"
    );
  return "$cmd.aggregate";
}
function* encodedRows(documents2) {
  for (const doc of documents2) yield encoded(doc);
}
var aggregate = {
  fields: names2(
    "pipeline cursor explain allowDiskUse hint collation let bypassDocumentValidation batchSize"
  ),
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = namespaceOf2(context);
    const pipeline = arrayFieldOf(context, "pipeline") ?? [];
    if (flagOf(context, "explain")) return explainAggregate(context);
    const cursor = docOf(context, "cursor");
    if (!cursor)
      throw failedToParse(
        "The 'cursor' option is required, except for aggregate with the explain argument"
      );
    const size2 = cursor["batchSize"];
    const batchSize = size2 === void 0 ? void 0 : Number(size2);
    const [head2, operand] = pipeline[0] ? stageOf(pipeline[0]) : ["", void 0];
    if (head2 === "$changeStream") return openChangeStream(context, name, pipeline, batchSize);
    const collection = context.engine.store.find(context.db, name, context.txn);
    const work = new Aggregation(context, collationOf(context.command["collation"], collection));
    const [tail, target2] = pipeline.length > 0 ? stageOf(pipeline.at(-1) ?? {}) : ["", void 0];
    const isWrite = tail === "$out" || tail === "$merge";
    const stages3 = isWrite ? pipeline.slice(0, -1) : pipeline;
    checkStages(stages3, name);
    if (isWrite && context.command["readConcern"]?.["level"] === "linearizable") {
      throw new ServerError(72, `${tail} cannot be used with a 'linearizable' read concern`);
    }
    const special = specialSource(context, head2, operand, name);
    const rows = () => special ? work.over(context.db, special, stages3.slice(1)) : work.run(context.db, name, stages3, { hint: context.command["hint"] });
    if (isWrite) {
      await writeResults(context, tail, target2, rows(), work.collation);
      return firstBatch(context, `${context.db}.${name}`, [].values(), batchSize);
    }
    return firstBatch(context, `${context.db}.${name}`, encodedRows(rows()), batchSize);
  }
};
var ONLY_FIRST = new Set(
  names2("$currentOp $collStats $indexStats $listLocalSessions $listSessions $changeStream")
);
var WITHOUT_COLLECTION = new Set(names2("$currentOp $listLocalSessions $changeStream $documents"));
function checkStages(stages3, name) {
  stages3.forEach((stage, at) => {
    const [operator2] = stageOf(stage);
    if (operator2 === "$out" || operator2 === "$merge") {
      throw new ServerError(40601, `${operator2} can only be the final stage in the pipeline`);
    }
    if (at > 0 && ONLY_FIRST.has(operator2)) {
      throw new ServerError(40602, `${operator2} is only valid as the first stage in a pipeline.`);
    }
    if (at === 0 && name === "$cmd.aggregate" && !WITHOUT_COLLECTION.has(operator2)) {
      throw new ServerError(
        73,
        `{aggregate: 1} is not valid for '${operator2}'; a collection is required.`
      );
    }
  });
}
function viewDocuments(context, view, query) {
  const stages3 = [{ $match: query.filter }];
  if (query.sort && Object.keys(query.sort).length > 0) stages3.push({ $sort: query.sort });
  if (query.skip) stages3.push({ $skip: query.skip });
  if (query.limit) stages3.push({ $limit: query.limit });
  const projection = docOf(context, "projection");
  if (projection && Object.keys(projection).length > 0) stages3.push({ $project: projection });
  return new Aggregation(context, query.collation).run(view.db, view.name, stages3);
}
var aggregateCommands = { aggregate };

// src/embedded-mongo/commands/write.ts
var MAX_STATEMENTS = 1e5;
function writeError(error, index2) {
  if (!(error instanceof ServerError)) throw error;
  const { code, message, extra } = error;
  return { index: index2, code, errmsg: message, ...extra };
}
function numbersOf(context) {
  const { stmtIds, stmtId } = context.command;
  return (at) => Number(stmtIds?.[at] ?? Number(stmtId ?? 0) + at);
}
async function runStatements(context, statements, run) {
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new ServerError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${statements.length} operations.`
    );
  }
  const ordered2 = flagOf(context, "ordered") ?? true;
  const numberOfStatement = numbersOf(context);
  const done = context.retryable ? context.session?.statements : void 0;
  const results = [];
  const writeErrors = [];
  const retriedStmtIds = [];
  for (const [at, statement] of statements.entries()) {
    const id = numberOfStatement(at);
    if (done?.has(id)) {
      results.push({ at, result: done.get(id) });
      retriedStmtIds.push(id);
      continue;
    }
    try {
      const first2 = context.name !== "insert" || results.length === 0;
      const point2 = done && first2 ? context.engine.failPoints.statement() : void 0;
      const result = await unblocked(context, () => run(statement, at));
      done?.set(id, result);
      results.push({ at, result });
      point2?.after();
    } catch (error) {
      if (context.txn) throw error;
      writeErrors.push(writeError(error, at));
      if (ordered2) break;
    }
  }
  return { results, writeErrors, retriedStmtIds };
}
function answer(fields, { writeErrors, retriedStmtIds }) {
  return {
    ...fields,
    ...writeErrors.length > 0 ? { writeErrors } : {},
    ...retriedStmtIds.length > 0 ? { retriedStmtIds } : {}
  };
}
var COMMON = names2(
  "ordered bypassDocumentValidation stmtId stmtIds collectionUUID encryptionInformation isTimeseriesNamespace"
);
var insert = {
  fields: [...COMMON, "documents"],
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const documents2 = context.raw.get("documents") ?? [];
    const bypass2 = flagOf(context, "bypassDocumentValidation") ?? false;
    const ran = await runStatements(context, documents2, (bytes) => {
      const collection = writable(context, name, true);
      if (collection) insertDocument(context, collection, bytes, bypass2);
    });
    context.engine.counters.insert += ran.results.length;
    return answer({ n: ran.results.length }, ran);
  }
};
function statementsOf(context, field2) {
  return arrayFieldOf(context, field2) ?? [];
}
function checkStatement(where, statement, known3, required2) {
  for (const field2 of required2) {
    if (statement[field2] !== void 0) continue;
    throw new ServerError(40414, `BSON field '${where}.${field2}' is missing but a required field`);
  }
  for (const field2 of Object.keys(statement)) {
    if (!known3.includes(field2)) {
      throw new ServerError(40415, `BSON field '${where}.${field2}' is an unknown field.`);
    }
  }
}
var UPDATE_FIELDS = names2("q u c multi upsert arrayFilters collation hint sort upsertSupplied");
var update = {
  fields: [...COMMON, "updates", "let", "runtimeConstants"],
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const bypass2 = flagOf(context, "bypassDocumentValidation") ?? false;
    const statements = statementsOf(context, "updates");
    for (const statement of statements) {
      checkStatement("update.updates", statement, UPDATE_FIELDS, ["q", "u"]);
    }
    const ran = await runStatements(context, statements, (statement) => {
      const multi = Boolean(statement["multi"]);
      if (multi && context.retryable) {
        throw new ServerError(72, "Cannot use retryable writes with multi=true");
      }
      return updateDocuments(
        context,
        name,
        {
          filter: statement["q"] ?? {},
          update: statement["u"],
          multi,
          upsert: Boolean(statement["upsert"]),
          arrayFilters: statement["arrayFilters"],
          collation: statement["collation"],
          hint: statement["hint"],
          sort: statement["sort"],
          constants: statement["c"],
          let: docOf(context, "let")
        },
        bypass2
      );
    });
    const upserted = [];
    let n = 0;
    let nModified = 0;
    for (const { at, result } of ran.results) {
      n += result.matched;
      nModified += result.modified;
      if (!("upsertedId" in result)) continue;
      n++;
      upserted.push({ index: at, _id: result.upsertedId });
    }
    context.engine.counters.update += ran.results.length;
    return answer({ n, nModified, ...upserted.length > 0 ? { upserted } : {} }, ran);
  }
};
var DELETE_FIELDS = names2("q limit collation hint");
var remove = {
  fields: [...COMMON, "deletes", "let", "runtimeConstants"],
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const statements = statementsOf(context, "deletes");
    for (const statement of statements) {
      checkStatement("delete.deletes", statement, DELETE_FIELDS, ["q", "limit"]);
    }
    const ran = await runStatements(context, statements, (statement) => {
      const limit4 = Number(statement["limit"]);
      if (limit4 !== 0 && limit4 !== 1) {
        throw new ServerError(9, `The limit field in delete objects must be 0 or 1. Got ${limit4}`);
      }
      return deleteDocuments(context, name, {
        filter: statement["q"] ?? {},
        multi: limit4 === 0,
        collation: statement["collation"],
        hint: statement["hint"],
        let: docOf(context, "let")
      }).deleted;
    });
    const n = ran.results.reduce((sum2, { result }) => sum2 + result, 0);
    context.engine.counters.delete += n;
    return answer({ n }, ran);
  }
};
function projected(context, bytes, filter2) {
  if (!bytes) return null;
  const fields = docOf(context, "fields");
  if (!fields || Object.keys(fields).length === 0) return new RawDocument(bytes);
  const collection = context.engine.store.find(context.db, collectionName(context), context.txn);
  const collation = collationOf(context.command["collation"], collection);
  const doc = decode(bytes);
  const position = collection && matcher(collection, { filter: filter2, collation }).position(doc);
  const project2 = compileProjection(fields, filter2, { collation, let: docOf(context, "let") });
  return new RawDocument(encoded(project2(doc, position)));
}
function findAndModifyOnce(context, filter2) {
  const name = collectionName(context);
  const common = {
    filter: filter2,
    multi: false,
    collation: context.command["collation"],
    hint: context.command["hint"],
    sort: docOf(context, "sort"),
    let: docOf(context, "let")
  };
  if (flagOf(context, "remove")) {
    if (context.command["update"] !== void 0 || flagOf(context, "new") || flagOf(context, "upsert")) {
      throw new ServerError(
        9,
        "Cannot specify both an 'update', 'new' or 'upsert' and 'remove'=true"
      );
    }
    const { deleted, before: before2 } = deleteDocuments(context, name, common);
    return { lastErrorObject: { n: deleted }, bytes: before2 };
  }
  const shown2 = Object.keys(docOf(context, "fields") ?? {});
  if (flagOf(context, "new") && shown2.some((path) => path.endsWith(".$"))) {
    throw badValue("Cannot use a positional projection and return the new document.");
  }
  const change = context.command["update"];
  if (!change) throw new ServerError(9, "Either an update or 'remove'=true must be specified");
  const outcome = updateDocuments(
    context,
    name,
    {
      ...common,
      update: change,
      upsert: flagOf(context, "upsert") ?? false,
      arrayFilters: arrayFieldOf(context, "arrayFilters")
    },
    flagOf(context, "bypassDocumentValidation") ?? false
  );
  const inserted = "upsertedId" in outcome;
  const lastErrorObject = {
    n: outcome.matched + (inserted ? 1 : 0),
    updatedExisting: outcome.matched > 0,
    ...inserted ? { upserted: outcome.upsertedId } : {}
  };
  return { lastErrorObject, bytes: flagOf(context, "new") ? outcome.after : outcome.before };
}
var findAndModify = {
  fields: [
    ...COMMON,
    ...names2("query sort remove update new fields upsert arrayFilters hint collation let")
  ],
  inTransaction: true,
  writes: true,
  async run(context) {
    const filter2 = docOf(context, "query") ?? {};
    const done = context.retryable ? context.session?.statements : void 0;
    const id = Number(context.command["stmtId"] ?? 0);
    const repeated = done?.get(id);
    const point2 = done && !repeated ? context.engine.failPoints.statement() : void 0;
    const modified = repeated ?? await unblocked(context, () => findAndModifyOnce(context, filter2));
    done?.set(id, modified);
    point2?.after();
    return {
      lastErrorObject: modified.lastErrorObject,
      value: projected(context, modified.bytes, filter2),
      ...repeated ? { retriedStmtId: id } : {}
    };
  }
};
function bulkError(error) {
  const { index: idx, code, ...rest } = error;
  return { ok: 0, idx, code, codeName: codeName(Number(code)), ...rest, n: 0, nModified: 0 };
}
var writeCommands = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify
};

// src/embedded-mongo/commands/bulk.ts
var FIELDS = {
  insert: names2("insert document"),
  update: names2("update filter updateMods multi upsert arrayFilters collation hint sort constants"),
  delete: names2("delete filter multi collation hint sort")
};
function namespaceAt(context, index2) {
  const info = arrayFieldOf(context, "nsInfo") ?? [];
  const ns = info[Number(index2)]?.["ns"];
  if (typeof ns !== "string")
    throw new ServerError(2, `BulkWrite ops entry has an invalid nsInfo index ${String(index2)}.`);
  const dot = ns.indexOf(".");
  return { ...context, db: ns.slice(0, dot), coll: ns.slice(dot + 1) };
}
function runOperation(context, bytes) {
  const operation = decode(bytes, OPERATION_FIELDS);
  const kind = ["insert", "update", "delete"].find((name) => name in operation);
  if (!kind)
    throw new ServerError(9, "A bulkWrite operation must be an insert, an update or a delete");
  for (const field2 of Object.keys(operation)) {
    if (!FIELDS[kind].includes(field2)) {
      throw new ServerError(40415, `BSON field 'bulkWrite.${kind}.${field2}' is an unknown field.`);
    }
  }
  const at = namespaceAt(context, operation[kind]);
  const bypass2 = flagOf(context, "bypassDocumentValidation") ?? false;
  if (kind === "insert") {
    const collection = writable(at, at.coll, true);
    if (collection) insertDocument(at, collection, documentIn(bytes, "document"), bypass2);
    return { kind, n: 1 };
  }
  const common = {
    filter: operation["filter"] ?? {},
    multi: Boolean(operation["multi"]),
    collation: operation["collation"],
    hint: operation["hint"],
    sort: operation["sort"],
    let: docOf(context, "let")
  };
  if (common.multi && context.retryable) {
    throw new ServerError(72, "Cannot use retryable writes with multi=true");
  }
  if (kind === "delete") return { kind, n: deleteDocuments(at, at.coll, common).deleted };
  const outcome = updateDocuments(
    at,
    at.coll,
    {
      ...common,
      update: operation["updateMods"],
      upsert: Boolean(operation["upsert"]),
      arrayFilters: operation["arrayFilters"],
      constants: operation["constants"]
    },
    bypass2
  );
  const upserted = "upsertedId" in outcome ? { upserted: { _id: outcome.upsertedId } } : {};
  return {
    kind,
    n: outcome.matched + ("upserted" in upserted ? 1 : 0),
    nModified: outcome.modified,
    ...upserted
  };
}
var OPERATION_FIELDS = new Set(
  Object.values(FIELDS).flat().filter((field2) => field2 !== "document")
);
var bulkWrite = {
  fields: names2("ops nsInfo ordered errorsOnly let bypassDocumentValidation cursor stmtId stmtIds"),
  inTransaction: true,
  admin: true,
  writes: true,
  async run(context) {
    const ops = context.raw.get("ops") ?? [];
    const ran = await runStatements(context, ops, (bytes) => runOperation(context, bytes));
    const rows = /* @__PURE__ */ new Map();
    const totals = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
    for (const { at, result } of ran.results) {
      const { kind, n, nModified, upserted } = result;
      if (kind === "insert") totals.nInserted += n;
      else if (kind === "delete") totals.nDeleted += n;
      else if (upserted) totals.nUpserted++;
      else totals.nMatched += n;
      totals.nModified += nModified ?? 0;
      if (flagOf(context, "errorsOnly")) continue;
      const more = kind === "update" ? { nModified, ...upserted ? { upserted } : {} } : {};
      rows.set(at, { ok: 1, idx: at, n, ...more });
    }
    for (const error of ran.writeErrors) rows.set(Number(error["index"]), bulkError(error));
    const sorted2 = [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => encoded(row));
    const size2 = docOf(context, "cursor")?.["batchSize"];
    return {
      ...firstBatch(
        context,
        "admin.$cmd.bulkWrite",
        sorted2.values(),
        size2 === void 0 ? void 0 : Number(size2)
      ),
      nErrors: ran.writeErrors.length,
      ...totals,
      ...ran.retriedStmtIds.length > 0 ? { retriedStmtIds: ran.retriedStmtIds } : {}
    };
  }
};
var bulkCommands = { bulkWrite };

// src/embedded-mongo/storage/index-keys.ts
function walk2(value, rest) {
  let at = 0;
  while (at < rest.length && isDoc(value)) {
    const name = rest[at++] ?? "";
    value = Object.hasOwn(value, name) ? value[name] : void 0;
  }
  const remaining = rest.slice(at);
  if (Array.isArray(value)) {
    const [position = ""] = remaining;
    if (!/^\d+$/.test(position)) return { value, rest: remaining };
    return walk2(value[Number(position)], remaining.slice(1));
  }
  return remaining.length === 0 ? { value, rest: [] } : { value: void 0, rest: [] };
}
function keyTuples(doc, paths) {
  const walks = paths.map((path) => walk2(doc, path));
  const multikey = walks.map((step) => Array.isArray(step.value));
  const array = walks.find((step) => Array.isArray(step.value))?.value;
  if (!array) return { tuples: [walks.map((step) => step.value)], multikey };
  if (walks.some((step) => Array.isArray(step.value) && step.value !== array)) {
    throw new ServerError(171, "cannot index parallel arrays");
  }
  const tuples = [];
  const members2 = array.length > 0 ? array : [EMPTY_ARRAY];
  for (const member of members2) {
    const below = walks.map((step) => {
      if (step.value !== array) return { done: step.value };
      if (step.rest.length === 0) return { done: member };
      return isDoc(member) ? { from: member, rest: step.rest } : { done: void 0 };
    });
    const open = below.flatMap((step) => "rest" in step ? [step.rest] : []);
    const inner = open.length > 0 ? keyTuples(member, open) : { tuples: [[]], multikey: [] };
    for (const tuple of inner.tuples) {
      const values = [...tuple];
      tuples.push(below.map((step) => "rest" in step ? values.shift() : step.done));
    }
  }
  return { tuples, multikey };
}

// src/embedded-mongo/storage/indexes.ts
var OPTIONS2 = /* @__PURE__ */ new Set([
  ...["v", "key", "name", "ns", "unique", "sparse", "hidden", "background", "expireAfterSeconds"],
  ...["partialFilterExpression", "collation", "weights", "default_language", "language_override"],
  ...["textIndexVersion", "2dsphereIndexVersion"]
]);
var MAX_SECONDS = 2147483647;
var UNSUPPORTED_KINDS = /* @__PURE__ */ new Set(["2d", "hashed", "geoHaystack", "columnstore"]);
function flag2(value) {
  return value === true || value !== void 0 && value !== null && Number(value) !== 0;
}
function indexSpec(asked) {
  const key = asked["key"];
  if (typeof key !== "object" || key === null || Object.keys(key).length === 0) {
    throw new ServerError(67, "Index keys cannot be empty.");
  }
  for (const option of Object.keys(asked)) {
    if (OPTIONS2.has(option)) continue;
    if (["wildcardProjection", "bits", "min", "max", "clustered"].includes(option)) {
      throw unsupported(`Index option '${option}'`);
    }
    throw new ServerError(
      197,
      `The field '${option}' is not valid for an index specification. Specification: ${JSON.stringify(asked)}`
    );
  }
  if (asked["v"] !== void 0 && ![1, 2].includes(Number(asked["v"]))) {
    throw new ServerError(
      67,
      `Invalid index specification: cannot create an index with v:${String(asked["v"])}`
    );
  }
  for (const [path, kind] of Object.entries(key)) {
    if (path === "") throw new ServerError(67, "Index keys cannot be an empty field.");
    if (path.includes("$**") && kind !== "text") throw unsupported("A wildcard index");
    if (path.split(".").includes(""))
      throw new ServerError(67, "Index keys cannot contain an empty field.");
    if (path !== "$**" && path.split(".").some((part2) => part2.startsWith("$"))) {
      throw new ServerError(
        67,
        `Index key contains an illegal field name: field name starts with '$': ${path}`
      );
    }
    if (typeof kind === "string" && UNSUPPORTED_KINDS.has(kind)) {
      throw unsupported(`An index of type '${kind}'`);
    }
    const direction = Number(kind);
    if (kind !== "text" && kind !== "2dsphere" && (Number.isNaN(direction) || direction === 0)) {
      throw new ServerError(67, `Values in v:2 index key pattern must be numbers or 'text'`);
    }
  }
  if (key["_id"] !== void 0 && Object.keys(key).length === 1) checkIdIndex(asked);
  if (asked["sparse"] && asked["partialFilterExpression"]) {
    throw new ServerError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  }
  const expire = asked["expireAfterSeconds"];
  const seconds = Number(expire);
  if (expire !== void 0 && (Object.keys(key).length !== 1 || !(seconds >= 0 && seconds <= MAX_SECONDS))) {
    throw new ServerError(
      67,
      `TTL indexes are single-field indexes with expireAfterSeconds within 0 and ${MAX_SECONDS}`
    );
  }
  const spec = { v: 2, key, name: indexName(asked, key) };
  for (const option of ["unique", "sparse", "hidden"]) if (flag2(asked[option])) spec[option] = true;
  if (expire !== void 0) spec.expireAfterSeconds = Number(expire);
  const partial = asked["partialFilterExpression"];
  if (partial !== void 0) {
    if (!isDoc(partial)) {
      throw new ServerError(14, "The field 'partialFilterExpression' must be an object");
    }
    checkPartial(partial);
    spec.partialFilterExpression = partial;
  }
  const collation = compileCollation(asked["collation"]);
  if (collation) spec.collation = collation.spec;
  return isText(key) ? textSpec(spec, asked) : spec;
}
var ID_OPTIONS = /* @__PURE__ */ new Set(["v", "key", "name", "ns", "collation"]);
function checkIdIndex(asked) {
  for (const option of Object.keys(asked)) {
    if (ID_OPTIONS.has(option)) continue;
    throw new ServerError(
      197,
      `The field '${option}' is not valid for an _id index specification. Specification: ${JSON.stringify(asked)}`
    );
  }
}
var PARTIAL_OPERATORS = /* @__PURE__ */ new Set([
  ...["$eq", "$gt", "$gte", "$lt", "$lte", "$in", "$type", "$exists", "$geoWithin"],
  "$geoIntersects"
]);
function checkPartial(filter2) {
  const refuse2 = (what) => {
    throw new ServerError(67, `Expression not supported in partial index: ${what}`);
  };
  for (const [path, condition] of Object.entries(filter2)) {
    if (path === "$and" || path === "$or") {
      for (const branch2 of condition) checkPartial(branch2);
    } else if (path.startsWith("$")) {
      refuse2(path);
    } else if (typeOf(condition) === "regex") {
      refuse2(`${path} $regex`);
    } else if (isOperatorDoc(condition)) {
      for (const [operator2, operand] of Object.entries(condition)) {
        if (!PARTIAL_OPERATORS.has(operator2)) refuse2(`${path} ${operator2}`);
        if (operator2 === "$exists" && !operand) refuse2(`$not ${path} $exists`);
      }
    }
  }
}
function indexName(asked, key) {
  if (asked["name"] === "*") throw badValue("The index name '*' is not valid.");
  if (String(asked["name"]).includes("\0")) {
    throw new ServerError(67, "index names cannot contain NUL bytes");
  }
  if (typeof asked["name"] === "string" && asked["name"] !== "") return asked["name"];
  if ("name" in asked) throw new ServerError(67, "index names must be non-empty strings");
  return Object.entries(key).map(([path, kind]) => `${path}_${String(kind)}`).join("_");
}
function isText(key) {
  return Object.values(key).includes("text");
}
function textSpec(spec, asked) {
  if (spec.unique) throw new ServerError(67, "A text index cannot be unique");
  const weights = { ...asked["weights"] };
  for (const [path, kind] of Object.entries(spec.key)) if (kind === "text") weights[path] ??= 1;
  if (weights["$**"] !== void 0 && Object.keys(weights).length > 1) {
    throw unsupported("A text index on $** and on single fields");
  }
  const { default_language = "english", language_override = "language" } = asked;
  if (!isLanguage(default_language)) {
    throw new ServerError(67, "default_language is not valid");
  }
  if (typeof language_override !== "string" || !/^[^.$]+$/.test(language_override)) {
    throw new ServerError(67, "language_override is not valid");
  }
  const language = String(default_language);
  return {
    ...spec,
    weights,
    default_language: language,
    language_override,
    textIndexVersion: 3
  };
}
var Index = class {
  spec;
  paths;
  descending;
  /** Text and geo indexes have no entries: `$text` and `$geoWithin` scan. */
  scanned;
  entries = new SortedList((version) => version.made);
  /** For each path, whether an array was ever met on it. */
  multikey;
  /** Top-level fields to decode to find the keys; undefined: all. */
  fields;
  /** The open transaction that creates this index. */
  txn;
  /** Number of the newest commit when it was made: transactions that began before cannot use it. */
  born = 0;
  /** Times it was used, for `$indexStats`. */
  uses = 0;
  since = /* @__PURE__ */ new Date();
  parts;
  partial;
  /** The field that names the language of a document, in a text index. */
  override;
  collation;
  constructor(spec) {
    this.spec = spec;
    this.scanned = Object.values(spec.key).some((kind) => typeof kind === "string");
    this.paths = Object.keys(spec.key);
    this.parts = this.paths.map((path) => path.split("."));
    this.descending = Object.values(spec.key).map((kind) => Number(kind) < 0);
    this.multikey = this.paths.map(() => false);
    const filter2 = spec.partialFilterExpression;
    this.collation = compileCollation(spec.collation);
    this.partial = filter2 && compileFilter(filter2, { collation: this.collation });
    const filterFields = filter2 ? topLevelFields(filter2) : [];
    this.override = spec.language_override;
    const heads = this.parts.map(([head2 = ""]) => head2);
    const named2 = this.override === void 0 ? [] : [this.override];
    this.fields = filterFields && /* @__PURE__ */ new Set([...heads, ...named2, ...filterFields]);
  }
  /** The key of one value on the path at this position. */
  part(value, position) {
    const collated2 = this.collation && value !== EMPTY_ARRAY;
    const key = keyString(collated2 ? keyOf(value ?? null, this.collation) : value);
    return this.descending[position] ? inverted(key) : key;
  }
  /** The keys a document has in this index; none when the index is sparse or partial and leaves it out. */
  keysOf(doc) {
    if (this.override !== void 0) checkLanguage(doc[this.override]);
    if (this.scanned || this.partial && !this.partial.test(doc)) return [];
    const [path = []] = this.parts;
    if (this.parts.length === 1 && path.length === 1) {
      const value = doc[path[0] ?? ""];
      if (!Array.isArray(value)) {
        return value === void 0 && this.spec.sparse ? [] : [this.part(value, 0)];
      }
    }
    const { tuples, multikey } = keyTuples(doc, this.parts);
    multikey.forEach((found, at) => {
      if (found) this.multikey[at] = true;
    });
    const kept2 = this.spec.sparse ? tuples.filter((tuple) => tuple.some((value) => value !== void 0)) : tuples;
    const keys = kept2.map((tuple) => this.join(tuple));
    return keys.length > 1 ? [...new Set(keys)] : keys;
  }
  /** The keys of a stored version. */
  keysOfBytes(bytes) {
    if (this.scanned && this.override === void 0) return [];
    return this.keysOf(decode(bytes, this.fields));
  }
  /** The values of the document that gave this key, by path: what a duplicate key error shows. */
  keyValue(doc, key) {
    const { tuples } = keyTuples(doc, this.parts);
    const same = tuples.find((tuple) => this.join(tuple) === key) ?? [];
    return Object.fromEntries(this.paths.map((path, at) => [path, same[at] ?? null]));
  }
  join(tuple) {
    return tuple.map((value, at) => this.part(value, at)).join("");
  }
  get isMultikey() {
    return this.multikey.includes(true);
  }
  /** Whether documents may be missing from it. */
  get isIncomplete() {
    return this.spec.sparse === true || this.partial !== void 0 || this.scanned;
  }
};
function namedSpec(specs, wanted) {
  const text2 = JSON.stringify(wanted);
  return [...specs].find((spec) => spec.name === wanted || JSON.stringify(spec.key) === text2);
}
function applyIndexChange(spec, { hidden, expireAfterSeconds }) {
  if (expireAfterSeconds !== void 0) spec.expireAfterSeconds = Number(expireAfterSeconds);
  if (hidden === true) spec.hidden = true;
  if (hidden === false) delete spec.hidden;
}
function signature({ key, unique, sparse, collation, partialFilterExpression }) {
  const kinds = Object.entries(key).map(([path, kind]) => [
    path,
    typeof kind === "string" ? kind : Number(kind)
  ]);
  return JSON.stringify([
    kinds,
    unique ?? false,
    sparse ?? false,
    collation,
    partialFilterExpression
  ]);
}
function existsAlready(indexes, spec) {
  if (spec.name === "_id_") throw badValue("The index name '_id_' is reserved for the _id index");
  for (const { spec: known3 } of indexes) {
    const same = signature(known3) === signature(spec);
    const both = `Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(known3)}`;
    if (known3.name === spec.name) {
      if (!same) {
        throw new ServerError(
          86,
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both}`
        );
      }
      const options = ({ expireAfterSeconds, weights }) => JSON.stringify([expireAfterSeconds, weights]);
      if (options(known3) === options(spec)) return true;
      throw new ServerError(
        85,
        `An equivalent index already exists with the same name but different options. ${both}`
      );
    }
    if (same)
      throw new ServerError(85, `Index already exists with a different name: ${known3.name}`);
    if (known3.weights && spec.weights) {
      throw new ServerError(67, "only one text index per collection is allowed");
    }
  }
  return false;
}

// src/embedded-mongo/commands/create-options.ts
var CREATE_OPTIONS = names2(
  "validator validationLevel validationAction collation capped size max viewOn pipeline changeStreamPreAndPostImages"
);
function invalid2(message) {
  return new ServerError(72, message);
}
function checkView(context, viewOn) {
  if (viewOn === "") throw new ServerError(2, "'viewOn' cannot be empty");
  for (const option of ["capped", "size", "max", "idIndex", "autoIndexId", "validator"]) {
    if (context.command[option] !== void 0) {
      throw invalid2(`the option '${option}' cannot be given together with 'viewOn'`);
    }
  }
  const name = collectionName(context);
  const path = [name];
  const collation = compileCollation(context.command["collation"]);
  for (let source = viewOn; source !== void 0; ) {
    path.push(source);
    if (source === name) throw new ServerError(5, `View cycle detected: ${path.join(" => ")}`);
    const found = context.engine.store.find(context.db, source, context.txn);
    source = found?.options.viewOn;
    if (source !== void 0 && !sameCollation(found?.collation, collation)) {
      throw new ServerError(167, `View ${name} has another collation than ${viewOn}`);
    }
  }
}
function optionsOf2(context) {
  const options = {};
  for (const name of CREATE_OPTIONS) {
    const value = context.command[name];
    if (value !== void 0) options[name] = value;
  }
  if (options.capped === false) delete options.capped;
  if (options.capped && !options.size)
    throw new ServerError(72, "the 'size' field is required when 'capped' is true");
  if (Number(options.size) < 1) {
    throw new ServerError(51024, "BSON field 'size' value must be >= 1");
  }
  if (options.viewOn !== void 0) checkView(context, options.viewOn);
  else if (options.pipeline !== void 0) {
    throw invalid2("'pipeline' requires 'viewOn' to also be specified");
  }
  for (const name of ["size", "max"]) if (name in options) options[name] = Number(options[name]);
  const collation = compileCollation(options.collation);
  if (collation) options.collation = collation.spec;
  else delete options.collation;
  return options;
}

// src/embedded-mongo/commands/catalog.ts
function missing(context) {
  return new ServerError(26, `ns does not exist: ${context.db}.${collectionName(context)}`);
}
function existing(context) {
  const collection = target(context);
  if (!collection) throw missing(context);
  return collection;
}
var create = {
  fields: [
    ...CREATE_OPTIONS,
    ...names2("idIndex autoIndexId flags indexOptionDefaults storageEngine")
  ],
  refused: names2("timeseries clusteredIndex expireAfterSeconds encryptedFields"),
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const options = optionsOf2(context);
    const found = target(context);
    if (found && JSON.stringify(found.options) === JSON.stringify(options) && !context.txn)
      return {};
    await unblocked(
      context,
      () => context.engine.store.create(context.db, name, options, context.txn)
    );
    return {};
  }
};
var drop2 = {
  fields: names2("collectionUUID"),
  writes: true,
  async run(context) {
    const collection = target(context);
    if (!collection) return {};
    const nIndexesWas = collection.indexes.size;
    const ns = collection.namespace;
    await unblocked(context, () => context.engine.store.drop(context.db, collection.name));
    return { nIndexesWas, ns };
  }
};
var dropDatabase = {
  fields: [],
  writes: true,
  async run(context) {
    await unblocked(context, () => context.engine.store.dropDatabase(context.db));
    return { dropped: context.db };
  }
};
var collMod = {
  fields: names2(
    "index validator validationLevel validationAction viewOn pipeline changeStreamPreAndPostImages dryRun"
  ),
  refused: names2("cappedSize cappedMax expireAfterSeconds timeseries"),
  writes: true,
  run(context) {
    const collection = existing(context);
    const { store } = context.engine;
    const changed = { ...collection.options };
    for (const name of CREATE_OPTIONS) {
      const value = context.command[name];
      if (value !== void 0) changed[name] = value;
    }
    const index2 = docOf(context, "index");
    const answer2 = index2 ? modifyIndex(collection, index2) : {};
    collection.configure(changed);
    const { db, name: coll } = collection;
    const detail = { options: changed, ...index2 ? { index: index2 } : {} };
    store.publish([{ kind: "modify", db, coll, collection, detail }]);
    return answer2;
  }
};
function modifyIndex(collection, change) {
  const index2 = findIndex(collection, change["name"] ?? change["keyPattern"]);
  if (!index2)
    throw new ServerError(
      27,
      `cannot find index ${JSON.stringify(change)} for ns ${collection.namespace}`
    );
  const answer2 = {};
  if (change["expireAfterSeconds"] !== void 0) {
    answer2["expireAfterSeconds_old"] = index2.spec.expireAfterSeconds;
    answer2["expireAfterSeconds_new"] = change["expireAfterSeconds"];
  }
  if (change["hidden"] !== void 0) {
    answer2["hidden_old"] = index2.spec.hidden ?? false;
    answer2["hidden_new"] = change["hidden"];
  }
  for (const field2 of Object.keys(change)) {
    if (!["name", "keyPattern", "expireAfterSeconds", "hidden"].includes(field2)) {
      throw unsupported(`Option 'index.${field2}' of 'collMod'`);
    }
  }
  if (Object.keys(answer2).length === 0) {
    throw new ServerError(72, "no expireAfterSeconds, hidden, unique, or prepareUnique field");
  }
  applyIndexChange(index2.spec, change);
  return answer2;
}
var renameCollection = {
  fields: names2("to dropTarget stayTemp"),
  admin: true,
  writes: true,
  async run(context) {
    const [db = "", ...rest] = collectionName(context).split(".");
    const [toDb = "", ...toRest] = String(context.command["to"]).split(".");
    await unblocked(context, () => {
      const collection = context.engine.store.find(db, rest.join("."));
      if (!collection)
        throw new ServerError(26, `Source collection ${db}.${rest.join(".")} does not exist`);
      context.engine.store.rename(
        collection,
        toDb,
        toRest.join("."),
        flagOf(context, "dropTarget") ?? false
      );
    });
    return {};
  }
};
var createIndexes = {
  fields: names2("indexes commitQuorum ignoreUnknownIndexOptions"),
  inTransaction: true,
  writes: true,
  async run(context) {
    const asked = arrayFieldOf(context, "indexes") ?? [];
    if (asked.length === 0) throw new ServerError(2, "Must specify at least one index to create");
    const { store } = context.engine;
    const name = collectionName(context);
    return unblocked(context, () => {
      const created = !store.find(context.db, name, context.txn);
      const collection = store.ensure(context.db, name, context.txn);
      if (collection.options.viewOn !== void 0) {
        throw new ServerError(166, `Cannot create indexes on a view`);
      }
      const before2 = collection.indexes.size;
      for (const index2 of asked) addIndex(context, collection, index2);
      const after = collection.indexes.size;
      const note = before2 === after ? { note: "all indexes already exist" } : {};
      return {
        numIndexesBefore: created ? 1 : before2,
        numIndexesAfter: after,
        createdCollectionAutomatically: created,
        ...note
      };
    });
  }
};
var MAX_INDEXES = 64;
function addIndex(context, collection, asked) {
  const inherited = collection.options.collation;
  const spec = indexSpec(
    inherited && !("collation" in asked) ? { ...asked, collation: inherited } : asked
  );
  if (JSON.stringify(spec.key) === '{"_id":1}') return;
  if (existsAlready(collection.indexes.values(), spec)) return;
  if (context.txn && !collection.txn && collection.count > 0) {
    throw new ServerError(
      263,
      `Cannot create new indexes on existing collection ${collection.namespace} in a multi-document transaction.`
    );
  }
  if (collection.indexes.size >= MAX_INDEXES) {
    throw new ServerError(
      67,
      `add index fails, too many indexes for ${collection.namespace} key:${JSON.stringify(spec.key)}`
    );
  }
  collection.createIndex(spec, context.txn);
}
var dropIndexes = {
  fields: names2("index"),
  writes: true,
  run(context) {
    const collection = existing(context);
    const nIndexesWas = collection.indexes.size;
    const wanted = context.command["index"];
    const all2 = [...collection.indexes.values()].filter(({ spec }) => spec.name !== "_id_");
    const chosen = wanted === "*" ? all2 : [wanted].flat().map((one) => namedIndex(collection, one));
    for (const index2 of chosen) collection.dropIndex(index2);
    return { nIndexesWas };
  }
};
function findIndex(collection, wanted) {
  const spec = namedSpec(
    [...collection.indexes.values()].map((index2) => index2.spec),
    wanted
  );
  return spec && collection.indexes.get(spec.name);
}
function namedIndex(collection, wanted) {
  if (typeof wanted !== "string" && !isDoc(wanted)) {
    throw typeMismatch("BSON field 'dropIndexes.index' is the wrong type");
  }
  const index2 = findIndex(collection, wanted);
  if (!index2) {
    const shown2 = typeof wanted === "string" ? `name [${wanted}]` : `key: ${JSON.stringify(wanted)}`;
    throw new ServerError(27, `index not found with ${shown2}`);
  }
  if (index2.spec.name === "_id_") throw new ServerError(72, "cannot drop _id index");
  return index2;
}
var listIndexes = {
  fields: names2("cursor includeBuildUUIDs includeIndexBuildInfo"),
  run(context) {
    const collection = existing(context);
    const batchSize = docOf(context, "cursor")?.["batchSize"];
    const rows = [...collection.indexes.values()].map((index2) => encoded(index2.spec));
    return firstBatch(
      context,
      collection.namespace,
      rows.values(),
      batchSize === void 0 ? void 0 : Number(batchSize)
    );
  }
};
function listed(collection, nameOnly) {
  const isView = collection.options.viewOn !== void 0;
  const shown2 = { name: collection.name, type: isView ? "view" : "collection" };
  if (nameOnly) return shown2;
  if (isView) return { ...shown2, options: collection.options, info: { readOnly: true } };
  const idIndex = collection.indexes.get("_id_")?.spec;
  return {
    ...shown2,
    options: collection.options,
    info: { readOnly: false, uuid: collection.uuid },
    idIndex
  };
}
var listCollections = {
  fields: names2("filter nameOnly authorizedCollections cursor"),
  run(context) {
    const test = compileFilter(docOf(context, "filter") ?? {});
    const all2 = context.engine.store.list(context.db);
    const shown2 = all2.filter((collection) => test.test(listed(collection, false))).map((collection) => encoded(listed(collection, flagOf(context, "nameOnly") ?? false)));
    const batchSize = docOf(context, "cursor")?.["batchSize"];
    const ns = `${context.db}.$cmd.listCollections`;
    return firstBatch(
      context,
      ns,
      shown2.values(),
      batchSize === void 0 ? void 0 : Number(batchSize)
    );
  }
};
var listDatabases = {
  fields: names2("filter nameOnly authorizedDatabases"),
  admin: true,
  run(context) {
    const { store } = context.engine;
    const test = compileFilter(docOf(context, "filter") ?? {});
    const all2 = [...store.databases.keys()].sort().map((name) => {
      const sizeOnDisk = store.list(name).reduce((sum2, { bytes }) => sum2 + bytes, 0);
      return { name, sizeOnDisk, empty: false };
    });
    const databases = all2.filter(
      (database) => store.list(database.name).length > 0 && test.test(database)
    );
    if (flagOf(context, "nameOnly")) return { databases: databases.map(({ name }) => ({ name })) };
    const totalSize = databases.reduce((sum2, { sizeOnDisk }) => sum2 + sizeOnDisk, 0);
    return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20) };
  }
};
var validate2 = {
  fields: names2("full scandata background repair checkBSONConformance metadata"),
  run(context) {
    const collection = existing(context);
    const keysPerIndex = {};
    const indexDetails = {};
    const errors = [];
    for (const index2 of collection.indexes.values()) {
      const { name } = index2.spec;
      let missing2 = 0;
      let expected = 0;
      for (const record2 of collection.records.values()) {
        const version = record2.visible(void 0);
        for (const key of version?.bytes ? index2.keysOfBytes(version.bytes) : []) {
          expected++;
          if (!index2.entries.slice(key, `${key}\0`).some((entry) => entry === version)) missing2++;
        }
      }
      const extra = context.engine.store.open.size > 0 ? 0 : index2.entries.size - expected + missing2;
      const valid = missing2 === 0 && extra === 0;
      if (!valid) errors.push(`index ${name}: ${missing2} entries missing, ${extra} too many`);
      keysPerIndex[name] = index2.entries.size;
      indexDetails[name] = { valid };
    }
    return {
      ns: collection.namespace,
      nrecords: collection.count,
      nIndexes: collection.indexes.size,
      keysPerIndex,
      indexDetails,
      valid: errors.length === 0,
      warnings: [],
      errors
    };
  }
};
var catalogCommands = {
  create,
  drop: drop2,
  dropDatabase,
  collMod,
  renameCollection,
  createIndexes,
  dropIndexes,
  listIndexes,
  listCollections,
  listDatabases,
  validate: validate2
};

// src/embedded-mongo/commands/sessions.ts
import { Binary as Binary6, UUID } from "mongodb";
function ending(context) {
  const { session, command, name } = context;
  if (!session || command["autocommit"] !== false) {
    throw new ServerError(125, `${name} must be run within a transaction`);
  }
  return session;
}
var commitTransaction = {
  fields: names2("recoveryToken"),
  inTransaction: true,
  admin: true,
  run(context) {
    const session = ending(context);
    if (session.state === "aborted") {
      throw new ServerError(
        251,
        `Transaction with { txnNumber: ${session.txnNumber} } has been aborted.`,
        {
          labels: ["TransientTransactionError"]
        }
      );
    }
    if (session.state === "open") {
      context.engine.cursors.killOwned(session);
      session.commit();
    }
    return {};
  }
};
var abortTransaction = {
  fields: names2("recoveryToken"),
  inTransaction: true,
  admin: true,
  run(context) {
    const session = ending(context);
    if (session.state === "committed") {
      throw new ServerError(
        256,
        `Transaction with { txnNumber: ${session.txnNumber} } has been committed.`
      );
    }
    if (session.state === "aborted") {
      throw new ServerError(
        251,
        `Transaction with { txnNumber: ${session.txnNumber} } has been aborted.`
      );
    }
    context.engine.cursors.killOwned(session);
    session.abort();
    return {};
  }
};
function sessionList(context) {
  const list = context.command[context.name];
  if (!Array.isArray(list))
    throw new ServerError(14, `BSON field '${context.name}' must be an array`);
  return list;
}
function end(context) {
  for (const lsid of sessionList(context)) {
    const session = context.engine.sessions.get(lsid);
    context.engine.cursors.killOwned(session);
    context.engine.sessions.end([lsid]);
  }
  return {};
}
var sessionCommands = {
  startSession: {
    fields: [],
    run: () => ({ id: { id: new Binary6(new UUID().buffer, 4) }, timeoutMinutes: 30 })
  },
  endSessions: { fields: [], run: end },
  killSessions: { fields: [], run: end },
  refreshSessions: {
    fields: [],
    run(context) {
      for (const lsid of sessionList(context)) context.engine.sessions.get(lsid);
      return {};
    }
  },
  killAllSessions: {
    fields: [],
    run(context) {
      const all2 = [...context.engine.sessions.all.values()];
      for (const session of all2) context.engine.cursors.killOwned(session);
      context.engine.sessions.end(all2.map(({ lsid }) => lsid));
      return {};
    }
  },
  commitTransaction,
  abortTransaction
};

// src/embedded-mongo/commands/index.ts
var commands = {
  ...diagnosticCommands,
  ...sessionCommands,
  ...readCommands,
  ...writeCommands,
  ...bulkCommands,
  ...aggregateCommands,
  ...catalogCommands,
  ...explainCommands
};

// src/embedded-mongo/query/cursors.ts
import { Long as Long16 } from "mongodb";
var IDLE_MS = 10 * 6e4;
var FIRST_BATCH = 101;
var BATCH_BYTES2 = 16 * 1024 * 1024;
var Cursor = class {
  id;
  namespace;
  session;
  txn;
  lastUse = Date.now();
  rows;
  ahead;
  constructor(id, namespace, rows, owner) {
    this.id = id;
    this.namespace = namespace;
    this.rows = rows;
    this.session = owner.session;
    this.txn = owner.txn;
  }
  /** Takes the next documents: at most `size` (all when undefined) and as many as fit into one answer. */
  take(size2 = Infinity) {
    const batch = [];
    let bytes = 0;
    while (batch.length < size2) {
      const next = this.peek();
      if (!next || bytes > 0 && bytes + next.length > BATCH_BYTES2) break;
      batch.push(next);
      bytes += next.length;
      this.ahead = void 0;
    }
    return batch;
  }
  /** Whether nothing is left. */
  get done() {
    return this.peek() === void 0;
  }
  peek() {
    if (!this.ahead) {
      const next = this.rows.next();
      this.ahead = next.done ? void 0 : next.value;
    }
    return this.ahead;
  }
};
var Cursors = class {
  all = /* @__PURE__ */ new Map();
  /** A number no open cursor has. */
  newId() {
    for (; ; ) {
      const id = BigInt(Math.floor(Math.random() * 2 ** 31)) << 31n | BigInt(Math.floor(Math.random() * 2 ** 31));
      if (id > 0n && !this.all.has(id)) return id;
    }
  }
  /** The first batch of an answer; what is left stays open under the id. */
  open(namespace, rows, batchSize, owner, single = false) {
    const cursor = new Cursor(this.newId(), namespace, rows, owner);
    const batch = cursor.take(batchSize ?? FIRST_BATCH);
    const open = !single && (batchSize === 0 || !cursor.done);
    if (open) this.all.set(cursor.id, cursor);
    return { id: open ? Long16.fromBigInt(cursor.id) : Long16.ZERO, ns: namespace, batch };
  }
  /** @throws ServerError 43 when there is no such cursor */
  get(id) {
    const cursor = this.all.get(id);
    if (!cursor) throw new ServerError(43, `cursor id ${id} not found`);
    cursor.lastUse = Date.now();
    return cursor;
  }
  /** Closes a cursor; false when it was not open. */
  kill(id) {
    const cursor = this.all.get(id);
    if (cursor && "close" in cursor) cursor.close();
    return this.all.delete(id);
  }
  /** Closes cursors that nobody asked for in ten minutes. */
  expire(now) {
    for (const cursor of this.all.values()) {
      if (now - cursor.lastUse > IDLE_MS) this.kill(cursor.id);
    }
  }
  /** Closes the cursors of a session or a transaction that ended. */
  killOwned(session) {
    for (const cursor of this.all.values()) if (cursor.session === session) this.kill(cursor.id);
  }
};

// src/embedded-mongo/server/fail-points.ts
var CutConnection = class extends Error {
};
var KNOWN = ["failCommand", "failGetMoreAfterCursorCheckout", "onPrimaryTransactionalWrite"];
var FailPoints = class {
  settings = /* @__PURE__ */ new Map();
  /** Sets or clears one. @throws ServerError 238 for a fail point that is not known */
  configure(name, mode, data = {}) {
    if (typeof name !== "string" || !KNOWN.includes(name))
      throw unsupported(`Fail point '${String(name)}'`);
    this.settings.delete(name);
    if (mode === "off") return;
    const { times = Infinity, skip: skip2 = 0 } = typeof mode === "object" && mode !== null ? mode : {};
    this.settings.set(name, { data, times: Number(times), skip: Number(skip2) });
  }
  /** What `failCommand` does to this command, which is counted; undefined: nothing. */
  command(name, command, connection) {
    const data = this.settings.get("failCommand")?.data;
    if (!data || !(data["failCommands"] ?? []).includes(name)) return void 0;
    const known3 = connection.client ?? command["client"];
    const application = known3?.["application"]?.["name"];
    if ("appName" in data && data["appName"] !== application) return void 0;
    return this.take("failCommand") && failureOf(data);
  }
  /** @throws ServerError when `failGetMoreAfterCursorCheckout` says so */
  getMore() {
    const data = this.take("failGetMoreAfterCursorCheckout");
    if (data?.["closeConnection"]) throw new CutConnection();
    if (data) throw failed(data["errorCode"]);
  }
  /**
   * Runs one statement of a retryable write under `onPrimaryTransactionalWrite`, which fails it before it is done or
   * cuts the connection after.
   */
  statement() {
    const data = this.take("onPrimaryTransactionalWrite");
    const code = data?.["failBeforeCommitExceptionCode"];
    const cut = data !== void 0 && data["closeConnection"] !== false;
    if (code !== void 0 && cut) throw new CutConnection();
    if (code !== void 0) throw failed(code);
    return {
      after() {
        if (cut) throw new CutConnection();
      }
    };
  }
  take(name) {
    const setting = this.settings.get(name);
    if (!setting) return void 0;
    if (setting.skip > 0) {
      setting.skip--;
      return void 0;
    }
    if (setting.times <= 0) return void 0;
    setting.times--;
    return setting.data;
  }
};
function failed(code) {
  return new ServerError(Number(code), "Failing because of a fail point");
}
function failureOf(data) {
  const result = {};
  if (data["blockConnection"]) result.delayMs = Number(data["blockTimeMS"] ?? 0);
  if (data["closeConnection"]) result.close = true;
  if (data["errorCode"] !== void 0) result.error = failed(data["errorCode"]);
  const concern = data["writeConcernError"];
  if (concern) result.writeConcernError = { ...concern };
  const labels = data["errorLabels"] ?? concern?.["errorLabels"];
  if (Array.isArray(labels)) result.labels = labels;
  return result;
}

// src/embedded-mongo/server/sessions.ts
import { Binary as Binary7 } from "mongodb";
var SESSION_LIFE_MS = 30 * 6e4;
var MAX_SESSIONS = 2e4;
var TRANSACTION_LIFE_MS = 6e4;
var Session = class {
  lsid;
  lastUse = Date.now();
  txnNumber = -1n;
  /** Outcome of each statement of the newest retryable write, by statement number. */
  statements = /* @__PURE__ */ new Map();
  state = "none";
  txn;
  timer;
  constructor(lsid) {
    this.lsid = lsid;
  }
  /** Starts a transaction in the session. */
  start(store) {
    this.txn = store.begin();
    this.state = "open";
    this.timer = setTimeout(() => this.abort(), TRANSACTION_LIFE_MS).unref();
    return this.txn;
  }
  /** Commits the open transaction. */
  commit() {
    clearTimeout(this.timer);
    this.txn?.commit({ lsid: this.lsid, txnNumber: this.txnNumber });
    this.txn = void 0;
    this.state = "committed";
  }
  /** Aborts the open transaction, if there is one. */
  abort() {
    if (this.state !== "open") return;
    clearTimeout(this.timer);
    this.txn?.abort();
    this.txn = void 0;
    this.state = "aborted";
  }
  /** Takes the number of a new retryable write or transaction, which ends the one before. */
  advance(txnNumber) {
    if (txnNumber < this.txnNumber) {
      throw new ServerError(
        225,
        `Cannot start transaction ${txnNumber} on session because a newer transaction ${this.txnNumber} has already started.`
      );
    }
    if (txnNumber === this.txnNumber) return;
    this.abort();
    this.txnNumber = txnNumber;
    this.statements = /* @__PURE__ */ new Map();
    this.state = "none";
  }
};
function noSuchTransaction(txnNumber, how) {
  return new ServerError(
    251,
    `Given transaction number ${txnNumber} does not match any in-progress transactions. ${how}`,
    { labels: ["TransientTransactionError"] }
  );
}
var Sessions = class {
  all = /* @__PURE__ */ new Map();
  store;
  constructor(store) {
    this.store = store;
  }
  /**
   * Finds the session and transaction of a command, which may start one.
   * @param ending whether the command commits or aborts: it needs no open transaction
   */
  enter(command, ending2) {
    const lsid = command["lsid"];
    if (!lsid) {
      if ("txnNumber" in command) {
        throw new ServerError(72, "Transaction number requires a session ID to also be specified");
      }
      return { session: void 0, txn: void 0, retryable: false };
    }
    const session = this.get(lsid);
    if (!("txnNumber" in command)) return { session, txn: void 0, retryable: false };
    const txnNumber = BigInt(String(command["txnNumber"]));
    if (command["autocommit"] !== false) {
      if ("autocommit" in command || "startTransaction" in command) {
        throw new ServerError(72, "'startTransaction' and 'autocommit' need autocommit: false");
      }
      session.advance(txnNumber);
      return { session, txn: void 0, retryable: true };
    }
    return {
      session,
      txn: this.transaction(session, txnNumber, command, ending2),
      retryable: false
    };
  }
  transaction(session, txnNumber, command, ending2) {
    if (command["startTransaction"] === true) {
      if (txnNumber === session.txnNumber && session.state !== "none") {
        throw new ServerError(
          117,
          `Transaction ${txnNumber} has already been started or ended in this session`
        );
      }
      session.advance(txnNumber);
      return session.start(this.store);
    }
    if (txnNumber < session.txnNumber) session.advance(txnNumber);
    if (txnNumber > session.txnNumber) throw noSuchTransaction(txnNumber, "It was never started.");
    if (session.state === "open") return session.txn;
    if (ending2 && session.state !== "none") return void 0;
    if (session.state === "committed") {
      throw new ServerError(
        256,
        `Transaction with { txnNumber: ${txnNumber} } has been committed.`
      );
    }
    throw noSuchTransaction(
      txnNumber,
      `Transaction with { txnNumber: ${txnNumber} } has been aborted.`
    );
  }
  /** The session with this id; a new one when it was not known. */
  get(lsid) {
    const id = sessionKey(lsid);
    let session = this.all.get(id);
    if (!session) {
      this.all.set(id, session = new Session(lsid));
      const [oldest] = this.all.values();
      if (this.all.size > MAX_SESSIONS && oldest) this.end([oldest.lsid]);
    }
    session.lastUse = Date.now();
    return session;
  }
  /** Ends sessions: open transactions abort. */
  end(lsids) {
    for (const lsid of lsids) {
      const id = sessionKey(lsid);
      this.all.get(id)?.abort();
      this.all.delete(id);
    }
  }
  /** Ends sessions that were idle for half an hour. */
  expire(now) {
    for (const session of this.all.values()) {
      if (now - session.lastUse > SESSION_LIFE_MS) this.end([session.lsid]);
    }
  }
};
function sessionKey(lsid) {
  const id = lsid["id"];
  if (!(id instanceof Binary7)) throw new ServerError(14, "lsid.id must be a UUID");
  return id.toString("hex");
}

// src/embedded-mongo/storage/store.ts
import { Timestamp as Timestamp6, UUID as UUID2 } from "mongodb";

// src/embedded-mongo/storage/records.ts
var SLAB = 8192;
var slab = Buffer.allocUnsafeSlow(SLAB);
var used = 0;
function kept(bytes) {
  if (bytes.length > SLAB / 4) {
    const copy2 = Buffer.allocUnsafeSlow(bytes.length);
    copy2.set(bytes);
    return copy2;
  }
  if (used + bytes.length > SLAB) {
    slab = Buffer.allocUnsafeSlow(SLAB);
    used = 0;
  }
  const copy = slab.subarray(used, used + bytes.length);
  copy.set(bytes);
  used += bytes.length;
  return copy;
}
var versionsMade = 0;
var Version = class {
  record;
  bytes;
  /** Its number among all versions of this process, in the order they were made. */
  made = ++versionsMade;
  /** Number of the commit that made it visible; Infinity while its transaction is open. */
  seq = Infinity;
  /** The state before, kept while a transaction is open that may read it. */
  prev = void 0;
  constructor(record2, bytes) {
    this.record = record2;
    this.bytes = bytes;
  }
};
var StoredRecord = class {
  collection;
  /** Canonical key of `_id`. */
  key;
  head = void 0;
  pending = void 0;
  constructor(collection, key) {
    this.collection = collection;
    this.key = key;
  }
  /** The version a reader sees: a transaction its own write or its snapshot, everyone else the newest. */
  visible(txn) {
    let version = this.head;
    if (txn) {
      if (this.pending?.txn === txn) version = this.pending.version;
      else while (version && version.seq > txn.snapshot) version = version.prev;
    }
    return version?.bytes ? version : void 0;
  }
};

// src/embedded-mongo/schema/explain-filter.ts
var REASONS = {
  $eq: "comparison failed",
  $gt: "comparison failed",
  $gte: "comparison failed",
  $lt: "comparison failed",
  $lte: "comparison failed",
  $in: "no matching value found in array",
  $regex: "regular expression did not match",
  $exists: "path does not exist"
};
function explainFilter(filter2, collation) {
  const clauses2 = Object.entries(filter2).flatMap(
    ([key, value]) => clausesOf(key, value, collation)
  );
  return (doc) => {
    const clausesNotSatisfied = failing(clauses2, doc);
    const [only] = clausesNotSatisfied;
    if (!only || clauses2.length === 1) return only?.details;
    return { operatorName: "$and", clausesNotSatisfied };
  };
}
function failing(clauses2, doc) {
  return clauses2.flatMap((explain2, index2) => {
    const details = explain2(doc);
    return details ? [{ index: index2, details }] : [];
  });
}
function clausesOf(key, value, collation) {
  if (key === "$jsonSchema") return [compileSchema(value)];
  if (key === "$comment") return [];
  if (key === "$and" || key === "$or") return [branches(key, value, collation)];
  if (!key.startsWith("$") && isOperatorDoc(value)) {
    const { $options, ...operators3 } = value;
    return Object.entries(operators3).map(
      ([operator2, operand]) => clause(
        {
          [key]: {
            [operator2]: operand,
            ...operator2 === "$regex" && $options !== void 0 ? { $options } : {}
          }
        },
        operator2,
        (doc) => considered(doc, key, operator2),
        collation
      )
    );
  }
  if (key === "$expr") return [expressionClause(value, collation)];
  return [
    clause(
      { [key]: value },
      key.startsWith("$") ? key : "$eq",
      (doc) => considered(doc, key, "$eq"),
      collation
    )
  ];
}
function clause(filter2, operatorName, more, collation) {
  const { test } = compileFilter(filter2, { collation });
  return (doc) => test(doc) ? void 0 : { operatorName, specifiedAs: filter2, ...more(doc) };
}
function expressionClause(expression, collation) {
  const compute3 = compileExpression(expression, scopeOf({}), collation);
  const more = (doc) => ({
    reason: "expression did not match",
    expressionResult: compute3(doc) ?? null
  });
  return clause({ $expr: expression }, "$expr", more, collation);
}
function branches(operatorName, filters, collation) {
  const { test } = compileFilter({ [operatorName]: filters }, { collation });
  const clauses2 = filters.map((filter2) => explainFilter(filter2, collation));
  return (doc) => test(doc) ? void 0 : { operatorName, clausesNotSatisfied: failing(clauses2, doc) };
}
function considered(doc, path, operator2) {
  if (path.startsWith("$")) return {};
  const value = getPath(doc, path);
  if (operator2 === "$exists") {
    return { reason: value === void 0 ? REASONS[operator2] : "path does exist" };
  }
  if (value === void 0) return { reason: "field was missing" };
  if (operator2 === "$type") {
    return { reason: "type did not match", consideredValue: value, consideredType: typeOf(value) };
  }
  const reason = REASONS[operator2];
  return { ...reason ? { reason } : {}, consideredValue: value };
}

// src/embedded-mongo/schema/validation.ts
function checkOption(name, value, known3) {
  if (value === void 0 || known3.includes(String(value))) return;
  throw badValue(`Enumeration value '${String(value)}' for field '${name}' is not a valid value.`);
}
function compileValidator(options, namespace, collation) {
  const { validator, validationLevel, validationAction } = options;
  checkOption("validationLevel", validationLevel, ["off", "strict", "moderate"]);
  checkOption("validationAction", validationAction, ["error", "warn"]);
  if (validator !== void 0 && !isDoc(validator)) {
    throw typeMismatch("BSON field 'validator' is the wrong type, expected type 'object'");
  }
  if (!validator || Object.keys(validator).length === 0) return void 0;
  const matcher2 = compileFilter(validator, { collation });
  const explain2 = explainFilter(validator, collation);
  if (validationLevel === "off" || validationAction === "warn") return void 0;
  return {
    moderate: validationLevel === "moderate",
    valid: (doc) => matcher2.test(doc),
    error(doc) {
      const errInfo = { failingDocumentId: doc["_id"], details: explain2(doc) };
      return new ServerError(121, `Document failed validation`, { extra: { errInfo, namespace } });
    }
  };
}

// src/embedded-mongo/storage/collection.ts
var MAX_DOCUMENT = 16 * 1024 * 1024;
var BLOCK = 64;
var Collection = class {
  db;
  name;
  uuid;
  store;
  records = /* @__PURE__ */ new Map();
  indexes = /* @__PURE__ */ new Map();
  /** The open transaction that created it. */
  txn;
  dropped = false;
  count = 0;
  bytes = 0;
  options = {};
  collation;
  validator;
  /** Reads the fields that any index needs. */
  indexed = fieldPicker(/* @__PURE__ */ new Set());
  constructor(store, db, name, options, uuid) {
    this.store = store;
    this.db = db;
    this.name = name;
    this.uuid = uuid;
    this.collation = compileCollation(options.collation);
    this.configure(options);
    if (options.viewOn === void 0) this.attach(new Index(this.idIndex()));
  }
  idIndex() {
    const spec = { v: 2, key: { _id: 1 }, name: "_id_" };
    return this.collation ? { ...spec, collation: this.collation.spec } : spec;
  }
  get namespace() {
    return `${this.db}.${this.name}`;
  }
  /** Takes over options of `create` or `collMod`. */
  configure(options) {
    this.options = options;
    this.validator = compileValidator(options, this.namespace, this.collation);
  }
  /** The canonical key of an `_id`. */
  idKey(id) {
    return this.collation ? keyOf(id, this.collation) : keyString(id);
  }
  /** The version with this `_id` that the reader sees. */
  get(id, txn) {
    return this.records.get(this.idKey(id))?.visible(txn);
  }
  /**
   * All records in order of insertion, in blocks: a generator that stopped at each would cost more than what is done with
   * it. Those that are added while the reader pauses show up behind the block it is at, as in a cursor of MongoDB.
   */
  *blocks(backwards = false) {
    const records = backwards ? [...this.records.values()].reverse() : this.records.values();
    let block = [];
    for (const record2 of records) {
      block.push(record2);
      if (block.length < BLOCK) continue;
      yield block;
      block = [];
    }
    yield block;
  }
  /**
   * Adds a document, whose bytes start with `_id`.
   * @throws ServerError 11000 when its `_id` or a unique key is taken, 112 on a conflict of transactions, 121, 146, 10334
   */
  insert(bytes, id, txn) {
    const key = this.idKey(id);
    const existing2 = this.records.get(key);
    if (existing2) this.checkFree(existing2, txn, id);
    const record2 = existing2 ?? new StoredRecord(this, key);
    const version = this.write(record2, bytes, txn, "insert");
    if (!existing2) this.records.set(key, record2);
    if (this.options.capped && !txn) this.trim();
    return version;
  }
  /**
   * Replaces the version a reader sees by a new one with the same `_id`.
   * @param whole paths that the update wrote as a whole
   */
  replace(old, bytes, kind, txn, whole) {
    return this.write(old.record, bytes, txn, kind, whole);
  }
  /** Deletes a document. */
  remove(old, txn) {
    this.write(old.record, void 0, txn, "delete");
  }
  /** Throws when another transaction's write, or one after the snapshot, stands in the way of a write. */
  checkConflict(record2, txn) {
    if (record2.pending && record2.pending.txn !== txn) record2.pending.txn.block(txn);
    if (txn && record2.head && record2.head.seq > txn.snapshot) txn.conflict();
  }
  checkFree(record2, txn, id) {
    this.checkConflict(record2, txn);
    if (record2.visible(txn)) throw this.duplicate("_id_", { _id: 1 }, { _id: id });
  }
  duplicate(index2, keyPattern, keyValue) {
    const shown2 = Object.entries(keyValue).map(([path, value]) => `${path}: ${showKey(value)}`);
    return new ServerError(
      11e3,
      `E11000 duplicate key error collection: ${this.namespace} index: ${index2} dup key: { ${shown2.join(", ")} }`,
      { extra: { keyPattern, keyValue } }
    );
  }
  write(record2, bytes, txn, kind, whole = []) {
    this.checkConflict(record2, txn);
    const before2 = record2.visible(txn);
    if (bytes) this.checkSize(bytes.length, before2?.bytes?.length ?? 0);
    const version = new Version(record2, bytes && kept(bytes));
    if (bytes) this.enter(version, this.indexed(bytes), txn);
    const change = {
      kind,
      db: this.db,
      coll: this.name,
      collection: this,
      before: before2?.bytes,
      after: version.bytes,
      whole
    };
    if (txn) {
      txn.hold(record2, version, change);
    } else {
      this.store.sequence++;
      this.store.settle(version);
      this.store.publish([change]);
    }
    return version;
  }
  checkSize(size2, before2) {
    if (size2 > MAX_DOCUMENT) {
      throw new ServerError(
        10334,
        `BSONObj size: ${size2} is invalid. Size must be between 0 and ${MAX_DOCUMENT}`
      );
    }
    this.store.checkRoom(size2 - before2);
  }
  /** Puts a version into all indexes, or, when a unique one refuses it, into none. */
  enter(version, doc, txn) {
    const entries = [];
    for (const index2 of this.indexes.values()) {
      const keys = index2.keysOf(doc);
      if (index2.spec.unique)
        for (const key of keys) this.checkUnique(index2, key, version, doc, txn);
      entries.push([index2, keys]);
    }
    for (const [index2, keys] of entries) for (const key of keys) index2.entries.add(key, version);
  }
  checkUnique(index2, key, version, doc, txn) {
    for (const other of index2.entries.slice(key, `${key}\0`)) {
      const { record: record2 } = other;
      if (record2 === version.record) continue;
      const { pending } = record2;
      if (pending && pending.txn !== txn && (pending.version === other || record2.head === other)) {
        pending.txn.block(txn);
      }
      if (txn && record2.head === other && other.seq > txn.snapshot) txn.conflict();
      if (record2.visible(txn) !== other) continue;
      throw this.duplicate(index2.spec.name, index2.spec.key, index2.keyValue(doc, key));
    }
  }
  /** Takes a version that nobody can see any more out of the indexes, and its record when nothing is left of it. */
  discard(version) {
    const { record: record2, bytes } = version;
    if (bytes) {
      const doc = this.indexed(bytes);
      for (const index2 of this.indexes.values()) {
        for (const key of index2.keysOf(doc)) index2.entries.remove(key, version);
      }
    }
    if (record2.head?.prev === version) record2.head.prev = void 0;
    if (!record2.head?.bytes && !record2.pending && this.records.get(record2.key) === record2) {
      this.records.delete(record2.key);
    }
  }
  /**
   * Adds an index and fills it.
   * @throws ServerError 11000 when documents violate a unique one
   */
  createIndex(spec, txn) {
    const index2 = new Index(spec);
    const entries = [];
    for (const record2 of this.records.values()) {
      for (const version of [record2.head, record2.pending?.version]) {
        if (!version?.bytes) continue;
        for (const key of index2.keysOfBytes(version.bytes)) entries.push([key, version]);
      }
    }
    entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
    if (spec.unique) this.checkAllUnique(index2, entries);
    index2.entries.load(entries);
    index2.txn = txn;
    index2.born = this.store.sequence;
    this.attach(index2);
    const detail = { indexes: [spec] };
    const change = {
      kind: "createIndexes",
      db: this.db,
      coll: this.name,
      collection: this,
      detail
    };
    if (txn) txn.changes.push(change);
    else this.store.publish([change]);
    return index2;
  }
  checkAllUnique(index2, entries) {
    entries.forEach(([key, version], at) => {
      const next = entries[at + 1];
      if (next?.[0] !== key || next[1].record === version.record || !version.bytes) return;
      throw this.duplicate(
        index2.spec.name,
        index2.spec.key,
        index2.keyValue(decode(version.bytes), key)
      );
    });
  }
  /** Drops an index. */
  dropIndex(index2) {
    this.indexes.delete(index2.spec.name);
    this.refreshFields();
    const detail = { indexes: [index2.spec] };
    this.store.publish([
      { kind: "dropIndexes", db: this.db, coll: this.name, collection: this, detail }
    ]);
  }
  /** Takes out the index of a transaction that aborted. */
  detach(index2) {
    this.indexes.delete(index2.spec.name);
    this.refreshFields();
  }
  attach(index2) {
    this.indexes.set(index2.spec.name, index2);
    this.refreshFields();
  }
  refreshFields() {
    const all2 = [...this.indexes.values()].map((index2) => index2.fields);
    const known3 = all2.flatMap((set2) => [...set2 ?? []]);
    this.indexed = fieldPicker(all2.includes(void 0) ? void 0 : new Set(known3));
  }
  trim() {
    const { max = Infinity, size: size2 = Infinity } = this.options;
    for (const record2 of this.records.values()) {
      if (this.count <= max && this.bytes <= size2) return;
      const version = record2.visible(void 0);
      if (version) this.remove(version);
    }
  }
};
function showKey(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === void 0) return "null";
  const name = value?._bsontype;
  if (name === "Double")
    return /^-?\d+$/.test(String(value)) ? `${String(value)}.0` : String(value);
  if (name === "ObjectId") return `ObjectId('${String(value)}')`;
  return typeof value === "object" && !name ? JSON.stringify(value) : String(value);
}

// src/embedded-mongo/storage/store.ts
var Store = class {
  databases = /* @__PURE__ */ new Map();
  open = /* @__PURE__ */ new Set();
  /** Superseded versions that an open transaction may still read. */
  garbage = [];
  listeners = [];
  maxBytes;
  quiet = false;
  clock = new Timestamp6({ t: Math.floor(Date.now() / 1e3), i: 1 });
  /** Number of the newest commit; a transaction reads as of the number at its start. */
  sequence = 0;
  bytes = 0;
  constructor(maxBytes) {
    this.maxBytes = maxBytes;
  }
  /** The time of the newest commit. */
  get time() {
    return this.clock;
  }
  /** Sets the clock past a time read from the journal. */
  advance(time) {
    if (time.greaterThan(this.clock)) this.clock = time;
  }
  /** The next time, always greater than the one before. */
  tick() {
    const now = Math.floor(Date.now() / 1e3);
    const { t, i } = this.clock;
    this.clock = now > t ? new Timestamp6({ t: now, i: 1 }) : new Timestamp6({ t, i: i + 1 });
    return this.clock;
  }
  /** Registers a listener, called in order for each commit. */
  onCommit(listener) {
    this.listeners.push(listener);
  }
  /** Runs changes that nobody is told of: the journal's own. */
  quietly(work) {
    this.quiet = true;
    try {
      return work();
    } finally {
      this.quiet = false;
    }
  }
  /** Announces changes that are now visible to all. */
  publish(changes, session) {
    if (changes.length === 0 || this.quiet) return;
    const commit = { time: this.tick(), changes, session };
    for (const listener of this.listeners) listener(commit);
  }
  /** The collection, when it exists for this reader. */
  find(db, coll, txn) {
    const found = this.databases.get(db)?.get(coll);
    return found && (!found.txn || found.txn === txn) ? found : void 0;
  }
  /** The collections of a database that exist for this reader. */
  list(db, txn) {
    const all2 = [...this.databases.get(db)?.values() ?? []];
    return all2.filter((collection) => !collection.txn || collection.txn === txn);
  }
  /**
   * Creates a collection, for the transaction alone until it commits.
   * @throws ServerError 48 when it exists, 112 when another transaction is creating it, 73 for a bad name
   */
  create(db, coll, options, txn, uuid = new UUID2().toBinary()) {
    checkName(db, coll);
    const existing2 = this.databases.get(db)?.get(coll);
    if (existing2?.txn && existing2.txn !== txn) existing2.txn.block(txn);
    if (existing2) {
      throw new ServerError(48, `Collection ${db}.${coll} already exists.`);
    }
    const collection = new Collection(this, db, coll, options, uuid);
    const database = this.databases.get(db) ?? /* @__PURE__ */ new Map();
    this.databases.set(db, database.set(coll, collection));
    const detail = { ...options, uuid: collection.uuid };
    const change = { kind: "create", db, coll, collection, detail };
    if (txn) {
      collection.txn = txn;
      txn.created.push(collection);
      txn.changes.push(change);
    } else this.publish([change]);
    return collection;
  }
  /** The collection; created when it does not exist yet. */
  ensure(db, coll, txn) {
    return this.find(db, coll, txn) ?? this.create(db, coll, {}, txn);
  }
  /** Drops a collection; false when there is none. */
  drop(db, coll) {
    const collection = this.find(db, coll);
    if (!collection) return false;
    this.waitForUsers(collection);
    this.forget(collection);
    this.publish([{ kind: "drop", db, coll, collection }]);
    return true;
  }
  /** @throws Blocked while a transaction has uncommitted work in the collection */
  waitForUsers(collection) {
    for (const txn of this.open) if (txn.touches(collection)) txn.block(void 0);
  }
  /** Takes a collection out without a word: aborted creation, drop, rename over it. */
  forget(collection) {
    const database = this.databases.get(collection.db);
    database?.delete(collection.name);
    if (database?.size === 0) this.databases.delete(collection.db);
    this.bytes -= collection.bytes;
    collection.dropped = true;
  }
  /** Drops all collections of a database. */
  dropDatabase(db) {
    if (!this.databases.has(db)) return;
    for (const { name } of this.list(db)) this.drop(db, name);
    this.publish([{ kind: "dropDatabase", db, coll: "" }]);
  }
  /** Renames a collection, also into another database; the target, when there is one, is dropped first. */
  rename(collection, db, coll, dropTarget) {
    checkName(db, coll);
    const target2 = this.find(db, coll);
    if (target2 && !dropTarget) throw new ServerError(48, "target namespace exists");
    const from = { db: collection.db, coll: collection.name };
    this.waitForUsers(collection);
    if (target2) this.waitForUsers(target2);
    const source = this.databases.get(from.db);
    if (target2) this.forget(target2);
    source?.delete(from.coll);
    if (source?.size === 0) this.databases.delete(from.db);
    const database = this.databases.get(db) ?? /* @__PURE__ */ new Map();
    this.databases.set(db, database.set(coll, collection));
    collection.db = db;
    collection.name = coll;
    const detail = { to: { db, coll }, dropTarget: target2?.uuid };
    this.publish([{ kind: "rename", ...from, collection, detail }]);
  }
  /** Starts a transaction that reads the data as they are now. */
  begin() {
    const txn = new Transaction(this, this.sequence);
    this.open.add(txn);
    return txn;
  }
  /** Ends a transaction's hold on old versions. */
  end(txn) {
    this.open.delete(txn);
    if (this.open.size > 0) return;
    for (const version of this.garbage) version.record.collection.discard(version);
    this.garbage = [];
  }
  /** Makes `version` the newest of its record and lets go of the one before. */
  settle(version) {
    const { record: record2 } = version;
    const old = record2.head;
    version.seq = this.sequence;
    record2.head = version;
    const { collection } = record2;
    const grown = (version.bytes?.length ?? 0) - (old?.bytes?.length ?? 0);
    collection.bytes += grown;
    this.bytes += grown;
    collection.count += (version.bytes ? 1 : 0) - (old?.bytes ? 1 : 0);
    if (this.open.size > 0) {
      version.prev = old;
      if (old) this.garbage.push(old);
      if (!version.bytes) this.garbage.push(version);
    } else {
      if (old) collection.discard(old);
      if (!version.bytes) collection.discard(version);
    }
  }
  /** @throws ServerError 146 when the data would outgrow the memory this server allows itself */
  checkRoom(bytes) {
    if (this.bytes + bytes <= this.maxBytes) return;
    const limit4 = `${Math.round(this.maxBytes / 2 ** 20)} MB`;
    throw new ServerError(
      146,
      `The embedded development server holds at most ${limit4} of data in memory; set MONGODB_URI to use a real MongoDB`
    );
  }
  /** Removes everything. */
  reset() {
    for (const db of [...this.databases.keys()]) this.dropDatabase(db);
  }
};
function checkName(db, coll) {
  checkDatabaseName(db);
  if (coll === "") throw new ServerError(73, `Invalid namespace specified '${db}.'`);
  if (/^\.|\.$|\$|\0/.test(coll) || coll.startsWith("system.")) {
    throw new ServerError(73, `Invalid collection name: ${coll}`);
  }
  if (Buffer.byteLength(`${db}.${coll}`) > 255) {
    throw new ServerError(73, `Fully qualified namespace is too long. Namespace: ${db}.${coll}`);
  }
}
function checkDatabaseName(db) {
  if (/[/\\. "$\0]/.test(db) || db === "" || Buffer.byteLength(db) > 63) {
    throw new ServerError(73, `Invalid database name: '${db}'`);
  }
}

// src/embedded-mongo/storage/ttl.ts
function expireDocuments(store, now) {
  for (const database of store.databases.values()) {
    for (const collection of database.values()) {
      for (const { spec, paths } of [...collection.indexes.values()]) {
        if (spec.expireAfterSeconds === void 0) continue;
        const due = new Date(now.getTime() - spec.expireAfterSeconds * 1e3);
        const filter2 = { [paths[0] ?? ""]: { $lte: due } };
        for (const { version } of [...find(collection, { filter: filter2, hint: spec.name })]) {
          const { head: head2, pending } = version.record;
          if (head2 === version && !pending) collection.remove(version);
        }
      }
    }
  }
}

// src/embedded-mongo/engine.ts
var GENERIC = /* @__PURE__ */ new Set([
  ...["$db", "lsid", "$clusterTime", "txnNumber", "startTransaction", "autocommit", "readConcern"],
  ...["writeConcern", "$readPreference", "comment", "maxTimeMS", "apiVersion", "apiStrict"],
  ...[
    "apiDeprecationErrors",
    "$audit",
    "$client",
    "$configServerState",
    "allowImplicitCollectionCreation"
  ]
]);
var SIGNATURE = { hash: new Binary8(Buffer.alloc(20)), keyId: Long17.ZERO };
var READ_LEVELS = /* @__PURE__ */ new Set(["local", "available", "majority", "linearizable", "snapshot"]);
var RETRYABLE = /* @__PURE__ */ new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
var TRANSIENT = /* @__PURE__ */ new Set([24, 112, 246, 251, 267]);
var RESUMABLE = /* @__PURE__ */ new Set([63, 133, 150, 234, 13388]);
var EXPIRY_MS = 3e4;
var STABLE_API = /* @__PURE__ */ new Set([
  ...[
    "abortTransaction",
    "aggregate",
    "bulkWrite",
    "collMod",
    "commitTransaction",
    "count",
    "create"
  ],
  ...["createIndexes", "delete", "drop", "dropDatabase", "dropIndexes", "endSessions", "explain"],
  ...["find", "findAndModify", "getMore", "hello", "insert", "killCursors", "listCollections"],
  ...["listDatabases", "listIndexes", "ping", "refreshSessions", "update"]
]);
var LEFT_RAW = { insert: "documents", bulkWrite: "ops" };
function parse(message) {
  for (const document2 of [message.body, ...[...message.sequences.values()].flat()])
    checkDocument(document2);
  const fields = [...elements(message.body)];
  const name = fields[0]?.name ?? "";
  const kept2 = LEFT_RAW[name];
  const raw2 = /* @__PURE__ */ new Map();
  const inside = fields.find((field2) => field2.name === kept2 && field2.type === 4);
  if (kept2 && inside) raw2.set(kept2, documentsIn(message.body, inside));
  const wanted = inside && new Set(fields.map((field2) => field2.name).filter((field2) => field2 !== kept2));
  const command = decode(message.body, wanted);
  for (const [sequence, documents2] of message.sequences) {
    if (sequence === kept2) raw2.set(sequence, documents2);
    else command[sequence] = documents2.map((document2) => decode(document2));
  }
  return { name, command, raw: raw2 };
}
var Engine = class {
  store;
  sessions;
  cursors = new Cursors();
  feed;
  failPoints = new FailPoints();
  options;
  started = Date.now();
  processId = new ObjectId8();
  /** Address that clients use, `127.0.0.1:27017`. */
  address = "";
  connections = 0;
  journal;
  counters = { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 };
  timers = [];
  /** Names of all commands. */
  commandNames = Object.keys(commands);
  constructor(options) {
    this.options = options;
    this.store = new Store(options.maxBytes);
    this.sessions = new Sessions(this.store);
    this.feed = new ChangeFeed(this.store);
    this.every(EXPIRY_MS, () => {
      this.sessions.expire(Date.now());
      this.cursors.expire(Date.now());
    });
    this.every(options.ttlSeconds * 1e3, () => expireDocuments(this.store, /* @__PURE__ */ new Date()));
  }
  every(ms, job) {
    this.timers.push(setInterval(job, ms).unref());
  }
  /** Stops timers, transactions and waiting cursors. */
  close() {
    for (const timer of this.timers) clearInterval(timer);
    for (const session of this.sessions.all.values()) session.abort();
    for (const id of [...this.cursors.all.keys()]) this.cursors.kill(id);
  }
  /** Drops all data, sessions and cursors. */
  reset() {
    for (const session of this.sessions.all.values()) session.abort();
    this.sessions.all.clear();
    for (const id of [...this.cursors.all.keys()]) this.cursors.kill(id);
    this.store.reset();
    this.feed.clear();
  }
  /**
   * Runs the command of a message.
   * @returns the answer, or 'close' when it is malformed or a fail point asks to cut the connection
   */
  async run(message, connection) {
    let parsed;
    let failure3;
    let answer2;
    try {
      parsed = parse(message);
      failure3 = this.failPoints.command(parsed.name, parsed.command, connection);
      if (failure3?.delayMs) await new Promise((resolve) => setTimeout(resolve, failure3?.delayMs));
      if (failure3?.close) return "close";
      if (failure3?.error) throw failure3.error;
      answer2 = await this.dispatch(parsed, connection, message.db);
      if (failure3?.writeConcernError) answer2["writeConcernError"] = failure3.writeConcernError;
      answer2["ok"] ??= 1;
    } catch (error) {
      const malformed2 = !parsed && error instanceof ServerError && error.code === 22;
      if (malformed2 || error instanceof CutConnection) return "close";
      answer2 = errorAnswer(error);
    }
    const labels = parsed ? this.errorLabels(parsed, answer2, failure3) : [];
    if (labels.length > 0) answer2["errorLabels"] = labels;
    answer2["$clusterTime"] = { clusterTime: this.store.time, signature: SIGNATURE };
    answer2["operationTime"] = this.store.time;
    return answer2;
  }
  async dispatch({ name, command, raw: raw2 }, connection, legacyDb) {
    const handler = Object.hasOwn(commands, name) ? commands[name] : void 0;
    if (!handler) throw new ServerError(59, `no such command: '${name}'`);
    const db = legacyDb ?? command["$db"];
    if (typeof db !== "string")
      throw new ServerError(40571, "OP_MSG requests require a $db argument");
    checkFields(name, command, handler);
    checkApi(name, command);
    if (handler.admin && db !== "admin") {
      throw new ServerError(13, `${name} may only be run against the admin database.`);
    }
    const ending2 = name === "commitTransaction" || name === "abortTransaction";
    const use = this.sessions.enter(command, ending2);
    if (use.txn && !handler.inTransaction) {
      this.failTransaction(use);
      throw new ServerError(263, `Cannot run '${name}' in a multi-document transaction.`);
    }
    if (use.txn && !ending2 && command["writeConcern"] !== void 0) {
      this.failTransaction(use);
      throw new ServerError(72, "writeConcern is not allowed within a multi-statement transaction");
    }
    const context = { engine: this, connection, name, db, command, raw: raw2, ...use };
    try {
      checkReadConcern(command, use);
      const answer2 = await handler.run(context);
      const concern = handler.writes || ending2 ? writeConcernError(command) : void 0;
      if (concern) answer2["writeConcernError"] = concern;
      if (handler.writes || ending2) await this.journal?.durable();
      return answer2;
    } catch (error) {
      this.failTransaction(use);
      throw error;
    }
  }
  /** The labels by which a driver knows what to do after an error. */
  errorLabels({ name, command }, answer2, failure3) {
    if (failure3?.labels) return failure3.labels;
    const labels = new Set(answer2["errorLabels"] ?? []);
    const concern = answer2["writeConcernError"];
    const code = Number(answer2["code"] ?? concern?.["code"] ?? 0);
    if (code === 0) return [...labels];
    const ending2 = name === "commitTransaction" || name === "abortTransaction";
    const inTransaction = command["autocommit"] === false;
    if ("txnNumber" in command && (!inTransaction || ending2) && RETRYABLE.has(code)) {
      labels.add("RetryableWriteError");
    }
    const transient = TRANSIENT.has(code) || !ending2 && RETRYABLE.has(code);
    if (inTransaction && transient && answer2["ok"] === 0) labels.add("TransientTransactionError");
    const cursor = name === "getMore" ? this.cursors.all.get(BigInt(String(command["getMore"]))) : void 0;
    const streams = !failure3?.error && cursor !== void 0 && "next" in cursor;
    if (streams && (RETRYABLE.has(code) || RESUMABLE.has(code)))
      labels.add("ResumableChangeStreamError");
    return [...labels];
  }
  failTransaction({ session, txn }) {
    if (session && txn && session.txn === txn) session.abort();
  }
};
function checkFields(name, command, handler) {
  for (const field2 of Object.keys(command)) {
    if (field2 === name || GENERIC.has(field2) || handler.fields.includes(field2)) continue;
    if (handler.refused?.includes(field2)) throw unsupported(`Option '${field2}' of '${name}'`);
    throw new ServerError(40415, `BSON field '${name}.${field2}' is an unknown field.`);
  }
}
function checkApi(name, { apiVersion, apiStrict }) {
  if (apiVersion === void 0) return;
  if (apiVersion !== "1") throw new ServerError(322, 'API version must be "1"');
  if (apiStrict !== true || STABLE_API.has(name)) return;
  throw new ServerError(
    323,
    `Provided apiStrict:true, but the command ${name} is not in API Version 1.`
  );
}
function checkReadConcern(command, { session, txn }) {
  const concern = command["readConcern"];
  if (!concern) return;
  const { level } = concern;
  if (level !== void 0 && (typeof level !== "string" || !READ_LEVELS.has(level))) {
    throw new ServerError(
      2,
      `Enumeration value '${String(level)}' for field 'level' is not a valid value.`
    );
  }
  if (level === "snapshot" && !txn)
    throw unsupported("Read concern 'snapshot' outside of a transaction");
  if (txn && command["startTransaction"] !== true && session) {
    throw new ServerError(72, "Only the first command in a transaction may specify a readConcern");
  }
  if (txn && (level === "linearizable" || level === "available")) {
    throw new ServerError(
      72,
      `The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction`
    );
  }
}
function writeConcernError(command) {
  const w = command["writeConcern"]?.["w"];
  if (w === void 0 || w === "majority" || Number(w) <= 1) return void 0;
  if (typeof w === "string") {
    return {
      code: 79,
      codeName: "UnknownReplWriteConcern",
      errmsg: `No write concern mode named '${w}' found in replica set configuration`
    };
  }
  return {
    code: 100,
    codeName: "UnsatisfiableWriteConcern",
    errmsg: "Not enough data-bearing nodes",
    errInfo: { writeConcern: command["writeConcern"] }
  };
}
function errorAnswer(error) {
  const known3 = error instanceof ServerError ? error : new ServerError(
    1,
    `embedded server fault: ${error instanceof Error ? error.stack ?? error.message : String(error)}`
  );
  return {
    ok: 0,
    errmsg: known3.message,
    code: known3.code,
    codeName: known3.codeName,
    ...known3.extra,
    ...known3.labels ? { errorLabels: known3.labels } : {}
  };
}

// src/embedded-mongo/storage/journal.ts
import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync as readFileSync2,
  renameSync,
  rmSync as rmSync2,
  writeFileSync as writeFileSync2,
  writeSync
} from "node:fs";
import { join as join2 } from "node:path";

// src/embedded-mongo/storage/journal-format.ts
import { crc32 } from "node:zlib";
import { Timestamp as Timestamp7 } from "mongodb";
var HEADER = 8;
var FORMAT = 1;
function record(payload) {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}
function changeBytes(change) {
  const { kind, db, coll, before: before2, after, detail } = change;
  const parts = [contents(encoded({ kind, db, coll, ...detail ? { detail } : {} }))];
  if (after) parts.push(element(3, "doc", after));
  else if (before2) {
    const id = findElement(before2, "_id");
    if (id) parts.push(element(3, "doc", assemble2([before2.subarray(id.at, id.end)])));
  }
  return assemble2(parts);
}
function commitRecord({ time, changes }) {
  const ops = element(4, "ops", arrayOf(changes.map(changeBytes)));
  return record(assemble2([contents(encoded({ time })), ops]));
}
function* snapshotRecords(store) {
  const { time } = store;
  for (const [db, collections] of store.databases) {
    for (const [coll, collection] of collections) {
      if (collection.txn) continue;
      const at = { db, coll };
      const detail = { ...collection.options, uuid: collection.uuid };
      const changes = [{ kind: "create", ...at, detail }];
      const indexes = [...collection.indexes.values()].filter(
        ({ spec, txn }) => spec.name !== "_id_" && !txn
      );
      if (indexes.length > 0) {
        changes.push({
          kind: "createIndexes",
          ...at,
          detail: { indexes: indexes.map(({ spec }) => spec) }
        });
      }
      yield commitRecord({ time, changes });
      for (const record2 of collection.records.values()) {
        const version = record2.visible(void 0);
        if (!version) continue;
        yield commitRecord({ time, changes: [{ kind: "insert", ...at, after: version.bytes }] });
      }
    }
  }
}
function replay(store, bytes) {
  const run = new Replay(store);
  let good = 0;
  let problem;
  while (good < bytes.length && problem === void 0) {
    const length3 = good + HEADER <= bytes.length ? bytes.readUInt32LE(good) : Infinity;
    const payload = bytes.subarray(good + HEADER, good + HEADER + length3);
    if (payload.length < length3 || length3 === 0) problem = "torn record";
    else if (crc32(payload) !== bytes.readUInt32LE(good + 4)) problem = "bad checksum";
    else {
      run.commit(payload);
      good += HEADER + length3;
    }
  }
  run.finish();
  return { good, problem };
}
var HEAD = /* @__PURE__ */ new Set(["kind", "db", "coll", "detail"]);
var Replay = class {
  store;
  indexes = /* @__PURE__ */ new Map();
  constructor(store) {
    this.store = store;
  }
  commit(payload) {
    try {
      this.apply(payload);
    } catch (error) {
      throw new Error(
        `The embedded database's journal holds a record that this version cannot apply (${error instanceof Error ? error.message : String(error)}). Start it with the version that wrote it, or move the folder away.`,
        { cause: error }
      );
    }
  }
  apply(payload) {
    const { time, format = FORMAT } = decode(payload, /* @__PURE__ */ new Set(["time", "format"]));
    if (format !== FORMAT) throw new Error(`format ${String(format)}, known is ${FORMAT}`);
    const ops = findElement(payload, "ops");
    if (!ops || !(time instanceof Timestamp7)) throw new Error("not a commit");
    for (const op of documentsIn(payload, ops)) {
      const { kind, db, coll, detail = {} } = decode(op, HEAD);
      if (kind === "create") {
        const { uuid, ...options } = detail;
        this.store.create(db, coll, options, void 0, uuid);
      } else if (kind !== "dropDatabase") {
        const collection = this.store.find(db, coll);
        if (!collection) throw new Error(`${kind} in ${db}.${coll}, which does not exist`);
        if (!this.define(collection, kind, detail)) write2(collection, kind, op);
      }
    }
    this.store.advance(time);
  }
  finish() {
    for (const [collection, specs] of this.indexes) {
      if (!collection.dropped) for (const spec of specs.values()) collection.createIndex(spec);
    }
  }
  /** Applies a change of definition; false when it is none. */
  define(collection, kind, detail) {
    const specs = this.indexes.get(collection) ?? /* @__PURE__ */ new Map();
    this.indexes.set(collection, specs);
    switch (kind) {
      case "drop":
        return this.store.drop(collection.db, collection.name);
      case "rename": {
        const to = detail["to"];
        this.store.rename(collection, to.db, to.coll, true);
        return true;
      }
      case "createIndexes":
        for (const spec of detail["indexes"]) specs.set(spec.name, spec);
        return true;
      case "dropIndexes":
        for (const { name } of detail["indexes"]) specs.delete(name);
        return true;
      case "modify": {
        const change = detail["index"];
        const spec = change && namedSpec(specs.values(), change["name"] ?? change["keyPattern"]);
        if (spec) applyIndexChange(spec, change);
        collection.configure(detail["options"]);
        return true;
      }
      default:
        return false;
    }
  }
};
function write2(collection, kind, op) {
  const doc = documentIn(op, "doc");
  const id = decode(doc, ONLY_ID2)["_id"];
  const stored2 = kind === "insert" ? void 0 : collection.get(id);
  if (kind === "insert") collection.insert(doc, id);
  else if (!stored2) throw new Error(`${kind} of a document that does not exist`);
  else if (kind === "delete") collection.remove(stored2);
  else if (kind === "update" || kind === "replace") collection.replace(stored2, doc, kind);
  else throw new Error(`unknown change '${String(kind)}'`);
}
var ONLY_ID2 = /* @__PURE__ */ new Set(["_id"]);

// src/embedded-mongo/storage/lock.ts
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
var LOCK = "lock";
var held = /* @__PURE__ */ new Set();
function startOf2(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
function alive(pid, start2) {
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  return start2 === "" || start2 === startOf2(pid);
}
function lock(dir) {
  const path = join(dir, LOCK);
  const inUse = (pid) => new Error(
    `The embedded database in ${dir} is in use by process ${pid}. If that is not so, delete ${path}.`
  );
  if (held.has(dir)) throw inUse(process.pid);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, `${process.pid} ${startOf2(process.pid)}`, { flag: "wx" });
      held.add(dir);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const [pid = "", start2 = ""] = readFileSync(path, "utf8").trim().split(" ");
      if (attempt > 0 || alive(Number(pid), start2)) throw inUse(Number(pid));
      rmSync(path, { force: true });
    }
  }
}
function unlock(dir) {
  held.delete(dir);
  rmSync(join(dir, LOCK), { force: true });
}

// src/embedded-mongo/storage/journal.ts
var FILE = "data.journal";
var FSYNC_MS = 100;
var SMALL = 8 * 1024 * 1024;
var CHUNK2 = 1024 * 1024;
function writeAll(file, bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
function syncDirectory(dir) {
  try {
    const handle = openSync(dir, "r");
    fsyncSync(handle);
    closeSync(handle);
  } catch (error) {
    if (!["EISDIR", "EPERM", "EINVAL", "EACCES"].includes(error.code ?? ""))
      throw error;
  }
}
var Journal = class _Journal {
  store;
  dir;
  mode;
  file;
  size;
  pending = [];
  dirty = false;
  /** Whether a write failed and may have left a part of a record at the end of the file. */
  torn = false;
  /** The size from which on the file is replaced; it rises when that failed. */
  most = SMALL;
  warn;
  syncing;
  timer;
  constructor(store, dir, mode, size2, warn) {
    this.warn = warn;
    this.store = store;
    this.dir = dir;
    this.mode = mode;
    this.file = openSync(join2(dir, FILE), "a");
    this.size = size2;
    this.timer = setInterval(() => this.tick(), FSYNC_MS).unref();
    store.onCommit((commit) => this.pending.push(commitRecord(commit)));
  }
  /**
   * Reads the directory's journal into the store and writes on from there. A record that is torn or damaged ends the
   * journal: what follows is moved into a file of its own, with a warning.
   * @throws Error when the directory is in use, or when a whole record is not one that this version can apply
   */
  static open(store, dir, mode, warn) {
    mkdirSync(dir, { recursive: true, mode: 448 });
    lock(dir);
    try {
      rmSync2(join2(dir, `${FILE}.tmp`), { force: true });
      const path = join2(dir, FILE);
      const bytes = readExisting(path);
      const { good, problem } = store.quietly(() => replay(store, bytes));
      if (problem) {
        const rest = `${path}.damaged-${Date.now()}`;
        writeFileSync2(rest, bytes.subarray(good), { mode: 384 });
        const file = openSync(path, "r+");
        ftruncateSync(file, good);
        fsyncSync(file);
        closeSync(file);
        warn(
          `embedded database: the journal ended in ${problem} at byte ${good}; ${bytes.length - good} bytes after it were moved to ${rest}`
        );
      }
      return new _Journal(store, dir, mode, good, warn);
    } catch (error) {
      unlock(dir);
      throw error;
    }
  }
  /** Settles when all commits so far are as safe as the mode promises. */
  async durable() {
    this.flush();
    while (this.mode === "always" && (this.dirty || this.syncing)) {
      await (this.syncing ??= this.sync()).catch((error) => {
        throw this.unwritable(error);
      });
    }
  }
  /** The answer to a write that is in memory and not on disk. The journal has it as soon as the disk takes it. */
  unwritable(error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new ServerError(14031, `The journal in ${this.dir} cannot be written: ${reason}`);
  }
  flush() {
    if (this.pending.length === 0) return;
    const bytes = this.pending.length === 1 ? this.pending[0] : Buffer.concat(this.pending);
    try {
      if (this.torn) ftruncateSync(this.file, this.size);
      this.torn = true;
      writeAll(this.file, bytes);
    } catch (error) {
      throw this.unwritable(error);
    }
    this.torn = false;
    this.pending = [];
    this.size += bytes.length;
    this.dirty = true;
    if (this.size > this.most && this.size > 2 * this.store.bytes) this.shrink();
  }
  /** Replaces the file by a smaller one. Where that fails the old one, which is whole, stays. */
  shrink() {
    try {
      this.rewrite();
      this.most = SMALL;
    } catch (error) {
      this.most = 2 * this.size;
      this.warn(`embedded database: ${this.unwritable(error).message}; it is kept as it is`);
    }
  }
  /** Forces the file to disk; commits that come meanwhile share the next round. */
  sync() {
    this.dirty = false;
    return new Promise((resolve, reject) => {
      fdatasync(this.file, (error) => {
        this.syncing = void 0;
        if (!error) return resolve();
        this.dirty = true;
        reject(error);
      });
    });
  }
  tick() {
    try {
      this.flush();
    } catch {
      return;
    }
    if (this.mode !== "interval" || !this.dirty || this.syncing) return;
    this.syncing = this.sync();
    this.syncing.catch(() => void 0);
  }
  /** Replaces the journal by a snapshot of the data, in one step. */
  rewrite() {
    const path = join2(this.dir, FILE);
    const file = openSync(`${path}.tmp`, "w", 384);
    let size2;
    try {
      size2 = this.snapshot(file);
    } catch (error) {
      rmSync2(`${path}.tmp`, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.tmp`, path);
    syncDirectory(this.dir);
    const old = this.file;
    this.file = openSync(path, "a");
    this.size = size2;
    if (this.syncing) void this.syncing.finally(() => closeSync(old));
    else closeSync(old);
  }
  /** Writes all data into a file. @returns its size in bytes */
  snapshot(file) {
    let size2 = 0;
    let chunk = [];
    let held2 = 0;
    const write3 = () => {
      writeAll(file, Buffer.concat(chunk));
      size2 += held2;
      chunk = [];
      held2 = 0;
    };
    for (const record2 of snapshotRecords(this.store)) {
      chunk.push(record2);
      held2 += record2.length;
      if (held2 > CHUNK2) write3();
    }
    write3();
    fsyncSync(file);
    return size2;
  }
  /** Writes what is left and lets go of the directory. */
  async close() {
    clearInterval(this.timer);
    try {
      this.flush();
      await this.syncing?.catch(() => void 0);
      fsyncSync(this.file);
    } finally {
      closeSync(this.file);
      unlock(this.dir);
    }
  }
};
function readExisting(path) {
  try {
    return readFileSync2(path);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    writeFileSync2(path, "", { mode: 384 });
    return Buffer.alloc(0);
  }
}

// src/embedded-mongo/server/server.ts
import { chmodSync } from "node:fs";
import { createServer } from "node:net";
var MAX_QUEUED = 64;
var Client = class {
  id;
  peer;
  client;
  socket;
  engine;
  framing = new Framing();
  queue = [];
  busy = false;
  constructor(socket, engine, id) {
    this.socket = socket;
    this.engine = engine;
    this.id = id;
    this.peer = socket.remoteAddress ? `${socket.remoteAddress}:${socket.remotePort}` : "unix";
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.receive(chunk));
    socket.on("error", () => socket.destroy());
  }
  receive(chunk) {
    try {
      for (const message of this.framing.push(chunk)) this.queue.push(message);
    } catch {
      this.socket.destroy();
      return;
    }
    if (this.queue.length > MAX_QUEUED) this.socket.pause();
    if (!this.busy) void this.work();
  }
  async work() {
    this.busy = true;
    for (let bytes = this.queue.shift(); bytes; bytes = this.queue.shift()) {
      if (this.socket.destroyed) break;
      await this.answer(bytes);
      if (this.queue.length === 0) this.socket.resume();
    }
    this.busy = false;
  }
  /** Runs one message. One that cannot be read ends the connection. */
  async answer(bytes) {
    try {
      const message = readMessage(bytes);
      const answer2 = await this.engine.run(message, this);
      if (answer2 === "close") {
        this.socket.destroy();
        return;
      }
      if (message.silent) return;
      for (const part2 of frameReply(message, this.encode(answer2))) this.socket.write(part2);
      if (this.socket.writableNeedDrain) await this.drained();
    } catch {
      this.socket.destroy();
    }
  }
  drained() {
    return new Promise((resolve) => {
      const done = () => {
        this.socket.off("drain", done).off("close", done);
        resolve();
      };
      this.socket.on("drain", done).on("close", done);
    });
  }
  encode(answer2) {
    try {
      return encodeReply(answer2);
    } catch (error) {
      return encodeReply(errorAnswer(error));
    }
  }
};
var Listener = class {
  server;
  sockets = /* @__PURE__ */ new Set();
  lastId = 0;
  constructor(engine) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      engine.connections++;
      socket.on("close", () => {
        this.sockets.delete(socket);
        engine.connections--;
      });
      new Client(socket, engine, ++this.lastId);
    });
  }
  /** @returns the port, 0 for a socket @throws the error of the system, such as EADDRINUSE */
  listen(at) {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      const listening = () => {
        this.server.off("error", reject);
        const address = this.server.address();
        if ("socket" in at) chmodSync(at.socket, 384);
        resolve(typeof address === "object" && address ? address.port : 0);
      };
      if ("socket" in at) {
        const mask = process.umask(127);
        try {
          this.server.listen(at.socket, listening);
        } finally {
          process.umask(mask);
        }
      } else this.server.listen(at.port, "127.0.0.1", listening);
    });
  }
  /** Stops listening and cuts all connections. */
  close() {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }
};

// src/embedded-mongo/index.ts
function refuseOutsideDevelopment() {
  if (process.env["NODE_ENV"] === "production") {
    throw new Error(
      "The embedded development database does not start with NODE_ENV=production. Set MONGODB_URI to a real MongoDB."
    );
  }
  if (process.env["MONGODB_URI"]) {
    throw new Error(
      "MONGODB_URI is set, so the embedded development database does not start. Unset it to use the embedded one."
    );
  }
}
async function start(options = {}) {
  refuseOutsideDevelopment();
  const engine = new Engine({
    failPoints: options.failPoints ?? false,
    maxBytes: options.maxBytes ?? 512 * 1024 * 1024,
    ttlSeconds: options.ttlSeconds ?? 60
  });
  const listener = new Listener(engine);
  try {
    if (options.dir !== void 0) {
      const warn = options.warn ?? ((message) => process.emitWarning(message));
      engine.journal = Journal.open(engine.store, options.dir, options.fsync ?? "interval", warn);
    }
    const { socket } = options;
    const port = await listener.listen(
      socket === void 0 ? { port: options.port ?? 0 } : { socket }
    );
    engine.address = socket ?? `127.0.0.1:${port}`;
    const uri = socket === void 0 ? `mongodb://127.0.0.1:${port}/?replicaSet=${SET_NAME}` : `mongodb://${encodeURIComponent(socket)}/?directConnection=true`;
    return {
      uri,
      port,
      async stop() {
        engine.close();
        await listener.close();
        await engine.journal?.close();
      },
      async reset() {
        engine.reset();
        await engine.journal?.durable();
      }
    };
  } catch (error) {
    engine.close();
    await engine.journal?.close();
    throw error;
  }
}
export {
  start
};
