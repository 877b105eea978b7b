/** The one variable that programs need to find each other; a definition may set its own. */
export const systemPath = { PATH: '/usr/local/bin:/usr/bin:/bin' };
