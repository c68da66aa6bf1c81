export const USAGE = `Usage:
  next-signed-session secret
      Prints a new secret: 32 random bytes in base64url.

  next-signed-session inspect [cookie] [--name NAME] [--idle-timeout 31] [--json]
      Shows what a session cookie holds, signed, sealed or in the format of Flask, Starlette or
      iron-session.
      [cookie] is its value, name=value, or a whole Cookie or Set-Cookie header. Without it, or
      with -, the command reads standard input.
      --name          the cookie's name, which its signature covers (default: session,
                      __Host-session or __Secure-session, whichever verifies)
      --idle-timeout  the option idleTimeout, in days (default: 31)
      --json          prints JSON, for programs
      With SESSION_SECRET (and SESSION_SECRET_FALLBACKS) in the environment, in .env.local or in
      .env, it also says which secret verifies the cookie. A sealed cookie can be read only with
      its secret.
      Exits with 0 if nothing is wrong with the cookie as far as it could be checked, with 1 if a
      server would refuse it (expired, for one), and with 2 if the command itself is wrong.

  next-signed-session from-iron-session [folder] [--write] [--json]
      Shows, file by file, what an app that uses iron-session 8 or 9 has to change.
      [folder] is where the app's package.json is (default: the current folder).
      --write  makes the changes that are certain; without it, no file is touched
      --json   prints JSON, for programs
      Exits with 0 if nothing in the code is left to change, with 1 if something is, and with 2 if
      the command itself is wrong or the app cannot be read.

  next-signed-session --help, --version
`;

/** The command was called in a way that it does not know. */
export class UsageError extends Error {}

/** The command was called correctly, and cannot do what it was asked. */
export class CommandError extends Error {}
