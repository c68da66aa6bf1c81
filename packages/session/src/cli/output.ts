/** Where a command prints its result and its errors, such as the console. */
export interface Output {
  log(text: string): void;
  error(text: string): void;
}
