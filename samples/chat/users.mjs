// Who uses the product: accounts in a file, sessions in memory. A real product has its own; Lava only needs an id for each user.
import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const hash = promisify(scrypt);
const sessionHours = 24;

export class Users {
  #file;
  #byEmail = new Map();
  #sessions = new Map();

  constructor(folder) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = join(folder, 'users.json');
    try {
      for (const user of JSON.parse(readFileSync(this.#file, 'utf8'))) this.#byEmail.set(user.email, user);
    } catch (fault) {
      if (fault.code !== 'ENOENT') throw fault;
    }
  }

  // A new account, or null where the address has one. What the account needs elsewhere is made before it is stored.
  async signUp(email, password, prepare) {
    if (this.#byEmail.has(email)) return null;
    const user = { id: randomUUID(), email, salt: randomBytes(16).toString('base64') };
    user.password = (await hash(password, user.salt, 32)).toString('base64');
    await prepare(user);
    if (this.#byEmail.has(email)) return null;
    this.#byEmail.set(email, user);
    writeFileSync(`${this.#file}.new`, JSON.stringify([...this.#byEmail.values()], null, 2), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    return user;
  }

  async signIn(email, password) {
    const user = this.#byEmail.get(email);
    const given = await hash(password, user?.salt ?? 'nobody', 32);
    return user && timingSafeEqual(given, Buffer.from(user.password, 'base64')) ? user : null;
  }

  open(user) {
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, { user, until: Date.now() + sessionHours * 3_600_000 });
    return id;
  }

  of(id) {
    const session = this.#sessions.get(id);
    if (session && session.until > Date.now()) return session.user;
    this.#sessions.delete(id);
    return null;
  }

  close(id) {
    this.#sessions.delete(id);
  }
}
