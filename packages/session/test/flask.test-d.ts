import { FlaskMarkup, FlaskUuid, flaskTuple } from "../src/flask.ts";
import { defineSession } from "../src/index.ts";
import { same } from "./support/same-type.ts";

export async function sharedWithFlaskItHoldsValuesOfFlasksTypes() {
  await using session = await defineSession<{
    basket: string | FlaskUuid;
    banner: string | FlaskMarkup;
    position: [latitude: number, longitude: number];
  }>({ format: "flask" }).getSession();
  same<typeof session.basket, string | FlaskUuid | undefined>();
  session.basket = new FlaskUuid("12345678-1234-5678-1234-567812345678");
  session.banner = new FlaskMarkup("<b>Welcome</b>");
  session.position = flaskTuple(52.52, 13.405);

  // @ts-expect-error: HTML is no UUID
  session.basket = new FlaskMarkup("<b>Welcome</b>");
  // @ts-expect-error: a UUID is made of text
  session.basket = new FlaskUuid(7);
  // @ts-expect-error: one number short
  session.position = flaskTuple(52.52);
}
