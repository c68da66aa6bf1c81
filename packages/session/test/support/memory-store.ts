import type { AtomicSessionStore, GroupSessionStore, SessionStore } from "../../src/store/store.ts";

interface Entry {
  value: string;
  /** Milliseconds. */
  ttl: number;
  expires: number;
}

/** A store in memory that records its calls, and can be made to hang or to fail. */
export class MemoryStore implements SessionStore {
  readonly entries = new Map<string, Entry>();
  readonly calls: string[] = [];
  /** Awaited before each answer: what rejects makes the store fail, what never ends makes it hang. */
  before: (operation: string) => unknown = () => {};

  async get(key: string): Promise<string | undefined> {
    await this.called("get");
    return this.alive(key)?.value;
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.called("set");
    this.entries.set(key, { value, ttl, expires: Date.now() + ttl });
  }

  async delete(key: string): Promise<void> {
    await this.called("delete");
    this.entries.delete(key);
  }

  get values(): string[] {
    return [...this.entries.values()].map(({ value }) => value);
  }

  /** The record of the only session that is neither ended nor empty, as JSON. */
  get record(): unknown {
    const [record, ...more] = this.records;
    if (!record || more.length > 0) throw new Error(`${this.records.length} records, and not one`);
    return record;
  }

  /** The data of the sessions that are neither ended nor empty. */
  get livingRecords(): unknown[] {
    return this.records.map(([, data]) => data);
  }

  private get records(): [number, object][] {
    return this.values
      .map((value) => JSON.parse(value))
      .filter((content) => Array.isArray(content) && Object.keys(content[1]).length > 0);
  }

  protected async called(operation: string): Promise<void> {
    this.calls.push(operation);
    await this.before(operation);
  }

  protected alive(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    return entry && entry.expires > Date.now() ? entry : undefined;
  }
}

/** The same with `compareAndSet`. */
export class AtomicMemoryStore extends MemoryStore implements AtomicSessionStore {
  async compareAndSet(
    key: string,
    expected: string,
    value: string | undefined,
    ttl: number,
  ): Promise<boolean> {
    await this.called("compareAndSet");
    if (this.alive(key)?.value !== expected) return false;
    if (value === undefined) this.entries.delete(key);
    else this.entries.set(key, { value, ttl, expires: Date.now() + ttl });
    return true;
  }
}

/** The same with groups. */
export class GroupedMemoryStore extends AtomicMemoryStore implements GroupSessionStore {
  readonly groups = new Map<string, Map<string, number>>();

  async addMember(group: string, member: string, ttl: number): Promise<void> {
    await this.called("addMember");
    const members = this.groups.get(group) ?? new Map<string, number>();
    this.groups.set(group, members.set(member, Date.now() + ttl));
  }

  async removeMember(group: string, member: string): Promise<void> {
    await this.called("removeMember");
    this.groups.get(group)?.delete(member);
  }

  async membersOf(group: string): Promise<string[]> {
    await this.called("membersOf");
    const members = [...(this.groups.get(group) ?? [])];
    return members.flatMap(([member, expires]) => (expires > Date.now() ? [member] : []));
  }

  /** How many sessions the lists will have when nobody can bring back an ended one any more. */
  get memberCount(): number {
    return [...this.groups.values()]
      .flatMap((ofUser) => [...ofUser.values()])
      .filter((expires) => expires > Date.now() + 60_000).length;
  }
}

/** The same without `compareAndSet`. */
class GroupedStoreOfOneProcess extends GroupedMemoryStore {
  override readonly compareAndSet = undefined as never;
}

/** For `describe.each`: a session behaves alike in both. */
export const STORES = [
  ["without compareAndSet", MemoryStore],
  ["with compareAndSet", AtomicMemoryStore],
] as const;

export const GROUPED_STORES = [
  ["without compareAndSet", GroupedStoreOfOneProcess],
  ["with compareAndSet", GroupedMemoryStore],
] as const;
