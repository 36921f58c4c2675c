/** Day of a time. @param microseconds since 1970-01-01 UTC @returns for example "1 July 2011" */
export function formatDay(microseconds: number): string {
  const date = new Date(microseconds / 1000);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** Day and month, for axes. @param microseconds since 1970-01-01 UTC @returns for example "1 Jul" */
export function formatShortDay(microseconds: number): string {
  const date = new Date(microseconds / 1000);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]!.slice(0, 3)}`;
}

/** A time to the minute. @param microseconds since 1970-01-01 UTC @returns for example "1 July 2011, 09:30 UTC" */
export function formatTime(microseconds: number): string {
  const time = new Date(microseconds / 1000).toISOString().slice(11, 16);
  return `${formatDay(microseconds)}, ${time} UTC`;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
