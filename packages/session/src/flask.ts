/**
 * Values for `format: "flask"` that JavaScript has no type of its own for. Only new values need them:
 * what Flask wrote reads as a plain string or array, and goes back as what it was.
 *
 * @module next-signed-session/flask
 */

export { FlaskMarkup, FlaskUuid, flaskTuple } from "./formats/flask/values.ts";
