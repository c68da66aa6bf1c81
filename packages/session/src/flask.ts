/**
 * Values for `format: "flask"` that JavaScript has no type for. Only new values need them: a UUID,
 * Markup or tuple that Flask wrote reads as a string or an array, and is written back as it was.
 *
 * @module next-signed-session/flask
 */

export { FlaskMarkup, FlaskUuid, flaskTuple } from "./formats/flask/values.ts";
