// Password hashing: scrypt, in the PHC string form, so that the cost may rise later without breaking old hashes.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** What a hash costs: N = 2^ln, r, p of scrypt. */
export interface PasswordCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** What OWASP asks of scrypt with 32 MB of memory. */
const defaultCost: PasswordCost = { ln: 15, r: 8, p: 3 };

const derive = (text: string, salt: Buffer, length: number, { ln, r, p }: PasswordCost) =>
  new Promise<Buffer>((resolve, reject) => {
    const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
    scrypt(text.normalize('NFC'), salt, length, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** `$scrypt$ln=15,r=8,p=3$<salt>$<hash>` of a password, with a salt of its own. */
export const hashPassword = async (text: string, cost = defaultCost): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(text, salt, 32, cost);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(key)}`;
};

const phc = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether the text is the password behind the hash; false for anything that is no hash of ours. */
export const verifyPassword = async (text: string, hash: string): Promise<boolean> => {
  const [, ln, r, p, salt = '', key = ''] = phc.exec(hash) ?? [];
  if (ln === undefined) return false;
  const expected = Buffer.from(key, 'base64');
  const costs = { ln: Number(ln), r: Number(r), p: Number(p) };
  const actual = await derive(text, Buffer.from(salt, 'base64'), expected.length, costs);
  return timingSafeEqual(actual, expected);
};
