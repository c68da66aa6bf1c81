/*
 * SHA-256 (FIPS 180-4) and its HMAC (RFC 2104) in plain JavaScript. WebCrypto answers through the event
 * loop, which takes much longer than it takes to hash a cookie. No branch and no index depends on the
 * data, so the time depends on its length alone.
 */

/** A key's two padded blocks, already hashed. */
export interface HmacSha256Key {
  readonly inner: Int32Array;
  readonly outer: Int32Array;
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** The padding ends with the length of the message in bits, as a 64-bit number. */
const LENGTH_BYTES = 8;

/**
 * FIPS 180-4, 4.2.2 and 5.3.3. An engine may round the last bit of a root in its own way: only an error a
 * thousand times as large would change a word.
 */
const INITIAL = fractionsOfRoots(8, Math.sqrt);
const ROUND = fractionsOfRoots(64, Math.cbrt);

/** The first 32 bits behind the point of the roots of the first primes. */
function fractionsOfRoots(count: number, root: (prime: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let prime = 2, index = 0; index < count; prime++) {
    if (isPrime(prime)) words[index++] = (root(prime) % 1) * 2 ** 32;
  }
  return words;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor ** 2 <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}

export function hmacSha256Key(raw: Uint8Array): HmacSha256Key {
  const fitting = raw.length > BLOCK_BYTES ? sha256(raw) : raw;
  const hashed = (pad: number) => {
    const block = new Uint8Array(BLOCK_BYTES).fill(pad);
    fitting.forEach((byte, index) => {
      block[index] = byte ^ pad;
    });
    const state = INITIAL.slice();
    compress(state, block, 0);
    return state;
  };
  return { inner: hashed(0x36), outer: hashed(0x5c) };
}

export function hmacSha256({ inner, outer }: HmacSha256Key, message: Uint8Array): Uint8Array {
  return digest(outer, digest(inner, message, BLOCK_BYTES), BLOCK_BYTES);
}

export function sha256(message: Uint8Array): Uint8Array {
  return digest(INITIAL, message, 0);
}

/** @param before Bytes that are in the state already: a multiple of the block's length. */
function digest(initial: Int32Array, message: Uint8Array, before: number): Uint8Array {
  const state = initial.slice();
  const { length } = message;
  const rest = length % BLOCK_BYTES;
  for (let at = 0; at < length - rest; at += BLOCK_BYTES) compress(state, message, at);

  const end = new Uint8Array(rest + 1 + LENGTH_BYTES > BLOCK_BYTES ? 2 * BLOCK_BYTES : BLOCK_BYTES);
  for (let i = 0; i < rest; i++) end[i] = byteAt(message, length - rest + i);
  end[rest] = 0x80;
  putWord(end, end.length - 8, (before + length) / 2 ** 29);
  putWord(end, end.length - 4, (before + length) << 3);
  for (let at = 0; at < end.length; at += BLOCK_BYTES) compress(state, end, at);

  const bytes = new Uint8Array(DIGEST_BYTES);
  for (let i = 0; i < state.length; i++) putWord(bytes, i * 4, wordAt(state, i));
  return bytes;
}

/** Big-endian. */
function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

/** Shared, since nothing here waits. */
const schedule = new Int32Array(64);

/** FIPS 180-4, 6.2.2, with its names of the variables. */
function compress(state: Int32Array, bytes: Uint8Array, at: number): void {
  const w = schedule;
  for (let t = 0, i = at; t < 16; t++, i += 4) {
    w[t] =
      (byteAt(bytes, i) << 24) |
      (byteAt(bytes, i + 1) << 16) |
      (byteAt(bytes, i + 2) << 8) |
      byteAt(bytes, i + 3);
  }
  for (let t = 16; t < 64; t++) {
    const x = wordAt(w, t - 15);
    const y = wordAt(w, t - 2);
    const s0 = rotated(x, 7) ^ rotated(x, 18) ^ (x >>> 3);
    const s1 = rotated(y, 17) ^ rotated(y, 19) ^ (y >>> 10);
    w[t] = wordAt(w, t - 16) + s0 + wordAt(w, t - 7) + s1;
  }

  let a = wordAt(state, 0);
  let b = wordAt(state, 1);
  let c = wordAt(state, 2);
  let d = wordAt(state, 3);
  let e = wordAt(state, 4);
  let f = wordAt(state, 5);
  let g = wordAt(state, 6);
  let h = wordAt(state, 7);
  for (let t = 0; t < 64; t++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + wordAt(ROUND, t) + wordAt(w, t)) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + s0 + majority) | 0;
  }
  // Storing into an Int32Array adds modulo 2^32.
  state[0] = wordAt(state, 0) + a;
  state[1] = wordAt(state, 1) + b;
  state[2] = wordAt(state, 2) + c;
  state[3] = wordAt(state, 3) + d;
  state[4] = wordAt(state, 4) + e;
  state[5] = wordAt(state, 5) + f;
  state[6] = wordAt(state, 6) + g;
  state[7] = wordAt(state, 7) + h;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function wordAt(words: Int32Array, index: number): number {
  return words[index] as number;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}
