import type { PublicTimes } from "../core/public-session.ts";

/** What a tab posts to the others of its session. */
interface Message {
  /** Its data, and whether there is one. */
  readonly text: string;
  readonly expiresAt: Date | undefined;
  /** How many messages led to this one. */
  readonly hops: number;
}

/** What a tab does when it hears of another one's session. */
export interface TabActions {
  refresh(): void;
  /** The session is the same, and was refreshed. */
  extend(expiresAt: Date): void;
}

/** This tab, as one of several. */
export interface Tab {
  /** Its session is now the one that the server gave it. */
  post(session: PublicTimes): void;
  leave(): void;
}

/** A tab refreshes for a message, and for an answer to its own. More, and two tabs could go on for ever. */
const MOST_HOPS = 1;

/** Keeps the tabs of one browser in step. They post to each other what is public of their session. */
export function joinTabs(channel: string, { refresh, extend }: TabActions): Tab {
  const others = new BroadcastChannel(`next-signed-session.${channel}`);
  let mine: Message | undefined;
  let heard: Message | undefined;

  others.onmessage = ({ data: message }: MessageEvent<Message>) => {
    // A tab without a session yet will post its own, and be answered.
    if (!mine) return;
    if (mine.text === message.text) {
      if (message.expiresAt && Number(message.expiresAt) > Number(mine.expiresAt)) {
        extend(message.expiresAt);
      }
    } else if (message.hops <= MOST_HOPS) {
      heard = message;
      refresh();
    }
  };

  return {
    post({ readAt, expiresAt, ...data }) {
      mine = { text: textOf([data, !expiresAt]), expiresAt, hops: heard ? heard.hops + 1 : 0 };
      heard = undefined;
      others.postMessage(mine);
    },
    leave: () => others.close(),
  };
}

/** Equal data gives equal texts. JSON itself has no BigInt, and shows no Map's or Set's content. */
function textOf(data: unknown): string {
  return JSON.stringify(data, (_, value) => {
    if (typeof value === "bigint") return `${value}n`;
    return value instanceof Map || value instanceof Set ? [...value] : value;
  });
}
