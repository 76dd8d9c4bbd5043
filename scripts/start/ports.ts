// Where the workshop's page is looked for.
export const defaultPort = 4400
/** How many ports after the one that was asked for are tried. */
export const moreTries = 20
