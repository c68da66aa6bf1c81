import { SessionOptionError } from "../errors/errors.ts";
import { logFailure } from "../errors/log.ts";
import type { Payload } from "../formats/codec.ts";
import type { Put } from "../store/store.ts";
import { recordIn, type SessionRecord, type Tombstone } from "./record.ts";
import { type Adapt, adapted } from "./stored-session.ts";

/** What an app knows a user by. The number 7 and the text `"7"` are the same user. */
export type UserId = string | number | bigint;

export type UserOf = (data: Record<string, unknown>) => UserId | null | undefined;

export interface UserGroupsOptions {
  /** The cookie's name, with which all keys begin. */
  readonly name: string;
  readonly userOf: UserOf;
  readonly adapt: Adapt;
}

/** The groups in the store whose members are the sessions of one user each. */
export class UserGroups {
  readonly #options: UserGroupsOptions;

  constructor(options: UserGroupsOptions) {
    this.#options = options;
  }

  /** @throws SessionOptionError (`ERR_SESSION_OPTION`) if this is no user id */
  of(userId: UserId): string {
    const group = this.#groupOf(userId);
    if (group !== undefined) return group;
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      "sessionsOf() and endSessionsOf() were called without a user id. Pass what `userOf` returns for the user: a string that is not empty, a number or a bigint.",
    );
  }

  /**
   * The group of a session with this data, if it belongs to a user.
   *
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) if `userOf` returns something else than a user id
   */
  in({ data }: Payload): string | undefined {
    return this.#groupOf(this.#options.userOf(data));
  }

  /** The put of an entry, which moves the session from the group of what was there before. */
  async moved(
    put: Put,
    before: SessionRecord | Tombstone | undefined,
    joins: string | undefined,
  ): Promise<Put> {
    const left = before && (await this.inEntry(before));
    return { ...put, joins, leaves: left === joins ? undefined : left };
  }

  /** An older release may have written the entry. What `userOf` makes of it must not prevent a logout. */
  async inEntry(entry: SessionRecord | Tombstone): Promise<string | undefined> {
    try {
      const record = recordIn(entry);
      return record && this.in(await adapted(record, this.#options.adapt));
    } catch (error) {
      logFailure("userOf", error);
      return undefined;
    }
  }

  #groupOf(userId: unknown): string | undefined {
    if (userId === undefined || userId === null || userId === "") return undefined;
    const isId = typeof userId === "string" || typeof userId === "bigint" || isNumber(userId);
    // No session's key has this form.
    if (isId) return `${this.#options.name}:user:${userId}`;
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      `A user id cannot be ${Number.isNaN(userId) ? "NaN" : `of the type ${typeof userId}`}. Allowed, here and from the session option \`userOf\`: a string, a number or a bigint; undefined, null or "" from \`userOf\` for a session of nobody.`,
    );
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}
