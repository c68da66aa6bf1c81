/** The names that a session's cookie has by default, as its attributes allow them. */
export const DEFAULT_NAMES = ["session", "__Host-session", "__Secure-session"] as const;
