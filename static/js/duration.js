// How long a text says, as the house reads it (crm.core.inputs.duration): minutes, or null where it cannot be read.
const CLOCK = /^(\d{1,3}):([0-5]\d)$|^(\d{1,3})h([0-5]?\d)m?$/;
const NUMBER = /^(\d{0,4})(?:\.(\d{1,4}))?(h|hrs?|hours?|m|mins?|minutes?|d|days?)?$/;
const UNIT = { h: 60, m: 1, d: 450 };

function read(text) {
  const clock = CLOCK.exec(text);
  if (clock) return Number(clock[1] ?? clock[3]) * 60 + Number(clock[2] ?? clock[4]);
  const [, whole, part = "", unit = "h"] = NUMBER.exec(text) ?? [];
  if (!whole && !part) return 0;
  const parts = Number(whole) * 10_000 + Number(part.padEnd(4, "0")); // whole numbers: no cent of a minute is lost
  return Math.floor((parts * UNIT[unit[0]] + 5_000) / 10_000);
}

export function minutesOf(typed) {
  const minutes = read(typed.trim().toLowerCase().replaceAll(",", ".").replaceAll(" ", ""));
  return minutes >= 1 && minutes <= 1440 ? minutes : null;
}
